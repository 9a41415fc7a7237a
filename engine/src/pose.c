/* Decomposes a homography (Zhang 2000, appendix C; the nearer of the two rotations by construction), then moves the
 * print until its corners project where they are seen: six unknowns, eight equations, Gauss and Newton. */
#include "pose.h"

#include "maths.h"
#include "memory.h"

#define STEPS 6

typedef struct {
  double r[9], t[3]; /* row-major */
} Placement;

static double length_of(const double v[3]) { return rootd(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]); }

static int normalise(double v[3]) {
  double length = length_of(v);
  if (!(length > 1e-12)) return 0;
  for (int i = 0; i < 3; i++) v[i] /= length;
  return 1;
}

static void cross(const double a[3], const double b[3], double out[3]) {
  out[0] = a[1] * b[2] - a[2] * b[1], out[1] = a[2] * b[0] - a[0] * b[2], out[2] = a[0] * b[1] - a[1] * b[0];
}

/* Rotation whose first two columns lie evenly between the directions of a and b. */
static int rotation_from(const double a[3], const double b[3], double r[9]) {
  double u[3], v[3], sum[3], difference[3], normal[3];
  memcpy(u, a, sizeof u), memcpy(v, b, sizeof v);
  if (!normalise(u) || !normalise(v)) return 0;
  for (int i = 0; i < 3; i++) sum[i] = u[i] + v[i], difference[i] = u[i] - v[i];
  if (!normalise(sum) || !normalise(difference)) return 0;
  for (int i = 0; i < 3; i++) u[i] = (sum[i] + difference[i]) * 0.70710678118654752;
  for (int i = 0; i < 3; i++) v[i] = (sum[i] - difference[i]) * 0.70710678118654752;
  cross(u, v, normal);
  for (int i = 0; i < 3; i++) r[3 * i] = u[i], r[3 * i + 1] = v[i], r[3 * i + 2] = normal[i];
  return 1;
}

static int decompose(const Homography *h, double focal, Placement *place) {
  const double *m = h->m;
  double a[3] = {m[0] / focal, m[3] / focal, m[6]}, b[3] = {m[1] / focal, m[4] / focal, m[7]};
  double scale = rootd(length_of(a) * length_of(b));
  if (!(scale > 1e-12) || !(m[8] > 0) || !rotation_from(a, b, place->r)) return 0;
  place->t[0] = m[2] / focal / scale, place->t[1] = m[5] / focal / scale, place->t[2] = m[8] / scale;
  return 1;
}

/* Adds a corner's two equations; unknowns are a small rotation about the print's centre, then a small shift. */
static int add_corner(const Placement *p, double x, double y, Point seen, double focal, double a[8][8], double b[8]) {
  double turned[3], rows[2][6];
  for (int i = 0; i < 3; i++) turned[i] = p->r[3 * i] * x + p->r[3 * i + 1] * y;
  double z = turned[2] + p->t[2], px = (turned[0] + p->t[0]) / z, py = (turned[1] + p->t[1]) / z;
  if (!(z > 1e-6)) return 0;
  double slopes[2][3] = {{focal / z, 0, -focal * px / z}, {0, focal / z, -focal * py / z}};
  for (int k = 0; k < 2; k++) {
    cross(turned, slopes[k], rows[k]);
    memcpy(rows[k] + 3, slopes[k], sizeof slopes[k]);
  }
  double missing[2] = {seen.x - focal * px, seen.y - focal * py};
  for (int k = 0; k < 2; k++)
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j <= i; j++) a[i][j] += rows[k][i] * rows[k][j];
      b[i] += rows[k][i] * missing[k];
    }
  return 1;
}

static int move(Placement *p, const double by[6]) {
  double a[3], b[3], da[3], db[3];
  for (int i = 0; i < 3; i++) a[i] = p->r[3 * i], b[i] = p->r[3 * i + 1];
  cross(by, a, da), cross(by, b, db);
  for (int i = 0; i < 3; i++) a[i] += da[i], b[i] += db[i], p->t[i] += by[3 + i];
  return rotation_from(a, b, p->r);
}

static int improve(Placement *p, const Homography *h, double ratio, double focal) {
  static const double sign[4][2] = {{-0.5, -0.5}, {0.5, -0.5}, {0.5, 0.5}, {-0.5, 0.5}};
  double a[8][8] = {{0}}, b[8] = {0};
  for (int i = 0; i < 4; i++) {
    double x = sign[i][0], y = sign[i][1] * ratio;
    if (!add_corner(p, x, y, project(h, x, y), focal, a, b)) return 0;
  }
  return solve_symmetric(a, b, 6) && move(p, b);
}

int pose_from(const Homography *h, double ratio, double focal, ArvPose *pose) {
  Placement place;
  if (!decompose(h, focal, &place)) return 0;
  for (int n = 0; n < STEPS; n++)
    if (!improve(&place, h, ratio, focal)) return 0;
  for (int i = 0; i < 9; i++) pose->rotation[i] = (float)place.r[i];
  for (int i = 0; i < 3; i++) pose->translation[i] = (float)place.t[i];
  return is_finite(place.t[0] + place.t[1] + place.t[2]);
}
