/* Nearest binary descriptors. A set of descriptors is stored in blocks of 16: first byte 0 of all 16,
 * then byte 1, ... so that one vector instruction works on 16 of them. */
#ifndef ARV_MATCH_H
#define ARV_MATCH_H

#include "target.h"

uint32_t blocks_bytes(int count);
void block_store(uint8_t *blocks, int index, const uint8_t *descriptor);

/* Differing bits (at most 255) between a descriptor and each of `count` in blocks; `out` holds a multiple
 * of 16. */
void descriptor_distances(const uint8_t *blocks, int count, const uint8_t *query, uint8_t *out);

typedef struct {
  int16_t corner;   /* index in the frame */
  int16_t feature;  /* index in the target */
  uint8_t distance; /* differing bits */
  uint8_t second;   /* of the nearest feature elsewhere on the print, 255 if none */
} Match;

/* Matches every frame descriptor; keeps those that are near and told apart. Returns how many. */
int match_target(const Target *target, const uint8_t *descriptors, int count, Match *matches, int room);

#endif
