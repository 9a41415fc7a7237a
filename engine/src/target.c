#include "target.h"

#include "maths.h"
#include "match.h"
#include "memory.h"
#include "picture_codec.h"

enum {
  AT_MAGIC = 0, AT_VERSION = 4, AT_HEADER = 6, AT_SIZE = 8, AT_CHECKSUM = 12, AT_SOURCE = 16, AT_PICTURE = 24,
  AT_QUALITY = 28, AT_SCORE = 29, AT_PICTURE_BYTES = 32, AT_FEATURES = 36, AT_SPOTS = 38, AT_LEVEL_SPOTS = 40
};

/* Foreshortening of the tilted views: cos 55 degrees, so that with the frontal ones every tilt to 65
 * degrees is within a factor of 1.35 of a view. */
#define TILT_SHORTENING 0.574f
#define POSITION_STEPS 32.0f /* units of a feature's position in a picture pixel */

static void put16(uint8_t *p, int v) { p[0] = (uint8_t)v, p[1] = (uint8_t)(v >> 8); }
static void put32(uint8_t *p, uint32_t v) { put16(p, (int)(v & 0xffff)), put16(p + 2, (int)(v >> 16)); }
static int get16(const uint8_t *p) { return p[0] | p[1] << 8; }
static uint32_t get32(const uint8_t *p) { return (uint32_t)get16(p) | (uint32_t)get16(p + 2) << 16; }

/* CRC-32 of IEEE 802.3, four bits at a time. */
static uint32_t checksum(const uint8_t *bytes, uint32_t size) {
  static const uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
                                     0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                     0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
  uint32_t crc = 0xffffffffu;
  for (uint32_t i = 0; i < size; i++) {
    crc = table[(crc ^ bytes[i]) & 15] ^ crc >> 4;
    crc = table[(crc ^ bytes[i] >> 4) & 15] ^ crc >> 4;
  }
  return ~crc;
}

void view_matrix(int view, float m[4]) {
  int tilt = view % TILTS;
  float scale = 1 / extract_scale(0), squeeze = tilt ? TILT_SHORTENING : 1;
  for (int n = view / TILTS; n > 0; n--) scale *= 0.70710678f;
  float c = (float)cosine((tilt - 1) * PI / 4), s = (float)sine((tilt - 1) * PI / 4);
  m[0] = scale * (squeeze * c * c + s * s), m[3] = scale * (squeeze * s * s + c * c);
  m[1] = m[2] = scale * (squeeze - 1) * c * s;
}

void feature_set_view(Feature *f) {
  float m[4], c = (float)cosine(f->angle * 2 * PI / ANGLE_STEPS), s = (float)sine(f->angle * 2 * PI / ANGLE_STEPS);
  view_matrix(f->view, m);
  f->to_patch[0] = c * m[0] + s * m[2], f->to_patch[1] = c * m[1] + s * m[3];
  f->to_patch[2] = c * m[2] - s * m[0], f->to_patch[3] = c * m[3] - s * m[1];
}

/* ---- writing ---------------------------------------------------------------------------------- */

static uint8_t *pack_features(const TargetContents *c, uint8_t *p) {
  for (int i = 0; i < c->feature_count; i++, p += FEATURE_BYTES) {
    const Feature *f = &c->features[i];
    put16(p, clampi(roundi((f->x + 0.5f) * POSITION_STEPS), 0, 65535));
    put16(p + 2, clampi(roundi((f->y + 0.5f) * POSITION_STEPS), 0, 65535));
    p[4] = f->angle, p[5] = f->view, p[6] = f->survival, p[7] = 0;
    memcpy(p + 8, c->descriptors + i * DESCRIPTOR_BYTES, DESCRIPTOR_BYTES);
  }
  return p;
}

static uint8_t *pack_spots(const TargetContents *c, int count, uint8_t *p) {
  for (int i = 0; i < count; i++, p += SPOT_BYTES) put16(p, c->spots[i].x), put16(p + 2, c->spots[i].y);
  return p;
}

