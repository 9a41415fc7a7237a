/* Looking before aligning: how well a pose fits, and whether a shifted one would fit better. */
#include "align.h"
#include "fit.h"
#include "maths.h"
#include "pass.h"

#define START_SPOTS 24      /* patches by which starts are compared */
#define JUMP_SPOTS 20       /* patches compared per shift */
#define JUMP_REACH 6        /* pixels of the coarse level, in every direction */
#define JUMP_SIDE 30.0f     /* pixels the print should measure on that level */
#define JUMP_FROM 0.55f     /* correlation under which it is worth looking around */

typedef struct {
  PatchTemplate shape;
  Point at;
} Probe;

/* Templates of up to `room` visible spots. */
static int prepare(const Pass *pass, const Homography *h, Probe *probes, int room) {
  const Target *t = pass->target;
  int count = 0;
  if (pass->picture_level < 0) return 0;
  for (int i = t->spot_first[pass->spot_level]; i < t->spot_first[pass->spot_level + 1] && count < room; i++) {
    Placed placed;
    if (!place_spot(pass, h, &t->spots[i], &placed)) continue;
    probes[count].at = placed.at;
    count += patch_template(pass->picture, placed.source.x, placed.source.y, placed.step, placed.motion, &probes[count].shape);
  }
  return count;
}

static float mean_correlation(const Image *frame, const Probe *probes, int count, float dx, float dy) {
  float sum = 0;
  for (int i = 0; i < count; i++)
    sum += patch_correlation(frame, &probes[i].shape, probes[i].at.x + dx, probes[i].at.y + dy);
  return count ? sum / (float)count : 0;
}

float fit_correlation(const Target *target, const Pyramid *frame, const Homography *h, int level, const Motion *motion) {
  static Probe probes[START_SPOTS];
  Pass pass = pass_of(target, frame, h, mini(level, frame->levels - 1), 0, motion);
  int count = prepare(&pass, h, probes, START_SPOTS);
  return mean_correlation(pass.frame, probes, count, 0, 0);
}

static int jump_level(const Target *target, const Pyramid *frame, const Homography *h) {
  const Image *picture = &target->picture.level[0];
  float side = fit_scale(target, frame, h) * (float)mini(picture->width, picture->height);
  int level = 0;
  while (level < frame->levels - 1 && side / (float)(2 << level) >= JUMP_SIDE) level++;
  return level;
}

void fit_jump(const Target *target, const Pyramid *frame, Homography *h, const Motion *motion) {
  static Probe probes[JUMP_SPOTS];
  int level = jump_level(target, frame, h);
  Pass pass = pass_of(target, frame, h, level, 0, motion);
  int count = prepare(&pass, h, probes, JUMP_SPOTS);
  float best = mean_correlation(pass.frame, probes, count, 0, 0), best_x = 0, best_y = 0;
  if (!count || best > JUMP_FROM) return;
  for (int y = -JUMP_REACH; y <= JUMP_REACH; y++)
    for (int x = -JUMP_REACH; x <= JUMP_REACH; x++) {
      float correlation = mean_correlation(pass.frame, probes, count, (float)x, (float)y);
      if (correlation > best) best = correlation, best_x = (float)x, best_y = (float)y;
    }
  Homography shift = {{1, 0, best_x * (float)(1 << level), 0, 1, best_y * (float)(1 << level), 0, 0, 1}};
  *h = homography_multiply(&shift, h);
}
