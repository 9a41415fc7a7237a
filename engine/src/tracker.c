/* The whole of one frame: track what is held, search for what is not. */
#include "arv_engine.h"
#include "detect.h"
#include "fit.h"
#include "focal.h"
#include "follow.h"
#include "index.h"
#include "maths.h"
#include "memory.h"
#include "pose.h"

/* The picture that is searched and tracked has at most this many pixels on its longer side; camera
 * frames beyond it are reduced first. */
#define WORK_SIDE 800
#define WORK_REDUCED 640
#define FRAME_LEVELS 5
#define FRAME_CORNERS 1500 /* at 640 x 480; fewer miss small prints, more cost matching time (measured) */
/* While something is held, others are searched for in every so many frames only. */
#define SEARCH_EVERY 6
/* Agreeing matches that chance hardly ever brings together (three to six it does, in most frames). */
#define STRONG_SUPPORT 8
/* A print of 12 % of the frame has a dozen corners in the frame as it is; under a magnifier of 2 it has
 * four times as many, and 97 % of such posters are found instead of 19 % (measured). Every search looks at one
 * window: one time where the print was last (the middle, at the start), one time at the next of 3 x 3. */
#define ZOOM 2
#define ZOOM_CORNERS 2200 /* with an index, which costs more a corner, FRAME_CORNERS */
#define ZOOM_LEVELS 2
#define WINDOWS 9
#define ZOOM_CONFIDENCE 0.80f
#define WEAK_CONFIDENCE 0.72f
#define SWEEP 18 /* searches in which every window has its turn */
/* With more targets than this, only those that an index favours are matched, and one more, each in turn, so
 * that none depends on the index alone. */
#define FEW_TARGETS 3
#define FAVOURED 2
#define MAX_TRACKERS 16
#define FOCAL_MAX 65535
/* The focal length is learnt from what is seen well. */
#define SURE_CONFIDENCE 0.6f
#define SURE_DEVIATION 0.4f

struct ArvTracker {
  int width, height, max_targets, target_count, held, max_held, smoothing, visible;
  uint32_t frames;
  int turn;        /* target that is matched next whatever the index says */
  int magnify;     /* the last search of many targets was of the whole frame: the magnifier is next */
  int window;      /* of the next magnified search, 0 to SWEEP - 1 */
  Point last_seen; /* middle of what was held last, work pixels */
  double time_ms;
  uint8_t *grey, *rgba;
  Extractor *extractor; /* its level 0 is level 0 of `frame` */
  Extractor *magnifier; /* for small prints: a window of the frame, twice as large */
  Pyramid frame;
  uint8_t *frame_memory;
  double to_frame; /* frame pixels per work pixel, x and y */
  double to_frame_y;
  Target *targets;
  Index *index; /* NULL when there are so few targets that all are matched */
  Follower *followers;
  Match *matches;
  ArvResult results[ARV_MAX_TRACKED];
  FocalLength focal;
  double focal_known; /* as the host said, 0 when it did not */
  ArvPose pose;
};

static ArvTracker *alive[MAX_TRACKERS];

static int is_alive(const ArvTracker *t) {
  for (int i = 0; i < MAX_TRACKERS; i++)
    if (t && alive[i] == t) return 1;
  return 0;
}

/* ---- set-up ----------------------------------------------------------------------------------- */

static void work_size(const ArvTracker *t, int *width, int *height) {
  int longer = maxi(t->width, t->height);
  *width = t->width, *height = t->height;
  if (longer <= WORK_SIDE) return;
  *width = maxi(t->width * WORK_REDUCED / longer, 32), *height = maxi(t->height * WORK_REDUCED / longer, 32);
}

static int place_frame(ArvTracker *t, int width, int height) {
  t->frame_memory = heap_alloc_zero(pyramid_bytes(width, height, FRAME_LEVELS));
  if (!t->frame_memory) return 0;
  pyramid_place(&t->frame, t->frame_memory, width, height, FRAME_LEVELS, 24);
  t->frame.level[0] = *extractor_picture(t->extractor);
  t->to_frame = (double)t->width / width, t->to_frame_y = (double)t->height / height;
  return 1;
}

