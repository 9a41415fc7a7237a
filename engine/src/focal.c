/* A homography K [r1 r2 t] gives two equations on the focal length in K, because r1 and r2 are orthogonal and of
 * one length (Zhang 2000, A flexible new technique for camera calibration; Sturm & Maybank 1999 for the one
 * unknown left when pixels are square and the axis goes through the middle). How badly a candidate violates
 * them is measured in standard deviations of the corners (Sampson's distance; Hartley & Zisserman, 4.2.6), so a
 * frontal view, which says nothing about it, weighs nothing. Views of one kind count as a few at most, however many
 * there are: their errors are alike. */
#include "focal.h"

#include "maths.h"
#include "memory.h"

#define HALF_TAN 0.57735026918962576 /* of 30 degrees */
#define SHORTEST 0.35 /* of the longer side: 110 degrees */
#define LONGEST 2.8   /* 20 degrees */
#define PRIOR 0.18    /* deviation of the logarithm of what phones have around the assumption */
#define ENOUGH 0.012  /* deviation of the logarithm at which it is certain */
#define VIEW_KINDS 3  /* kinds of view it takes at least */
#define VIEW_WEIGHT 6 /* a kind of view counts as so many measurements at most */
#define LEAST_DEVIATION 0.12f /* of a corner, pixels: lens, paper, interpolation */
#define CUT 12.0      /* a view can not misfit more than this */
#define LEAST_TILT 0.94   /* cosine; 20 degrees */
#define STRONG_TILT 0.77  /* cosine; 40 degrees */
#define STEP_PIXELS 0.25f /* for derivatives */
#define PACE 0.15     /* share of the way to a better estimate that is gone in a frame */

static double candidate(const FocalLength *f, double step) { return f->shortest * exponential(step * f->ratio); }

void focal_reset(FocalLength *f, int width, int height) {
  double longer = width > height ? width : height;
  memset(f, 0, sizeof *f);
  f->shortest = SHORTEST * longer;
  f->ratio = 0.69314718055994531 * logarithm2(LONGEST / SHORTEST) / (FOCAL_STEPS - 1);
  f->focal = longer / 2 / HALF_TAN;
}

void focal_fix(FocalLength *f, int width, int height, double pixels) {
  focal_reset(f, width, height);
  if (pixels > 0) f->focal = pixels, f->certainty = 1, f->fixed = 1;
}

/* Products of the first two columns, without and with the third row: what the equations are made of. */
typedef struct {
  double xx, yy, xy, zxx, zyy, zxy;
} Columns;

static Columns columns_of(const Homography *h) {
  const double *m = h->m;
  return (Columns){m[0] * m[0] + m[3] * m[3], m[1] * m[1] + m[4] * m[4], m[0] * m[1] + m[3] * m[4],
                   m[6] * m[6], m[7] * m[7], m[6] * m[7]};
}

static void violation(const Columns *c, double focal, double e[2]) {
  double s = 1 / (focal * focal), p = c->xx * s + c->zxx, q = c->yy * s + c->zyy;
  e[0] = 2 * (c->xy * s + c->zxy) / (p + q), e[1] = (p - q) / (p + q);
}

/* The view, and the view with each coordinate of each corner moved a little. Returns 0 if one is no projection. */
static int vary(const Homography *h, double ratio, Columns columns[9]) {
  float y = (float)(ratio / 2);
  Point plane[4] = {{-0.5f, -y}, {0.5f, -y}, {0.5f, y}, {-0.5f, y}}, seen[4];
  for (int i = 0; i < 4; i++) seen[i] = project(h, plane[i].x, plane[i].y);
  for (int i = 0; i < 9; i++) {
    Point moved[4];
    Homography other;
    memcpy(moved, seen, sizeof moved);
    if (i & 1) moved[i >> 1].x += STEP_PIXELS;
    if (i && !(i & 1)) moved[(i >> 1) - 1].y += STEP_PIXELS;
    if (!homography_from_quads(plane, moved, &other)) return 0;
    columns[i] = columns_of(&other);
  }
  return 1;
}

