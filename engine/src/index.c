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
/* Text repeats itself: of a crowd under one key only so many are looked at, which bounds the time. Among 100 targets 121 of
 * 156 prints are found in the first frame with 96, 97 with 32, 125 with 128 for a tenth more of the time (measured). */
#define MOST_PER_KEY 96
#define FEATURE_BITS 11 /* of an entry; the others are the target's number */
/* Before a descriptor is fetched from far memory, 64 of its bits that lie beside the key are compared: a pair within
 * VOTE_DISTANCE differs in 19 of them, an unrelated one in 32 +- 5. */
#define CHECK_DISTANCE 22

typedef struct {
  uint64_t words[DESCRIPTOR_BYTES / 8];
} Descriptor;

/* The entries of all tables, sorted by key: those of table and key k are first[k] to first[k + 1] - 1. Sorted anew
 * when the next vote comes after targets were added. */
struct Index {
  int max_targets, target_count, room, features, sorted;
  uint32_t *first;   /* TABLES * KEYS + 1 */
  uint64_t *checks;  /* TABLES * room */
  uint32_t *entries; /* TABLES * room */
  Descriptor **descriptors; /* of each target */
  int *counts;
  uint32_t *votes;
};

Index *index_new(int max_targets) {
  Index *index = heap_alloc_zero(sizeof *index);
  if (!index) return NULL;
  index->max_targets = max_targets;
  index->first = heap_alloc((TABLES * KEYS + 1) * sizeof *index->first);
  index->descriptors = heap_alloc_zero((size_t)max_targets * sizeof *index->descriptors);
  index->counts = heap_alloc_zero((size_t)max_targets * sizeof *index->counts);
  index->votes = heap_alloc((size_t)max_targets * sizeof *index->votes);
  if (index->first && index->descriptors && index->counts && index->votes) return index;
  index_free(index);
  return NULL;
}

void index_free(Index *index) {
  if (!index) return;
  for (int i = 0; index->descriptors && i < index->max_targets; i++) heap_free(index->descriptors[i]);
  void *parts[] = {index->first, index->checks, index->entries, index->descriptors, index->counts, index->votes, index};
  for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) heap_free(parts[i]);
}

/* Room for so many features in all; what was sorted is sorted again afterwards, so nothing is copied. */
static int make_room(Index *index, int features) {
  if (features <= index->room) return 1;
  int room = features + features / 2;
  uint64_t *checks = heap_alloc((size_t)(TABLES * room) * sizeof *checks);
  uint32_t *entries = heap_alloc((size_t)(TABLES * room) * sizeof *entries);
  if (!checks || !entries) {
    heap_free(checks), heap_free(entries);
    return 0;
  }
  heap_free(index->checks), heap_free(index->entries);
  index->checks = checks, index->entries = entries, index->room = room, index->sorted = 0;
  return 1;
}

int index_add(Index *index, int number, const Target *target) {
  int count = target->feature_count;
  if (!make_room(index, index->features + count)) return 0;
  Descriptor *descriptors = heap_alloc((size_t)(count + 1) * sizeof *descriptors);
  if (!descriptors) return 0;
  for (int i = 0; i < count; i++) {
    uint8_t descriptor[DESCRIPTOR_BYTES];
    const uint8_t *block = target->blocks + i / 16 * 16 * DESCRIPTOR_BYTES + i % 16;
    for (int b = 0; b < DESCRIPTOR_BYTES; b++) descriptor[b] = block[16 * b];
    memcpy(&descriptors[i], descriptor, DESCRIPTOR_BYTES);
  }
  index->descriptors[number] = descriptors, index->counts[number] = count, index->sorted = 0;
  index->features += count, index->target_count = maxi(index->target_count, number + 1);
  return 1;
}

/* A quarter of a word is the key, the next word is the check. */
static uint32_t key_of(const Descriptor *d, int table) {
  return (uint32_t)table * KEYS + ((d->words[table / 2] >> (table % 2 * 32)) & (KEYS - 1));
}
static uint64_t check_of(const Descriptor *d, int table) { return d->words[(table / 2 + 1) % (DESCRIPTOR_BYTES / 8)]; }

/* Moves every key's end to its beginning while its entries are put down, the newest target's first. */
static void put_down(Index *index) {
  for (int number = 0; number < index->target_count; number++)
    for (int i = 0; i < index->counts[number]; i++)
      for (int table = 0; table < TABLES; table++) {
        const Descriptor *d = &index->descriptors[number][i];
        uint32_t at = --index->first[key_of(d, table)];
        index->checks[at] = check_of(d, table), index->entries[at] = (uint32_t)(number << FEATURE_BITS | i);
      }
}

static void sort(Index *index) {
  memset(index->first, 0, (TABLES * KEYS + 1) * sizeof *index->first);
  for (int number = 0; number < index->target_count; number++)
    for (int i = 0; i < index->counts[number]; i++)
      for (int table = 0; table < TABLES; table++) index->first[key_of(&index->descriptors[number][i], table)]++;
  uint32_t end = 0;
  for (int key = 0; key <= TABLES * KEYS; key++) index->first[key] = end += index->first[key];
  put_down(index);
  index->sorted = 1;
}

static int distance_of(const Descriptor *a, const Descriptor *b) {
  int distance = 0;
  for (int i = 0; i < DESCRIPTOR_BYTES / 8; i++) distance += __builtin_popcountll(a->words[i] ^ b->words[i]);
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

static Nearest nearest_of(const Index *index, const Descriptor *query) {
  Nearest nearest = {-1, VOTE_DISTANCE, VOTE_DISTANCE};
  for (int table = 0; table < TABLES; table++) {
    uint32_t key = key_of(query, table), from = index->first[key], to = index->first[key + 1];
    uint64_t check = check_of(query, table);
    if (to - from > MOST_PER_KEY) to = from + MOST_PER_KEY;
    for (uint32_t at = from; at < to; at++) {
      if (__builtin_popcountll(index->checks[at] ^ check) > CHECK_DISTANCE) continue;
      int target = (int)(index->entries[at] >> FEATURE_BITS), feature = index->entries[at] & ((1 << FEATURE_BITS) - 1);
      consider(&nearest, target, distance_of(&index->descriptors[target][feature], query));
    }
  }
  return nearest;
}

const uint32_t *index_vote(Index *index, const uint8_t *descriptors, int count) {
  memset(index->votes, 0, (size_t)index->max_targets * sizeof *index->votes);
  if (!index->sorted) sort(index);
  for (int i = 0; i < count; i++, descriptors += DESCRIPTOR_BYTES) {
    Descriptor query;
    memcpy(&query, descriptors, sizeof query);
    Nearest nearest = nearest_of(index, &query);
    if (nearest.target >= 0) index->votes[nearest.target] += (uint32_t)(nearest.other - nearest.distance);
  }
  return index->votes;
}
