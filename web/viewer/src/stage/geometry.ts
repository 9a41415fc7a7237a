import type { Corners, Homography, Point, Size } from "@arv/engine";

/**
 * The map that takes (0,0), (1,0), (1,1), (0,1) to the four points of `quad` (Heckbert 1989,
 * "Fundamentals of Texture Mapping and Image Warping", 2.2.3). Null when they enclose no area.
 */
export function squareToQuad([p0, p1, p2, p3]: Corners): Homography | null {
  const dx1 = p1[0] - p2[0];
  const dx2 = p3[0] - p2[0];
  const dy1 = p1[1] - p2[1];
  const dy2 = p3[1] - p2[1];
  const determinant = dx1 * dy2 - dx2 * dy1;
  if (Math.abs(determinant) < 1e-9) return null;
  const sx = p0[0] - p1[0] + p2[0] - p3[0];
  const sy = p0[1] - p1[1] + p2[1] - p3[1];
  const g = (sx * dy2 - dx2 * sy) / determinant;
  const h = (dx1 * sy - sx * dy1) / determinant;
  return [
    p1[0] - p0[0] + g * p1[0],
    p3[0] - p0[0] + h * p3[0],
    p0[0],
    p1[1] - p0[1] + g * p1[1],
    p3[1] - p0[1] + h * p3[1],
    p0[1],
    g,
    h,
    1,
  ];
}

/** The corners of the print as points of a plane whose (0,0) is the outer corner of the first pixel. */
export function onCanvas(corners: Corners): Corners {
  const shift = ([x, y]: Point): Point => [x + 0.5, y + 0.5];
  return [shift(corners[0]), shift(corners[1]), shift(corners[2]), shift(corners[3])];
}

/** Corners measured in a frame of size `from`, as pixels of the same frame at size `to`. */
export function rescaleCorners(corners: Corners, from: Size, to: Size): Corners {
  if (from.width === to.width && from.height === to.height) return corners;
  const sx = to.width / from.width;
  const sy = to.height / from.height;
  const scale = ([x, y]: Point): Point => [(x + 0.5) * sx - 0.5, (y + 0.5) * sy - 0.5];
  return [scale(corners[0]), scale(corners[1]), scale(corners[2]), scale(corners[3])];
}

/**
 * The CSS transform that lays an element of `element` pixels, with its origin at the top left, on the
 * print whose corners the engine reports. Null when the corners enclose no area.
 */
export function overlayTransform(corners: Corners, element: Size): string | null {
  const unit = squareToQuad(onCanvas(corners));
  if (!unit) return null;
  const [a, b, c, d, e, f, g, h, i] = unit;
  const { width: w, height: k } = element;
  // Column by column; z is left alone.
  const columns = [
    [a / w, d / w, 0, g / w],
    [b / k, e / k, 0, h / k],
    [0, 0, 1, 0],
    [c, f, 0, i],
  ];
  return `matrix3d(${columns.flat().map(toCss).join(",")})`;
}

/** Scale and offset that let `frame` cover `screen`, centred; CSS pixels per frame pixel. */
export function coverMapping(frame: Size, screen: Size): { scale: number; x: number; y: number } {
  const scale = Math.max(screen.width / frame.width, screen.height / frame.height);
  return {
    scale,
    x: (screen.width - frame.width * scale) / 2,
    y: (screen.height - frame.height * scale) / 2,
  };
}

/** The inverse of a 3 x 3 map, up to scale. */
export function invert([a, b, c, d, e, f, g, h, i]: Homography): Homography {
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}

/** `point` taken through `matrix`. */
export function project([a, b, c, d, e, f, g, h, i]: Homography, [x, y]: Point): Point {
  const w = g * x + h * y + i;
  return [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
}

/** A number in a form every CSS parser reads. Nine digits keep a corner within 1e-5 px. */
function toCss(value: number): string {
  return String(Number(value.toPrecision(10)));
}
