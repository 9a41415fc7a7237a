#include "fit.h"

#include "align.h"
#include "maths.h"
#include "memory.h"
#include "pass.h"

#define PASSES_FINEST 2
#define ROBUST_STEPS 4
/* A patch counts as seen from this correlation on. Random texture reaches it in 1-2 of 100 cases. */
#define SEEN 0.6f
/* ... and agrees when it lies within this many pixels of its level of where the plane says. */
#define AGREES 1.2f
#define REACH 3.0f       /* pixels of a level a patch may move in one pass */
/* Templates must match this much better, on so many patches, to call a frame more blurred. */
#define BLUR_GAIN 0.01f
#define BLUR_PATCHES 32
#define UNEXPECTED_TURN 0.012 /* radians */
#define FOCAL_PIXELS 600.0    /* of a frame of 640 x 480, roughly */
#define MOST_SMEAR 8.0f  /* pixels of a level */
#define FEWEST_PATCHES 8 /* a homography has 8 parameters, 4 patches; twice that to notice an outlier */

/* What a hand leaves of a print hangs together. Where less than this share of the patches agrees, one is believed
 * when it correlates so well, or when so many of its nearest ones agree as well: a patch of the hand that only happens
 * to look right, far from the others, would turn the whole plane (measured: 14 wrong frames of 1272, now none). */
#define COVERED_SHARE 0.5f
#define CERTAIN 0.80f
#define NEIGHBOURS 5
#define AGREEING_NEIGHBOURS 2
/* ... and the corners are as uncertain as this share of how far they would move without any one patch. */
#define DEPENDENCE_SHARE 0.5f

typedef struct {
  PatchFit fit[FIT_PATCHES];
  int spot[FIT_PATCHES];
  int count, tried;
  Point place[FIT_PATCHES];   /* of all that were tried */
  int number[FIT_PATCHES];    /* of fit[i] among them */
  uint8_t alone[FIT_PATCHES]; /* fit[i] is not believed */
} Patches;

static Patches patches; /* scratch of one pass */

/* Aligns the patches of a pass. Spots are stored best first and well spread, so the first visible
 * ones are the ones to take. */
static void align_patches(const Pass *pass, const Homography *h) {
  const Target *t = pass->target;
  patches.count = patches.tried = 0;
  for (int i = t->spot_first[pass->spot_level]; i < t->spot_first[pass->spot_level + 1]; i++) {
    PatchFit *fit = &patches.fit[patches.count];
    PatchTemplate shape;
    Placed placed;
    if (patches.tried >= FIT_PATCHES) break;
    if (!place_spot(pass, h, &t->spots[i], &placed)) continue;
    if (!patch_template(pass->picture, placed.source.x, placed.source.y, placed.step, placed.motion, &shape)) continue;
    patches.place[patches.tried++] = fit->at = placed.at;
    fit->dx = fit->dy = 0;
    if (!patch_align(pass->frame, &shape, REACH, fit) || fit->correlation <= SEEN) continue;
    patches.alone[patches.count] = 0, patches.number[patches.count] = patches.tried - 1;
    patches.spot[patches.count++] = i;
  }
}

static Point moved(const Pass *pass, const Homography *before_inverse, const Homography *h, Point at) {
  float size = (float)(1 << pass->level), offset = level_offset(pass->level);
  Point q = project(before_inverse, at.x * size + offset, at.y * size + offset);
  Point p = project(h, q.x, q.y);
  return (Point){(p.x - offset) / size, (p.y - offset) / size};
}

/* Residual of a patch under the present homography, in pixels of the level. */
static float residual(const PatchFit *fit, Point now, float *dx, float *dy) {
  *dx = fit->at.x + fit->dx - now.x, *dy = fit->at.y + fit->dy - now.y;
  return root(*dx * *dx + *dy * *dy);
}

static float median_of(float *values, int count) {
  int wanted = count / 2, low = 0, high = count - 1; /* Hoare's selection */
  while (low < high) {
    float pivot = values[wanted];
    int i = low, j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        float swap = values[i];
        values[i++] = values[j], values[j--] = swap;
      }
    }
    if (j < wanted) low = i;
    if (i > wanted) high = j;
  }
  return values[wanted];
}

typedef struct {
  float cut; /* Tukey's limit, pixels of the level */
  float dx[FIT_PATCHES], dy[FIT_PATCHES], length[FIT_PATCHES];
  Point now[FIT_PATCHES];
} Residuals;

static Residuals residuals;

static void measure_residuals(const Pass *pass, const Homography *inverse, const Homography *h) {
  float sorted[FIT_PATCHES];
  Residuals *r = &residuals;
  for (int i = 0; i < patches.count; i++) {
    r->now[i] = moved(pass, inverse, h, patches.fit[i].at);
    sorted[i] = r->length[i] = residual(&patches.fit[i], r->now[i], &r->dx[i], &r->dy[i]);
  }
  r->cut = clampf(4.7f * 1.05f * median_of(sorted, patches.count), 0.6f, 4.0f);
}

