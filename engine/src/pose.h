/* Where a print stands in space, for a camera of known focal length. */
#ifndef ARV_POSE_H
#define ARV_POSE_H

#include "arv_engine.h"
#include "homography.h"

/* `h`: plane (x from -0.5 to 0.5, y from -ratio / 2 to ratio / 2) -> frame pixels from the frame's centre. Fills
 * rotation and translation; 0 when no camera could see this. */
int pose_from(const Homography *h, double ratio, double focal, ArvPose *pose);

#endif
