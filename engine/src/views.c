#include "views.h"

#include "maths.h"

/* Margin around a drawn view: corners close to the print's border can still be described there; beyond
 * the border the picture's last pixels are repeated, as nobody knows what will lie there. */
#define VIEW_MARGIN (EXTRACT_EDGE + 2)
#define SMALLEST_VIEW 30 /* pixels of the shorter side */

static float sample_four(const Image *image, float x, float y, const float s[4]) {
  float sum = 0;
  for (int i = 0; i < 4; i++) {
    float u = (i & 1) ? 0.25f : -0.25f, v = (i & 2) ? 0.25f : -0.25f;
    sum += image_sample(image, x + s[0] * u + s[1] * v, y + s[2] * u + s[3] * v);
  }
  return 0.25f * sum;
}

int draw_view(const Pyramid *picture, int view, Extractor *extractor, int room_width, int room_height,
              Homography *to_picture) {
  float m[4], w = (float)picture->level[0].width, h = (float)picture->level[0].height;
  view_matrix(view, m);
  int width = (int)(absf(m[0]) * w + absf(m[1]) * h + 0.999f), height = (int)(absf(m[2]) * w + absf(m[3]) * h + 0.999f);
  if (mini(width, height) < SMALLEST_VIEW) return 0;
  width = mini(width + 2 * VIEW_MARGIN, room_width), height = mini(height + 2 * VIEW_MARGIN, room_height);
  extractor_resize(extractor, width, height);
  int level = clampi(view / TILTS / 2, 0, picture->levels - 1), exact = view % TILTS == 0 && view / TILTS % 2 == 0;
  float determinant = m[0] * m[3] - m[1] * m[2], size = (float)(1 << level);
  float inverse[4] = {m[3] / determinant, -m[1] / determinant, -m[2] / determinant, m[0] / determinant}, step[4];
  for (int i = 0; i < 4; i++) step[i] = inverse[i] / size;
  const Image *from = &picture->level[level];
  Image *to = extractor_picture(extractor);
  float cx = 0.5f * (float)(width - 1), cy = 0.5f * (float)(height - 1), px = 0.5f * (w - 1), py = 0.5f * (h - 1);
  float lx = (px - level_offset(level)) / size, ly = (py - level_offset(level)) / size;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      float u = (float)x - cx, v = (float)y - cy;
      float sx = lx + step[0] * u + step[1] * v, sy = ly + step[2] * u + step[3] * v;
      float value = exact ? image_sample(from, sx, sy) : sample_four(from, sx, sy, step);
      to->pixels[y * to->stride + x] = (uint8_t)(value + 0.5f);
    }
  *to_picture = (Homography){{inverse[0], inverse[1], px - inverse[0] * cx - inverse[1] * cy, inverse[2], inverse[3],
                              py - inverse[2] * cx - inverse[3] * cy, 0, 0, 1}};
  return 1;
}