static int allocate(ArvTracker *t) {
  int width, height;
  work_size(t, &width, &height);
  t->grey = heap_alloc_zero((size_t)(t->width * t->height));
  t->targets = heap_alloc_zero((size_t)t->max_targets * sizeof *t->targets);
  t->followers = heap_alloc_zero((size_t)t->max_targets * sizeof *t->followers);
  t->matches = heap_alloc(MAX_MATCHES * sizeof *t->matches);
  t->extractor = extractor_new(width, height, FRAME_CORNERS);
  t->magnifier = extractor_new(width, height, t->max_targets > FEW_TARGETS ? FRAME_CORNERS : ZOOM_CORNERS);
  t->index = t->max_targets > FEW_TARGETS ? index_new(t->max_targets) : NULL;
  if (!t->index && t->max_targets > FEW_TARGETS) return 0;
  return t->magnifier && t->grey && t->targets && t->followers && t->matches && t->extractor && place_frame(t, width, height);
}

static void release(ArvTracker *t) {
  for (int i = 0; i < t->target_count; i++) target_free(&t->targets[i]);
  extractor_free(t->extractor), extractor_free(t->magnifier), index_free(t->index);
  void *parts[] = {t->grey, t->rgba, t->targets, t->followers, t->matches, t->frame_memory, t};
  for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) heap_free(parts[i]);
}

/* People hold the print in the middle. */
static void look_ahead(ArvTracker *t) {
  const Image *frame = &t->frame.level[0];
  t->last_seen = (Point){0.5f * (float)frame->width, 0.5f * (float)frame->height}, t->window = 0;
}

ArvTracker *arv_tracker_new(int32_t width, int32_t height, int32_t max_targets) {
  int slot = 0;
  if (width < ARV_FRAME_MIN_SIDE || height < ARV_FRAME_MIN_SIDE || width > ARV_FRAME_MAX_SIDE ||
      height > ARV_FRAME_MAX_SIDE || width * height > ARV_FRAME_MAX_PIXELS || max_targets < 1 ||
      max_targets > ARV_MAX_TARGETS)
    return NULL;
  while (slot < MAX_TRACKERS && alive[slot]) slot++;
  ArvTracker *t = slot < MAX_TRACKERS ? heap_alloc_zero(sizeof *t) : NULL;
  if (!t) return NULL;
  t->width = width, t->height = height, t->max_targets = max_targets;
  t->max_held = ARV_MAX_TRACKED, t->smoothing = 1, t->time_ms = -1;
  if (!allocate(t)) {
    release(t);
    return NULL;
  }
  look_ahead(t);
  focal_reset(&t->focal, width, height);
  return alive[slot] = t;
}

void arv_tracker_free(ArvTracker *t) {
  for (int i = 0; i < MAX_TRACKERS; i++)
    if (t && alive[i] == t) {
      alive[i] = NULL;
      release(t);
    }
}

int32_t arv_tracker_add(ArvTracker *t, const uint8_t *target, uint32_t size) {
  if (!is_alive(t) || !target) return ARV_ERROR_ARGUMENT;
  if (t->target_count >= t->max_targets) return ARV_ERROR_FULL;
  int error = target_load(&t->targets[t->target_count], target, size);
  if (error) return error;
  if (t->index && !index_add(t->index, t->target_count, &t->targets[t->target_count])) {
    target_free(&t->targets[t->target_count]);
    return ARV_ERROR_MEMORY;
  }
  follower_reset(&t->followers[t->target_count]);
  return t->target_count++;
}

uint8_t *arv_tracker_frame_grey(ArvTracker *t) { return is_alive(t) ? t->grey : NULL; }

uint8_t *arv_tracker_frame_rgba(ArvTracker *t) {
  if (!is_alive(t)) return NULL;
  if (!t->rgba) t->rgba = heap_alloc_zero((size_t)(t->width * t->height) * 4);
  return t->rgba;
}

