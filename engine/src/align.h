/* Sub-pixel alignment of small patches of the target's picture to a camera frame. */
#ifndef ARV_ALIGN_H
#define ARV_ALIGN_H

#include "homography.h"
#include "image.h"

typedef struct {
  Point at;             /* predicted position, pixels of the frame's pyramid level */
  float dx, dy;         /* found displacement from there */
  float correlation;    /* of the aligned patch, -1..1 */
  float information[3]; /* xx, xy, yy: inverse covariance of the displacement, 1 / pixel^2 */
} PatchFit;

/* The picture around one spot, drawn as the frame should show it. */
#define PATCH_SIDE 8
typedef struct {
  float value[PATCH_SIDE * PATCH_SIDE]; /* mean removed */
  float gx[PATCH_SIDE * PATCH_SIDE], gy[PATCH_SIDE * PATCH_SIDE];
  float norm;                           /* root of the sum of squares of value */
  float hessian[3];                     /* of gx, gy with mean and gain projected out */
} PatchTemplate;

/* Draws the template around (x, y) of `picture`; `step` is the displacement in the picture for one frame
 * pixel to the right and down: {dx/du, dx/dv, dy/du, dy/dv}. `motion`: what it moves in frame pixels while the shutter
 * is open; the template is smeared along it. Returns 0 when there is no texture. */
int patch_template(const Image *picture, float x, float y, const float step[4], const float motion[2],
                   PatchTemplate *patch);
/* Aligns the template to `frame` around fit->at (inverse compositional translation with gain and
 * offset, Baker & Matthews 2004), at most `reach` pixels away. Returns 0 when it does not converge. */
int patch_align(const Image *frame, const PatchTemplate *patch, float reach, PatchFit *fit);
/* Correlation at fit->at + (dx, dy) without moving; -1 outside the frame. */
float patch_correlation(const Image *frame, const PatchTemplate *patch, float x, float y);

#endif
