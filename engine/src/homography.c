#include "homography.h"

#include "maths.h"
#include "memory.h"

Homography homography_multiply(const Homography *a, const Homography *b) {
  Homography c;
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      c.m[3 * i + j] = a->m[3 * i] * b->m[j] + a->m[3 * i + 1] * b->m[3 + j] + a->m[3 * i + 2] * b->m[6 + j];
  return c;
}

int homography_invert(const Homography *h, Homography *inverse) {
  const double *m = h->m;
  double c[9] = {m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
                 m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
                 m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]};
  double determinant = m[0] * c[0] + m[1] * c[3] + m[2] * c[6];
  if (!(absd(determinant) > 1e-18) || !is_finite(determinant)) return 0;
  for (int i = 0; i < 9; i++) inverse->m[i] = c[i] / determinant;
  return 1;
}

Homography homography_scale(double sx, double sy) {
  return (Homography){{sx, 0, (sx - 1) / 2, 0, sy, (sy - 1) / 2, 0, 0, 1}};
}

/* The projection that takes the unit square to a quadrilateral (Heckbert 1989, section 2.2.3). */
static int square_to_quad(const Point q[4], Homography *h) {
  double x0 = q[0].x, y0 = q[0].y;
  double dx1 = q[1].x - q[2].x, dx2 = q[3].x - q[2].x, sx = x0 - q[1].x + q[2].x - q[3].x;
  double dy1 = q[1].y - q[2].y, dy2 = q[3].y - q[2].y, sy = y0 - q[1].y + q[2].y - q[3].y;
  double determinant = dx1 * dy2 - dx2 * dy1;
  if (!(absd(determinant) > 1e-6)) return 0;
  double g = (sx * dy2 - dx2 * sy) / determinant, k = (dx1 * sy - sx * dy1) / determinant;
  *h = (Homography){{q[1].x - x0 + g * q[1].x, q[3].x - x0 + k * q[3].x, x0, q[1].y - y0 + g * q[1].y,
                     q[3].y - y0 + k * q[3].y, y0, g, k, 1}};
  return 1;
}

int homography_from_quads(const Point from[4], const Point to[4], Homography *h) {
  Homography a, b, back;
  if (!square_to_quad(from, &a) || !square_to_quad(to, &b) || !homography_invert(&a, &back)) return 0;
  *h = homography_multiply(&b, &back);
  if (!(absd(h->m[8]) > 1e-12)) return 0;
  for (int i = 0; i < 9; i++) h->m[i] /= i == 8 ? 1 : h->m[8];
  h->m[8] = 1;
  return is_finite(h->m[0] + h->m[4] + h->m[6] + h->m[7]);
}

void homography_jacobian(const Homography *h, double x, double y, float jacobian[4]) {
  const double *m = h->m;
  double w = 1.0 / (m[6] * x + m[7] * y + m[8]);
  double u = (m[0] * x + m[1] * y + m[2]) * w, v = (m[3] * x + m[4] * y + m[5]) * w;
  jacobian[0] = (float)((m[0] - u * m[6]) * w), jacobian[1] = (float)((m[1] - u * m[7]) * w);
  jacobian[2] = (float)((m[3] - v * m[6]) * w), jacobian[3] = (float)((m[4] - v * m[7]) * w);
}

void picture_corners(float width, float height, Point corners[4]) {
  float right = width - 0.5f, bottom = height - 0.5f;
  corners[0] = (Point){-0.5f, -0.5f}, corners[1] = (Point){right, -0.5f};
  corners[2] = (Point){right, bottom}, corners[3] = (Point){-0.5f, bottom};
}

void project_corners(const Homography *h, float width, float height, Point corners[4]) {
  picture_corners(width, height, corners);
  for (int i = 0; i < 4; i++) corners[i] = project(h, corners[i].x, corners[i].y);
}

