/* Holding on to one target from frame to frame. */
#ifndef ARV_FOLLOW_H
#define ARV_FOLLOW_H

#include "arv_engine.h"
#include "fit.h"

#define FRAME_MS (1000.0 / 30.0)

typedef struct {
  int state; /* ArvState */
  int age;   /* frames since it was found */
  int blur;  /* of the last frame, see fit.h */
  int missing; /* frames since it was lost; 0: it never was, or too long ago to know where */
  float confidence, share; /* of the patches that should be visible, those that agree */
  Homography now, shown; /* measured, and smoothed for display; picture -> work frame */
  Point corners[4], velocity[4]; /* of `now`, pixels and pixels a frame */
  Point earlier[4];              /* the velocity one frame before */
  float exposure;                /* share of the time between frames that the shutter is open */
  Point drift[4];                /* running mean of measured minus shown */
  float deviation;
} Follower;

void follower_reset(Follower *follower);
/* Assumptions about blur that a start may try: none, then more and more. */
#define START_TRIALS 3
/* Verifies a hypothesis in this frame; on success the state is ARV_STATE_DETECTED. */
int follower_start(Follower *follower, const Target *target, const Pyramid *frame, const Homography *guess,
                   int trials);
/* Looks for a target that was lost a moment ago where it was last seen; cheaper than a search, and able to do with
 * less of the print. On success the state is ARV_STATE_DETECTED. */
int follower_recover(Follower *follower, const Target *target, const Pyramid *frame);
/* Follows into the next frame, `passed` frames later; returns whether the target is still held. */
int follower_track(Follower *follower, const Target *target, const Pyramid *frame, float passed, int smooth);

#endif
