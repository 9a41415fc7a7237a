import type { Raster } from "./warp.js";

/** Compression leaves black not quite black and white not quite white: this much of the mask is noise. */
export const MASK_NOISE = 0.02;

/**
 * Colour and mask side by side become one picture with alpha, colour multiplied by it as the file holds it.
 * `width` must be even: colour at the left, mask at the right.
 */
export function unmask({ data, width, height }: Raster): Raster {
  const half = width / 2;
  const out = new Uint8ClampedArray(4 * half * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < half; x++) {
      const colour = 4 * (y * width + x);
      const mask = colour + 4 * half;
      const alpha = alphaOf(data, mask);
      const at = 4 * (y * half + x);
      for (let channel = 0; channel < 3; channel++) {
        // Multiplied by alpha it can not be above it; what is, is noise.
        out[at + channel] = Math.min(data[colour + channel] as number, alpha);
      }
      out[at + 3] = alpha;
    }
  }
  return { data: out, width: half, height };
}

/** The mask's grey as alpha, 0..255, its noise cut off at both ends. */
function alphaOf(data: Uint8ClampedArray, at: number): number {
  const grey = ((data[at] as number) + (data[at + 1] as number) + (data[at + 2] as number)) / 3;
  const alpha = (grey / 255 - MASK_NOISE) / (1 - 2 * MASK_NOISE);
  return Math.round(255 * Math.min(1, Math.max(0, alpha)));
}

/** Colour as `putImageData` wants it, not multiplied by alpha; in place. */
export function unmultiply({ data }: Raster): void {
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] as number;
    if (alpha === 0 || alpha === 255) continue;
    for (let channel = 0; channel < 3; channel++) {
      data[at + channel] = ((data[at + channel] as number) * 255) / alpha;
    }
  }
}
