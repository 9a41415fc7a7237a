/* Changes a case. Target files are changed with knowledge of their layout (docs/engine/target-format.md)
 * and mostly sealed again, or the checksum would refuse every one of them at once. */
#include "fuzz.h"

#include <string.h>

enum { HEADER = 64, FEATURE = 40, SPOT = 4 };

uint32_t chance_bits(Chance *c) {
  uint64_t z = (c->state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return (uint32_t)(z >> 32);
}

uint32_t chance_below(Chance *c, uint32_t limit) { return limit ? chance_bits(c) % limit : 0; }

static uint32_t get16(const uint8_t *p) { return p[0] | (uint32_t)p[1] << 8; }

static void put(uint8_t *p, uint32_t value, int bytes) {
  for (int i = 0; i < bytes; i++) p[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t checksum(const uint8_t *bytes, size_t size) {
  uint32_t crc = 0xffffffffu;
  for (size_t i = 0; i < size; i++) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
  }
  return ~crc;
}

static uint32_t fixed_bytes(const Case *c) {
  return HEADER + get16(c->target + 36) * FEATURE + get16(c->target + 38) * SPOT;
}

void seal(Case *c, Chance *chance) {
  if (c->size < HEADER || chance_below(chance, 16) == 0) return;
  uint32_t fixed = fixed_bytes(c);
  if (chance_below(chance, 8)) memcpy(c->target, "ARVT\1\0\100\0", 8);
  put(c->target + 8, c->size, 4);
  if (chance_below(chance, 8)) {
    uint32_t spots = 0;
    for (int n = 0; n < 6; n++) spots += get16(c->target + 40 + 2 * n);
    put(c->target + 38, spots, 2);
    fixed = fixed_bytes(c);
    if (fixed < c->size) put(c->target + 32, c->size - fixed, 4);
  }
  put(c->target + 12, checksum(c->target + 16, c->size - 16), 4);
}

/* Small, large, sign-changing and neighbouring values at one place of 1, 2 or 4 bytes. */
static void odd_number(uint8_t *p, int bytes, Chance *chance) {
  static const uint32_t odd[] = {0, 1, 2, 15, 16, 64, 127, 128, 159, 160, 161, 255, 256, 640, 960, 961, 1023, 1024, 1025,
                                 1536, 1537, 32767, 32768, 65535, 65536, 307200, 0x7fffffff, 0x80000000, 0xffffffff};
  uint32_t value = odd[chance_below(chance, sizeof odd / sizeof *odd)];
  if (chance_below(chance, 3) == 0) value = get16(p) + chance_below(chance, 9) - 4;
  put(p, value, bytes);
}

static void change_header(Case *c, Chance *chance) {
  static const uint8_t field[][2] = {{4, 2},  {16, 4}, {20, 4}, {24, 2}, {26, 2}, {28, 1}, {29, 1}, {32, 4},
                                     {36, 2}, {38, 2}, {40, 2}, {42, 2}, {44, 2}, {46, 2}, {48, 2}, {50, 2}};
  uint32_t n = chance_below(chance, sizeof field / sizeof *field);
  if (c->size >= HEADER) odd_number(c->target + field[n][0], field[n][1], chance);
}

/* A feature's or spot's place, direction, view: the numbers the engine computes addresses from. */
static void change_part(Case *c, Chance *chance) {
  uint32_t features = c->size > HEADER ? get16(c->target + 36) : 0, at = HEADER, step = FEATURE, count = features;
  if (chance_below(chance, 3) == 0) at += features * FEATURE, step = SPOT, count = c->size > HEADER ? get16(c->target + 38) : 0;
  for (uint32_t n = 1 + chance_below(chance, 40); n; n--) {
    uint32_t place = at + chance_below(chance, count) * step + chance_below(chance, step == SPOT ? 4 : 8);
    if (place + 4 <= c->size) odd_number(c->target + place, 1 + (int)chance_below(chance, 2), chance);
  }
}

static void change_bytes(Case *c, Chance *chance) {
  uint32_t from = chance_below(chance, 2) ? 0 : fixed_bytes(c), most = chance_below(chance, 2) ? 6 : 600;
  if (c->size < HEADER || from >= c->size) return;
  for (uint32_t n = 1 + chance_below(chance, most); n; n--)
    c->target[from + chance_below(chance, c->size - from)] = (uint8_t)chance_bits(chance);
}

static void change_length(Case *c, Chance *chance) {
  uint32_t size = chance_below(chance, 4) ? c->size - chance_below(chance, 300) : chance_below(chance, MAX_TARGET);
  if (size > MAX_TARGET) size = 0;
  for (uint32_t i = c->size; i < size; i++) c->target[i] = (uint8_t)chance_bits(chance);
  c->size = size;
}

/* The head of this file and the tail of another. */
static void splice(Case *c, const Case *other, Chance *chance) {
  uint32_t at = chance_below(chance, c->size < other->size ? c->size : other->size);
  memcpy(c->target + at, other->target + at, other->size - at);
  c->size = other->size;
}

static void change_recipe(Case *c, Chance *chance) {
  int n = (int)chance_below(chance, FRAMES);
  switch (chance_below(chance, 8)) {
    case 0:
      c->width = (uint16_t)(60 + chance_below(chance, 200)), c->height = (uint16_t)(60 + chance_below(chance, 200));
      break;
    case 1:
      if (chance_below(chance, 12) == 0) c->width = (uint16_t)chance_bits(chance) & 4095;
      break;
    case 2: c->kind[n] = (uint8_t)chance_below(chance, 8); break;
    case 3: c->clock[n] = (uint8_t)chance_below(chance, 8); break;
    case 4: c->format = (uint8_t)chance_below(chance, 3), c->option = (uint8_t)chance_bits(chance); break;
    case 5: c->copies = (uint8_t)(1 + chance_below(chance, 5)), c->reset_at = (uint8_t)chance_below(chance, 12); break;
    case 6: c->noise = chance_bits(chance), c->frames = (uint8_t)(1 + chance_below(chance, FRAMES)); break;
    default: c->pose[n][chance_below(chance, 6)] = (int8_t)chance_bits(chance);
  }
  c->score_steps = chance_below(chance, 60) == 0;
  c->compile_steps = chance_below(chance, 60) == 0 ? (uint8_t)chance_below(chance, 58) : 0;
  c->picture_width = (uint16_t)(40 + chance_below(chance, 400));
  c->picture_height = (uint16_t)(40 + chance_below(chance, 300));
}

void mutate(Case *c, const Case *other, Chance *chance) {
  for (uint32_t n = 1 + chance_below(chance, 4); n; n--) switch (chance_below(chance, 9)) {
      case 0: change_header(c, chance); break;
      case 1:
      case 2: change_part(c, chance); break;
      case 3:
      case 4: change_bytes(c, chance); break;
      case 5: change_length(c, chance); break;
      case 6: splice(c, other, chance); break;
      default: change_recipe(c, chance);
    }
  seal(c, chance);
}
