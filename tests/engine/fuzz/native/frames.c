/* Frames from recipes: the print laid into clutter, so that detection and tracking go all the way, and what
 * no camera delivers. */
#include "fuzz.h"

#include <string.h>

enum { SHOWN, SHOWN_NOISY, SHOWN_DAMAGED, NOISE, FLAT, CHECKERS, SAME, EXTREMES };

static uint8_t print_at(const Seen *print, float x, float y) {
  int ix = (int)x, iy = (int)y;
  if (x < 0 || y < 0 || ix + 1 >= print->width || iy + 1 >= print->height) return 0;
  const uint8_t *p = print->pixels + iy * print->width + ix;
  float fx = x - (float)ix, fy = y - (float)iy;
  float top = (float)p[0] * (1 - fx) + (float)p[1] * fx;
  float low = (float)p[print->width] * (1 - fx) + (float)p[print->width + 1] * fx;
  return (uint8_t)(top * (1 - fy) + low * fy + 0.5f);
}

/* pose: scale x, shear, shear, scale y, shift x, shift y, in small steps around "fills the frame". */
static void draw_print(const Case *c, int number, const Seen *print, uint8_t *grey) {
  const int8_t *pose = c->pose[number];
  float a = 1 + (float)pose[0] / 100, b = (float)pose[1] / 100, d = (float)pose[2] / 100, e = 1 + (float)pose[3] / 100;
  for (int y = 0; y < c->height; y++)
    for (int x = 0; x < c->width; x++) {
      float u = (float)x - (float)c->width / 2, v = (float)y - (float)c->height / 2;
      float px = a * u + b * v + (float)(print->width + pose[4]) / 2;
      float py = d * u + e * v + (float)(print->height + pose[5]) / 2;
      int inside = px >= 0 && py >= 0 && px < (float)print->width && py < (float)print->height;
      grey[y * c->width + x] = inside ? print_at(print, px, py) : (uint8_t)(x * 7 ^ y * 5);
    }
}

static void damage(const Case *c, Chance *chance, uint8_t *grey) {
  for (int n = 0; n < 6; n++) {
    int x = (int)chance_below(chance, c->width), y = (int)chance_below(chance, c->height);
    int w = (int)chance_below(chance, c->width / 2), value = (int)chance_below(chance, 256);
    if (w > c->width - x) w = c->width - x;
    for (int row = y; row < c->height && row < y + w; row++) memset(grey + row * c->width + x, value, (size_t)w);
  }
}

void draw_frame(const Case *c, int number, const Seen *print, uint8_t *grey) {
  Chance chance = {c->noise + (uint32_t)number};
  int kind = c->kind[number] & 7, pixels = c->width * c->height, cell = 1 + (int)(c->noise & 15);
  if (kind <= SHOWN_DAMAGED) draw_print(c, number, print, grey);
  if (kind == SHOWN_DAMAGED) damage(c, &chance, grey);
  for (int i = 0; i < pixels; i++) {
    int x = i % c->width, y = i / c->width;
    if (kind == SHOWN_NOISY) grey[i] = (uint8_t)(grey[i] / 2 + chance_below(&chance, 60));
    if (kind == NOISE) grey[i] = (uint8_t)chance_bits(&chance);
    if (kind == FLAT) grey[i] = (uint8_t)c->noise;
    if (kind == CHECKERS) grey[i] = (x / cell + y / cell) % 2 ? 255 : 0;
    if (kind == EXTREMES) grey[i] = chance_below(&chance, 2) ? 255 : 0;
  }
}

void draw_picture(const Case *c, const Seen *print, uint8_t *grey, int width, int height) {
  Chance chance = {c->noise};
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      uint8_t noisy = (uint8_t)chance_bits(&chance);
      uint8_t shown = print->pixels[y % print->height * print->width + x % print->width];
      grey[y * width + x] = c->kind[0] == FLAT ? 128 : c->kind[0] & 1 ? noisy : shown;
    }
}
