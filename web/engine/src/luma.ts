import type { Size } from "./types.js";

/** Long side of the picture the engine looks at; larger camera frames are reduced to it. */
export const WORKING_SIDE = 640;

/** The size `frame` is tracked at: aspect kept, long side at most `maxSide`, never enlarged. */
export function workingSize(frame: Size, maxSide = WORKING_SIDE): Size {
  const scale = Math.min(1, maxSide / Math.max(frame.width, frame.height));
  return {
    width: Math.max(1, Math.round(frame.width * scale)),
    height: Math.max(1, Math.round(frame.height * scale)),
  };
}

/** A grey plane as it lies in memory: `stride` bytes from one row to the next. */
export interface Plane extends Size {
  readonly data: Uint8Array;
  readonly offset: number;
  readonly stride: number;
}

/**
 * Writes `source`, reduced by area averaging, to `target` (rows without padding).
 * Averaging over exact areas keeps edges where they are: a nearest or shifted sample would
 * move every corner by up to half a pixel, which is more than the tracker's own error.
 */
export function reducePlane(source: Plane, target: Uint8Array, size: Size): void {
  if (source.width === size.width && source.height === size.height) {
    copyRows(source, target);
  } else if (source.width === 2 * size.width && source.height === 2 * size.height) {
    halve(source, target, size);
  } else {
    averageAreas(source, target, size);
  }
}

/** Rec. 601 luma of `rgba` pixels, in the integer form of the engine's own conversion. */
export function lumaOf(rgba: Uint8Array | Uint8ClampedArray, size: Size): Plane {
  const pixels = size.width * size.height;
  const data = new Uint8Array(pixels);
  for (let i = 0, j = 0; i < pixels; i++, j += 4) {
    const red = rgba[j] as number;
    const green = rgba[j + 1] as number;
    const blue = rgba[j + 2] as number;
    data[i] = (red * 77 + green * 150 + blue * 29 + 128) >> 8;
  }
  return { data, offset: 0, stride: size.width, ...size };
}

/** Mean brightness 0..255 of every 61st pixel; enough to tell a dark room. */
export function meanLevel(pixels: Uint8Array, bytesPerPixel: 1 | 4): number {
  const step = 61 * bytesPerPixel;
  // The second byte of an RGBA pixel is green, the best single stand-in for luma.
  const first = bytesPerPixel === 4 ? 1 : 0;
  let sum = 0;
  let count = 0;
  for (let i = first; i < pixels.length; i += step) {
    sum += pixels[i] as number;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

function copyRows(source: Plane, target: Uint8Array): void {
  for (let y = 0; y < source.height; y++) {
    const start = source.offset + y * source.stride;
    target.set(source.data.subarray(start, start + source.width), y * source.width);
  }
}

function halve(source: Plane, target: Uint8Array, size: Size): void {
  const { data, stride } = source;
  for (let y = 0, out = 0; y < size.height; y++) {
    let above = source.offset + 2 * y * stride;
    for (let x = 0; x < size.width; x++, above += 2, out++) {
      const below = above + stride;
      const sum =
        (data[above] as number) +
        (data[above + 1] as number) +
        (data[below] as number) +
        (data[below + 1] as number);
      target[out] = (sum + 2) >> 2;
    }
  }
}

function averageAreas(source: Plane, target: Uint8Array, size: Size): void {
  const columns = areaTaps(source.width, size.width);
  const rows = areaTaps(source.height, size.height);
  const sums = new Float32Array(size.width);
  for (let y = 0; y < size.height; y++) {
    sums.fill(0);
    for (let tap = rows.first[y] as number; tap < (rows.first[y + 1] as number); tap++) {
      const start = source.offset + (rows.index[tap] as number) * source.stride;
      addReducedRow(source.data, start, columns, rows.weight[tap] as number, sums);
    }
    const out = y * size.width;
    for (let x = 0; x < size.width; x++) target[out + x] = (sums[x] as number) + 0.5;
  }
}

interface Taps {
  /** Taps of output i are first[i] .. first[i + 1] - 1. */
  readonly first: Int32Array;
  readonly index: Int32Array;
  readonly weight: Float32Array;
}

/** For each output pixel, the source pixels it covers and the share of each. */
function areaTaps(from: number, to: number): Taps {
  const ratio = from / to;
  const first = new Int32Array(to + 1);
  const index: number[] = [];
  const weight: number[] = [];
  for (let i = 0; i < to; i++) {
    const start = i * ratio;
    const end = Math.min(from, start + ratio);
    for (let k = Math.floor(start); k < end; k++) {
      index.push(k);
      weight.push((Math.min(end, k + 1) - Math.max(start, k)) / ratio);
    }
    first[i + 1] = index.length;
  }
  return { first, index: Int32Array.from(index), weight: Float32Array.from(weight) };
}

function addReducedRow(
  data: Uint8Array,
  start: number,
  columns: Taps,
  rowWeight: number,
  sums: Float32Array,
): void {
  const { first, index, weight } = columns;
  let tap = 0;
  for (let x = 0; x < sums.length; x++) {
    const end = first[x + 1] as number;
    let sum = 0;
    for (; tap < end; tap++) {
      sum += (data[start + (index[tap] as number)] as number) * (weight[tap] as number);
    }
    sums[x] = (sums[x] as number) + sum * rowWeight;
  }
}
