import type { Corners } from "@arv/engine";
import { describe, expect, it } from "vitest";
import { unmask, unmultiply } from "../src/stage/unmask.js";
import { paintOnPrint, type Raster } from "../src/stage/warp.js";

function raster(
  width: number,
  height: number,
  ...pixels: [number, number, number, number][]
): Raster {
  return { width, height, data: new Uint8ClampedArray(pixels.flat()) };
}

const SQUARE: Corners = [
  [-0.5, -0.5],
  [0.5, -0.5],
  [0.5, 0.5],
  [-0.5, 0.5],
];

describe("unmask", () => {
  it("takes colour from the left and alpha from the right", () => {
    const shown = unmask(
      raster(4, 1, [200, 9, 3, 255], [60, 0, 0, 255], [255, 255, 255, 255], [128, 128, 128, 255]),
    );
    expect([shown.width, shown.height]).toEqual([2, 1]);
    expect([...shown.data]).toEqual([200, 9, 3, 255, 60, 0, 0, 128]);
  });

  it("takes nearly black and nearly white of the mask for none and all", () => {
    const shown = unmask(
      raster(4, 1, [0, 0, 0, 255], [9, 9, 9, 255], [4, 4, 4, 255], [252, 252, 252, 255]),
    );
    expect([shown.data[3], shown.data[7]]).toEqual([0, 255]);
  });

  it("shows no colour where there is nothing", () => {
    const shown = unmask(raster(2, 1, [30, 40, 50, 255], [0, 0, 0, 255]));
    expect([...shown.data]).toEqual([0, 0, 0, 0]);
  });

  it("gives half transparent colour its full strength for a plain canvas", () => {
    const shown = raster(1, 1, [60, 30, 0, 128]);
    unmultiply(shown);
    expect([...shown.data]).toEqual([120, 60, 0, 128]);
  });
});

describe("paintOnPrint with alpha", () => {
  it("lets the camera's picture through where the video is transparent", () => {
    const frame = raster(1, 1, [80, 90, 100, 255]);
    paintOnPrint(frame, raster(1, 1, [0, 0, 0, 0]), SQUARE, { width: 1, height: 1 });
    expect([...frame.data]).toEqual([80, 90, 100, 255]);
  });

  it("adds half a video to half the camera's picture", () => {
    const frame = raster(1, 1, [80, 80, 80, 255]);
    paintOnPrint(frame, raster(1, 1, [102, 0, 0, 102]), SQUARE, { width: 1, height: 1 });
    expect([...frame.data.slice(0, 3)]).toEqual([150, 48, 48]);
  });
});
