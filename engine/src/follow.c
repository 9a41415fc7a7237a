#include "follow.h"

#include "maths.h"
#include "memory.h"

/* A new lock must be beyond doubt: this share of the visible patches, at least so many, so well. */
#define START_SHARE 0.30f
#define START_PATCHES 14
#define START_CORRELATION 0.72f
/* A held one may be covered for the most part, but what is seen must be certain. */
#define HOLD_SHARE 0.12f
#define HOLD_PATCHES 10
/* Largest standard deviation of a corner that is still reported, in pixels. */
#define MOST_DEVIATION 3.0f
#define VELOCITY_KEPT 0.8f /* share of the last movement expected again: hands slow down more than they speed up */
#define COARSEST 3
#define REST_NOISE 0.06f /* pixels; what corners of a print at rest move at least (measured 0.02 to 0.06) */
#define REST_GAIN 0.3f
#define DRIFT_GAIN 0.3f

void follower_reset(Follower *f) { memset(f, 0, sizeof *f); }

static float share_of(const FitQuality *q) { return q->tried ? (float)q->agreeing / (float)q->tried : 0; }

static float confidence_of(const FitQuality *q) {
  return clampf(root(minf(share_of(q) * 1.25f, 1)) * q->correlation, 0, 1);
}

static void take(Follower *f, const Target *t, const Homography *h, const FitQuality *q) {
  const Image *picture = &t->picture.level[0];
  f->now = *h;
  project_corners(h, (float)picture->width, (float)picture->height, f->corners);
  f->confidence = confidence_of(q);
  f->deviation = q->deviation;
}

/* Blurred templates on a coarse level look alike: there most of the print must agree, and nearly perfectly.
 * Indexed by frame level. */
static const float LEVEL_SHARE[] = {0, 0.50f, 0.70f, 0.80f};
static const float LEVEL_CORRELATION[] = {0, 0.84f, 0.92f, 0.94f};

static int level_is_certain(const FitQuality *q) {
  return q->level >= 0 && share_of(q) >= LEVEL_SHARE[mini(q->level, 3)] &&
         q->correlation >= LEVEL_CORRELATION[mini(q->level, 3)];
}

static int is_start(const FitQuality *q) {
  return level_is_certain(q) && share_of(q) > START_SHARE && q->agreeing >= START_PATCHES &&
         q->correlation > START_CORRELATION && q->deviation < MOST_DEVIATION;
}

/* Fits with an assumed blur, then as the frame's own blur suggests, as long as that does not lose patches. */
static FitQuality fit_blurred(const Target *t, const Pyramid *frame, Homography *h, int coarsest, int *blur, int steps) {
  FitQuality q = fit_homography(t, frame, h, coarsest, *blur);
  for (int n = 0; n < steps && q.level >= 0 && q.blur_change; n++) {
    Homography next = *h;
    FitQuality other = fit_homography(t, frame, &next, 0, *blur + q.blur_change);
    if (other.level < 0 || share_of(&other) < 0.8f * share_of(&q)) break;
    *blur += q.blur_change, *h = next;
    int back = other.blur_change == -q.blur_change;
    q = other;
    if (back) break;
  }
  return q;
}

int follower_start(Follower *f, const Target *t, const Pyramid *frame, const Homography *guess, int trials) {
  static const uint8_t first[START_TRIALS] = {0, 2, 3};
  for (int trial = 0; trial < trials; trial++) {
    Homography h = *guess;
    int blur = first[trial];
    FitQuality q = fit_blurred(t, frame, &h, 2, &blur, MOST_BLUR);
    if (!is_start(&q)) continue;
    take(f, t, &h, &q);
    memset(f->velocity, 0, sizeof f->velocity);
    f->state = ARV_STATE_DETECTED, f->age = 0, f->shown = f->now, f->blur = blur;
    return 1;
  }
  return 0;
}

