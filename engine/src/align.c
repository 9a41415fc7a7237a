#include "align.h"

#include "maths.h"

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

int patch_template(const Image *picture, float x, float y, const float step[4], PatchTemplate *t) {
  float wide[MARGIN_SIDE * MARGIN_SIDE];
  for (int v = 0; v < MARGIN_SIDE; v++)
    for (int u = 0; u < MARGIN_SIDE; u++) {
      float du = (float)u - 0.5f * (MARGIN_SIDE - 1), dv = (float)v - 0.5f * (MARGIN_SIDE - 1);
      wide[v * MARGIN_SIDE + u] =
          image_sample(picture, x + step[0] * du + step[1] * dv, y + step[2] * du + step[3] * dv);
    }
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
