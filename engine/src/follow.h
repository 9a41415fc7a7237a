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
  float confidence;
  Homography now, shown; /* measured, and smoothed for display; picture -> work frame */
  Point corners[4], velocity[4]; /* of `now`, pixels and pixels a frame */
  Point drift[4];                /* running mean of measured minus shown */
  float deviation;
} Follower;

void follower_reset(Follower *follower);
/* Assumptions about blur that a start may try: none, then more and more. */
#define START_TRIALS 3
/* Verifies a hypothesis in this frame; on success the state is ARV_STATE_DETECTED. */
int follower_start(Follower *follower, const Target *target, const Pyramid *frame, const Homography *guess,
                   int trials);
/* Follows into the next frame, `passed` frames later; returns whether the target is still held. */
int follower_track(Follower *follower, const Target *target, const Pyramid *frame, float passed, int smooth);

#endif
