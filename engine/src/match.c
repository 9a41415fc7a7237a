#include "match.h"

#include "maths.h"
#include "memory.h"

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

/* Unrelated descriptors differ in 128 +- 12 bits here; true pairs under noise and blur in 20 to 70. */
#define MAX_DISTANCE 76
/* A match must be this much nearer than the best feature elsewhere (Lowe 2004). Loose, because the
 * geometry decides afterwards. */
#define RATIO 0.90f
/* "Elsewhere": farther than this from the best feature, in picture pixels. */
#define ELSEWHERE 12.0f

uint32_t blocks_bytes(int count) { return (uint32_t)((count + 15) / 16) * 16 * DESCRIPTOR_BYTES + 16; }

void block_store(uint8_t *blocks, int index, const uint8_t *descriptor) {
  uint8_t *block = blocks + index / 16 * 16 * DESCRIPTOR_BYTES + index % 16;
  for (int byte = 0; byte < DESCRIPTOR_BYTES; byte++) block[16 * byte] = descriptor[byte];
}

/* After the first half of the bytes a block of 16 is given up (distance 255) when all of it differs in more
 * bits than this: a pair within MAX_DISTANCE has 38 +- 5 there, an unrelated one 64 +- 7. */
#define HALF_DISTANCE 46
#define HALF_BYTES (DESCRIPTOR_BYTES / 2)

#ifdef __wasm_simd128__

static inline v128_t count_bits(v128_t sum, const uint8_t *blocks, const v128_t *splat, int from, int to) {
  for (int b = from; b < to; b++)
    sum = wasm_u8x16_add_sat(sum, wasm_i8x16_popcnt(wasm_v128_xor(wasm_v128_load(blocks + 16 * b), splat[b])));
  return sum;
}

void descriptor_distances(const uint8_t *blocks, int count, const uint8_t *query, uint8_t *out) {
  v128_t splat[DESCRIPTOR_BYTES], limit = wasm_u8x16_splat(HALF_DISTANCE);
  for (int b = 0; b < DESCRIPTOR_BYTES; b++) splat[b] = wasm_u8x16_splat(query[b]);
  for (int i = 0; i < count; i += 16, blocks += 16 * DESCRIPTOR_BYTES) {
    v128_t sum = count_bits(wasm_i8x16_splat(0), blocks, splat, 0, HALF_BYTES);
    if (wasm_v128_any_true(wasm_u8x16_le(sum, limit)))
      sum = count_bits(sum, blocks, splat, HALF_BYTES, DESCRIPTOR_BYTES);
    else
      sum = wasm_i8x16_splat(-1);
    wasm_v128_store(out + i, sum);
  }
}

static int smallest(const uint8_t *values, int count) {
  v128_t least = wasm_i8x16_splat(-1);
  for (int i = 0; i < count; i += 16) least = wasm_u8x16_min(least, wasm_v128_load(values + i));
  uint8_t lanes[16], best = 255;
  wasm_v128_store(lanes, least);
  for (int i = 0; i < 16; i++) best = lanes[i] < best ? lanes[i] : best;
  return best;
}

#else

/* Adds the differing bits of bytes from..to to 16 sums; returns the smallest. */
static int count_bits(int sums[16], const uint8_t *blocks, const uint8_t *query, int from, int to) {
  int least = 255;
  for (int k = 0; k < 16; k++) {
    for (int b = from; b < to; b++) sums[k] += __builtin_popcount(blocks[16 * b + k] ^ query[b]);
    least = mini(least, sums[k]);
  }
  return least;
}

void descriptor_distances(const uint8_t *blocks, int count, const uint8_t *query, uint8_t *out) {
  for (int i = 0; i < count; i += 16, blocks += 16 * DESCRIPTOR_BYTES) {
    int sums[16] = {0};
    int near = count_bits(sums, blocks, query, 0, HALF_BYTES) <= HALF_DISTANCE;
    if (near) count_bits(sums, blocks, query, HALF_BYTES, DESCRIPTOR_BYTES);
    for (int k = 0; k < 16; k++) out[i + k] = near ? (uint8_t)mini(sums[k], 255) : 255;
  }
}

static int smallest(const uint8_t *values, int count) {
  int best = 255;
  for (int i = 0; i < count; i++) best = mini(best, values[i]);
  return best;
}

#endif

/* Smallest distance below `limit` to a feature elsewhere than `best`. */
static int second_best(const Target *t, const uint8_t *distance, int best, int limit) {
  const Feature *at = &t->features[best];
  for (int i = 0; i < t->feature_count; i++) {
    if (distance[i] >= limit) continue;
    float dx = t->features[i].x - at->x, dy = t->features[i].y - at->y;
    if (dx * dx + dy * dy > ELSEWHERE * ELSEWHERE) limit = distance[i];
  }
  return limit;
}

int match_target(const Target *t, const uint8_t *descriptors, int count, Match *matches, int room) {
  static uint8_t distance[MAX_FEATURES + 16];
  int found = 0, padded = (t->feature_count + 15) / 16 * 16;
  for (int i = 0; i < count && found < room && t->feature_count; i++) {
    descriptor_distances(t->blocks, t->feature_count, descriptors + i * DESCRIPTOR_BYTES, distance);
    memset(distance + t->feature_count, 255, (size_t)(padded - t->feature_count));
    int least = smallest(distance, padded), best = 0;
    if (least > MAX_DISTANCE) continue;
    while (distance[best] != least) best++;
    int limit = (int)((float)least / RATIO) + 1, second = second_best(t, distance, best, mini(limit + 40, 255));
    if (second < limit) continue;
    matches[found++] = (Match){(int16_t)i, (int16_t)best, (uint8_t)least, (uint8_t)second};
  }
  return found;
}
