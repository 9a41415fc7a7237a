/* Simulated phone views: the print under a pin-hole camera in front of clutter. For learning which
 * features survive, and for the score. */
#ifndef ARV_SCENE_H
#define ARV_SCENE_H

#include "homography.h"
#include "image.h"
#include "maths.h"

#define SCENE_WIDTH 640
#define SCENE_HEIGHT 480

typedef struct {
  float size;      /* print / frame: height, or width if the print is wider in shape than the frame */
  float tilt;      /* radians between the print and the image plane */
  float direction; /* of the tilt's axis, radians */
  float spin;      /* radians in the image plane */
  float x, y;      /* middle of the print from the middle of the frame, in frame sizes */
  float light;     /* 1 = as the picture is */
  float noise;     /* standard deviation of the sensor's noise, grey values */
  int blur;        /* passes of a blur of 1.22 pixels deviation */
  float cover;     /* covered share of the print, from its left */
  uint32_t seed;   /* of background and noise */
} Scene;

/* Where the scene shows a picture of width x height: picture pixels -> frame pixels. */
Homography scene_homography(const Scene *scene, int width, int height);
/* Draws the scene into a SCENE_WIDTH x SCENE_HEIGHT image. Uses static scratch memory. */
void scene_draw(const Scene *scene, const Pyramid *picture, Image *frame);

#endif
