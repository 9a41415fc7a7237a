#include "image.h"

#include "maths.h"
#include "memory.h"

uint32_t pyramid_bytes(int width, int height, int levels) {
  uint32_t bytes = 0;
  for (int n = 0; n < levels; n++) bytes += (uint32_t)(width >> n) * (uint32_t)(height >> n) + 16;
  return bytes + 64; /* vector loads may touch a few bytes past the last row */
}

void pyramid_place(Pyramid *pyramid, uint8_t *memory, int width, int height, int levels, int min_side) {
  pyramid->levels = 0;
  for (int n = 0; n < levels && n < PYRAMID_LEVELS; n++) {
    int w = width >> n, h = height >> n;
    if (n > 0 && mini(w, h) < min_side) break;
    pyramid->level[n] = (Image){w, h, w, memory};
    pyramid->levels = n + 1;
    memory += w * h + 16;
  }
}

void pyramid_fill(Pyramid *pyramid) {
  for (int n = 1; n < pyramid->levels; n++) image_halve(&pyramid->level[n - 1], &pyramid->level[n]);
}

void image_halve(const Image *from, Image *to) {
  for (int y = 0; y < to->height; y++) {
    const uint8_t *a = from->pixels + 2 * y * from->stride, *b = a + from->stride;
    uint8_t *out = to->pixels + y * to->stride;
    for (int x = 0; x < to->width; x++)
      out[x] = (uint8_t)((a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1] + 2) >> 2);
  }
}

/* Average of the box [x0, x1) x [y0, y1) with the border pixels weighted by their covered part. */
static uint8_t box_average(const uint8_t *from, int stride, float x0, float x1, float y0, float y1) {
  int ix0 = (int)x0, ix1 = (int)__builtin_ceilf(x1), iy0 = (int)y0, iy1 = (int)__builtin_ceilf(y1);
  float sum = 0;
  for (int y = iy0; y < iy1; y++) {
    const uint8_t *row = from + (intptr_t)y * stride;
    int inner = 0;
    for (int x = ix0 + 1; x < ix1 - 1; x++) inner += row[x];
    float line = (float)inner;
    if (ix1 - ix0 > 1)
      line += (float)row[ix0] * ((float)(ix0 + 1) - x0) + (float)row[ix1 - 1] * (x1 - (float)(ix1 - 1));
    else
      line += (float)row[ix0] * (x1 - x0);
    sum += line * (minf(y1, (float)(y + 1)) - maxf(y0, (float)y));
  }
  return (uint8_t)clampf(sum / ((x1 - x0) * (y1 - y0)) + 0.5f, 0, 255);
}

void image_reduce(const uint8_t *from, int width, int height, Image *to) {
  float sx = (float)width / (float)to->width, sy = (float)height / (float)to->height;
  for (int y = 0; y < to->height; y++) {
    float y0 = (float)y * sy, y1 = minf((float)(y + 1) * sy, (float)height);
    for (int x = 0; x < to->width; x++) {
      float x0 = (float)x * sx, x1 = minf((float)(x + 1) * sx, (float)width);
      to->pixels[y * to->stride + x] = box_average(from, width, x0, x1, y0, y1);
    }
  }
}

void image_resize(const Image *from, Image *to) {
  int step_x = (from->width << 16) / to->width, step_y = (from->height << 16) / to->height;
  for (int y = 0; y < to->height; y++) {
    int sy = clampi((y * step_y + step_y / 2) - 32768, 0, ((from->height - 1) << 16) - 1);
    const uint8_t *a = from->pixels + (sy >> 16) * from->stride, *b = a + from->stride;
    int fy = (sy >> 9) & 127;
    uint8_t *out = to->pixels + y * to->stride;
    for (int x = 0; x < to->width; x++) {
      int sx = clampi((x * step_x + step_x / 2) - 32768, 0, ((from->width - 1) << 16) - 1);
      int i = sx >> 16, fx = (sx >> 9) & 127;
      int top = a[i] * (128 - fx) + a[i + 1] * fx, bottom = b[i] * (128 - fx) + b[i + 1] * fx;
      out[x] = (uint8_t)((top * (128 - fy) + bottom * fy + 8192) >> 14);
    }
  }
}

static void blur_row(const uint8_t *row, int width, uint16_t *out) {
  for (int x = 3; x < width - 3; x++)
    out[x] = (uint16_t)(row[x - 3] + row[x + 3] + 6 * (row[x - 2] + row[x + 2]) +
                        15 * (row[x - 1] + row[x + 1]) + 20 * row[x]);
  for (int k = 0; k < 6; k++) {
    int x = k < 3 ? k : width - 6 + k;
    int p[7];
    for (int i = 0; i < 7; i++) p[i] = row[clampi(x + i - 3, 0, width - 1)];
    out[x] = (uint16_t)(p[0] + p[6] + 6 * (p[1] + p[5]) + 15 * (p[2] + p[4]) + 20 * p[3]);
  }
}

void image_blur(const Image *from, Image *to, uint16_t *rows) {
  int width = from->width, height = from->height, stride = from->stride, ready = -1;
  for (int y = 0; y < height; y++) {
    const uint16_t *r[7];
    for (; ready < mini(y + 3, height - 1); ready++)
      blur_row(from->pixels + (ready + 1) * stride, width, rows + (ready + 1) % 7 * stride);
    for (int i = 0; i < 7; i++) r[i] = rows + clampi(y + i - 3, 0, height - 1) % 7 * stride;
    uint8_t *out = to->pixels + y * to->stride;
    for (int x = 0; x < width; x++) {
      uint32_t sum = (uint32_t)(r[0][x] + r[6][x]) + 6u * (uint32_t)(r[1][x] + r[5][x]) +
                     15u * (uint32_t)(r[2][x] + r[4][x]) + 20u * r[3][x];
      out[x] = (uint8_t)((sum + 2048) >> 12);
    }
  }
}

void grey_from_rgba(const uint8_t *rgba, uint8_t *grey, int count) {
  for (int i = 0; i < count; i++)
    grey[i] = (uint8_t)((77 * rgba[4 * i] + 150 * rgba[4 * i + 1] + 29 * rgba[4 * i + 2] + 128) >> 8);
}
