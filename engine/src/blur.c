/* Binomial blur: 1 6 15 20 15 6 1 in both directions, exact until the last rounding. */
#include "image.h"
#include "maths.h"

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

/* The weighted sum of seven pixels, at most 64 * 255. */
static uint16_t sum_across(const uint8_t *p) {
  return (uint16_t)(p[-3] + p[3] + 6 * (p[-2] + p[2]) + 15 * (p[-1] + p[1]) + 20 * p[0]);
}

#ifdef __wasm_simd128__

/* As many pixels as whole vectors hold; returns how many. */
static int across_vectors(const uint8_t *row, int from, int to, uint16_t *out) {
  int x = from;
  for (; x + 8 <= to; x += 8) {
    const uint8_t *p = row + x;
    v128_t one = wasm_i16x8_add(wasm_u16x8_load8x8(p - 3), wasm_u16x8_load8x8(p + 3));
    v128_t six = wasm_i16x8_add(wasm_u16x8_load8x8(p - 2), wasm_u16x8_load8x8(p + 2));
    v128_t fifteen = wasm_i16x8_add(wasm_u16x8_load8x8(p - 1), wasm_u16x8_load8x8(p + 1));
    v128_t sum = wasm_i16x8_add(one, wasm_i16x8_mul(six, wasm_i16x8_splat(6)));
    sum = wasm_i16x8_add(sum, wasm_i16x8_mul(fifteen, wasm_i16x8_splat(15)));
    wasm_v128_store(out + x, wasm_i16x8_add(sum, wasm_i16x8_mul(wasm_u16x8_load8x8(p), wasm_i16x8_splat(20))));
  }
  return x;
}

/* Sums of pairs of rows are below 2^15, so products are added two by two. */
static v128_t down_eight(const uint16_t *const r[7], int x) {
  v128_t one = wasm_i16x8_add(wasm_v128_load(r[0] + x), wasm_v128_load(r[6] + x));
  v128_t six = wasm_i16x8_add(wasm_v128_load(r[1] + x), wasm_v128_load(r[5] + x));
  v128_t fifteen = wasm_i16x8_add(wasm_v128_load(r[2] + x), wasm_v128_load(r[4] + x)), twenty = wasm_v128_load(r[3] + x);
  v128_t outer = wasm_i32x4_splat(6 << 16 | 1), inner = wasm_i32x4_splat(20 << 16 | 15), round = wasm_i32x4_splat(2048);
  v128_t low = wasm_i32x4_dot_i16x8(wasm_i16x8_shuffle(one, six, 0, 8, 1, 9, 2, 10, 3, 11), outer);
  v128_t high = wasm_i32x4_dot_i16x8(wasm_i16x8_shuffle(one, six, 4, 12, 5, 13, 6, 14, 7, 15), outer);
  low = wasm_i32x4_add(low, wasm_i32x4_dot_i16x8(wasm_i16x8_shuffle(fifteen, twenty, 0, 8, 1, 9, 2, 10, 3, 11), inner));
  high = wasm_i32x4_add(high, wasm_i32x4_dot_i16x8(wasm_i16x8_shuffle(fifteen, twenty, 4, 12, 5, 13, 6, 14, 7, 15), inner));
  low = wasm_i32x4_shr(wasm_i32x4_add(low, round), 12), high = wasm_i32x4_shr(wasm_i32x4_add(high, round), 12);
  return wasm_i16x8_narrow_i32x4(low, high);
}

static int down_vectors(const uint16_t *const r[7], int width, uint8_t *out) {
  int x = 0;
  for (; x + 16 <= width; x += 16)
    wasm_v128_store(out + x, wasm_u8x16_narrow_i16x8(down_eight(r, x), down_eight(r, x + 8)));
  return x;
}

#else

static int across_vectors(const uint8_t *row, int from, int to, uint16_t *out) {
  (void)row, (void)to, (void)out;
  return from;
}

static int down_vectors(const uint16_t *const r[7], int width, uint8_t *out) {
  (void)r, (void)width, (void)out;
  return 0;
}

#endif

static void blur_row(const uint8_t *row, int width, uint16_t *out) {
  for (int x = across_vectors(row, 3, width - 3, out); x < width - 3; x++) out[x] = sum_across(row + x);
  for (int k = 0; k < 6; k++) {
    int x = k < 3 ? k : width - 6 + k;
    uint8_t p[7];
    for (int i = 0; i < 7; i++) p[i] = row[clampi(x + i - 3, 0, width - 1)];
    out[x] = sum_across(p + 3);
  }
}

void image_blur(const Image *from, Image *to, uint16_t *rows) {
  int width = from->width, height = from->height, stride = from->stride, ready = -1;
  for (int y = 0; y < height; y++) {
    const uint16_t *r[7];
    for (; ready < mini(y + 3, height - 1); ready++)
      blur_row(from->pixels + (ready + 1) * stride, width, rows + (ready + 1) % 7 * stride);
    for (int i = 0; i < 7; i++) r[i] = rows + clampi(y + i - 3, 0, height - 1) % 7 * stride;
    uint8_t *out = to->pixels + y * to->stride;
    for (int x = down_vectors(r, width, out); x < width; x++) {
      uint32_t sum = (uint32_t)(r[0][x] + r[6][x]) + 6u * (uint32_t)(r[1][x] + r[5][x]) +
                     15u * (uint32_t)(r[2][x] + r[4][x]) + 20u * r[3][x];
      out[x] = (uint8_t)((sum + 2048) >> 12);
    }
  }
}
