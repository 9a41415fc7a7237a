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

typedef struct {
  v128_t byte[DESCRIPTOR_BYTES]; /* each of them sixteen times */
} Query;

static inline void prepare_query(Query *query, const uint8_t *descriptor) {
  for (int b = 0; b < DESCRIPTOR_BYTES; b++) query->byte[b] = wasm_u8x16_splat(descriptor[b]);
}

static inline v128_t differing(const uint8_t *block, const Query *query, int byte) {
  return wasm_i8x16_popcnt(wasm_v128_xor(wasm_v128_load(block + 16 * byte), query->byte[byte]));
}

/* Bits in half of the bytes, at most 128; two sums, so that neither waits for the other. */
static inline v128_t half_distance(const uint8_t *block, const Query *query, int from) {
  v128_t even = differing(block, query, from), odd = differing(block, query, from + 1);
  for (int b = from + 2; b < from + HALF_BYTES; b += 2) {
    even = wasm_i8x16_add(even, differing(block, query, b));
    odd = wasm_i8x16_add(odd, differing(block, query, b + 1));
  }
  return wasm_i8x16_add(even, odd);
}

/* Distances to the 16 of a block; returns 0, and leaves `out`, when the block is given up. */
static inline int block_distances(const uint8_t *block, const Query *query, uint8_t *out) {
  v128_t sum = half_distance(block, query, 0);
  if (!wasm_v128_any_true(wasm_u8x16_le(sum, wasm_u8x16_splat(HALF_DISTANCE)))) return 0;
  wasm_v128_store(out, wasm_u8x16_add_sat(sum, half_distance(block, query, HALF_BYTES)));
  return 1;
}

/* Whether one of 16 distances is less than `limit`. */
static inline int any_below(const uint8_t *distances, int limit) {
  return wasm_v128_any_true(wasm_u8x16_lt(wasm_v128_load(distances), wasm_u8x16_splat((uint8_t)limit)));
}

#else

typedef struct {
  const uint8_t *byte;
} Query;

static void prepare_query(Query *query, const uint8_t *descriptor) { query->byte = descriptor; }

/* Adds the differing bits of half of the bytes to 16 sums; returns the smallest. */
static int add_half(int sums[16], const uint8_t *block, const Query *query, int from) {
  int least = 255;
  for (int k = 0; k < 16; k++) {
    for (int b = from; b < from + HALF_BYTES; b++) sums[k] += __builtin_popcount(block[16 * b + k] ^ query->byte[b]);
    least = mini(least, sums[k]);
  }
  return least;
}

static int block_distances(const uint8_t *block, const Query *query, uint8_t *out) {
  int sums[16] = {0};
  if (add_half(sums, block, query, 0) > HALF_DISTANCE) return 0;
  add_half(sums, block, query, HALF_BYTES);
  for (int k = 0; k < 16; k++) out[k] = (uint8_t)mini(sums[k], 255);
  return 1;
}

static int any_below(const uint8_t *distances, int limit) {
  for (int k = 0; k < 16; k++)
    if (distances[k] < limit) return 1;
  return 0;
}

#endif

void descriptor_distances(const uint8_t *blocks, int count, const uint8_t *descriptor, uint8_t *out) {
  Query query;
  prepare_query(&query, descriptor);
  for (int i = 0; i < count; i += 16)
    if (!block_distances(blocks + i * DESCRIPTOR_BYTES, &query, out + i)) memset(out + i, 255, 16);
}

/* The few blocks with something near in them. */
typedef struct {
  int count;
  int16_t first[MAX_FEATURES / 16 + 1]; /* feature */
  uint8_t distance[MAX_FEATURES / 16 + 1][16];
} Near;

static void find_near(const Target *t, const uint8_t *descriptor, Near *near) {
  Query query;
  prepare_query(&query, descriptor);
  near->count = 0;
  for (int i = 0; i < t->feature_count; i += 16) {
    uint8_t *distance = near->distance[near->count];
    if (!block_distances(t->blocks + i * DESCRIPTOR_BYTES, &query, distance)) continue;
    for (int k = t->feature_count - i; k < 16; k++) distance[k] = 255; /* the last block may not be full */
    near->first[near->count++] = (int16_t)i;
  }
}

/* The nearest feature, of equals the first; its distance goes to `least`, 255 when nothing is near. */
static int nearest(const Near *near, int *least) {
  int best = 0;
  *least = 255;
  for (int n = 0; n < near->count; n++) {
    if (!any_below(near->distance[n], *least)) continue;
    for (int k = 0; k < 16; k++)
      if (near->distance[n][k] < *least) *least = near->distance[n][k], best = near->first[n] + k;
  }
  return best;
}

/* Smallest distance below `limit` to a feature elsewhere than `best`. */
static int second_best(const Target *t, const Near *near, int best, int limit) {
  const Feature *at = &t->features[best];
  for (int n = 0; n < near->count; n++) {
    if (!any_below(near->distance[n], limit)) continue;
    for (int k = 0; k < 16; k++) {
      if (near->distance[n][k] >= limit) continue;
      const Feature *other = &t->features[near->first[n] + k];
      float dx = other->x - at->x, dy = other->y - at->y;
      if (dx * dx + dy * dy > ELSEWHERE * ELSEWHERE) limit = near->distance[n][k];
    }
  }
  return limit;
}

int match_target(const Target *t, const uint8_t *descriptors, int count, Match *matches, int room) {
  static Near near;
  int found = 0;
  for (int i = 0; i < count && found < room; i++) {
    int least;
    find_near(t, descriptors + i * DESCRIPTOR_BYTES, &near);
    int best = nearest(&near, &least);
    if (least > MAX_DISTANCE) continue;
    int limit = (int)((float)least / RATIO) + 1, second = second_best(t, &near, best, mini(limit + 40, 255));
    if (second < limit) continue;
    matches[found++] = (Match){(int16_t)i, (int16_t)best, (uint8_t)least, (uint8_t)second};
  }
  return found;
}
