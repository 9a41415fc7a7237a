import type { Corners, Homography, Size } from "@arv/engine";
import { invert, onCanvas, squareToQuad } from "./geometry.js";

/** Pixels with their size; RGBA, four bytes each. */
export interface Raster extends Size {
  readonly data: Uint8ClampedArray;
}

/**
 * Paints `picture` into `frame` where the print lies, in true perspective, cropped to the print's aspect
 * as the overlay shows it. What is transparent lets the frame through; colour is multiplied by alpha. For one
 * still picture exactness matters more than speed, so this needs no GPU.
 */
export function paintOnPrint(frame: Raster, picture: Raster, corners: Corners, print: Size): void {
  const quad = onCanvas(corners);
  const toFrame = squareToQuad(quad);
  if (!toFrame) return;
  const toPrint = invert(toFrame);
  const crop = coverCrop(picture, print);
  const xs = quad.map(([x]) => x);
  const ys = quad.map(([, y]) => y);
  const left = Math.max(0, Math.floor(Math.min(...xs)));
  const right = Math.min(frame.width, Math.ceil(Math.max(...xs)));
  const bottom = Math.min(frame.height, Math.ceil(Math.max(...ys)));
  for (let y = Math.max(0, Math.floor(Math.min(...ys))); y < bottom; y++) {
    paintRow(frame, picture, toPrint, crop, { y, left, right });
  }
}

/** The part of `picture` with the aspect of `print`, centred: offset and size in pixels. */
export function coverCrop(picture: Size, print: Size): Size & { x: number; y: number } {
  const scale = Math.min(picture.width / print.width, picture.height / print.height);
  const width = print.width * scale;
  const height = print.height * scale;
  return { width, height, x: (picture.width - width) / 2, y: (picture.height - height) / 2 };
}

function paintRow(
  frame: Raster,
  picture: Raster,
  toPrint: Homography,
  crop: Size & { x: number; y: number },
  row: { y: number; left: number; right: number },
): void {
  const [a, b, c, d, e, f, g, h, i] = toPrint;
  const cy = row.y + 0.5;
  for (let x = row.left; x < row.right; x++) {
    const cx = x + 0.5;
    const w = g * cx + h * cy + i;
    const u = (a * cx + b * cy + c) / w;
    const v = (d * cx + e * cy + f) / w;
    if (u < 0 || u > 1 || v < 0 || v > 1) continue;
    const at = 4 * (row.y * frame.width + x);
    sample(picture, crop.x + u * crop.width - 0.5, crop.y + v * crop.height - 0.5, frame.data, at);
  }
}

/** Bilinear, held at the borders. */
function sample(
  { data, width, height }: Raster,
  x: number,
  y: number,
  out: Uint8ClampedArray,
  at: number,
): void {
  const cx = Math.min(width - 1, Math.max(0, x));
  const cy = Math.min(height - 1, Math.max(0, y));
  const x0 = Math.floor(cx);
  const y0 = Math.floor(cy);
  const fx = cx - x0;
  const fy = cy - y0;
  const here = 4 * (y0 * width + x0);
  const right = x0 + 1 < width ? 4 : 0;
  const below = y0 + 1 < height ? 4 * width : 0;
  const mixed = (p: number): number => {
    const top = (data[p] as number) * (1 - fx) + (data[p + right] as number) * fx;
    const bottom =
      (data[p + below] as number) * (1 - fx) + (data[p + below + right] as number) * fx;
    return top * (1 - fy) + bottom * fy;
  };
  const through = 1 - mixed(here + 3) / 255;
  for (let channel = 0; channel < 3; channel++) {
    out[at + channel] = mixed(here + channel) + (out[at + channel] as number) * through;
  }
}
