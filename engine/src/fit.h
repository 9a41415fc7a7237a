/* Fits the target's homography to a frame by aligning many patches on several pyramid levels. */
#ifndef ARV_FIT_H
#define ARV_FIT_H

#include "homography.h"
#include "pass.h"
#include "target.h"

typedef struct {
  int tried;         /* patches that should be visible on the finest level that worked */
  int agreeing;      /* of those, aligned well and where the homography says */
  float correlation; /* mean of the agreeing ones */
  float deviation;   /* standard deviation of the worst corner that the patches leave, frame pixels */
  int level;         /* finest frame level that worked, -1 if none */
  int blur_change;   /* -1, 0, 1: whether the frame looks sharper or more blurred than assumed */
} FitQuality;

/* Patches aligned per level at most: more does not lower the error any further (measured). */
#define FIT_PATCHES 120

/* How blurred a frame is, in octaves: 0 sharp, then about 0.8, 1.6 and 3.2 pixels of deviation. Templates are
 * drawn from coarser levels of the picture accordingly, and fine frame levels that show nothing are left out. */
#define MOST_BLUR 3

/* Refines `h` (picture pixels -> frame pixels) from frame level `coarsest` down. When a level fails the
 * result of the one before stands. `expected`: h is where it should be, and no far off hypothesis. */
FitQuality fit_homography(const Target *target, const Pyramid *frame, Homography *h, int coarsest, int blur,
                          const Motion *motion, int expected);

/* Mean correlation of some patches on one frame level without moving anything. */
float fit_correlation(const Target *target, const Pyramid *frame, const Homography *h, int level, const Motion *motion);

/* Moves `h` by the translation that correlates best on a coarse frame level, when where it is does not
 * correlate well: for a phone that started or stopped abruptly. */
void fit_jump(const Target *target, const Pyramid *frame, Homography *h, const Motion *motion);

/* Frame pixels per picture pixel around the middle of what is visible. */
float fit_scale(const Target *target, const Pyramid *frame, const Homography *h);

#endif
