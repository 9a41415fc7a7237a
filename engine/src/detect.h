/* From descriptor matches to a homography hypothesis. */
#ifndef ARV_DETECT_H
#define ARV_DETECT_H

#include "homography.h"
#include "match.h"

#define MAX_MATCHES 1024
#define MAX_HYPOTHESES 12

typedef struct {
  Homography h; /* picture pixels -> frame pixels */
  int support;  /* matches that agree, each spot of the print counted once */
} Hypothesis;

/* Finds up to MAX_HYPOTHESES poses that groups of matches agree on, best first. Deterministic.
 * `frame_size` is the longer side of the frame. Every hypothesis still has to be verified. */
int find_hypotheses(const Target *target, const Corner *corners, const Match *matches, int count, float frame_size,
                    Hypothesis hypotheses[MAX_HYPOTHESES]);

#endif