static int predict(const Follower *f, const Target *t, float passed, Homography *h) {
  const Image *picture = &t->picture.level[0];
  float width = (float)picture->width, height = (float)picture->height;
  Point from[4], to[4];
  picture_corners(width, height, from);
  for (int i = 0; i < 4; i++) {
    to[i].x = f->corners[i].x + f->velocity[i].x * VELOCITY_KEPT * passed;
    to[i].y = f->corners[i].y + f->velocity[i].y * VELOCITY_KEPT * passed;
  }
  return homography_from_quads(from, to, h) && homography_is_plausible(h, width, height, 4096);
}

/* Starts from the last place or the predicted one, whichever looks more like the print. */
static Homography start_of(const Follower *f, const Target *t, const Pyramid *frame, float passed) {
  Homography moved;
  if (!predict(f, t, passed, &moved)) return f->now;
  int level = mini(2, frame->levels - 1);
  float still = fit_correlation(t, frame, &f->now, level, 24), going = fit_correlation(t, frame, &moved, level, 24);
  return going >= still ? moved : f->now;
}

static int is_held(const FitQuality *q) {
  if (!level_is_certain(q) || q->agreeing < HOLD_PATCHES || q->deviation > MOST_DEVIATION) return 0;
  float share = share_of(q);
  /* The less is seen, the better it must fit. */
  float wanted = share > 0.5f ? 0.65f : 0.65f + (0.5f - share) * 0.4f;
  return share > HOLD_SHARE && q->correlation > wanted;
}

/* At rest the shown corners follow the measured ones slowly, in motion at once. What decides is how far
 * the two are apart, in units of the measurement's own deviation, and whether they keep being apart in the same
 * direction, which noise does not (the idea of the 1 Euro filter, Casiez et al. 2012, with a statistical
 * test in place of a speed). Returns 0 when the result is no projection. */
static int smooth_shown(Follower *f, const Target *t) {
  const Image *picture = &t->picture.level[0];
  Point shown[4], from[4];
  project_corners(&f->shown, (float)picture->width, (float)picture->height, shown);
  picture_corners((float)picture->width, (float)picture->height, from);
  float jump = 0, trend = 0, noise = maxf(f->deviation, REST_NOISE);
  for (int i = 0; i < 4; i++) {
    float dx = f->corners[i].x - shown[i].x, dy = f->corners[i].y - shown[i].y;
    f->drift[i].x += DRIFT_GAIN * (dx - f->drift[i].x), f->drift[i].y += DRIFT_GAIN * (dy - f->drift[i].y);
    jump += dx * dx + dy * dy, trend += f->drift[i].x * f->drift[i].x + f->drift[i].y * f->drift[i].y;
  }
  float surprise = root(maxf(jump, 4 * trend) / 4) / noise, gain = clampf(REST_GAIN + 0.25f * surprise * surprise, 0, 1);
  for (int i = 0; i < 4; i++) {
    shown[i].x += gain * (f->corners[i].x - shown[i].x);
    shown[i].y += gain * (f->corners[i].y - shown[i].y);
  }
  return homography_from_quads(from, shown, &f->shown);
}

int follower_track(Follower *f, const Target *t, const Pyramid *frame, float passed, int smooth) {
  Homography h = start_of(f, t, frame, passed);
  Point before[4];
  memcpy(before, f->corners, sizeof before);
  FitQuality q = fit_blurred(t, frame, &h, COARSEST, &f->blur, 1);
  if (!is_held(&q)) {
    h = start_of(f, t, frame, passed);
    fit_jump(t, frame, &h);
    q = fit_blurred(t, frame, &h, COARSEST, &f->blur, 1);
  }
  if (!is_held(&q)) {
    follower_reset(f);
    return 0;
  }
  take(f, t, &h, &q);
  for (int i = 0; i < 4; i++) {
    f->velocity[i].x = (f->corners[i].x - before[i].x) / passed;
    f->velocity[i].y = (f->corners[i].y - before[i].y) / passed;
  }
  if (!smooth || f->state != ARV_STATE_TRACKED || !smooth_shown(f, t)) f->shown = f->now;
  f->state = ARV_STATE_TRACKED, f->age++;
  return 1;
}
