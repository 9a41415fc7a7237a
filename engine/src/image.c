#include "image.h"

#include "maths.h"
#include "memory.h"

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

uint32_t pyramid_bytes(int width, int height, int levels) {
  uint32_t bytes = 0;
  for (int n = 0; n < levels; n++) bytes += (uint32_t)(width >> n) * (uint32_t)(height >> n) + 16;
  return bytes + 64; /* vector loads may touch a few bytes past the last row */
}

void pyramid_place(Pyramid *pyramid, uint8_t *memory, int width, int height, int levels, int min_side) {
  pyramid->levels = 0;
  for (int n = 0; n < levels && n < PYRAMID_LEVELS; n++) {
    int w = width >> n, h = height >> n;
    if (n > 0 && mini(w, h) < min_side) break;
    pyramid->level[n] = (Image){w, h, w, memory};
    pyramid->levels = n + 1;
    memory += w * h + 16;
  }
}

void pyramid_fill(Pyramid *pyramid) {
  for (int n = 1; n < pyramid->levels; n++) image_halve(&pyramid->level[n - 1], &pyramid->level[n]);
}

/* Halves the first pixels of two rows, a vector at a time; returns how many pixels of `out` are done. */
static int halve_vectors(const uint8_t *a, const uint8_t *b, uint8_t *out, int width) {
  int x = 0;
#ifdef __wasm_simd128__
  for (; x + 16 <= width; x += 16) {
    v128_t half[2];
    for (int k = 0; k < 2; k++) {
      v128_t top = wasm_u16x8_extadd_pairwise_u8x16(wasm_v128_load(a + 2 * x + 16 * k));
      v128_t bottom = wasm_u16x8_extadd_pairwise_u8x16(wasm_v128_load(b + 2 * x + 16 * k));
      half[k] = wasm_u16x8_shr(wasm_i16x8_add(wasm_i16x8_add(top, bottom), wasm_i16x8_splat(2)), 2);
    }
    wasm_v128_store(out + x, wasm_u8x16_narrow_i16x8(half[0], half[1]));
  }
#else
  (void)a, (void)b, (void)out, (void)width;
#endif
  return x;
}

void image_halve(const Image *from, Image *to) {
  for (int y = 0; y < to->height; y++) {
    const uint8_t *a = from->pixels + 2 * y * from->stride, *b = a + from->stride;
    uint8_t *out = to->pixels + y * to->stride;
    for (int x = halve_vectors(a, b, out, to->width); x < to->width; x++)
      out[x] = (uint8_t)((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) >> 2);
  }
}

/* Average of the box [x0, x1) x [y0, y1) with the border pixels weighted by their covered part. */
static uint8_t box_average(const uint8_t *from, int stride, float x0, float x1, float y0, float y1) {
  int ix0 = (int)x0, ix1 = (int)__builtin_ceilf(x1), iy0 = (int)y0, iy1 = (int)__builtin_ceilf(y1);
  float sum = 0;
  for (int y = iy0; y < iy1; y++) {
    const uint8_t *row = from + (intptr_t)y * stride;
    int inner = 0;
    for (int x = ix0 + 1; x < ix1 - 1; x++) inner += row[x];
    float line = (float)inner;
    if (ix1 - ix0 > 1)
      line += (float)row[ix0] * ((float)(ix0 + 1) - x0) + (float)row[ix1 - 1] * (x1 - (float)(ix1 - 1));
    else
      line += (float)row[ix0] * (x1 - x0);
    sum += line * (minf(y1, (float)(y + 1)) - maxf(y0, (float)y));
  }
  return (uint8_t)clampf(sum / ((x1 - x0) * (y1 - y0)) + 0.5f, 0, 255);
}

void image_reduce(const uint8_t *from, int width, int height, Image *to) {
  float sx = (float)width / (float)to->width, sy = (float)height / (float)to->height;
  for (int y = 0; y < to->height; y++) {
    float y0 = (float)y * sy, y1 = minf((float)(y + 1) * sy, (float)height);
    for (int x = 0; x < to->width; x++) {
      float x0 = (float)x * sx, x1 = minf((float)(x + 1) * sx, (float)width);
      to->pixels[y * to->stride + x] = box_average(from, width, x0, x1, y0, y1);
    }
  }
}

void grey_from_rgba(const uint8_t *rgba, uint8_t *grey, int count) {
  for (int i = 0; i < count; i++)
    grey[i] = (uint8_t)((77 * rgba[4 * i] + 150 * rgba[4 * i + 1] + 29 * rgba[4 * i + 2] + 128) >> 8);
}