int homography_is_plausible(const Homography *h, float width, float height, float frame_size) {
  Point c[4];
  picture_corners(width, height, c);
  double nearest = 1e30, farthest = 0;
  for (int i = 0; i < 4; i++) {
    double w = h->m[6] * c[i].x + h->m[7] * c[i].y + h->m[8];
    if (!(w > 1e-6)) return 0;
    nearest = w < nearest ? w : nearest, farthest = w > farthest ? w : farthest;
  }
  /* A corner five times as far away as another: nearer to a picture than anybody holds a phone. */
  if (farthest > 5 * nearest) return 0;
  project_corners(h, width, height, c);
  float longest = 0, shortest = 1e9f;
  for (int i = 0; i < 4; i++) {
    Point a = c[i], b = c[(i + 1) & 3], d = c[(i + 2) & 3];
    float ux = b.x - a.x, uy = b.y - a.y, vx = d.x - b.x, vy = d.y - b.y;
    float length = root(ux * ux + uy * uy), next = root(vx * vx + vy * vy);
    /* Convex, clockwise on the screen, and no angle sharper than some 6 degrees. */
    if (!(ux * vy - uy * vx > 0.1f * length * next)) return 0;
    longest = maxf(longest, length), shortest = minf(shortest, length);
  }
  return shortest > 10 && longest < 20 * frame_size;
}

void step_begin(HomographyStep *step, double x, double y, double scale) {
  memset(step, 0, sizeof *step);
  step->x = x, step->y = y, step->scale = scale;
}

static void jacobian_rows(const HomographyStep *step, Point at, double row_x[8], double row_y[8]) {
  double s = step->scale, u = (at.x - step->x) / s, v = (at.y - step->y) / s;
  double x[8] = {u, v, 1, 0, 0, 0, -u * u, -u * v}, y[8] = {0, 0, 0, u, v, 1, -u * v, -v * v};
  for (int i = 0; i < 8; i++) row_x[i] = s * x[i], row_y[i] = s * y[i];
}

void step_add(HomographyStep *step, Point at, float dx, float dy, const float information[3]) {
  double jx[8], jy[8], xx = information[0], xy = information[1], yy = information[2];
  jacobian_rows(step, at, jx, jy);
  double ex = xx * dx + xy * dy, ey = xy * dx + yy * dy;
  for (int i = 0; i < 8; i++) {
    double wx = xx * jx[i] + xy * jy[i], wy = xy * jx[i] + yy * jy[i];
    for (int j = 0; j <= i; j++) step->a[i][j] += wx * jx[j] + wy * jy[j];
    step->b[i] += jx[i] * ex + jy[i] * ey;
  }
}

void step_damp(HomographyStep *step, double information) {
  for (int i = 0; i < 8; i++) step->a[i][i] += information * step->scale * step->scale;
}

void step_expect(HomographyStep *step, const double information[8], const double gone[8]) {
  for (int i = 0; i < 8; i++) {
    double weight = information[i] * step->scale * step->scale;
    step->a[i][i] += weight, step->b[i] -= weight * gone[i];
  }
}

int step_apply(const HomographyStep *step, Homography *h) {
  double gone[8] = {0};
  return step_move(step, h, gone);
}

int step_move(const HomographyStep *step, Homography *h, double gone[8]) {
  HomographyStep work = *step;
  if (!solve_symmetric(work.a, work.b, 8)) return 0;
  const double *p = work.b;
  for (int i = 0; i < 8; i++) gone[i] += p[i];
  double s = step->scale, x = step->x, y = step->y;
  Homography move = {{1 + p[0], p[1], p[2], p[3], 1 + p[4], p[5], p[6], p[7], 1}};
  Homography in = {{1 / s, 0, -x / s, 0, 1 / s, -y / s, 0, 0, 1}}, out = {{s, 0, x, 0, s, y, 0, 0, 1}};
  Homography moved = homography_multiply(&move, &in);
  moved = homography_multiply(&out, &moved);
  moved = homography_multiply(&moved, h);
  if (!(absd(moved.m[8]) > 1e-12)) return 0;
  for (int i = 0; i < 9; i++) h->m[i] = moved.m[i] / moved.m[8];
  return is_finite(h->m[0] + h->m[4] + h->m[6] + h->m[7]);
}

double step_variance(const HomographyStep *step, Point at) {
  double rows[2][8], variance = 0;
  jacobian_rows(step, at, rows[0], rows[1]);
  for (int axis = 0; axis < 2; axis++) {
    HomographyStep work = *step;
    memcpy(work.b, rows[axis], sizeof work.b);
    if (!solve_symmetric(work.a, work.b, 8)) return 1e12;
    for (int i = 0; i < 8; i++) variance += rows[axis][i] * work.b[i];
  }
  return variance;
}
