import type { Size, TransferableFrame } from "@arv/engine";
import { workingSize } from "@arv/engine";
import { hasGpu } from "./gpu.js";
import { PixelStore } from "./pixel_store.js";

/** One camera frame, held until it was tracked and drawn. */
export interface HeldFrame {
  readonly size: Size;
  /** The size the tracker sees it at; its answers are in these pixels. */
  readonly trackedSize: Size;
  /** For the tracker, which takes it over. Call once. */
  forTracker(): TransferableFrame;
  /** Resolves when `draw` can be called. */
  readonly drawable: Promise<void>;
  /** Draws the very picture the tracker saw. */
  draw(context: CanvasRenderingContext2D): void;
  release(): void;
}

/** Takes frames from a playing `<video>`. */
export interface FrameSource {
  /** The frame shown now, or null when there is none yet. */
  take(): HeldFrame | null;
}

const NOW = Promise.resolve();

/** The best source this browser has. */
export function openFrameSource(video: HTMLVideoElement): FrameSource {
  const copies = new CanvasFrameSource(video);
  if (typeof VideoFrame !== "function") return copies;
  return new VideoFrameSource(video, copies, hasGpu() ? null : new PixelStore());
}

/** Frames by reference: nothing is copied or converted on the page's thread. */
class VideoFrameSource implements FrameSource {
  readonly #video: HTMLVideoElement;
  readonly #fallback: FrameSource;
  readonly #pixels: PixelStore | null;
  #works = true;

  /** `pixels` is given where frames are better drawn as pixels. */
  constructor(video: HTMLVideoElement, fallback: FrameSource, pixels: PixelStore | null) {
    this.#video = video;
    this.#fallback = fallback;
    this.#pixels = pixels;
  }

  take(): HeldFrame | null {
    if (!this.#works) return this.#fallback.take();
    if (this.#video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    try {
      const frame = new VideoFrame(this.#video);
      return this.#pixels ? holdPixels(frame, this.#pixels) : holdReference(frame);
    } catch {
      // Some browsers have the class but can not make one from a camera.
      this.#works = false;
      return this.#fallback.take();
    }
  }
}

function holdReference(frame: VideoFrame): HeldFrame {
  const size = { width: frame.displayWidth, height: frame.displayHeight };
  return {
    size,
    trackedSize: size,
    drawable: NOW,
    forTracker: () => frame.clone(),
    draw: (context) => context.drawImage(frame, 0, 0, size.width, size.height),
    release: () => frame.close(),
  };
}

/**
 * Without a GPU, Chromium keeps every video frame that was drawn on a canvas in a cache of half a gigabyte
 * (measured: 508 MB after 8 s at 1280 x 720, against 58 MB this way, and drawing takes half the time).
 */
function holdPixels(frame: VideoFrame, store: PixelStore): HeldFrame {
  const held = holdReference(frame);
  const picture = store.borrow(held.size);
  let copied = false;
  const copy = async () => {
    try {
      await frame.copyTo(picture.data as Uint8ClampedArray<ArrayBuffer>, { format: "RGBA" });
      copied = true;
    } catch {
      // Browsers that convert no colours here; drawing the frame itself still works.
    }
  };
  return {
    ...held,
    drawable: copy(),
    draw: (context) => (copied ? context.putImageData(picture, 0, 0) : held.draw(context)),
    release: () => {
      frame.close();
      store.giveBack(picture);
    },
  };
}

/**
 * Frames by copy, for browsers without `VideoFrame`: one full copy to draw later, one reduced copy for the
 * tracker. Full copies are taken from a few canvases in turn, since two frames can be under way at once.
 */
class CanvasFrameSource implements FrameSource {
  readonly #video: HTMLVideoElement;
  readonly #free: HTMLCanvasElement[] = [];
  #small: CanvasRenderingContext2D | null = null;

  constructor(video: HTMLVideoElement) {
    this.#video = video;
  }

  take(): HeldFrame | null {
    const { videoWidth: width, videoHeight: height, readyState } = this.#video;
    if (readyState < HTMLMediaElement.HAVE_CURRENT_DATA || width === 0) return null;
    const canvas = this.#free.pop() ?? document.createElement("canvas");
    resizeCanvas(canvas, { width, height });
    canvas.getContext("2d", { alpha: false })?.drawImage(this.#video, 0, 0);
    return {
      size: { width, height },
      trackedSize: workingSize({ width, height }),
      drawable: NOW,
      forTracker: () => this.#pixels(canvas),
      draw: (context) => context.drawImage(canvas, 0, 0),
      release: () => this.#free.push(canvas),
    };
  }

  #pixels(picture: HTMLCanvasElement): TransferableFrame {
    const { width, height } = workingSize(picture);
    this.#small ??= document
      .createElement("canvas")
      .getContext("2d", { alpha: false, willReadFrequently: true }) as CanvasRenderingContext2D;
    resizeCanvas(this.#small.canvas, { width, height });
    this.#small.drawImage(picture, 0, 0, width, height);
    const { data } = this.#small.getImageData(0, 0, width, height);
    return { format: "rgba", width, height, data };
  }
}

/** Setting a canvas's size clears it and takes new memory, even when it is the same size. */
function resizeCanvas(canvas: HTMLCanvasElement, { width, height }: Size): void {
  if (canvas.width === width && canvas.height === height) return;
  canvas.width = width;
  canvas.height = height;
}
