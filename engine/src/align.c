#include "align.h"

#include "maths.h"
#include "memory.h"

typedef float f32x4 __attribute__((vector_size(16)));
typedef uint8_t u8x4 __attribute__((vector_size(4)));

#define CELLS (PATCH_SIDE * PATCH_SIDE)
#define QUADS (CELLS / 4)
#define MARGIN_SIDE (PATCH_SIDE + 2) /* with the border that central differences need */
#define ITERATIONS 8
#define SETTLED 0.01f      /* pixels; a smaller update ends the iteration */
#define LEAST_CONTRAST 1.5f /* deviation in grey values under which a patch is noise */
/* Noise of the frame in grey values assumed at least: quantisation and sensor. */
#define FRAME_NOISE 1.5f
/* Deviation of a patch's position that no statistic shows: interpolation, printing, lens. */
#define MODEL_ERROR 0.05f
#define MOMENT_PIXELS 1.5f /* a smeared template is the mean of moments of the exposure so far apart */
#define MOST_MOMENTS 8

static inline f32x4 load4(const float *p) {
  f32x4 v;
  __builtin_memcpy(&v, p, 16);
  return v;
}

static inline void store4(float *p, f32x4 v) { __builtin_memcpy(p, &v, 16); }

static inline float total(f32x4 v) { return (v[0] + v[1]) + (v[2] + v[3]); }

static float dot(const float *a, const float *b) {
  f32x4 sum = {0, 0, 0, 0};
  for (int i = 0; i < CELLS; i += 4) sum += load4(a + i) * load4(b + i);
  return total(sum);
}

static float remove_mean(float *v) {
  f32x4 sum = {0, 0, 0, 0};
  for (int i = 0; i < CELLS; i += 4) sum += load4(v + i);
  float mean = total(sum) / CELLS;
  for (int i = 0; i < CELLS; i += 4) store4(v + i, load4(v + i) - mean);
  return mean;
}

/* Removes from a gradient what a change of gain could explain as well. */
static void remove_gain(float *gradient, const float *value, float norm) {
  float share = dot(gradient, value) / (norm * norm);
  for (int i = 0; i < CELLS; i += 4) store4(gradient + i, load4(gradient + i) - share * load4(value + i));
}

/* As image_sample, for points known to be a pixel inside. */
static inline float sample_inside(const Image *image, float x, float y) {
  int ix = (int)x, iy = (int)y;
  float fx = x - (float)ix, fy = y - (float)iy;
  const uint8_t *p = image->pixels + iy * image->stride + ix, *q = p + image->stride;
  float top = (float)p[0] + ((float)p[1] - (float)p[0]) * fx, bottom = (float)q[0] + ((float)q[1] - (float)q[0]) * fx;
  return top + (bottom - top) * fy;
}

/* Whether the patch and its border, smeared, are inside the picture. */
static int is_inside(const Image *picture, float x, float y, const float step[4], const float motion[2]) {
  float wide = 0.5f * (MARGIN_SIDE - 1), u = wide + 0.5f * absf(motion[0]), v = wide + 0.5f * absf(motion[1]);
  float reach_x = absf(step[0]) * u + absf(step[1]) * v, reach_y = absf(step[2]) * u + absf(step[3]) * v;
  return x - reach_x > 1 && y - reach_y > 1 && x + reach_x < (float)(picture->width - 2) &&
         y + reach_y < (float)(picture->height - 2);
}

/* Adds one moment's view of the patch with its border. */
static void add_moment(const Image *picture, float x, float y, const float step[4], int inside, float *wide) {
  for (int v = 0; v < MARGIN_SIDE; v++) {
    float dv = (float)v - 0.5f * (MARGIN_SIDE - 1), du = -0.5f * (MARGIN_SIDE - 1);
    float px = x + step[1] * dv + step[0] * du, py = y + step[3] * dv + step[2] * du;
    for (int u = 0; u < MARGIN_SIDE; u++, px += step[0], py += step[2])
      *wide++ += inside ? sample_inside(picture, px, py) : image_sample(picture, px, py);
  }
}

/* Draws the patch with its border; with motion, the mean of several moments of the exposure. */
static void draw_wide(const Image *picture, float x, float y, const float step[4], const float motion[2], float *wide) {
  float length = root(motion[0] * motion[0] + motion[1] * motion[1]);
  int moments = clampi((int)(length / MOMENT_PIXELS + 0.7f), 1, MOST_MOMENTS);
  int inside = is_inside(picture, x, y, step, motion);
  float share = 1.0f / (float)moments;
  memset(wide, 0, MARGIN_SIDE * MARGIN_SIDE * sizeof *wide);
  for (int n = 0; n < moments; n++) {
    float when = 0.5f - ((float)n + 0.5f) * share, mx = motion[0] * when, my = motion[1] * when;
    add_moment(picture, x + step[0] * mx + step[1] * my, y + step[2] * mx + step[3] * my, step, inside, wide);
  }
  for (int i = 0; moments > 1 && i < MARGIN_SIDE * MARGIN_SIDE; i++) wide[i] *= share;
}

