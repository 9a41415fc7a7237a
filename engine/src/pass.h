/* One pass over the patches: a frame level and the picture level that looks like it. */
#ifndef ARV_PASS_H
#define ARV_PASS_H

#include "homography.h"
#include "target.h"

typedef struct {
  const Target *target;
  const Image *frame, *picture;
  int level, picture_level;
} Pass;

/* The pass for a frame level; `soft`: octaves of blur on it. picture_level is -1 when the picture has too
 * few pixels for this level. */
Pass pass_of(const Target *target, const Pyramid *frame, const Homography *h, int level, int soft);

/* Position of a spot in the frame level, and the picture-level step for one pixel there; 0 when its patch is
 * not wholly in the frame. */
int place_spot(const Pass *pass, const Homography *h, const Spot *spot, Point *at, float step[4]);

#endif
