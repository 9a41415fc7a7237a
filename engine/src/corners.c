/* FAST-9 corners with their exact score, non-maximum suppression and a texture measure. */
#include "extract.h"
#include "maths.h"
#include "memory.h"

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

/* The circle of 16 pixels with radius 3, clockwise from the top. */
static const int8_t CIRCLE[16][2] = {{0, -3}, {1, -3}, {2, -2}, {3, -1}, {3, 0},  {3, 1},  {2, 2},   {1, 3},
                                     {0, 3},  {-1, 3}, {-2, 2}, {-3, 1}, {-3, 0}, {-3, -1}, {-2, -2}, {-1, -3}};

#ifdef __wasm_simd128__

/* Over the 16 arcs of 9 neighbours, for 16 pixels at once: the largest of their smallest values. The two arcs that share
 * eight neighbours are worked out together. */
static inline v128_t brightest_arc(const v128_t q[16]) {
  v128_t pair[8], four[8], best = wasm_i8x16_splat(0);
  for (int i = 0; i < 8; i++) pair[i] = wasm_u8x16_min(q[2 * i + 1], q[(2 * i + 2) & 15]);
  for (int i = 0; i < 8; i++) four[i] = wasm_u8x16_min(pair[i], pair[(i + 1) & 7]);
  for (int i = 0; i < 8; i++) {
    v128_t eight = wasm_u8x16_min(four[i], four[(i + 2) & 7]), ninth = wasm_u8x16_max(q[2 * i], q[(2 * i + 9) & 15]);
    best = wasm_u8x16_max(best, wasm_u8x16_min(eight, ninth));
  }
  return best;
}

/* And the smallest of their largest. */
static inline v128_t darkest_arc(const v128_t q[16]) {
  v128_t pair[8], four[8], best = wasm_i8x16_splat(-1);
  for (int i = 0; i < 8; i++) pair[i] = wasm_u8x16_max(q[2 * i + 1], q[(2 * i + 2) & 15]);
  for (int i = 0; i < 8; i++) four[i] = wasm_u8x16_max(pair[i], pair[(i + 1) & 7]);
  for (int i = 0; i < 8; i++) {
    v128_t eight = wasm_u8x16_max(four[i], four[(i + 2) & 7]), ninth = wasm_u8x16_min(q[2 * i], q[(2 * i + 9) & 15]);
    best = wasm_u8x16_min(best, wasm_u8x16_max(eight, ninth));
  }
  return best;
}

/* Nine neighbours on the circle hold at least two neighbouring points of the compass. */
static inline v128_t compass(v128_t north, v128_t east, v128_t south, v128_t west) {
  v128_t a = wasm_v128_and(wasm_v128_or(north, south), wasm_v128_or(east, west));
  return a;
}

static void score_row(const uint8_t *row, const int offset[16], int from, int to, int threshold, uint8_t *out) {
  v128_t limit = wasm_u8x16_splat((uint8_t)threshold), zero = wasm_i8x16_splat(0);
  for (int x = from; x < to; x += 16) {
    const uint8_t *p = row + x;
    v128_t centre = wasm_v128_load(p), high = wasm_u8x16_add_sat(centre, limit), mask_high[4], mask_low[4];
    v128_t low = wasm_u8x16_sub_sat(centre, limit);
    for (int k = 0; k < 4; k++) {
      v128_t q = wasm_v128_load(p + offset[4 * k]);
      mask_high[k] = wasm_u8x16_gt(q, high), mask_low[k] = wasm_u8x16_lt(q, low);
    }
    v128_t maybe = wasm_v128_or(compass(mask_high[0], mask_high[1], mask_high[2], mask_high[3]),
                                compass(mask_low[0], mask_low[1], mask_low[2], mask_low[3]));
    v128_t score = zero;
    if (wasm_v128_any_true(maybe)) {
      v128_t q[16];
      for (int k = 0; k < 16; k++) q[k] = wasm_v128_load(p + offset[k]);
      score = wasm_u8x16_max(wasm_u8x16_sub_sat(brightest_arc(q), centre), wasm_u8x16_sub_sat(centre, darkest_arc(q)));
      score = wasm_v128_and(score, wasm_u8x16_gt(score, limit));
    }
    wasm_v128_store(out + x, score);
  }
}

/* A maximum beats its neighbours; of equal neighbours the first in reading order wins. */
static v128_t maxima(const uint8_t *s, int stride) {
  v128_t v = wasm_v128_load(s), first, then;
  first = wasm_u8x16_max(wasm_u8x16_max(wasm_v128_load(s - stride - 1), wasm_v128_load(s - stride)),
                         wasm_u8x16_max(wasm_v128_load(s - stride + 1), wasm_v128_load(s - 1)));
  then = wasm_u8x16_max(wasm_u8x16_max(wasm_v128_load(s + stride - 1), wasm_v128_load(s + stride)),
                        wasm_u8x16_max(wasm_v128_load(s + stride + 1), wasm_v128_load(s + 1)));
  return wasm_v128_and(wasm_u8x16_gt(v, first), wasm_u8x16_ge(v, then));
}

static int collect_row(const uint8_t *row, int stride, int from, int to, int y, Candidate *out, int room) {
  int count = 0;
  for (int x = from; x < to; x += 16) {
    if (!wasm_v128_any_true(wasm_v128_load(row + x))) continue;
    for (uint32_t bits = wasm_i8x16_bitmask(maxima(row + x, stride)); bits && count < room; bits &= bits - 1) {
      int at = x + __builtin_ctz(bits);
      out[count++] = (Candidate){(int16_t)at, (int16_t)y, row[at]};
    }
  }
  return count;
}

#else