/* Adds a patch `times` with its robust weight (Tukey's biweight; Huber & Ronchetti, Robust Statistics, 4.8). */
static void add_patch(const Pass *pass, HomographyStep *step, int i, float times) {
  float size = (float)(1 << pass->level), offset = level_offset(pass->level), part = residuals.length[i] / residuals.cut;
  if (part >= 1 || patches.alone[i]) return;
  float weight = times * (1 - part * part) * (1 - part * part), information[3];
  for (int k = 0; k < 3; k++) information[k] = patches.fit[i].information[k] * weight / (size * size);
  Point at = {residuals.now[i].x * size + offset, residuals.now[i].y * size + offset};
  step_add(step, at, residuals.dx[i] * size, residuals.dy[i] * size, information);
}

static void begin_step(HomographyStep *step, const Pass *pass) {
  double x = 0, y = 0, spread = 0, size = 1 << pass->level;
  for (int i = 0; i < patches.count; i++) x += patches.fit[i].at.x, y += patches.fit[i].at.y;
  x /= patches.count, y /= patches.count;
  for (int i = 0; i < patches.count; i++)
    spread += absd(patches.fit[i].at.x - x) + absd(patches.fit[i].at.y - y);
  spread = spread / patches.count + 1;
  step_begin(step, x * size, y * size, spread * size);
  /* A free parameter may move what it moves by some 30 pixels: invisible beside real patches. */
  step_damp(step, 1e-3);
}

/* How a phone in a hand can have moved from where it was expected: a few degrees at most, which turns and stretches
 * what is seen by a share of its size, and changes its perspective by that share of the angle it spans. This
 * is nothing beside a print in view, and much when all but an edge of it is covered. */
static void expect_motion(HomographyStep *step, const double gone[8]) {
  double stretch = 1 / (UNEXPECTED_TURN * step->scale), bend = 1 / (UNEXPECTED_TURN * step->scale * step->scale / FOCAL_PIXELS + 0.05);
  double linear = stretch * stretch, perspective = bend * bend;
  double information[8] = {linear, linear, 0, linear, linear, 0, perspective, perspective};
  step_expect(step, information, gone);
}

static int agrees(int i) { return residuals.length[i] < AGREES && !patches.alone[i]; }

static int agreeing_neighbours(int number, const uint8_t agreeing[FIT_PATCHES]) {
  float nearest[NEIGHBOURS];
  int agree[NEIGHBOURS] = {0}, count = 0, sum = 0;
  for (int i = 0; i < patches.tried; i++) {
    float dx = patches.place[i].x - patches.place[number].x, dy = patches.place[i].y - patches.place[number].y;
    float distance = dx * dx + dy * dy;
    if (i == number || (count == NEIGHBOURS && distance >= nearest[count - 1])) continue;
    int k = count < NEIGHBOURS ? count++ : NEIGHBOURS - 1;
    for (; k > 0 && nearest[k - 1] > distance; k--) nearest[k] = nearest[k - 1], agree[k] = agree[k - 1];
    nearest[k] = distance, agree[k] = agreeing[i];
  }
  for (int k = 0; k < count; k++) sum += agree[k];
  return sum;
}

/* Marks the patches of a covered print that agree while those around them do not; returns how many. */
static int leave_alone(void) {
  uint8_t agreeing[FIT_PATCHES] = {0};
  int count = 0, left = 0;
  for (int i = 0; i < patches.count; i++)
    if (agrees(i)) agreeing[patches.number[i]] = 1, count++;
  if ((float)count > COVERED_SHARE * (float)patches.tried) return 0;
  for (int i = 0; i < patches.count; i++) {
    if (!agrees(i) || patches.fit[i].correlation > CERTAIN || agreeing_neighbours(patches.number[i], agreeing) >= AGREEING_NEIGHBOURS) continue;
    patches.alone[i] = 1, left++;
  }
  return left;
}

static void make_step(const Pass *pass, HomographyStep *step, const double gone[8], int expected) {
  begin_step(step, pass);
  for (int i = 0; i < patches.count; i++) add_patch(pass, step, i, 1);
  if (expected) expect_motion(step, gone);
}

static int move_plane(const Pass *pass, const Homography *inverse, Homography *h, HomographyStep *step, double gone[8],
                      int expected) {
  for (int n = 0; n < ROBUST_STEPS; n++) {
    measure_residuals(pass, inverse, h);
    make_step(pass, step, gone, expected);
    if (!step_move(step, h, gone)) return 0;
  }
  measure_residuals(pass, inverse, h);
  return 1;
}

