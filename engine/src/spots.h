/* Choosing the well-textured spots that tracking aligns. */
#ifndef ARV_SPOTS_H
#define ARV_SPOTS_H

#include "target.h"

/* Fills `spots` level after level, the best first, and `count` per level; returns the total. */
int choose_spots(const Pyramid *picture, Spot spots[MAX_SPOTS], int count[PYRAMID_LEVELS]);

#endif
