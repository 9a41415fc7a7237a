import type { Corners } from "@arv/engine";
import { describe, expect, it } from "vitest";
import { coverCrop, paintOnPrint, type Raster } from "../src/stage/warp.js";

function raster(width: number, height: number, level: (x: number, y: number) => number): Raster {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    data.fill(level(i % width, Math.floor(i / width)), 4 * i, 4 * i + 3);
    data[4 * i + 3] = 255;
  }
  return { width, height, data };
}

const red = ({ data, width }: Raster, x: number, y: number) => data[4 * (y * width + x)];

describe("paintOnPrint", () => {
  it("copies the picture pixel for pixel onto a print of the same size", () => {
    const frame = raster(12, 10, () => 0);
    const picture = raster(4, 4, (x, y) => 20 + 10 * x + 40 * y);
    const corners: Corners = [
      [2.5, 1.5],
      [6.5, 1.5],
      [6.5, 5.5],
      [2.5, 5.5],
    ];
    paintOnPrint(frame, picture, corners, { width: 4, height: 4 });
    expect(red(frame, 3, 2)).toBe(20);
    expect(red(frame, 6, 5)).toBe(170);
    expect(red(frame, 2, 2)).toBe(0);
    expect(red(frame, 7, 5)).toBe(0);
  });

  it("stays inside the frame when the print leaves it", () => {
    const frame = raster(4, 4, () => 0);
    const corners: Corners = [
      [-20, -20],
      [20, -20],
      [20, 20],
      [-20, 20],
    ];
    paintOnPrint(
      frame,
      raster(2, 2, () => 90),
      corners,
      { width: 1, height: 1 },
    );
    expect(red(frame, 0, 0)).toBe(90);
    expect(red(frame, 3, 3)).toBe(90);
  });
});

describe("coverCrop", () => {
  it("cuts a wide video to a square print evenly", () => {
    expect(coverCrop({ width: 1920, height: 1080 }, { width: 500, height: 500 })).toEqual({
      width: 1080,
      height: 1080,
      x: 420,
      y: 0,
    });
  });
});