/* How far the worst corner would be elsewhere without the one patch that it depends on most, in pixels. */
static float dependence(const Pass *pass, const Homography *h, const double gone[8], int expected) {
  const Image *picture = &pass->target->picture.level[0];
  float width = (float)picture->width, height = (float)picture->height, most = 0;
  Point corners[4], others[4];
  HomographyStep all;
  make_step(pass, &all, gone, expected);
  project_corners(h, width, height, corners);
  for (int i = 0; i < patches.count; i++) {
    HomographyStep less = all;
    Homography other = *h;
    double moved[8];
    if (!agrees(i)) continue;
    memcpy(moved, gone, sizeof moved);
    add_patch(pass, &less, i, -1);
    if (!step_move(&less, &other, moved)) return 1e6f;
    project_corners(&other, width, height, others);
    for (int k = 0; k < 4; k++) {
      float dx = others[k].x - corners[k].x, dy = others[k].y - corners[k].y;
      most = maxf(most, dx * dx + dy * dy);
    }
  }
  return root(most);
}

static int refine(const Pass *pass, Homography *h, FitQuality *quality, int expected) {
  Homography inverse;
  HomographyStep step;
  double gone[8] = {0};
  const Image *picture = &pass->target->picture.level[0];
  float width = (float)picture->width, height = (float)picture->height;
  if (!homography_invert(h, &inverse) || !move_plane(pass, &inverse, h, &step, gone, expected)) return 0;
  if (leave_alone() && !move_plane(pass, &inverse, h, &step, gone, expected)) return 0;
  int agreeing = 0;
  float correlation = 0;
  for (int i = 0; i < patches.count; i++)
    if (agrees(i)) agreeing++, correlation += patches.fit[i].correlation;
  if (agreeing < FEWEST_PATCHES || !homography_is_plausible(h, width, height, 4096)) return 0;
  Point corners[4];
  double variance = 0;
  project_corners(h, width, height, corners);
  for (int i = 0; i < 4; i++) {
    double v = step_variance(&step, corners[i]);
    variance = v > variance ? v : variance;
  }
  float deviation = (float)rootd(variance);
  if ((float)agreeing < COVERED_SHARE * (float)patches.tried)
    deviation = maxf(deviation, DEPENDENCE_SHARE * dependence(pass, h, gone, expected));
  *quality = (FitQuality){patches.tried, agreeing, correlation / (float)agreeing, deviation, pass->level, 0};
  return 1;
}

/* Mean correlation of the agreeing patches, where they were found, with templates `change` octaves softer. */
static float correlation_if(const Pass *pass, const Homography *h, int change) {
  Pass other = *pass;
  other.picture_level += change;
  if (other.picture_level < 0 || other.picture_level >= pass->target->picture.levels) return -1;
  other.picture = &pass->target->picture.level[other.picture_level];
  float sum = 0;
  int count = 0;
  for (int i = 0; i < patches.count && count < BLUR_PATCHES; i++) {
    PatchTemplate shape;
    Placed placed;
    if (!agrees(i) || !place_spot(&other, h, &pass->target->spots[patches.spot[i]], &placed)) continue;
    if (!patch_template(other.picture, placed.source.x, placed.source.y, placed.step, placed.motion, &shape)) continue;
    const PatchFit *fit = &patches.fit[i];
    sum += patch_correlation(pass->frame, &shape, fit->at.x + fit->dx, fit->at.y + fit->dy), count++;
  }
  return count ? sum / (float)count : -1;
}

static int blur_change(const Pass *pass, const Homography *h, int blur, int soft) {
  float now = correlation_if(pass, h, 0);
  if (blur < MOST_BLUR && correlation_if(pass, h, 1) > now + BLUR_GAIN) return 1;
  return blur > 0 && soft > 0 && correlation_if(pass, h, -1) > now - BLUR_GAIN ? -1 : 0;
}

/* The finest level on which motion leaves patches something to be aligned by. */
static int motion_level(float length) {
  int level = 0;
  while (length > MOST_SMEAR * (float)(1 << level)) level++;
  return level;
}

FitQuality fit_homography(const Target *target, const Pyramid *frame, Homography *h, int coarsest, int blur,
                          const Motion *motion, int expected) {
  FitQuality quality = {0, 0, 0, 1e6f, -1, 0};
  int finest = mini(maxi(maxi(blur - 1, 0), motion_level(motion_length(motion, target, h))), frame->levels - 1);
  for (int level = maxi(mini(coarsest, frame->levels - 1), finest); level >= finest; level--) {
    Pass pass = pass_of(target, frame, h, level, maxi(blur - level, 0), motion);
    if (pass.picture_level < 0) break;
    for (int n = 0; n < (level == finest ? PASSES_FINEST : 1); n++) {
      Homography next = *h;
      FitQuality better;
      align_patches(&pass, &next);
      if (patches.count < FEWEST_PATCHES || !refine(&pass, &next, &better, expected)) {
        /* On a coarse level a small print has few patches; the finer ones may still hold it. */
        if (quality.level >= 0 && level < 2) return quality;
        break;
      }
      *h = next, quality = better;
      if (level == finest && n == PASSES_FINEST - 1)
        quality.blur_change = blur_change(&pass, h, blur, maxi(blur - level, 0));
    }
  }
  return quality;
}