int32_t arv_tracker_reset(ArvTracker *t) {
  if (!is_alive(t)) return ARV_ERROR_ARGUMENT;
  for (int i = 0; i < t->target_count; i++) follower_reset(&t->followers[i]);
  t->held = t->visible = 0, t->time_ms = -1, t->frames = 0, t->turn = 0, t->magnify = 0;
  look_ahead(t);
  if (t->focal_known)
    focal_fix(&t->focal, t->width, t->height, t->focal_known);
  else
    focal_reset(&t->focal, t->width, t->height);
  return ARV_OK;
}

int32_t arv_tracker_option(ArvTracker *t, int32_t option, int32_t value) {
  if (!is_alive(t)) return ARV_ERROR_ARGUMENT;
  if (option == ARV_OPTION_SMOOTHING && (value == 0 || value == 1)) {
    t->smoothing = value;
    return ARV_OK;
  }
  if (option == ARV_OPTION_MAX_TRACKED && value >= 1 && value <= ARV_MAX_TRACKED) {
    t->max_held = value;
    return ARV_OK;
  }
  if (option == ARV_OPTION_FOCAL && value >= 0 && value <= FOCAL_MAX) {
    t->focal_known = value;
    focal_fix(&t->focal, t->width, t->height, t->focal_known);
    return ARV_OK;
  }
  return ARV_ERROR_ARGUMENT;
}

const ArvResult *arv_tracker_results(const ArvTracker *t) { return is_alive(t) ? t->results : NULL; }

/* ---- frames ----------------------------------------------------------------------------------- */

static void take_frame(ArvTracker *t, int format) {
  Image *work = &t->frame.level[0];
  if (format == ARV_FORMAT_RGBA) grey_from_rgba(t->rgba, t->grey, t->width * t->height);
  if (work->width != t->width)
    image_reduce(t->grey, t->width, t->height, work);
  else
    for (int y = 0; y < t->height; y++)
      memcpy(work->pixels + y * work->stride, t->grey + y * t->width, (size_t)t->width);
  pyramid_fill(&t->frame);
}

/* Frames since the last one, by the clock; 1 when it is unknown. */
static float frames_passed(ArvTracker *t, double time_ms) {
  double passed = t->time_ms >= 0 && time_ms > t->time_ms ? (time_ms - t->time_ms) / FRAME_MS : 1;
  t->time_ms = time_ms;
  return (float)(passed > 6 ? 6 : passed);
}

/* Starts on a hypothesis when the frame confirms it. Text looks like other text from afar: what is found with the
 * magnifier or by few matches has to fit better (measured: wrong prints reach 0.70, right ones 0.80 to 1). */
static int start(ArvTracker *t, int index, const Hypothesis *hypothesis, int magnified) {
  Follower *f = &t->followers[index], before = *f; /* knows where a print was lost */
  /* Chance hypotheses have little support and are many: they get one trial. */
  int trials = hypothesis->support >= STRONG_SUPPORT ? START_TRIALS : 1;
  if (!follower_start(f, &t->targets[index], &t->frame, &hypothesis->h, trials)) return 0;
  if (f->confidence >= (magnified ? ZOOM_CONFIDENCE : trials > 1 ? 0 : WEAK_CONFIDENCE)) return 1;
  *f = before;
  return 0;
}

static int search_target(ArvTracker *t, int index, const Extractor *seen, int corners) {
  Hypothesis hypotheses[MAX_HYPOTHESES];
  const Target *target = &t->targets[index];
  int matches = match_target(target, extracted_descriptors(seen), corners, t->matches, MAX_MATCHES);
  float size = (float)maxi(t->frame.level[0].width, t->frame.level[0].height);
  int found = find_hypotheses(target, extracted_corners(seen), t->matches, matches, size, hypotheses);
  for (int i = 0; i < found; i++)
    if (start(t, index, &hypotheses[i], seen == t->magnifier)) return 1;
  return 0;
}

static void search_if_free(ArvTracker *t, int index, const Extractor *seen, int corners) {
  if (t->held < t->max_held && t->followers[index].state == ARV_STATE_NONE)
    t->held += search_target(t, index, seen, corners);
}