int patch_template(const Image *picture, float x, float y, const float step[4], const float motion[2],
                   PatchTemplate *t) {
  float wide[MARGIN_SIDE * MARGIN_SIDE];
  draw_wide(picture, x, y, step, motion, wide);
  for (int v = 0; v < PATCH_SIDE; v++)
    for (int u = 0; u < PATCH_SIDE; u++) {
      const float *p = wide + (v + 1) * MARGIN_SIDE + u + 1;
      t->value[v * PATCH_SIDE + u] = *p;
      t->gx[v * PATCH_SIDE + u] = 0.5f * (p[1] - p[-1]);
      t->gy[v * PATCH_SIDE + u] = 0.5f * (p[MARGIN_SIDE] - p[-MARGIN_SIDE]);
    }
  remove_mean(t->value);
  t->norm = root(dot(t->value, t->value));
  if (!(t->norm > LEAST_CONTRAST * PATCH_SIDE)) return 0;
  remove_mean(t->gx), remove_mean(t->gy);
  remove_gain(t->gx, t->value, t->norm), remove_gain(t->gy, t->value, t->norm);
  t->hessian[0] = dot(t->gx, t->gx), t->hessian[1] = dot(t->gx, t->gy), t->hessian[2] = dot(t->gy, t->gy);
  return 1;
}

static inline f32x4 load_bytes(const uint8_t *p) {
  u8x4 bytes;
  __builtin_memcpy(&bytes, p, 4);
  return __builtin_convertvector(bytes, f32x4);
}

/* The 8 x 8 frame pixels around (x, y), mean removed; returns their norm, -1 outside the frame. */
static float cut_patch(const Image *frame, float x, float y, float out[CELLS]) {
  float left = x - 0.5f * (PATCH_SIDE - 1), top = y - 0.5f * (PATCH_SIDE - 1);
  if (!(left >= 0 && top >= 0 && left < (float)(frame->width - PATCH_SIDE) &&
        top < (float)(frame->height - PATCH_SIDE)))
    return -1;
  int ix = (int)left, iy = (int)top;
  float fx = left - (float)ix, fy = top - (float)iy;
  const uint8_t *p = frame->pixels + iy * frame->stride + ix;
  f32x4 above[2], below[2];
  for (int v = 0; v <= PATCH_SIDE; v++, p += frame->stride) {
    for (int half = 0; half < 2; half++) {
      f32x4 a = load_bytes(p + 4 * half), b = load_bytes(p + 4 * half + 1);
      below[half] = a + (b - a) * fx;
      if (v) store4(out + (v - 1) * PATCH_SIDE + 4 * half, above[half] + (below[half] - above[half]) * fy);
      above[half] = below[half];
    }
  }
  remove_mean(out);
  return root(dot(out, out));
}

float patch_correlation(const Image *frame, const PatchTemplate *t, float x, float y) {
  float cut[CELLS], norm = cut_patch(frame, x, y, cut);
  return norm > LEAST_CONTRAST * PATCH_SIDE ? dot(cut, t->value) / (norm * t->norm) : -1;
}

/* Inverse covariance of the displacement: gradients over noise, limited by the model error. */
static void information(const PatchTemplate *t, float gain, PatchFit *fit) {
  float residual = 2 * t->norm * t->norm * (1 - fit->correlation) / CELLS, noise = FRAME_NOISE * gain;
  float variance = residual + noise * noise;
  float a = t->hessian[0] / variance, b = t->hessian[1] / variance, c = t->hessian[2] / variance;
  /* (C + e I)^-1 for C = [[a b] [b c]]^-1 is M (I + e M)^-1. */
  float e = MODEL_ERROR * MODEL_ERROR, p = 1 + e * a, q = e * b, r = 1 + e * c, determinant = p * r - q * q;
  fit->information[0] = (a * r - b * q) / determinant;
  fit->information[1] = (b * p - a * q) / determinant;
  fit->information[2] = (c * p - b * q) / determinant;
}

int patch_align(const Image *frame, const PatchTemplate *t, float reach, PatchFit *fit) {
  float xx = t->hessian[0], xy = t->hessian[1], yy = t->hessian[2];
  float determinant = xx * yy - xy * xy, cut[CELLS], gain = 1;
  fit->correlation = -1;
  if (!(determinant > 1e-3f * xx * yy + 1e-6f)) return 0;
  for (int n = 0; n < ITERATIONS; n++) {
    float norm = cut_patch(frame, fit->at.x + fit->dx, fit->at.y + fit->dy, cut);
    if (!(norm > LEAST_CONTRAST * PATCH_SIDE * 0.5f)) return 0;
    gain = t->norm / norm;
    fit->correlation = dot(cut, t->value) / (norm * t->norm);
    float ex = gain * dot(cut, t->gx), ey = gain * dot(cut, t->gy); /* gradients are free of the template */
    float dx = (yy * ex - xy * ey) / determinant, dy = (xx * ey - xy * ex) / determinant;
    if (absf(dx) < SETTLED && absf(dy) < SETTLED) break;
    fit->dx -= clampf(dx, -1, 1), fit->dy -= clampf(dy, -1, 1);
    if (absf(fit->dx) > reach || absf(fit->dy) > reach) return 0;
  }
  information(t, gain, fit);
  return 1;
}
