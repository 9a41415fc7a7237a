/* The target's picture drawn as a camera would see it. */
#ifndef ARV_VIEWS_H
#define ARV_VIEWS_H

#include "homography.h"
#include "target.h"

/* Draws `picture` seen through `view` into the extractor, resized to hold it; fills `to_picture`, which
 * takes positions in the drawing back to the picture. Returns 0 when the view is too small to be of use. */
int draw_view(const Pyramid *picture, int view, Extractor *extractor, int room_width, int room_height,
              Homography *to_picture);

#endif
