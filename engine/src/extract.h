/* Corners with orientation and binary descriptors on a scale pyramid of one picture. */
#ifndef ARV_EXTRACT_H
#define ARV_EXTRACT_H

#include "image.h"

#define EXTRACT_LEVELS 6  /* scales 1, 1/sqrt 2, 1/2, ... */
#define EXTRACT_EDGE 14   /* pixels from a level's border that hold no corner: the descriptor's reach */
#define DESCRIPTOR_BYTES 32
#define ANGLE_STEPS 256   /* units of a full turn in Corner.angle */

typedef struct {
  float x, y;     /* level-0 pixels */
  float response; /* smaller eigenvalue of the gradient covariance */
  float scale;    /* size of its level's pixels in level-0 pixels; less than 1 under a magnifier */
  uint8_t level;
  uint8_t angle;  /* direction towards the brighter side, ANGLE_STEPS to the turn */
} Corner;

typedef struct Extractor Extractor;

/* For pictures of exactly width x height and up to `capacity` corners; NULL without memory. */
Extractor *extractor_new(int width, int height, int capacity);
void extractor_free(Extractor *extractor);

/* Changes the size of the picture, up to that of extractor_new. */
void extractor_resize(Extractor *extractor, int width, int height);
/* Level 0: whoever calls extract() fills it first. */
Image *extractor_picture(Extractor *extractor);
/* Level 0 becomes the window of `frame` from (x, y) on, magnified to fill it; corners are then reported in pixels of
 * `frame`. */
void extractor_magnify(Extractor *extractor, const Image *frame, int x, int y, int zoom);
/* Finds corners on `levels` levels; returns how many. */
int extract(Extractor *extractor, int levels);
const Corner *extracted_corners(const Extractor *extractor);
/* DESCRIPTOR_BYTES each, in the order of the corners. */
const uint8_t *extracted_descriptors(const Extractor *extractor);
/* Pixel size of a level in level-0 pixels. */
float extract_scale(int level);

/* Parts, one file each. */
typedef struct {
  int16_t x, y;
  uint8_t score;
} Candidate;

#define MAX_CANDIDATES 12000

/* Local maxima of the FAST-9 score above `threshold` (Rosten & Drummond 2006); returns how many. */
int fast_corners(const Image *image, int threshold, uint8_t *scores, Candidate *candidates);
/* Smaller eigenvalue of the gradient covariance in 7 x 7 pixels (Shi & Tomasi 1994). */
float corner_response(const Image *image, int x, int y);
/* Direction of the intensity centroid of a disc (Rosin 1999; Rublee et al. 2011, "ORB"). */
uint8_t corner_angle(const Image *blurred, int x, int y);
/* Offsets of the rotated sampling pattern for images of this stride. */
#define PATTERN_TURNS 64
void pattern_offsets(int stride, int32_t *offsets); /* PATTERN_TURNS * 512 values */
void describe(const Image *blurred, int x, int y, uint8_t angle, const int32_t *offsets, uint8_t *bits);

#endif
