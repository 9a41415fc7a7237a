/* Plane-to-plane projections (Hartley & Zisserman, Multiple View Geometry, chapter 2 and 4). */
#ifndef ARV_HOMOGRAPHY_H
#define ARV_HOMOGRAPHY_H

typedef struct {
  double m[9]; /* row-major */
} Homography;

typedef struct {
  float x, y;
} Point;

static inline Point project(const Homography *h, double x, double y) {
  double w = 1.0 / (h->m[6] * x + h->m[7] * y + h->m[8]);
  return (Point){(float)((h->m[0] * x + h->m[1] * y + h->m[2]) * w),
                 (float)((h->m[3] * x + h->m[4] * y + h->m[5]) * w)};
}

Homography homography_multiply(const Homography *a, const Homography *b); /* a after b */
int homography_invert(const Homography *h, Homography *inverse);          /* 0 when singular */
Homography homography_scale(double sx, double sy);                        /* of pixel areas: 0 -> (s - 1) / 2 */
/* The projection that takes four points to four points; 0 when three of them are nearly in line. */
int homography_from_quads(const Point from[4], const Point to[4], Homography *h);
/* Derivative of the projection at (x, y): {du/dx, du/dy, dv/dx, dv/dy}. */
void homography_jacobian(const Homography *h, double x, double y, float jacobian[4]);

/* The corners of a width x height picture, top-left, top-right, bottom-right, bottom-left. */
void picture_corners(float width, float height, Point corners[4]);
void project_corners(const Homography *h, float width, float height, Point corners[4]);
/* Whether a camera could see this: convex, not mirrored, in front, and neither tiny nor absurd. */
int homography_is_plausible(const Homography *h, float width, float height, float frame_size);

/* One step of weighted least squares for h <- (I + delta) h, in coordinates normalised around a centre
 * (Baker & Matthews 2004, the compositional update). */
typedef struct {
  double a[8][8], b[8];
  double x, y, scale;
} HomographyStep;

void step_begin(HomographyStep *step, double x, double y, double scale);
/* Adds a point now projected to (u, v) and seen at (u + dx, v + dy), with information matrix
 * {xx, xy, yy} in 1 / pixel^2. */
void step_add(HomographyStep *step, Point at, float dx, float dy, const float information[3]);
/* Holds every parameter near zero with the given information; keeps bad systems solvable. */
void step_damp(HomographyStep *step, double information);
/* Expects each parameter, of which `gone` has been moved already, to stay near zero with its own information in
 * 1 / pixel^2 at the distance `scale` from the centre. */
void step_expect(HomographyStep *step, const double information[8], const double gone[8]);
/* Moves h; 0 when the system is singular. */
int step_apply(const HomographyStep *step, Homography *h);
/* The same, and adds the parameters of the move to `gone`. */
int step_move(const HomographyStep *step, Homography *h, double gone[8]);
/* Variance of the position of a point at (u, v) that the system leaves, in pixels^2 (trace). */
double step_variance(const HomographyStep *step, Point at);

#endif