/* The best picture that fits into what the features leave. */
static uint32_t pack_picture(const Image *picture, uint8_t *p, uint32_t room, int *quality) {
  static const uint8_t qualities[] = {90, 84, 76, 66, 54, 40, 26, 14, 6, 1};
  for (unsigned i = 0; i < sizeof qualities; i++) {
    uint32_t size = picture_encode(picture, qualities[i], p, room);
    *quality = qualities[i];
    if (size) return size;
  }
  return 0;
}

uint32_t target_pack(const TargetContents *c, uint8_t *out) {
  int spots = 0, quality = 0;
  memset(out, 0, TARGET_HEADER_BYTES);
  memcpy(out, "ARVT", 4);
  put16(out + AT_VERSION, TARGET_VERSION), put16(out + AT_HEADER, TARGET_HEADER_BYTES);
  put32(out + AT_SOURCE, (uint32_t)c->source_width), put32(out + AT_SOURCE + 4, (uint32_t)c->source_height);
  put16(out + AT_PICTURE, c->picture->width), put16(out + AT_PICTURE + 2, c->picture->height);
  for (int n = 0; n < PYRAMID_LEVELS; n++) {
    put16(out + AT_LEVEL_SPOTS + 2 * n, c->spot_count[n]);
    spots += c->spot_count[n];
  }
  put16(out + AT_FEATURES, c->feature_count), put16(out + AT_SPOTS, spots);
  uint8_t *p = pack_spots(c, spots, pack_features(c, out + TARGET_HEADER_BYTES));
  uint32_t room = ARV_TARGET_MAX_BYTES - (uint32_t)(p - out), bytes = pack_picture(c->picture, p, room, &quality);
  if (!bytes) return 0;
  out[AT_QUALITY] = (uint8_t)quality;
  put32(out + AT_PICTURE_BYTES, bytes);
  put32(out + AT_SIZE, (uint32_t)(p - out) + bytes);
  target_set_score(out, c->score);
  return (uint32_t)(p - out) + bytes;
}

void target_set_score(uint8_t *file, int score) {
  file[AT_SCORE] = (uint8_t)(int8_t)score;
  put32(file + AT_CHECKSUM, checksum(file + AT_SOURCE, get32(file + AT_SIZE) - AT_SOURCE));
}

/* ---- reading ---------------------------------------------------------------------------------- */

static int spot_total(const uint8_t *file) {
  int spots = 0;
  for (int n = 0; n < PYRAMID_LEVELS; n++) spots += get16(file + AT_LEVEL_SPOTS + 2 * n);
  return spots;
}

static int check_sizes(const uint8_t *file, uint32_t size) {
  uint32_t source_w = get32(file + AT_SOURCE), source_h = get32(file + AT_SOURCE + 4);
  int w = get16(file + AT_PICTURE), h = get16(file + AT_PICTURE + 2), features = get16(file + AT_FEATURES);
  int spots = get16(file + AT_SPOTS), quality = file[AT_QUALITY];
  if (source_w < 1 || source_h < 1 || source_w > 1000000 || source_h > 1000000) return 0;
  if (w < 16 || h < 16 || w > PICTURE_MAX_SIDE || h > PICTURE_MAX_SIDE || w * h > PICTURE_MAX_PIXELS) return 0;
  if (features > MAX_FEATURES || spots > MAX_SPOTS || spots != spot_total(file)) return 0;
  if (quality < 1 || quality > 100) return 0;
  for (int n = 0; n < PYRAMID_LEVELS; n++)
    if (get16(file + AT_LEVEL_SPOTS + 2 * n) > LEVEL_SPOTS) return 0;
  uint32_t bytes = get32(file + AT_PICTURE_BYTES), fixed = TARGET_HEADER_BYTES + (uint32_t)features * FEATURE_BYTES +
                                                           (uint32_t)spots * SPOT_BYTES;
  return bytes >= 1 && bytes <= ARV_TARGET_MAX_BYTES && fixed + bytes == size;
}

