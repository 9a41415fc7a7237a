import { FrameError } from "./errors.js";
import type { DrawableFrame, Frame, PixelFrame, Size } from "./types.js";

/** A small canvas that turns drawable frames into pixels. */
export interface FrameCanvas {
  /** RGBA bytes of `frame`, drawn to fill the canvas. */
  read(frame: DrawableFrame): Uint8ClampedArray;
}

/** Whether `frame` already is pixels, so that no canvas is needed. */
export function isPixels(frame: Frame): frame is PixelFrame | ImageData {
  return "data" in frame;
}

/** `ImageData` in the engine's own words. */
export function pixelsOf(frame: PixelFrame | ImageData): PixelFrame {
  if ("format" in frame) return frame;
  const { width, height, data } = frame as ImageData;
  return { format: "rgba", width, height, data: data as Uint8ClampedArray };
}

/** Width and height of `frame` as it is shown. */
export function frameSize(frame: Frame): Size {
  if ("displayWidth" in frame) return { width: frame.displayWidth, height: frame.displayHeight };
  if ("videoWidth" in frame) return { width: frame.videoWidth, height: frame.videoHeight };
  if ("naturalWidth" in frame) return { width: frame.naturalWidth, height: frame.naturalHeight };
  return { width: frame.width, height: frame.height };
}

/** A canvas of `size`, in memory: its pixels are read back every frame. */
export function openFrameCanvas({ width, height }: Size): FrameCanvas {
  const context = openContext(width, height);
  if (!context) throw new FrameError("canvas", "this browser can not read the camera's pixels");
  context.imageSmoothingQuality = "medium";
  return {
    read(frame) {
      context.drawImage(frame, 0, 0, width, height);
      return context.getImageData(0, 0, width, height).data as Uint8ClampedArray;
    },
  };
}

function openContext(
  width: number,
  height: number,
): CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null {
  const attributes = { willReadFrequently: true, alpha: false };
  if (typeof OffscreenCanvas === "function") {
    const context = new OffscreenCanvas(width, height).getContext("2d", attributes);
    if (context) return context;
  }
  if (typeof document === "undefined") return null;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas.getContext("2d", attributes) as CanvasRenderingContext2D | null;
}
