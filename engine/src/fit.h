/* Fits the target's homography to a frame by aligning many patches on several pyramid levels. */
#ifndef ARV_FIT_H
#define ARV_FIT_H

#include "homography.h"
#include "target.h"

typedef struct {
  int tried;         /* patches that should be visible on the finest level that worked */
  int agreeing;      /* of those, aligned well and where the homography says */
  float correlation; /* mean of the agreeing ones */
  float deviation;   /* standard deviation of the worst corner that the patches leave, frame pixels */
  int level;         /* finest frame level that worked, -1 if none */
} FitQuality;

/* Patches aligned per level at most: more does not lower the error any further (measured). */
#define FIT_PATCHES 120

/* Refines `h` (picture pixels -> frame pixels) from frame level `coarsest` down to `finest`. When a level
 * fails the result of the one before stands. */
FitQuality fit_homography(const Target *target, const Pyramid *frame, Homography *h, int coarsest, int finest);

/* Mean correlation of up to `count` patches on one frame level without moving anything. */
float fit_correlation(const Target *target, const Pyramid *frame, const Homography *h, int level, int count);

/* Frame pixels per picture pixel around the middle of what is visible. */
float fit_scale(const Target *target, const Pyramid *frame, const Homography *h);

#endif
