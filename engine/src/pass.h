/* One pass over the patches: a frame level and the picture level that looks like it. */
#ifndef ARV_PASS_H
#define ARV_PASS_H

#include "homography.h"
#include "target.h"

/* How the print moves while the shutter is open: a point of the picture goes `share` times the way from where
 * `from` projects it to where it is seen. */
typedef struct {
  Homography from;
  float share; /* 0: it does not move, `from` is not looked at */
} Motion;

typedef struct {
  const Target *target;
  const Image *frame, *picture;
  int level, picture_level;
  int spot_level; /* of the spots: finer than the picture's where that one has only a few */
  Motion motion;
} Pass;

/* The pass for a frame level; `soft`: octaves of blur on it. picture_level is -1 when the picture has too
 * few pixels for this level. */
Pass pass_of(const Target *target, const Pyramid *frame, const Homography *h, int level, int soft,
             const Motion *motion);

/* Where a spot is in the frame level and in the picture level, the step there for one pixel of the frame, and its motion
 * in pixels of the frame level. */
typedef struct {
  Point at, source;
  float step[4], motion[2];
} Placed;

/* Returns 0 when the patch is not wholly in the frame, or its spot too near to the edge of the picture. */
int place_spot(const Pass *pass, const Homography *h, const Spot *spot, Placed *placed);

/* Length of the motion of the picture's middle, frame pixels. */
float motion_length(const Motion *motion, const Target *target, const Homography *h);

#endif