/* The free target with the most votes that was not tried, of equals the first; -1 when there is none. */
static int favourite(const ArvTracker *t, const uint32_t *votes, const uint8_t *done) {
  int best = -1;
  for (int i = 0; i < t->target_count; i++)
    if (!done[i] && votes[i] && t->followers[i].state == ARV_STATE_NONE && (best < 0 || votes[i] > votes[best])) best = i;
  return best;
}

static void search_favourites(ArvTracker *t, const Extractor *seen, int corners, int favoured) {
  uint8_t done[ARV_MAX_TARGETS] = {0};
  const uint32_t *votes = index_vote(t->index, extracted_descriptors(seen), corners);
  for (int n = 0, best; n < favoured && (best = favourite(t, votes, done)) >= 0; n++) {
    search_if_free(t, best, seen, corners);
    done[best] = 1;
    /* A print found makes room for one more look: several may lie side by side. */
    if (t->followers[best].state != ARV_STATE_NONE) n--;
  }
  if (seen == t->magnifier) return;
  if (!done[t->turn]) search_if_free(t, t->turn, seen, corners);
  t->turn = (t->turn + 1) % t->target_count;
}

static void search_targets(ArvTracker *t, const Extractor *seen, int corners) {
  if (t->target_count > FEW_TARGETS) {
    search_favourites(t, seen, corners, seen == t->magnifier ? 1 : FAVOURED);
    return;
  }
  for (int i = 0; i < t->target_count; i++) search_if_free(t, i, seen, corners);
}

/* Turns the magnifier to the next window. */
static void magnify_window(ArvTracker *t) {
  /* Middle first, then neighbours of different sides in turn. */
  static const uint8_t column[WINDOWS] = {1, 1, 1, 0, 2, 0, 2, 2, 0}, row[WINDOWS] = {1, 0, 2, 1, 1, 0, 2, 0, 2};
  const Image *frame = &t->frame.level[0];
  int width = frame->width / ZOOM, height = frame->height / ZOOM, n = t->window / 2;
  int x = column[n] * (frame->width - width) / 2, y = row[n] * (frame->height - height) / 2;
  if (t->window % 2 == 0) x = (int)t->last_seen.x - width / 2, y = (int)t->last_seen.y - height / 2;
  x = clampi(x, 0, frame->width - width), y = clampi(y, 0, frame->height - height);
  extractor_magnify(t->magnifier, frame, x, y, ZOOM);
  t->window = (t->window + 1) % SWEEP;
}

static void search(ArvTracker *t) {
  int wanted = mini(t->max_held, t->target_count);
  if (t->held >= wanted || (t->held && t->frames % SEARCH_EVERY)) return;
  /* With many targets the magnifier takes turns with the frame as it is, to halve the time. */
  int many = t->target_count > FEW_TARGETS;
  int whole = !many || !t->magnify;
  t->magnify = whole;
  if (whole) search_targets(t, t->extractor, extract(t->extractor, EXTRACT_LEVELS));
  if (t->held >= wanted || (many && whole)) return;
  magnify_window(t);
  search_targets(t, t->magnifier, extract(t->magnifier, ZOOM_LEVELS));
}

/* What is lost is magnified first where it was. */
static void look_again(ArvTracker *t, const Point corners[4]) {
  float x = 0, y = 0;
  for (int i = 0; i < 4; i++) x += 0.25f * corners[i].x, y += 0.25f * corners[i].y;
  float right = (float)t->frame.level[0].width, bottom = (float)t->frame.level[0].height;
  t->last_seen = (Point){clampf(x, 0, right), clampf(y, 0, bottom)}, t->window = 0;
}

static void follow_targets(ArvTracker *t, float passed) {
  t->held = 0;
  for (int i = 0; i < t->target_count; i++) {
    Follower *f = &t->followers[i];
    if (f->state == ARV_STATE_NONE) continue;
    Point corners[4];
    memcpy(corners, f->corners, sizeof corners);
    if (follower_track(f, &t->targets[i], &t->frame, passed, t->smoothing))
      t->held++;
    else
      look_again(t, corners);
  }
}