/* Squared distance of the view from any that this focal length allows, in variances of a corner. */
static double misfit(const Columns columns[9], double focal, double deviation) {
  double e[2], moved[2], xx = 0, xy = 0, yy = 0, unit = deviation / STEP_PIXELS;
  violation(&columns[0], focal, e);
  for (int i = 1; i < 9; i++) {
    violation(&columns[i], focal, moved);
    double dx = (moved[0] - e[0]) * unit, dy = (moved[1] - e[1]) * unit;
    xx += dx * dx, xy += dx * dy, yy += dy * dy;
  }
  double determinant = xx * yy - xy * xy;
  if (!(determinant > 1e-24)) return CUT;
  double squared = (e[0] * e[0] * yy - 2 * e[0] * e[1] * xy + e[1] * e[1] * xx) / determinant;
  return squared * CUT / (squared + CUT);
}

/* Which kind of view it is, -1 when it is hardly tilted. */
static int view_kind(const Homography *h, double focal) {
  const double *m = h->m;
  double a[3] = {m[0] / focal, m[3] / focal, m[6]}, b[3] = {m[1] / focal, m[4] / focal, m[7]};
  double x = a[1] * b[2] - a[2] * b[1], y = a[2] * b[0] - a[0] * b[2], z = a[0] * b[1] - a[1] * b[0];
  double cosine_tilt = z / rootd(x * x + y * y + z * z);
  if (!(cosine_tilt < LEAST_TILT)) return -1;
  /* The direction as the print sees it: a print that is spun about its normal stays the same view. */
  int octant = (int)((arc_tangent(b[2], a[2]) + PI) * (4 / PI));
  return clampi(octant, 0, 7) + (cosine_tilt < STRONG_TILT ? 8 : 0);
}

static double total_cost(const FocalLength *f, int step) {
  double assumed = f->shortest / SHORTEST / 2 / HALF_TAN;
  double off = 0.69314718055994531 * logarithm2(candidate(f, step) / assumed);
  double sum = off * off / (PRIOR * PRIOR);
  for (int i = 0; i < FOCAL_VIEWS; i++) sum += f->cost[i][step] * mini(f->seen[i], VIEW_WEIGHT);
  return sum;
}

/* The candidate that fits best, between the steps, and how sure that is: the bottom of the cost is a parabola whose
 * curvature is the inverse variance. */
static void estimate(FocalLength *f) {
  double least = 1e30, kinds = 0;
  int best = 1;
  for (int step = 1; step < FOCAL_STEPS - 1; step++) {
    double cost = total_cost(f, step);
    if (cost < least) least = cost, best = step;
  }
  double left = total_cost(f, best - 1), right = total_cost(f, best + 1), bend = left + right - 2 * least;
  for (int i = 0; i < FOCAL_VIEWS; i++) kinds += f->seen[i] >= VIEW_WEIGHT;
  if (!(bend > 0)) return;
  double wanted = candidate(f, best + 0.5 * (left - right) / bend), deviation = f->ratio * rootd(2 / bend);
  f->focal += PACE * (wanted - f->focal);
  f->certainty = clampf((float)(1 - (deviation - ENOUGH) / (PRIOR - ENOUGH)), 0, 0.99f);
  if (deviation > ENOUGH || kinds < VIEW_KINDS || absd(wanted - f->focal) > 0.003 * f->focal) return;
  f->focal = wanted, f->certainty = 1, f->fixed = 1;
}

void focal_observe(FocalLength *f, const Homography *h, double ratio, float deviation) {
  Columns columns[9];
  int kind = f->fixed ? -1 : view_kind(h, f->focal);
  if (kind < 0 || !vary(h, ratio, columns)) return;
  float share = 1.0f / (float)(mini(f->seen[kind], 4 * VIEW_WEIGHT) + 1);
  for (int step = 0; step < FOCAL_STEPS; step++) {
    double cost = misfit(columns, candidate(f, step), maxf(deviation, LEAST_DEVIATION));
    f->cost[kind][step] += share * ((float)cost - f->cost[kind][step]);
  }
  f->seen[kind]++;
  estimate(f);
}
