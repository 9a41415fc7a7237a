#include "follow.h"

#include "maths.h"
#include "memory.h"

/* A new lock must be beyond doubt: this share of the visible patches, at least so many, so well. */
#define START_SHARE 0.30f
#define START_PATCHES 14
#define START_CORRELATION 0.72f
#define START_STRICTNESS 1.15f
#define YOUNG_STRICTNESS 1.12f
/* Where less than this share agrees, one line of a text may have been taken for the whole: its corners are uncertain by
 * 1.5 pixels and more, those of what is right by less than half of one (measured on prints without a hand). */
#define START_SURE_SHARE 0.7f
#define START_DEVIATION 1.0f
/* A held one may be covered for the most part, but what is seen must be certain. */
#define HOLD_SHARE 0.12f
#define HOLD_PATCHES 10
/* Largest standard deviation of a corner that is still reported, in pixels. */
#define MOST_DEVIATION 3.0f
#define VELOCITY_KEPT 0.8f /* share of the last movement expected again: hands slow down more than they speed up */
#define CHANGE_KEPT 0.8f
#define COARSEST 3
#define RECOVERY_FRAMES 45     /* a print that was lost is looked for in its place as long */
#define RECOVERY_SPEED 10.0f   /* pixels a frame; a print that was faster is searched for everywhere at once */
#define RECOVERY_DEVIATION 1.5f
#define YOUNG 4              /* frames */
#define FIRST_EXPOSURE 0.4f /* share of the time between frames that the shutter is open */
#define LEAST_EXPOSURE 0.05f
#define EXPOSURE_GAIN 0.002f /* in correlation, by which another exposure must fit better */
#define EXPOSURE_MOTION 7.0f /* pixels a frame; slower motion says nothing about the exposure */
#define REST_NOISE 0.06f /* pixels; what corners of a print at rest move at least (measured 0.02 to 0.06) */
#define REST_GAIN 0.3f
#define DRIFT_GAIN 0.3f

static const Motion STILL;

void follower_reset(Follower *f) {
  memset(f, 0, sizeof *f);
  f->exposure = FIRST_EXPOSURE;
}

static float share_of(const FitQuality *q) { return q->tried ? (float)q->agreeing / (float)q->tried : 0; }

static float confidence_of(const FitQuality *q) {
  return clampf(root(minf(share_of(q) * 1.25f, 1)) * q->correlation, 0, 1);
}

