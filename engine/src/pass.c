#include "pass.h"

#include "align.h"
#include "fit.h"
#include "maths.h"

#define MOST_MOTION 90.0f /* frame pixels within an exposure */
/* Pixels of its level that a spot keeps from the edge of the picture. */
#define SOURCE_EDGE 3
/* A coarse level of the picture has room for a dozen spots, which is no proof of anything. With fewer than this the
 * spots of the next finer level are taken, drawn as the coarse one shows them. */
#define FEWEST_SPOTS 30
#define SCALE_GRID 5 /* points in x and in y at which the scale is taken */

float fit_scale(const Target *target, const Pyramid *frame, const Homography *h) {
  const Image *picture = &target->picture.level[0], *screen = &frame->level[0];
  float sum = 0, middle = 1;
  int count = 0;
  for (int i = 0; i < SCALE_GRID * SCALE_GRID; i++) {
    float x = (float)picture->width * ((float)(i % SCALE_GRID) + 0.5f) / SCALE_GRID;
    float y = (float)picture->height * ((float)(i / SCALE_GRID) + 0.5f) / SCALE_GRID, j[4];
    Point p = project(h, x, y);
    homography_jacobian(h, x, y, j);
    float scale = root(absf(j[0] * j[3] - j[1] * j[2]));
    if (i == SCALE_GRID * SCALE_GRID / 2) middle = scale;
    if (p.x >= 0 && p.y >= 0 && p.x < (float)screen->width && p.y < (float)screen->height) sum += scale, count++;
  }
  return count ? sum / (float)count : middle;
}

static int spot_level(const Target *target, int level) {
  while (level > 0 && target->spot_first[level + 1] - target->spot_first[level] < FEWEST_SPOTS) level--;
  return level;
}

/* The picture level whose pixels are nearest to those of the frame level; -1 if even the finest is
 * so much coarser that its patches would be blank. */
static int picture_level(const Target *target, float scale, int level, int soft) {
  float wanted = (float)level - (float)logarithm2((double)scale);
  if (wanted < -1.2f) return -1;
  int nearest = clampi(maxi(roundi(wanted), 0), 0, target->picture.levels - 1);
  if (level == 0 && nearest > spot_level(target, nearest)) nearest--;
  return clampi(nearest + soft, 0, target->picture.levels - 1);
}

Pass pass_of(const Target *target, const Pyramid *frame, const Homography *h, int level, int soft,
             const Motion *motion) {
  int from = picture_level(target, fit_scale(target, frame, h), level, soft);
  const Image *picture = &target->picture.level[maxi(from, 0)];
  return (Pass){target, &frame->level[level], picture, level, from, level == 0 ? spot_level(target, from) : from, *motion};
}

/* Frame pixels that a point of the picture, seen at p, moves. */
static Point motion_at(const Motion *motion, float x, float y, Point p) {
  if (!(motion->share > 0)) return (Point){0, 0};
  Point q = project(&motion->from, x, y);
  return (Point){clampf((p.x - q.x) * motion->share, -MOST_MOTION, MOST_MOTION),
                 clampf((p.y - q.y) * motion->share, -MOST_MOTION, MOST_MOTION)};
}

float motion_length(const Motion *motion, const Target *target, const Homography *h) {
  const Image *picture = &target->picture.level[0];
  float x = 0.5f * (float)(picture->width - 1), y = 0.5f * (float)(picture->height - 1);
  Point move = motion_at(motion, x, y, project(h, x, y));
  return root(move.x * move.x + move.y * move.y);
}

static int in_picture(const Pass *pass, Point source) {
  return source.x >= SOURCE_EDGE && source.y >= SOURCE_EDGE && source.x <= (float)(pass->picture->width - 1 - SOURCE_EDGE) &&
         source.y <= (float)(pass->picture->height - 1 - SOURCE_EDGE);
}

int place_spot(const Pass *pass, const Homography *h, const Spot *spot, Placed *placed) {
  float spot_size = (float)(1 << pass->spot_level), picture_size = (float)(1 << pass->picture_level);
  float frame_size = (float)(1 << pass->level), j[4];
  float x = (float)spot->x * spot_size + level_offset(pass->spot_level);
  float y = (float)spot->y * spot_size + level_offset(pass->spot_level);
  Point p = project(h, x, y), *at = &placed->at;
  placed->source.x = (x - level_offset(pass->picture_level)) / picture_size;
  placed->source.y = (y - level_offset(pass->picture_level)) / picture_size;
  if (!in_picture(pass, placed->source)) return 0;
  at->x = (p.x - level_offset(pass->level)) / frame_size, at->y = (p.y - level_offset(pass->level)) / frame_size;
  float edge = PATCH_SIDE / 2 + 1, *step = placed->step;
  if (!(at->x > edge && at->y > edge && at->x < (float)pass->frame->width - edge &&
        at->y < (float)pass->frame->height - edge))
    return 0;
  homography_jacobian(h, x, y, j);
  float ratio = frame_size / picture_size / (j[0] * j[3] - j[1] * j[2]);
  step[0] = j[3] * ratio, step[1] = -j[1] * ratio, step[2] = -j[2] * ratio, step[3] = j[0] * ratio;
  Point move = motion_at(&pass->motion, x, y, p);
  placed->motion[0] = move.x / frame_size, placed->motion[1] = move.y / frame_size;
  return 1;
}
