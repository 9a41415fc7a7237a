/* Which of many targets a frame may show: a vote among all their features (locality-sensitive hashing,
 * Indyk & Motwani 1998), so that only the few with the most votes are matched in full. */
#ifndef ARV_INDEX_H
#define ARV_INDEX_H

#include "target.h"

typedef struct Index Index;

/* For up to `max_targets`; NULL without memory. */
Index *index_new(int max_targets);
void index_free(Index *index);
/* Takes the features of target number `number` in; returns 0 without memory. */
int index_add(Index *index, int number, const Target *target);
/* For each target, by how many bits in all its features are nearer to the `count` descriptors than any other
 * target's. */
const uint32_t *index_vote(Index *index, const uint8_t *descriptors, int count);

#endif
