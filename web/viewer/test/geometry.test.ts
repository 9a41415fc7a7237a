import type { Corners, Homography, Point } from "@arv/engine";
import { describe, expect, it } from "vitest";
import {
  coverMapping,
  invert,
  overlayTransform,
  project,
  rescaleCorners,
  squareToQuad,
} from "../src/stage/geometry.js";

/** A print seen at an angle: no two sides parallel. */
const TILTED: Corners = [
  [110.5, 80.25],
  [505, 121],
  [466, 402.75],
  [92, 333],
];

/** Where CSS puts `point` of an element whose transform is `matrix3d(...)`, origin at the top left. */
function cssPoint(transform: string, [x, y]: Point): Point {
  const m = transform.slice("matrix3d(".length, -1).split(",").map(Number);
  const row = (r: number) =>
    (m[r] as number) * x + (m[4 + r] as number) * y + (m[12 + r] as number);
  return [row(0) / row(3), row(1) / row(3)];
}

function expectPoint(actual: Point, expected: Point): void {
  expect(actual[0]).toBeCloseTo(expected[0], 4);
  expect(actual[1]).toBeCloseTo(expected[1], 4);
}

describe("overlayTransform", () => {
  it("lays the element's corners on the print's corners, half a pixel from their centres", () => {
    const size = { width: 960, height: 720 };
    const transform = overlayTransform(TILTED, size) as string;
    const element: Corners = [
      [0, 0],
      [960, 0],
      [960, 720],
      [0, 720],
    ];
    element.forEach((point, i) => {
      const [x, y] = TILTED[i] as Point;
      expectPoint(cssPoint(transform, point), [x + 0.5, y + 0.5]);
    });
  });

  it("foreshortens: the middle of the element is where the diagonals of the print cross", () => {
    const transform = overlayTransform(TILTED, { width: 100, height: 100 }) as string;
    const [a, b, c, d] = TILTED;
    const t = cross(c[0] - a[0], c[1] - a[1], b[0] - a[0], b[1] - a[1]);
    const u = cross(c[0] - a[0], c[1] - a[1], d[0] - b[0], d[1] - b[1]);
    const s = -t / u;
    const middle: Point = [b[0] + s * (d[0] - b[0]) + 0.5, b[1] + s * (d[1] - b[1]) + 0.5];
    expectPoint(cssPoint(transform, [50, 50]), middle);
  });

  it("is null for corners on one line", () => {
    const flat: Corners = [
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
    ];
    expect(overlayTransform(flat, { width: 10, height: 10 })).toBeNull();
  });
});

describe("invert", () => {
  it("takes the corners back to the unit square", () => {
    const inverse = invert(squareToQuad(TILTED) as Homography);
    expectPoint(project(inverse, TILTED[2]), [1, 1]);
    expectPoint(project(inverse, TILTED[3]), [0, 1]);
  });
});

describe("coverMapping", () => {
  it("fills a tall phone with a wide frame, cutting left and right evenly", () => {
    const mapping = coverMapping({ width: 1280, height: 720 }, { width: 390, height: 844 });
    expect(mapping.scale).toBeCloseTo(844 / 720);
    expect(mapping.y).toBeCloseTo(0);
    expect(mapping.x).toBeCloseTo((390 - 1280 * mapping.scale) / 2);
  });

  it("fills a wide screen with a square frame, cutting above and below", () => {
    const mapping = coverMapping({ width: 480, height: 480 }, { width: 1440, height: 900 });
    expect(mapping).toEqual({ scale: 3, x: 0, y: -270 });
  });
});

describe("rescaleCorners", () => {
  it("keeps the edges of the picture at the edges", () => {
    const whole: Corners = [
      [-0.5, -0.5],
      [639.5, -0.5],
      [639.5, 359.5],
      [-0.5, 359.5],
    ];
    const [, , bottomRight] = rescaleCorners(
      whole,
      { width: 640, height: 360 },
      { width: 1280, height: 720 },
    );
    expect(bottomRight).toEqual([1279.5, 719.5]);
  });
});

function cross(ax: number, ay: number, bx: number, by: number): number {
  return ax * by - ay * bx;
}
