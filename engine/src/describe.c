/* Orientation and the 256-bit descriptor: comparisons of blurred pixels around a corner, turned with it
 * (BRIEF, Calonder et al. 2010; steered as in ORB, Rublee et al. 2011). */
#include "extract.h"
#include "maths.h"

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

#define DISC_RADIUS 12

/* Half widths of the rows of a disc of radius 12. */
static const uint8_t DISC[DISC_RADIUS + 1] = {12, 12, 12, 12, 11, 11, 10, 10, 9, 8, 7, 5, 2};

typedef struct {
  int x, y; /* of grey values within the disc, by their distance from its middle */
} Moments;

#ifdef __wasm_simd128__

static int sum_of(v128_t v) {
  return wasm_i32x4_extract_lane(v, 0) + wasm_i32x4_extract_lane(v, 1) + wasm_i32x4_extract_lane(v, 2) +
         wasm_i32x4_extract_lane(v, 3);
}

/* The columns -12 to 19 of a row, what is outside of the disc as 0. */
typedef struct {
  v128_t left, right;
} Row;

static inline Row masked_row(const uint8_t *p, int half) {
  v128_t left = wasm_u8x16_const(12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2, 3), limit = wasm_u8x16_splat((uint8_t)half);
  v128_t right = wasm_u8x16_const(4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
  return (Row){wasm_v128_and(wasm_v128_load(p - 12), wasm_u8x16_le(left, limit)),
               wasm_v128_and(wasm_v128_load(p + 4), wasm_u8x16_le(right, limit))};
}

/* Grey values of a row in eight parts, at most 1020 each. */
static inline v128_t row_parts(Row row) {
  return wasm_i16x8_add(wasm_u16x8_extadd_pairwise_u8x16(row.left), wasm_u16x8_extadd_pairwise_u8x16(row.right));
}

static inline void add_columns(v128_t columns[4], Row row) {
  columns[0] = wasm_i16x8_add(columns[0], wasm_u16x8_extend_low_u8x16(row.left));
  columns[1] = wasm_i16x8_add(columns[1], wasm_u16x8_extend_high_u8x16(row.left));
  columns[2] = wasm_i16x8_add(columns[2], wasm_u16x8_extend_low_u8x16(row.right));
  columns[3] = wasm_i16x8_add(columns[3], wasm_u16x8_extend_high_u8x16(row.right));
}

static Moments moments(const uint8_t *p, int stride) {
  v128_t columns[4], y = wasm_i32x4_splat(0), x = y;
  for (int i = 0; i < 4; i++) columns[i] = wasm_i16x8_splat(0);
  add_columns(columns, masked_row(p, DISC[0]));
  for (int v = 1; v <= DISC_RADIUS; v++) {
    Row above = masked_row(p - v * stride, DISC[v]), below = masked_row(p + v * stride, DISC[v]);
    add_columns(columns, above), add_columns(columns, below);
    v128_t difference = wasm_i16x8_sub(row_parts(below), row_parts(above));
    y = wasm_i32x4_add(y, wasm_i32x4_dot_i16x8(difference, wasm_i16x8_splat((int16_t)v)));
  }
  x = wasm_i32x4_add(x, wasm_i32x4_dot_i16x8(columns[0], wasm_i16x8_const(-12, -11, -10, -9, -8, -7, -6, -5)));
  x = wasm_i32x4_add(x, wasm_i32x4_dot_i16x8(columns[1], wasm_i16x8_const(-4, -3, -2, -1, 0, 1, 2, 3)));
  x = wasm_i32x4_add(x, wasm_i32x4_dot_i16x8(columns[2], wasm_i16x8_const(4, 5, 6, 7, 8, 9, 10, 11)));
  x = wasm_i32x4_add(x, wasm_i32x4_dot_i16x8(columns[3], wasm_i16x8_const(12, 0, 0, 0, 0, 0, 0, 0)));
  return (Moments){sum_of(x), sum_of(y)};
}

#else

static Moments moments(const uint8_t *middle, int stride) {
  Moments sum = {0, 0};
  for (int v = -DISC_RADIUS; v <= DISC_RADIUS; v++) {
    const uint8_t *p = middle + v * stride;
    int half = DISC[v < 0 ? -v : v], line = 0;
    for (int u = -half; u <= half; u++) sum.x += u * p[u], line += p[u];
    sum.y += v * line;
  }
  return sum;
}

#endif

uint8_t corner_angle(const Image *blurred, int x, int y) {
  Moments m = moments(blurred->pixels + y * blurred->stride + x, blurred->stride);
  double turns = arc_tangent(m.y, m.x) / (2 * PI);
  return (uint8_t)((int)__builtin_floor(turns * ANGLE_STEPS + 0.5) & (ANGLE_STEPS - 1));
}

/* Pairs of points, normally distributed with deviation 5 within 12 pixels (BRIEF's best layout, "G II"),
 * from a fixed seed: part of the file format, never to be changed within a version. */
static void pattern_pairs(int8_t pairs[512][2]) {
  Random random = random_seed(20);
  for (int i = 0; i < 512; i++) {
    float x, y;
    do {
      x = 5.0f * random_normal(&random), y = 5.0f * random_normal(&random);
    } while (x * x + y * y > 12 * 12);
    pairs[i][0] = (int8_t)roundi(x), pairs[i][1] = (int8_t)roundi(y);
  }
}

void pattern_offsets(int stride, int32_t *offsets) {
  int8_t pairs[512][2];
  pattern_pairs(pairs);
  for (int turn = 0; turn < PATTERN_TURNS; turn++) {
    float c = (float)cosine(turn * 2 * PI / PATTERN_TURNS), s = (float)sine(turn * 2 * PI / PATTERN_TURNS);
    for (int i = 0; i < 512; i++) {
      int x = roundi(c * pairs[i][0] - s * pairs[i][1]), y = roundi(s * pairs[i][0] + c * pairs[i][1]);
      offsets[turn * 512 + i] = y * stride + x;
    }
  }
}

void describe(const Image *blurred, int x, int y, uint8_t angle, const int32_t *offsets, uint8_t *bits) {
  int step = ANGLE_STEPS / PATTERN_TURNS, turn = ((angle + step / 2) / step) % PATTERN_TURNS;
  const int32_t *o = offsets + turn * 512;
  const uint8_t *p = blurred->pixels + y * blurred->stride + x;
  for (int byte = 0; byte < DESCRIPTOR_BYTES; byte++) {
    int value = 0;
    for (int bit = 0; bit < 8; bit++, o += 2) value |= (p[o[0]] < p[o[1]]) << bit;
    bits[byte] = (uint8_t)value;
  }
}
