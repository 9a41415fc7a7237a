#include "index.h"

#include "maths.h"
#include "memory.h"

/* Eight tables, each keyed by 16 of the 256 bits. A true pair differs in 8 to 25 % of them and shares a key in
 * one of the tables in 90 to 8 % of the cases: enough for a vote, while an unrelated one hardly ever does. */
#define TABLES 8
#define KEYS 65536
/* Differing bits up to which a shared key counts. Corners are alike, so that alone says little: a vote weighs by how
 * much nearer its target is than every other. */
#define VOTE_DISTANCE 72
/* Text repeats itself: of a crowd under one key only the first are looked at, which bounds the time. */
#define MOST_PER_KEY 32
#define FEATURE_BITS 11 /* of an entry; the others are the target's number */

typedef struct {
  int32_t next[TABLES]; /* entry of the next feature under the same key, -1 at the end */
  uint64_t descriptor[DESCRIPTOR_BYTES / 8];
} Entry;

struct Index {
  int max_targets;
  int32_t *first;  /* TABLES * KEYS */
  Entry **entries; /* of each target */
  uint32_t *votes;
};

Index *index_new(int max_targets) {
  Index *index = heap_alloc_zero(sizeof *index);
  if (!index) return NULL;
  index->max_targets = max_targets;
  index->first = heap_alloc(TABLES * KEYS * sizeof *index->first);
  index->entries = heap_alloc_zero((size_t)max_targets * sizeof *index->entries);
  index->votes = heap_alloc((size_t)max_targets * sizeof *index->votes);
  if (!index->first || !index->entries || !index->votes) {
    index_free(index);
    return NULL;
  }
  memset(index->first, 0xff, TABLES * KEYS * sizeof *index->first);
  return index;
}

void index_free(Index *index) {
  if (!index) return;
  for (int i = 0; index->entries && i < index->max_targets; i++) heap_free(index->entries[i]);
  void *parts[] = {index->first, index->entries, index->votes, index};
  for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) heap_free(parts[i]);
}

static int key_of(const uint8_t *descriptor, int table) {
  return table * KEYS + descriptor[4 * table] + 256 * descriptor[4 * table + 1];
}

int index_add(Index *index, int number, const Target *target) {
  Entry *entries = heap_alloc((size_t)(target->feature_count + 1) * sizeof *entries);
  if (!entries) return 0;
  index->entries[number] = entries;
  for (int i = 0; i < target->feature_count; i++) {
    uint8_t descriptor[DESCRIPTOR_BYTES];
    const uint8_t *block = target->blocks + i / 16 * 16 * DESCRIPTOR_BYTES + i % 16;
    for (int b = 0; b < DESCRIPTOR_BYTES; b++) descriptor[b] = block[16 * b];
    memcpy(entries[i].descriptor, descriptor, DESCRIPTOR_BYTES);
    for (int table = 0; table < TABLES; table++) {
      int32_t *first = &index->first[key_of(descriptor, table)];
      entries[i].next[table] = *first, *first = number << FEATURE_BITS | i;
    }
  }
  return 1;
}

static int distance_of(const Entry *entry, const uint64_t *descriptor) {
  int distance = 0;
  for (int i = 0; i < DESCRIPTOR_BYTES / 8; i++) distance += __builtin_popcountll(entry->descriptor[i] ^ descriptor[i]);
  return distance;
}

/* Nearest feature, and nearest of any other target. */
typedef struct {
  int target, distance, other;
} Nearest;

static void consider(Nearest *nearest, int target, int distance) {
  if (target == nearest->target) {
    nearest->distance = mini(nearest->distance, distance);
  } else if (distance < nearest->distance) {
    nearest->other = nearest->distance, nearest->target = target, nearest->distance = distance;
  } else {
    nearest->other = mini(nearest->other, distance);
  }
}

static Nearest nearest_of(const Index *index, const uint8_t *descriptor) {
  Nearest nearest = {-1, VOTE_DISTANCE, VOTE_DISTANCE};
  uint64_t words[DESCRIPTOR_BYTES / 8];
  memcpy(words, descriptor, sizeof words);
  for (int table = 0; table < TABLES; table++) {
    int32_t at = index->first[key_of(descriptor, table)];
    for (int n = 0; at >= 0 && n < MOST_PER_KEY; n++) {
      int target = at >> FEATURE_BITS;
      const Entry *entry = &index->entries[target][at & ((1 << FEATURE_BITS) - 1)];
      consider(&nearest, target, distance_of(entry, words));
      at = entry->next[table];
    }
  }
  return nearest;
}

const uint32_t *index_vote(Index *index, const uint8_t *descriptors, int count) {
  memset(index->votes, 0, (size_t)index->max_targets * sizeof *index->votes);
  for (int i = 0; i < count; i++, descriptors += DESCRIPTOR_BYTES) {
    Nearest nearest = nearest_of(index, descriptors);
    if (nearest.target >= 0) index->votes[nearest.target] += (uint32_t)(nearest.other - nearest.distance);
  }
  return index->votes;
}
