import { describe, expect, it } from "vitest";
import { lumaOf, meanLevel, type Plane, reducePlane, workingSize } from "../src/luma.js";

function plane(width: number, height: number, level: (x: number, y: number) => number): Plane {
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) data[i] = level(i % width, Math.floor(i / width));
  return { data, offset: 0, stride: width, width, height };
}

/** The column at which a step edge lies, from the grey levels of a row. */
function edgeColumn(row: Uint8Array): number {
  return row.reduce((dark, value) => dark + (255 - value) / 255, 0);
}

describe("workingSize", () => {
  it("reduces the long side to 640 and keeps the aspect", () => {
    expect(workingSize({ width: 1280, height: 720 })).toEqual({ width: 640, height: 360 });
    expect(workingSize({ width: 1080, height: 1920 })).toEqual({ width: 360, height: 640 });
  });

  it("never enlarges", () => {
    expect(workingSize({ width: 320, height: 240 })).toEqual({ width: 320, height: 240 });
  });
});

describe("reducePlane", () => {
  it("copies rows that are padded in memory", () => {
    const data = Uint8Array.from([9, 9, 1, 2, 0, 3, 4, 0]);
    const target = new Uint8Array(4);
    reducePlane({ data, offset: 2, stride: 3, width: 2, height: 2 }, target, {
      width: 2,
      height: 2,
    });
    expect([...target]).toEqual([1, 2, 3, 4]);
  });

  it("averages squares of four when it halves", () => {
    const target = new Uint8Array(1);
    const source = plane(2, 2, (x, y) => [10, 20, 30, 41][2 * y + x] as number);
    reducePlane(source, target, { width: 1, height: 1 });
    expect(target[0]).toBe(25);
  });

  it.each([
    [1280, 640],
    [1920, 640],
    [1000, 640],
    [700, 640],
  ])("keeps an edge at the same place from %i to %i columns", (from, to) => {
    const edge = from * 0.37;
    const source = plane(from, 8, (x) => 255 * Math.min(1, Math.max(0, x + 1 - edge)));
    const size = { width: to, height: 4 };
    const target = new Uint8Array(size.width * size.height);
    reducePlane(source, target, size);
    // Grey levels are whole numbers, so 1/255 of a pixel is the most that can be asked.
    expect(edgeColumn(target.subarray(to, 2 * to))).toBeCloseTo(to * 0.37, 1);
  });
});

describe("lumaOf", () => {
  it("weighs red, green and blue as the engine does", () => {
    const rgba = Uint8Array.from([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]);
    expect([...lumaOf(rgba, { width: 3, height: 1 }).data]).toEqual([77, 149, 29]);
  });
});

describe("meanLevel", () => {
  it("is the mean brightness, whichever the format", () => {
    expect(meanLevel(new Uint8Array(1000).fill(40), 1)).toBe(40);
    expect(meanLevel(new Uint8Array(4000).fill(40), 4)).toBe(40);
  });
});