static void take(Follower *f, const Target *t, const Homography *h, const FitQuality *q) {
  const Image *picture = &t->picture.level[0];
  f->now = *h;
  project_corners(h, (float)picture->width, (float)picture->height, f->corners);
  f->confidence = confidence_of(q);
  f->share = share_of(q);
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

/* The less is seen, the better it must fit: what a hand leaves of a print correlates with 0.88 and more, what only
 * happens to look like it with 0.75 to 0.87 (measured). */
static int fits_for_share(const FitQuality *q) { return q->correlation > clampf(1.00f - 0.39f * share_of(q), 0.65f, 0.88f); }

/* A find has more to prove than a hold. `strictness`: of a find it is what stops a text one line off (0.85 at a share of
 * 0.55, measured); a young lock is allowed a little less, or noise of a dim room makes it flicker. */
static int fits_well(const FitQuality *q, float strictness) {
  return q->correlation > clampf(strictness - 0.5f * share_of(q), START_CORRELATION, 0.88f);
}

static int is_start(const FitQuality *q) {
  return level_is_certain(q) && share_of(q) > START_SHARE && q->agreeing >= START_PATCHES && fits_well(q, START_STRICTNESS) &&
         q->deviation < (share_of(q) < START_SURE_SHARE ? START_DEVIATION : MOST_DEVIATION);
}

/* Fits with an assumed blur, then as the frame's own blur suggests, as long as that does not lose patches. */
static FitQuality fit_blurred(const Target *t, const Pyramid *frame, Homography *h, int coarsest, int *blur, int steps,
                              const Motion *motion, int expected) {
  FitQuality q = fit_homography(t, frame, h, coarsest, *blur, motion, expected);
  for (int n = 0; n < steps && q.level >= 0 && q.blur_change; n++) {
    Homography next = *h;
    FitQuality other = fit_homography(t, frame, &next, 0, *blur + q.blur_change, motion, expected);
    if (other.level < 0 || share_of(&other) < 0.8f * share_of(&q)) break;
    *blur += q.blur_change, *h = next;
    int back = other.blur_change == -q.blur_change;
    q = other;
    if (back) break;
  }
  return q;
}

static void begin(Follower *f, const Target *t, const Homography *h, const FitQuality *q, int blur) {
  take(f, t, h, q);
  memset(f->velocity, 0, sizeof f->velocity), memset(f->earlier, 0, sizeof f->earlier), memset(f->drift, 0, sizeof f->drift);
  f->state = ARV_STATE_DETECTED, f->age = f->missing = 0, f->shown = f->now, f->blur = blur;
}

int follower_start(Follower *f, const Target *t, const Pyramid *frame, const Homography *guess, int trials) {
  static const uint8_t first[START_TRIALS] = {0, 2, 3};
  for (int trial = 0; trial < trials; trial++) {
    Homography h = *guess;
    int blur = first[trial];
    FitQuality q = fit_blurred(t, frame, &h, 2, &blur, MOST_BLUR, &STILL, 0);
    if (!is_start(&q)) continue;
    begin(f, t, &h, &q, blur);
    return 1;
  }
  return 0;
}

/* The corners moved on: `speed` times the last movement, `change` times how much that was more than the one before. */
static int predict(const Follower *f, const Target *t, float speed, float change, Homography *h) {
  const Image *picture = &t->picture.level[0];
  float width = (float)picture->width, height = (float)picture->height;
  Point from[4], to[4];
  picture_corners(width, height, from);
  for (int i = 0; i < 4; i++) {
    to[i].x = f->corners[i].x + f->velocity[i].x * speed + (f->velocity[i].x - f->earlier[i].x) * change;
    to[i].y = f->corners[i].y + f->velocity[i].y * speed + (f->velocity[i].y - f->earlier[i].y) * change;
  }
  return homography_from_quads(from, to, h) && homography_is_plausible(h, width, height, 4096);
}

/* The last movement is that of the middle between two frames. Carried on to this frame, the speed now is half as much
 * again, less half of the speed then. */
static Motion motion_of(const Follower *f, const Target *t, float passed) {
  Motion motion = {f->now, f->exposure / passed};
  if (f->age > 0 && predict(f, t, passed / 3, 0, &motion.from)) motion.share *= 1.5f;
  return motion;
}

/* Starts from the last place or a predicted one, whichever looks most like the print. */
static Homography start_of(const Follower *f, const Target *t, const Pyramid *frame, float passed, const Motion *motion) {
  static const float speeds[][2] = {{VELOCITY_KEPT, 0}, {1, CHANGE_KEPT}};
  int level = mini(2, frame->levels - 1);
  Homography best = f->now, moved;
  float most = fit_correlation(t, frame, &f->now, level, &STILL);
  for (int i = 0; i < (f->age > 1 ? 2 : 1); i++) {
    if (!predict(f, t, speeds[i][0] * passed, speeds[i][1] * passed, &moved)) continue;
    float correlation = fit_correlation(t, frame, &moved, level, motion);
    if (correlation >= most) most = correlation, best = moved;
  }
  return best;
}

/* A young lock that suddenly fits on half as many patches was none, or is one no more. */
static int is_held(const Follower *f, const FitQuality *q) {
  if (f->age < YOUNG && (share_of(q) < 0.5f * f->share || !fits_well(q, YOUNG_STRICTNESS))) return 0;
  if (!level_is_certain(q) || q->agreeing < HOLD_PATCHES || q->deviation > MOST_DEVIATION) return 0;
  return share_of(q) > HOLD_SHARE && fits_for_share(q);
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

/* Whether the shutter is open for a longer or shorter share of the time than assumed: what fits best is
 * believed, half of the way. */
static void learn_exposure(Follower *f, const Target *t, const Pyramid *frame, const Homography *h, const Motion *motion,
                           int level) {
  static const float factors[] = {0.7f, 1.0f, 1.4f};
  float best = -1, factor = 1;
  if (motion_length(motion, t, h) / f->exposure < EXPOSURE_MOTION) return;
  for (int i = 0; i < 3; i++) {
    Motion other = {motion->from, motion->share * factors[i]};
    float correlation = fit_correlation(t, frame, h, level, &other);
    if (factors[i] != 1) correlation -= EXPOSURE_GAIN;
    if (correlation > best) best = correlation, factor = factors[i];
  }
  f->exposure = clampf(f->exposure * (1 + 0.5f * (factor - 1)), LEAST_EXPOSURE, 1);
}

static void move_on(Follower *f, const Target *t, const Homography *h, const FitQuality *q, float passed) {
  Point before[4];
  memcpy(before, f->corners, sizeof before);
  take(f, t, h, q);
  memcpy(f->earlier, f->velocity, sizeof f->earlier);
  for (int i = 0; i < 4; i++) {
    f->velocity[i].x = (f->corners[i].x - before[i].x) / passed;
    f->velocity[i].y = (f->corners[i].y - before[i].y) / passed;
  }
}

int follower_recover(Follower *f, const Target *t, const Pyramid *frame) {
  if (!f->missing || f->missing++ > RECOVERY_FRAMES) return f->missing = 0;
  Homography h = f->now;
  int blur = 0;
  FitQuality q = fit_blurred(t, frame, &h, COARSEST, &blur, 1, &STILL, 1);
  if (q.level > 0 || !is_held(f, &q) || q.deviation > RECOVERY_DEVIATION) return 0;
  begin(f, t, &h, &q, blur);
  f->age = YOUNG;
  return 1;
}

/* Whether it still is about where it was when it is lost: it was covered, and did not run away. */
static int is_slow(const Follower *f) {
  float squared = 1e9f; /* of the slowest corner: covered ones are guessed, and may jump about */
  for (int i = 0; i < 4; i++) {
    Point v = f->velocity[i];
    squared = minf(squared, v.x * v.x + v.y * v.y);
  }
  return squared < RECOVERY_SPEED * RECOVERY_SPEED;
}

/* Whether it moved while the shutter was closed: a jump between frames, or a very short exposure. */
static int is_sharp(const Follower *f, const Target *t, const Pyramid *frame, const Homography *h, const Motion *motion,
                    int level) {
  if (motion_length(motion, t, h) / f->exposure < EXPOSURE_MOTION) return 0;
  return fit_correlation(t, frame, h, level, &STILL) > fit_correlation(t, frame, h, level, motion);
}

int follower_track(Follower *f, const Target *t, const Pyramid *frame, float passed, int smooth) {
  Motion motion = motion_of(f, t, passed);
  Homography h = start_of(f, t, frame, passed, &motion);
  FitQuality q = fit_blurred(t, frame, &h, COARSEST, &f->blur, 1, &motion, 1);
  if (!is_held(f, &q)) {
    h = start_of(f, t, frame, passed, &motion);
    fit_jump(t, frame, &h, &motion);
    q = fit_blurred(t, frame, &h, COARSEST, &f->blur, 1, &motion, 1);
  }
  if (!is_held(f, &q)) {
    f->state = ARV_STATE_NONE, f->missing = f->age >= YOUNG && is_slow(f);
    return 0;
  }
  if (is_sharp(f, t, frame, &h, &motion, q.level)) {
    Homography sharp = h;
    int blur = 0;
    FitQuality other = fit_blurred(t, frame, &sharp, 2, &blur, 1, &STILL, 1);
    if (is_held(f, &other)) h = sharp, q = other, motion = STILL, f->blur = blur;
  }
  if (motion.share > 0) learn_exposure(f, t, frame, &h, &motion, q.level);
  move_on(f, t, &h, &q, passed);
  if (!smooth || f->state != ARV_STATE_TRACKED || !smooth_shown(f, t)) f->shown = f->now;
  f->state = ARV_STATE_TRACKED, f->age++;
  return 1;
}
