/** The real binary and pictures for it, for tests. */
import { readFileSync } from "node:fs";
import { type Engine, instantiateEngine } from "../src/index.js";
import type { Corners, PixelFrame, Size } from "../src/types.js";

const FOLDER = new URL("../../../arv_engine/", import.meta.url);

export function openEngine(name = "arv_engine.wasm"): Promise<Engine> {
  return instantiateEngine(readFileSync(new URL(name, FOLDER)));
}

/** A picture full of corners: grey rectangles placed by a fixed seed. Rows of bytes, one a pixel. */
export function paintPicture({ width, height }: Size, seed = 7): PixelFrame {
  const data = new Uint8Array(width * height).fill(128);
  const random = numbersFrom(seed);
  for (let i = 0; i < 420; i++) {
    const [x, y] = [random() * width, random() * height];
    const [w, h] = [6 + random() * 50, 6 + random() * 50];
    const level = random() * 255;
    for (let row = Math.floor(y); row < Math.min(height, y + h); row++) {
      data.fill(
        level,
        row * width + Math.floor(x),
        row * width + Math.min(width, Math.floor(x + w)),
      );
    }
  }
  return { format: "grey", width, height, data };
}

/** `picture` at `scale` with its outer corner at (`left`, `top`) of a frame of mid grey. */
export function showPicture(
  picture: PixelFrame,
  frame: Size,
  { left, top, scale }: { left: number; top: number; scale: number },
): { frame: PixelFrame; corners: Corners } {
  const data = new Uint8Array(frame.width * frame.height).fill(90);
  for (let y = 0; y < frame.height; y++) {
    for (let x = 0; x < frame.width; x++) {
      const level = sample(picture, (x + 0.5 - left) / scale - 0.5, (y + 0.5 - top) / scale - 0.5);
      if (level !== null) data[y * frame.width + x] = level;
    }
  }
  const right = left + picture.width * scale - 0.5;
  const bottom = top + picture.height * scale - 0.5;
  const [l, t] = [left - 0.5, top - 0.5];
  return {
    frame: { format: "grey", ...frame, data },
    corners: [
      [l, t],
      [right, t],
      [right, bottom],
      [l, bottom],
    ],
  };
}

/** The same grey picture as RGBA bytes. */
export function toRgba({ width, height, data }: PixelFrame): PixelFrame {
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) rgba.fill(data[i] as number, 4 * i, 4 * i + 4);
  return { format: "rgba", width, height, data: rgba };
}

/** The largest distance of any corner from where it should be. */
export function cornerError(actual: Corners, expected: Corners): number {
  return Math.max(
    ...actual.map(([x, y], i) => {
      const [ex, ey] = expected[i] as readonly [number, number];
      return Math.hypot(x - ex, y - ey);
    }),
  );
}

function sample({ width, height, data }: PixelFrame, x: number, y: number): number | null {
  if (x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5) return null;
  const at = (column: number, row: number) =>
    data[
      Math.min(height - 1, Math.max(0, row)) * width + Math.min(width - 1, Math.max(0, column))
    ] as number;
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - x0, y - y0];
  const above = at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx;
  const below = at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx;
  return above * (1 - fy) + below * fy;
}

/** Park and Miller's generator (1988): the same numbers on every machine. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
