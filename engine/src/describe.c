/* Orientation and the 256-bit descriptor: comparisons of blurred pixels around a corner, turned with it
 * (BRIEF, Calonder et al. 2010; steered as in ORB, Rublee et al. 2011). */
#include "extract.h"
#include "maths.h"

#define DISC_RADIUS 12

/* Half widths of the rows of a disc of radius 12. */
static const uint8_t DISC[DISC_RADIUS + 1] = {12, 12, 12, 12, 11, 11, 10, 10, 9, 8, 7, 5, 2};

uint8_t corner_angle(const Image *blurred, int x, int y) {
  int sum_x = 0, sum_y = 0;
  for (int v = -DISC_RADIUS; v <= DISC_RADIUS; v++) {
    const uint8_t *p = blurred->pixels + (y + v) * blurred->stride + x;
    int half = DISC[v < 0 ? -v : v], line = 0;
    for (int u = -half; u <= half; u++) sum_x += u * p[u], line += p[u];
    sum_y += v * line;
  }
  double turns = arc_tangent(sum_y, sum_x) / (2 * PI);
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
