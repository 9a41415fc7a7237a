/* Grey images and scale pyramids. Integer coordinates are pixel centres. */
#ifndef ARV_IMAGE_H
#define ARV_IMAGE_H

#include <stdint.h>

typedef struct {
  int width, height, stride; /* stride: bytes from one row to the next */
  uint8_t *pixels;
} Image;

/* A pyramid halves from level to level by averaging 2 x 2 pixels. The pixel (x, y) of level n covers
 * level 0 around (2^n x + (2^n - 1) / 2, ...): the half-pixel offset every user has to apply. */
#define PYRAMID_LEVELS 6

typedef struct {
  int levels;
  Image level[PYRAMID_LEVELS];
} Pyramid;

static inline float level_offset(int level) { return (float)((1 << level) - 1) * 0.5f; }

/* Bytes that pyramid_place needs for levels 0..levels-1 of a width x height image. */
uint32_t pyramid_bytes(int width, int height, int levels);
/* Lays a pyramid out in `memory`; stops before a side falls under `min_side` pixels. */
void pyramid_place(Pyramid *pyramid, uint8_t *memory, int width, int height, int levels, int min_side);
/* Fills levels 1.. from level 0. */
void pyramid_fill(Pyramid *pyramid);

void image_halve(const Image *from, Image *to);
/* Area average for any smaller size; exact integer-weighted box in both directions. */
void image_reduce(const uint8_t *from, int width, int height, Image *to);
/* Bilinear resize, for factors between 1 and 2 (pixel areas aligned at the outer corners). */
void image_resize(const Image *from, Image *to);
/* Binomial blur 1 6 15 20 15 6 1 in both directions, standard deviation 1.22 pixels. `rows` holds
 * 7 * stride 16-bit values. Borders repeat. */
void image_blur(const Image *from, Image *to, uint16_t *rows);
/* Grey from RGBA: (77 R + 150 G + 29 B + 128) >> 8. */
void grey_from_rgba(const uint8_t *rgba, uint8_t *grey, int count);

/* Bilinear sample with coordinates clamped into the image. */
static inline float image_sample(const Image *image, float x, float y) {
  x = x < 0 ? 0 : (x > (float)(image->width - 1) ? (float)(image->width - 1) : x);
  y = y < 0 ? 0 : (y > (float)(image->height - 1) ? (float)(image->height - 1) : y);
  int ix = (int)x, iy = (int)y;
  int right = ix + 1 < image->width, down = iy + 1 < image->height ? image->stride : 0;
  float fx = x - (float)ix, fy = y - (float)iy;
  const uint8_t *p = image->pixels + iy * image->stride + ix;
  float top = (float)p[0] + ((float)p[right] - (float)p[0]) * fx;
  float bottom = (float)p[down] + ((float)p[down + right] - (float)p[down]) * fx;
  return top + (bottom - top) * fy;
}

#endif