int target_check(const uint8_t *file, uint32_t size, ArvTargetInfo *info) {
  if (!file || size < TARGET_HEADER_BYTES || size > ARV_TARGET_MAX_BYTES) return ARV_ERROR_FORMAT;
  if (memcmp(file, "ARVT", 4) != 0) return ARV_ERROR_FORMAT;
  if (get16(file + AT_VERSION) > TARGET_VERSION) return ARV_ERROR_VERSION;
  if (get16(file + AT_VERSION) < 1 || get16(file + AT_HEADER) != TARGET_HEADER_BYTES) return ARV_ERROR_FORMAT;
  if (get32(file + AT_SIZE) != size) return ARV_ERROR_FORMAT;
  if (get32(file + AT_CHECKSUM) != checksum(file + AT_SOURCE, size - AT_SOURCE)) return ARV_ERROR_FORMAT;
  if (!check_sizes(file, size)) return ARV_ERROR_FORMAT;
  *info = (ArvTargetInfo){get16(file + AT_VERSION), (int32_t)get32(file + AT_SOURCE),
                          (int32_t)get32(file + AT_SOURCE + 4), get16(file + AT_FEATURES), get16(file + AT_SPOTS),
                          (int8_t)file[AT_SCORE]};
  return ARV_OK;
}

static int load_features(Target *t, const uint8_t *p) {
  float width = (float)t->picture.level[0].width, height = (float)t->picture.level[0].height;
  for (int i = 0; i < t->feature_count; i++, p += FEATURE_BYTES) {
    Feature *f = &t->features[i];
    *f = (Feature){(float)get16(p) / POSITION_STEPS - 0.5f, (float)get16(p + 2) / POSITION_STEPS - 0.5f,
                   {0, 0, 0, 0}, p[5], p[4], p[6]};
    if (f->x > width || f->y > height || f->view >= VIEWS) return 0;
    feature_set_view(f);
    block_store(t->blocks, i, p + 8);
  }
  return 1;
}

static int load_spots(Target *t, const uint8_t *file, const uint8_t *p) {
  for (int n = 0, at = 0; n < PYRAMID_LEVELS; n++) {
    int count = get16(file + AT_LEVEL_SPOTS + 2 * n);
    if (count && n >= t->picture.levels) return 0;
    for (int i = 0; i < count; i++, at++, p += SPOT_BYTES) {
      t->spots[at] = (Spot){(uint16_t)get16(p), (uint16_t)get16(p + 2)};
      if (t->spots[at].x >= t->picture.level[n].width || t->spots[at].y >= t->picture.level[n].height) return 0;
    }
    t->spot_first[n + 1] = at;
  }
  return 1;
}

static int allocate(Target *t, int width, int height, int spots) {
  t->picture_memory = heap_alloc_zero(pyramid_bytes(width, height, PYRAMID_LEVELS));
  t->features = heap_alloc((size_t)(t->feature_count + 1) * sizeof *t->features);
  t->blocks = heap_alloc_zero(blocks_bytes(t->feature_count));
  t->spots = heap_alloc((size_t)(spots + 1) * sizeof *t->spots);
  return t->picture_memory && t->features && t->blocks && t->spots;
}

int target_load(Target *t, const uint8_t *file, uint32_t size) {
  ArvTargetInfo info;
  memset(t, 0, sizeof *t);
  int error = target_check(file, size, &info);
  if (error) return error;
  int width = get16(file + AT_PICTURE), height = get16(file + AT_PICTURE + 2);
  t->source_width = info.width, t->source_height = info.height, t->score = info.score;
  t->feature_count = info.features;
  if (!allocate(t, width, height, info.patches)) {
    target_free(t);
    return ARV_ERROR_MEMORY;
  }
  pyramid_place(&t->picture, t->picture_memory, width, height, PYRAMID_LEVELS, 12);
  const uint8_t *features = file + TARGET_HEADER_BYTES, *spots = features + info.features * FEATURE_BYTES;
  if (!load_features(t, features) || !load_spots(t, file, spots)) {
    target_free(t);
    return ARV_ERROR_FORMAT;
  }
  const uint8_t *picture = spots + info.patches * SPOT_BYTES;
  picture_decode(picture, get32(file + AT_PICTURE_BYTES), file[AT_QUALITY], &t->picture.level[0]);
  pyramid_fill(&t->picture);
  return ARV_OK;
}

void target_free(Target *t) {
  heap_free(t->picture_memory), heap_free(t->features), heap_free(t->blocks), heap_free(t->spots);
  memset(t, 0, sizeof *t);
}

int target_spot_count(const Target *t) { return t->spot_first[PYRAMID_LEVELS]; }
