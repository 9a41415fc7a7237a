/* Bilinear resize in fixed point: horizontally with weights of 7 bits into 16-bit rows, then vertically. */
#include "image.h"
#include "maths.h"

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

#define ROOM 2048 /* widest result */

/* Where a result pixel lies between two source pixels. */
typedef struct {
  int first, weight; /* of the second one, 128ths */
} Between;

static Between between(int at, int from, int to) {
  int step = (from << 16) / to, position = clampi(at * step + step / 2 - 32768, 0, ((from - 1) << 16) - 1);
  return (Between){position >> 16, (position >> 9) & 127};
}

#ifdef __wasm_simd128__

/* How eight pixels of a row come about: from 16 bytes at `first`, taken apart into pairs. */
typedef struct {
  int first;
  uint8_t pick[16];
  int16_t weight[16];
} Eight;

static Eight columns[ROOM / 8];

static void prepare_columns(int from, int to) {
  for (int x = 0; x < (to + 7) / 8 * 8; x++) {
    Eight *eight = &columns[x / 8];
    Between b = between(mini(x, to - 1), from, to);
    int k = 2 * (x % 8);
    if (k == 0) eight->first = b.first;
    eight->pick[k] = (uint8_t)(b.first - eight->first), eight->pick[k + 1] = (uint8_t)(b.first - eight->first + 1);
    eight->weight[k] = (int16_t)(128 - b.weight), eight->weight[k + 1] = (int16_t)b.weight;
  }
}

static void resize_row(const uint8_t *row, int from, int width, int16_t *out) {
  (void)from;
  for (int x = 0; x < width; x += 8) {
    const Eight *eight = &columns[x / 8];
    v128_t pairs = wasm_i8x16_swizzle(wasm_v128_load(row + eight->first), wasm_v128_load(eight->pick));
    v128_t low = wasm_i32x4_dot_i16x8(wasm_u16x8_extend_low_u8x16(pairs), wasm_v128_load(eight->weight));
    v128_t high = wasm_i32x4_dot_i16x8(wasm_u16x8_extend_high_u8x16(pairs), wasm_v128_load(eight->weight + 8));
    wasm_v128_store(out + x, wasm_i16x8_narrow_i32x4(low, high));
  }
}

static void mix_rows(const int16_t *top, const int16_t *bottom, int weight, int width, uint8_t *out) {
  v128_t weights = wasm_i32x4_splat((weight << 16) | (128 - weight)), round = wasm_i32x4_splat(8192);
  for (int x = 0; x < width; x += 8) {
    v128_t a = wasm_v128_load(top + x), b = wasm_v128_load(bottom + x);
    v128_t low = wasm_i32x4_dot_i16x8(wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11), weights);
    v128_t high = wasm_i32x4_dot_i16x8(wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15), weights);
    low = wasm_i32x4_shr(wasm_i32x4_add(low, round), 14), high = wasm_i32x4_shr(wasm_i32x4_add(high, round), 14);
    v128_t words = wasm_i16x8_narrow_i32x4(low, high);
    wasm_v128_store64_lane(out + x, wasm_u8x16_narrow_i16x8(words, words), 0);
  }
}

#else

static void prepare_columns(int from, int to) { (void)from, (void)to; }

static void resize_row(const uint8_t *row, int from, int width, int16_t *out) {
  for (int x = 0; x < width; x++) {
    Between b = between(x, from, width);
    out[x] = (int16_t)(row[b.first] * (128 - b.weight) + row[b.first + 1] * b.weight);
  }
}

static void mix_rows(const int16_t *top, const int16_t *bottom, int weight, int width, uint8_t *out) {
  for (int x = 0; x < width; x++) out[x] = (uint8_t)((top[x] * (128 - weight) + bottom[x] * weight + 8192) >> 14);
}

#endif

void image_resize(const Image *from, Image *to) {
  static int16_t rows[2][ROOM];
  int ready = -1, width = mini(to->width, ROOM);
  prepare_columns(from->width, width);
  for (int y = 0; y < to->height; y++) {
    Between b = between(y, from->height, to->height);
    for (int row = maxi(b.first, ready + 1); row <= b.first + 1; row++)
      resize_row(from->pixels + row * from->stride, from->width, width, rows[row & 1]), ready = row;
    mix_rows(rows[b.first & 1], rows[(b.first + 1) & 1], b.weight, width, to->pixels + y * to->stride);
  }
}
