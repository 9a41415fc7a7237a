import { type MaskPainter, openPainter, openPlainPainter } from "./mask_painter.js";

const MASKED = "masked";

/** Whether the element plays colour and mask side by side, and something else shows them. */
export function isMasked(video: HTMLVideoElement): boolean {
  return video.classList.contains(MASKED);
}

/**
 * The canvas in the video's place that shows a transparent video. Where it lies on the print is CSS, the same
 * as for any video, so the overlay still moves in the task that draws the camera's frame.
 */
export class AlphaLayer {
  readonly #video: HTMLVideoElement;
  #canvas: HTMLCanvasElement;
  #painter: MaskPainter;

  constructor(video: HTMLVideoElement, canvas: HTMLCanvasElement) {
    this.#video = video;
    this.#canvas = canvas;
    this.#painter = openPainter(canvas);
    video.classList.add(MASKED);
    canvas.hidden = false;
    this.#watch();
  }

  /** Draw each new picture of the video, and nothing while there is none. */
  #watch(): void {
    const next = () => {
      this.#paint();
      this.#schedule(next);
    };
    this.#schedule(next);
  }

  #schedule(next: () => void): void {
    if ("requestVideoFrameCallback" in this.#video) this.#video.requestVideoFrameCallback(next);
    else requestAnimationFrame(next);
  }

  #paint(): void {
    if (this.#video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    if (!this.#painter.paint(this.#video)) this.#withoutGpu();
  }

  /** A canvas whose graphics were lost gives no other kind: a new one takes its place. */
  #withoutGpu(): void {
    const fresh = this.#canvas.cloneNode() as HTMLCanvasElement;
    this.#canvas.replaceWith(fresh);
    this.#canvas = fresh;
    this.#painter = openPlainPainter(fresh);
  }
}