static int best_arc(const uint8_t d[16]) {
  int best = 0;
  for (int i = 0; i < 16; i++) {
    int least = 255;
    for (int k = 0; k < 9 && least > best; k++) least = mini(least, d[(i + k) & 15]);
    best = maxi(best, least);
  }
  return best;
}

static int score_pixel(const uint8_t *p, const int offset[16], int threshold) {
  int n = p[offset[0]] - *p, e = p[offset[4]] - *p, s = p[offset[8]] - *p, w = p[offset[12]] - *p, t = threshold;
  int bright = (n > t || s > t) && (e > t || w > t), dark = (n < -t || s < -t) && (e < -t || w < -t);
  if (!bright && !dark) return 0;
  uint8_t up[16], down[16];
  for (int k = 0; k < 16; k++) {
    int difference = p[offset[k]] - *p;
    up[k] = (uint8_t)maxi(difference, 0), down[k] = (uint8_t)maxi(-difference, 0);
  }
  int score = maxi(best_arc(up), best_arc(down));
  return score > threshold ? score : 0;
}

static void score_row(const uint8_t *row, const int offset[16], int from, int to, int threshold, uint8_t *out) {
  for (int x = from; x < to; x++) out[x] = (uint8_t)score_pixel(row + x, offset, threshold);
}

/* A maximum beats its neighbours; of equal neighbours the first in reading order wins. */
static int is_maximum(const uint8_t *s, int stride) {
  int v = *s;
  return v > s[-stride - 1] && v > s[-stride] && v > s[-stride + 1] && v > s[-1] && v >= s[1] &&
         v >= s[stride - 1] && v >= s[stride] && v >= s[stride + 1];
}

static int collect_row(const uint8_t *row, int stride, int from, int to, int y, Candidate *out, int room) {
  int count = 0;
  for (int x = from; x < to && count < room; x++) {
    uint64_t eight;
    __builtin_memcpy(&eight, row + x, 8);
    if (!eight) {
      x += 7;
      continue;
    }
    if (row[x] && is_maximum(row + x, stride)) out[count++] = (Candidate){(int16_t)x, (int16_t)y, row[x]};
  }
  return count;
}

#endif

int fast_corners(const Image *image, int threshold, uint8_t *scores, Candidate *candidates) {
  int stride = image->stride, from = EXTRACT_EDGE, to = image->width - EXTRACT_EDGE, offset[16], count = 0;
  if (to <= from || image->height <= 2 * EXTRACT_EDGE) return 0;
  for (int k = 0; k < 16; k++) offset[k] = CIRCLE[k][1] * stride + CIRCLE[k][0];
  int top = EXTRACT_EDGE, bottom = image->height - EXTRACT_EDGE;
  memset(scores + (top - 1) * stride, 0, (size_t)stride);
  memset(scores + bottom * stride, 0, (size_t)stride);
  for (int y = top; y < bottom; y++) {
    uint8_t *out = scores + y * stride;
    score_row(image->pixels + y * stride, offset, from, to, threshold, out);
    memset(out, 0, (size_t)from);
    memset(out + to, 0, (size_t)(stride - to));
  }
  for (int y = top; y < bottom; y++)
    count += collect_row(scores + y * stride, stride, from, to, y, candidates + count, MAX_CANDIDATES - count);
  return count;
}

typedef struct {
  int xx, xy, yy; /* products of central differences, summed over 7 x 7 pixels */
} Covariance;

#ifdef __wasm_simd128__

static int sum_of(v128_t v) {
  return wasm_i32x4_extract_lane(v, 0) + wasm_i32x4_extract_lane(v, 1) + wasm_i32x4_extract_lane(v, 2) +
         wasm_i32x4_extract_lane(v, 3);
}

static Covariance covariance(const Image *image, int x, int y) {
  v128_t xx = wasm_i32x4_splat(0), xy = xx, yy = xx, seven = wasm_i16x8_const(-1, -1, -1, -1, -1, -1, -1, 0), row[9];
  const uint8_t *p = image->pixels + (y - 4) * image->stride + x - 3;
  for (int v = 0; v < 9; v++) row[v] = wasm_u16x8_load8x8(p + v * image->stride);
  for (int v = 1; v < 8; v++) {
    const uint8_t *q = p + v * image->stride;
    v128_t gx = wasm_v128_and(wasm_i16x8_sub(wasm_u16x8_load8x8(q + 1), wasm_u16x8_load8x8(q - 1)), seven);
    v128_t gy = wasm_v128_and(wasm_i16x8_sub(row[v + 1], row[v - 1]), seven);
    xx = wasm_i32x4_add(xx, wasm_i32x4_dot_i16x8(gx, gx));
    xy = wasm_i32x4_add(xy, wasm_i32x4_dot_i16x8(gx, gy));
    yy = wasm_i32x4_add(yy, wasm_i32x4_dot_i16x8(gy, gy));
  }
  return (Covariance){sum_of(xx), sum_of(xy), sum_of(yy)};
}

#else

static Covariance covariance(const Image *image, int x, int y) {
  Covariance c = {0, 0, 0};
  int stride = image->stride;
  for (int v = y - 3; v <= y + 3; v++) {
    const uint8_t *p = image->pixels + v * stride + x;
    for (int u = -3; u <= 3; u++) {
      int gx = p[u + 1] - p[u - 1], gy = p[u + stride] - p[u - stride];
      c.xx += gx * gx, c.xy += gx * gy, c.yy += gy * gy;
    }
  }
  return c;
}

#endif

float corner_response(const Image *image, int x, int y) {
  Covariance c = covariance(image, x, y);
  float mean = 0.5f * (float)(c.xx + c.yy), half = 0.5f * (float)(c.xx - c.yy), cross = (float)c.xy;
  return mean - root(half * half + cross * cross);
}
