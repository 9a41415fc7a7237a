import type { Corners, Size } from "@arv/engine";
import { coverMapping, overlayTransform } from "./geometry.js";

/** A camera frame that can be drawn. */
export interface DrawnFrame {
  readonly size: Size;
  draw(context: CanvasRenderingContext2D): void;
}

/** Long side of the overlay element; its pixels are resampled by the browser, so any even size will do. */
const PRINT_SIDE = 960;

/**
 * The picture on the screen: the camera frame on a canvas, and above it the print's place.
 *
 * Both live in one element whose CSS pixels are frame pixels; one transform lets it cover the screen. The
 * frame and the overlay change in the same task, so the browser always shows a frame together with the
 * place that was measured in that very frame.
 */
export class Stage {
  readonly canvas: HTMLCanvasElement;
  readonly #element: HTMLElement;
  readonly #print: HTMLElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #printSize: Size;
  #frame: Size = { width: 0, height: 0 };
  #corners: Corners | null = null;

  constructor(page: Document, aspect: Size) {
    this.#element = page.getElementById("stage") as HTMLElement;
    this.#print = page.getElementById("print") as HTMLElement;
    this.canvas = page.getElementById("arv-frame") as HTMLCanvasElement;
    this.#context = this.canvas.getContext("2d", { alpha: false }) as CanvasRenderingContext2D;
    const scale = PRINT_SIDE / Math.max(aspect.width, aspect.height);
    this.#printSize = { width: aspect.width * scale, height: aspect.height * scale };
    this.#print.style.width = `${this.#printSize.width}px`;
    this.#print.style.height = `${this.#printSize.height}px`;
    new ResizeObserver(() => this.#cover()).observe(page.documentElement);
  }

  /** Where the print is in the frame that is shown, or null when it is not seen. */
  get corners(): Corners | null {
    return this.#corners;
  }

  /** Shows `frame` and lays the overlay on `corners`; null hides it where it last was. */
  present(frame: DrawnFrame, corners: Corners | null): void {
    this.#resize(frame.size);
    frame.draw(this.#context);
    const transform = corners ? overlayTransform(corners, this.#printSize) : null;
    this.#corners = transform ? corners : null;
    if (transform) this.#print.style.transform = transform;
    this.#print.classList.toggle("seen", transform !== null);
  }

  #resize({ width, height }: Size): void {
    if (width === this.#frame.width && height === this.#frame.height) return;
    this.#frame = { width, height };
    this.canvas.width = width;
    this.canvas.height = height;
    this.#element.style.width = `${width}px`;
    this.#element.style.height = `${height}px`;
    this.#cover();
  }

  #cover(): void {
    if (this.#frame.width === 0) return;
    const { clientWidth: width, clientHeight: height } = this.#element.parentElement as HTMLElement;
    const { scale, x, y } = coverMapping(this.#frame, { width, height });
    this.#element.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
  }
}
