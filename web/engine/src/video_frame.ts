import type { Plane } from "./luma.js";

/** Pixel formats whose first plane is brightness, one byte a pixel. */
const LUMA_FIRST = new Set(["I420", "I420A", "I422", "I444", "NV12"]);

/** Reads brightness planes of camera frames into a buffer that it keeps. */
export class LumaReader {
  #buffer = new Uint8Array(0);

  /**
   * The brightness plane of `frame`, or null when the browser keeps its pixels elsewhere (on the GPU,
   * in RGB) or shows them turned. The plane lives until the next call.
   */
  async read(frame: VideoFrame): Promise<Plane | null> {
    const { visibleRect } = frame;
    if (!visibleRect || !hasPlainLuma(frame)) return null;
    try {
      const size = frame.allocationSize();
      if (this.#buffer.length < size) this.#buffer = new Uint8Array(size);
      const [luma] = await frame.copyTo(this.#buffer);
      if (!luma) return null;
      const { width, height } = visibleRect;
      return { data: this.#buffer, offset: luma.offset, stride: luma.stride, width, height };
    } catch {
      // Some browsers name a format and then refuse to copy it; the canvas always works.
      return null;
    }
  }
}

function hasPlainLuma(frame: VideoFrame): boolean {
  const { visibleRect, format, displayWidth, displayHeight } = frame;
  // Newer browsers can hand out frames with a rotation still to be applied, which copyTo ignores.
  const { rotation = 0, flip = false } = frame as { rotation?: number; flip?: boolean };
  return (
    format !== null &&
    LUMA_FIRST.has(format) &&
    visibleRect?.width === displayWidth &&
    visibleRect.height === displayHeight &&
    rotation === 0 &&
    !flip
  );
}
