import type { Size, TransferableFrame } from "@arv/engine";
import { workingSize } from "@arv/engine";

/** One camera frame, held until it was tracked and drawn. */
export interface HeldFrame {
  readonly size: Size;
  /** The size the tracker sees it at; its answers are in these pixels. */
  readonly trackedSize: Size;
  /** For drawing; the very picture `forTracker` shows. */
  readonly picture: CanvasImageSource;
  /** For the tracker, which takes it over. Call once. */
  forTracker(): TransferableFrame;
  release(): void;
}

/** Takes frames from a playing `<video>`. */
export interface FrameSource {
  /** The frame shown now, or null when there is none yet. */
  take(): HeldFrame | null;
}

/** The best source this browser has. */
export function openFrameSource(video: HTMLVideoElement): FrameSource {
  const copies = new CanvasFrameSource(video);
  return typeof VideoFrame === "function" ? new VideoFrameSource(video, copies) : copies;
}

/** Frames by reference: nothing is copied or converted on the page's thread. */
class VideoFrameSource implements FrameSource {
  readonly #video: HTMLVideoElement;
  readonly #fallback: FrameSource;
  #works = true;

  constructor(video: HTMLVideoElement, fallback: FrameSource) {
    this.#video = video;
    this.#fallback = fallback;
  }

  take(): HeldFrame | null {
    if (!this.#works) return this.#fallback.take();
    if (this.#video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    try {
      const frame = new VideoFrame(this.#video);
      const size = { width: frame.displayWidth, height: frame.displayHeight };
      return {
        size,
        trackedSize: size,
        picture: frame,
        forTracker: () => frame.clone(),
        release: () => frame.close(),
      };
    } catch {
      // Some browsers have the class but can not make one from a camera.
      this.#works = false;
      return this.#fallback.take();
    }
  }
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
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    canvas.getContext("2d", { alpha: false })?.drawImage(this.#video, 0, 0);
    return {
      size: { width, height },
      trackedSize: workingSize({ width, height }),
      picture: canvas,
      forTracker: () => this.#pixels(canvas),
      release: () => this.#free.push(canvas),
    };
  }

  #pixels(picture: HTMLCanvasElement): TransferableFrame {
    const { width, height } = workingSize(picture);
    this.#small ??= document
      .createElement("canvas")
      .getContext("2d", { alpha: false, willReadFrequently: true }) as CanvasRenderingContext2D;
    const { canvas } = this.#small;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    this.#small.drawImage(picture, 0, 0, width, height);
    const { data } = this.#small.getImageData(0, 0, width, height);
    return { format: "rgba", width, height, data };
  }
}

/** Calls `onFrame` for every new picture of `video`, as early as the browser tells. */
export function watchFrames(video: HTMLVideoElement, onFrame: (timeMs: number) => void): void {
  if ("requestVideoFrameCallback" in video) {
    const next = (timeMs: number) => {
      video.requestVideoFrameCallback(next);
      onFrame(timeMs);
    };
    video.requestVideoFrameCallback(next);
    return;
  }
  watchByClock(video, onFrame);
}

/** Older browsers say nothing of frames, but the time of the stream moves with them. */
function watchByClock(video: HTMLVideoElement, onFrame: (timeMs: number) => void): void {
  let last = -1;
  const next = (timeMs: number) => {
    requestAnimationFrame(next);
    if (video.currentTime === last) return;
    last = video.currentTime;
    onFrame(timeMs);
  };
  requestAnimationFrame(next);
}