/* Target pixels -> frame pixels, for a projection of picture pixels to work pixels. */
static Homography target_to_frame(const ArvTracker *t, const Target *target, const Homography *projection) {
  const Image *picture = &target->picture.level[0];
  Homography out_scale = homography_scale(t->to_frame, t->to_frame_y);
  Homography in_scale = homography_scale((double)picture->width / target->source_width,
                                         (double)picture->height / target->source_height);
  Homography h = homography_multiply(projection, &in_scale);
  return homography_multiply(&out_scale, &h);
}

static void write_result(const ArvTracker *t, int index, ArvResult *out) {
  const Target *target = &t->targets[index];
  const Follower *f = &t->followers[index];
  Homography h = target_to_frame(t, target, &f->shown);
  *out = (ArvResult){.target = index, .state = f->state, .confidence = f->confidence};
  Point corners[4];
  project_corners(&h, (float)target->source_width, (float)target->source_height, corners);
  for (int i = 0; i < 4; i++) out->corners[2 * i] = corners[i].x, out->corners[2 * i + 1] = corners[i].y;
  for (int i = 0; i < 9; i++) out->homography[i] = (float)(h.m[i] / h.m[8]);
}

/* ---- space ------------------------------------------------------------------------------------ */

/* The target's plane in target widths -> frame pixels from the frame's centre. */
static Homography plane_to_frame(const ArvTracker *t, const Target *target, const Homography *projection) {
  double size = target->source_width, x = 0.5 * (size - 1), y = 0.5 * (target->source_height - 1);
  Homography plane = {{size, 0, x, 0, size, y, 0, 0, 1}};
  Homography centre = {{1, 0, -0.5 * (t->width - 1), 0, 1, -0.5 * (t->height - 1), 0, 0, 1}};
  Homography h = target_to_frame(t, target, projection);
  h = homography_multiply(&h, &plane);
  return homography_multiply(&centre, &h);
}

static double ratio_of(const Target *target) { return (double)target->source_height / target->source_width; }

static void learn_focal(ArvTracker *t) {
  for (int i = 0; i < t->target_count && !t->focal.fixed; i++) {
    const Follower *f = &t->followers[i];
    if (f->state != ARV_STATE_TRACKED || f->confidence < SURE_CONFIDENCE || f->deviation > SURE_DEVIATION) continue;
    Homography h = plane_to_frame(t, &t->targets[i], &f->now);
    focal_observe(&t->focal, &h, ratio_of(&t->targets[i]), f->deviation * (float)t->to_frame);
  }
}

const ArvPose *arv_tracker_pose(ArvTracker *t, int32_t target) {
  if (!is_alive(t) || target < 0 || target >= t->target_count) return NULL;
  if (t->followers[target].state == ARV_STATE_NONE) return NULL;
  Homography h = plane_to_frame(t, &t->targets[target], &t->followers[target].shown);
  t->pose.focal = (float)t->focal.focal, t->pose.certainty = t->focal.certainty;
  return pose_from(&h, ratio_of(&t->targets[target]), t->focal.focal, &t->pose) ? &t->pose : NULL;
}

/* ---- the whole of a frame --------------------------------------------------------------------- */

int32_t arv_tracker_process(ArvTracker *t, int32_t format, double time_ms) {
  if (!is_alive(t)) return ARV_ERROR_ARGUMENT;
  if (format != ARV_FORMAT_GREY && !(format == ARV_FORMAT_RGBA && t->rgba)) return ARV_ERROR_ARGUMENT;
  take_frame(t, format);
  float passed = frames_passed(t, time_ms);
  follow_targets(t, passed);
  for (int i = 0; i < t->target_count && t->held < t->max_held; i++)
    if (t->followers[i].state == ARV_STATE_NONE)
      t->held += follower_recover(&t->followers[i], &t->targets[i], &t->frame);
  search(t);
  learn_focal(t);
  t->visible = 0;
  for (int i = 0; i < t->target_count && t->visible < ARV_MAX_TRACKED; i++)
    if (t->followers[i].state != ARV_STATE_NONE) write_result(t, i, &t->results[t->visible++]);
  t->frames++;
  return t->visible;
}
