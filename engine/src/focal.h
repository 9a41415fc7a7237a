/* The camera's focal length, learnt from how the held prints look while the phone moves around them. */
#ifndef ARV_FOCAL_H
#define ARV_FOCAL_H

#include "homography.h"

#define FOCAL_STEPS 96  /* candidates, evenly spaced in ratio */
#define FOCAL_VIEWS 16  /* kinds of view: eight directions of tilt, moderate and strong */

typedef struct {
  double shortest, ratio; /* first candidate in pixels, and from one candidate to the next */
  double focal;           /* present estimate, pixels */
  float certainty;        /* 0: the assumed one, 1: certain and fixed */
  int fixed;
  float cost[FOCAL_VIEWS][FOCAL_STEPS]; /* mean robust misfit of the views of a kind */
  int seen[FOCAL_VIEWS];
} FocalLength;

/* Starts from the assumption that the longer side of the frame spans 60 degrees. */
void focal_reset(FocalLength *f, int width, int height);
/* Takes a value as known, or with 0 starts to learn anew. */
void focal_fix(FocalLength *f, int width, int height, double pixels);
/* Learns from one view. `h`: plane (x from -0.5 to 0.5, y from -ratio / 2 to ratio / 2) -> frame pixels from the
 * frame's centre. `deviation`: of a corner, pixels. */
void focal_observe(FocalLength *f, const Homography *h, double ratio, float deviation);

#endif
