/* Making a target from a picture, in steps. */
#ifndef ARV_COMPILE_H
#define ARV_COMPILE_H

#include "target.h"
#include "views.h"

#define MAX_CANDIDATE_FEATURES 4096

/* Features of all views, before the best are chosen. */
typedef struct {
  int count;
  Feature feature[MAX_CANDIDATE_FEATURES];
  float response[MAX_CANDIDATE_FEATURES];
  uint8_t descriptor[MAX_CANDIDATE_FEATURES][DESCRIPTOR_BYTES];
} Candidates;

/* Adds the corners of one simulated view. */
void collect_view(Candidates *candidates, const Pyramid *picture, int view, Extractor *extractor, int room_width,
                  int room_height);

#endif
