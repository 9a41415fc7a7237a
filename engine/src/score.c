#include "score.h"

#include "maths.h"
#include "memory.h"
#include "scene.h"

#define HELD_FRAMES 2       /* frames followed after the first */
#define FOUND_PIXELS 8.0f   /* mean corner error up to which a view counts as found */
#define HELD_PIXELS 3.0f    /* ... and a followed frame as held */
#define SCORE_NOISE 2.5f    /* deviation of the sensor's noise in full light */
#define DARK_NOISE 2.0f     /* ... and how much more in the dark, where cameras amplify */
#define USUAL_SIZE 0.6f
#define STRONG_RESPONSES 600 /* features at which more do not help */

/* The battery: kind, value, and what it weighs in the score. */
static const struct {
  uint8_t kind;
  float value, weight;
} BATTERY[] = {
    {ARV_CHECK_DISTANCE, 0.12f, 2}, {ARV_CHECK_DISTANCE, 0.16f, 3}, {ARV_CHECK_DISTANCE, 0.22f, 5},
    {ARV_CHECK_DISTANCE, 0.3f, 6},  {ARV_CHECK_DISTANCE, 0.45f, 6}, {ARV_CHECK_DISTANCE, 0.65f, 6},
    {ARV_CHECK_DISTANCE, 0.9f, 6},  {ARV_CHECK_DISTANCE, 1.1f, 3},  {ARV_CHECK_TILT, 30, 5},
    {ARV_CHECK_TILT, 45, 5},        {ARV_CHECK_TILT, 55, 4},        {ARV_CHECK_TILT, 60, 3},
    {ARV_CHECK_TILT, 65, 1},        {ARV_CHECK_SPIN, 45, 3},        {ARV_CHECK_SPIN, 100, 3},
    {ARV_CHECK_SPIN, 180, 3},       {ARV_CHECK_LIGHT, 0.5f, 4},     {ARV_CHECK_LIGHT, 0.3f, 4},
    {ARV_CHECK_LIGHT, 0.2f, 3},     {ARV_CHECK_LIGHT, 0.12f, 1},    {ARV_CHECK_BLUR, 1, 4},
    {ARV_CHECK_BLUR, 2, 3},         {ARV_CHECK_BLUR, 4, 2},         {ARV_CHECK_BLUR, 6, 1},
    {ARV_CHECK_COVER, 0.3f, 4},     {ARV_CHECK_COVER, 0.5f, 3},     {ARV_CHECK_COVER, 0.65f, 1},
    {ARV_CHECK_MOTION, 8, 4},       {ARV_CHECK_MOTION, 20, 3},      {ARV_CHECK_MOTION, 35, 1},
};
#define CHECKS ((int)(sizeof BATTERY / sizeof *BATTERY))

struct Score {
  ArvTracker *tracker;
  Target target;
  int next;
  ArvReport report;
};

Score *score_new(const uint8_t *file, uint32_t size, int *error) {
  Score *s = heap_alloc_zero(sizeof *s);
  *error = ARV_ERROR_MEMORY;
  if (!s) return NULL;
  s->tracker = arv_tracker_new(SCENE_WIDTH, SCENE_HEIGHT, 1);
  if (s->tracker) *error = arv_tracker_add(s->tracker, file, size);
  if (*error >= 0) *error = target_load(&s->target, file, size);
  if (*error < 0) {
    score_free(s);
    return NULL;
  }
  s->report.features = s->target.feature_count, s->report.patches = target_spot_count(&s->target);
  s->report.survival = s->report.distinctness = -1, s->report.accuracy_px = -1;
  return s;
}

void score_free(Score *s) {
  if (!s) return;
  arv_tracker_free(s->tracker);
  target_free(&s->target);
  heap_free(s);
}

void score_learned(Score *s, float survival, float distinctness) {
  s->report.survival = survival, s->report.distinctness = distinctness;
}

const ArvReport *score_report(const Score *s) { return &s->report; }

static Scene scene_of(int check) {
  float value = BATTERY[check].value, radians = (float)(PI / 180);
  Scene s = {.size = USUAL_SIZE, .light = 1, .noise = SCORE_NOISE, .seed = (uint32_t)check + 100};
  s.tilt = 10 * radians, s.direction = 0.4f + (float)check, s.spin = 0.05f;
  switch (BATTERY[check].kind) {
    case ARV_CHECK_DISTANCE: s.size = value; break;
    case ARV_CHECK_TILT: s.tilt = value * radians; break;
    case ARV_CHECK_SPIN: s.spin = value * radians; break;
    case ARV_CHECK_LIGHT: s.light = value, s.noise += DARK_NOISE * (1 - value); break;
    case ARV_CHECK_BLUR: s.blur = (int)value; break;
    case ARV_CHECK_COVER: s.cover = value; break;
    default: break;
  }
  return s;
}

/* Mean corner error of the tracker in a scene, -1 when it sees nothing. */
static float run_scene(Score *s, const Scene *scene) {
  Image frame = {SCENE_WIDTH, SCENE_HEIGHT, SCENE_WIDTH, arv_tracker_frame_grey(s->tracker)};
  const Image *picture = &s->target.picture.level[0];
  scene_draw(scene, &s->target.picture, &frame);
  if (arv_tracker_process(s->tracker, ARV_FORMAT_GREY, -1) < 1) return -1;
  const ArvResult *seen = arv_tracker_results(s->tracker);
  Homography h = scene_homography(scene, picture->width, picture->height);
  Point truth[4];
  project_corners(&h, (float)picture->width, (float)picture->height, truth);
  float sum = 0;
  for (int i = 0; i < 4; i++) {
    float dx = seen->corners[2 * i] - truth[i].x, dy = seen->corners[2 * i + 1] - truth[i].y;
    sum += root(dx * dx + dy * dy);
  }
  return sum / 4;
}

static void run_check(Score *s, int index) {
  Scene scene = scene_of(index);
  float step = BATTERY[index].kind == ARV_CHECK_MOTION ? BATTERY[index].value : 2, squares = 0;
  int held = 0;
  ArvCheck *check = &s->report.checks[index];
  arv_tracker_reset(s->tracker);
  float first = run_scene(s, &scene);
  for (int n = 0; n < HELD_FRAMES && first >= 0; n++) {
    scene.x += step / SCENE_WIDTH, scene.seed += 1000;
    float error = run_scene(s, &scene);
    if (error >= 0 && error < HELD_PIXELS) held++, squares += error * error;
  }
  *check = (ArvCheck){BATTERY[index].kind, BATTERY[index].value, first >= 0 && first < FOUND_PIXELS,
                      (float)held / HELD_FRAMES, held ? root(squares / (float)held) : -1};
  s->report.check_count = index + 1;
}

/* Best value of a kind that is found and held; `least` looks for the smallest. */
static float reach(const ArvReport *r, int kind, int least, float none) {
  float best = none;
  int any = 0;
  for (int i = 0; i < r->check_count; i++) {
    const ArvCheck *c = &r->checks[i];
    if (c->kind != kind || !c->found || c->held < 1) continue;
    if (!any || (least ? c->value < best : c->value > best)) best = c->value, any = 1;
  }
  return best;
}

static void fill_heat(Score *s) {
  const Image *picture = &s->target.picture.level[0];
  int sum[ARV_REPORT_GRID * ARV_REPORT_GRID] = {0}, covered = 0;
  for (int i = 0; i < s->target.feature_count; i++) {
    const Feature *f = &s->target.features[i];
    int x = clampi((int)(f->x * ARV_REPORT_GRID / (float)picture->width), 0, ARV_REPORT_GRID - 1);
    int y = clampi((int)(f->y * ARV_REPORT_GRID / (float)picture->height), 0, ARV_REPORT_GRID - 1);
    sum[y * ARV_REPORT_GRID + x] += 16 + f->survival;
  }
  for (int i = 0; i < ARV_REPORT_GRID * ARV_REPORT_GRID; i++) {
    s->report.heat[i] = (uint8_t)mini(sum[i] / 2, 255);
    covered += sum[i] > 60;
  }
  s->report.coverage = (float)covered / (ARV_REPORT_GRID * ARV_REPORT_GRID);
}

static uint32_t advice_of(const Score *s) {
  const ArvReport *r = &s->report;
  uint32_t advice = 0;
  if (r->features < 250 || r->patches < 120) advice |= ARV_ADVICE_LITTLE_TEXTURE;
  if (r->coverage < 0.25f) advice |= ARV_ADVICE_UNEVEN;
  if (r->distinctness >= 0 && r->distinctness < 0.16f) advice |= ARV_ADVICE_REPETITIVE;
  if (r->light_min > 0.25f) advice |= ARV_ADVICE_LOW_CONTRAST;
  if (r->distance_min > 0.25f) advice |= ARV_ADVICE_NOT_FROM_FAR;
  if (r->tilt_max < 50) advice |= ARV_ADVICE_NOT_TILTED;
  if (mini(s->target.source_width, s->target.source_height) < 300) advice |= ARV_ADVICE_SMALL_IMAGE;
  if (r->blur_max < 1.5f) advice |= ARV_ADVICE_BLUR;
  return advice;
}

/* Four fifths from what the battery shows, one fifth from how much there is to hold on to. */
static int total_score(const ArvReport *r) {
  float sum = 0, weights = 0;
  for (int i = 0; i < r->check_count; i++) {
    float precise = r->checks[i].error_px >= 0 ? 1 / (1 + r->checks[i].error_px) : 0;
    sum += BATTERY[i].weight * (float)r->checks[i].found * (0.5f + 0.3f * r->checks[i].held + 0.2f * precise);
    weights += BATTERY[i].weight;
  }
  float plenty = minf((float)r->features / STRONG_RESPONSES, 1) * minf(r->coverage / 0.45f, 1);
  float distinct = r->distinctness < 0 ? 1 : clampf(r->distinctness / 0.3f, 0, 1);
  return roundi(80 * sum / weights + 20 * plenty * distinct);
}

static void finish(Score *s) {
  ArvReport *r = &s->report;
  float squares = 0;
  int count = 0;
  for (int i = 0; i < r->check_count; i++)
    if (r->checks[i].error_px >= 0) squares += r->checks[i].error_px * r->checks[i].error_px, count++;
  r->accuracy_px = count ? root(squares / (float)count) : -1;
  r->distance_min = reach(r, ARV_CHECK_DISTANCE, 1, 1), r->distance_max = reach(r, ARV_CHECK_DISTANCE, 0, 0);
  r->tilt_max = reach(r, ARV_CHECK_TILT, 0, 0), r->light_min = reach(r, ARV_CHECK_LIGHT, 1, 1);
  /* Blur passes of 1.22 pixels add up by their squares. */
  r->blur_max = 1.22f * root(reach(r, ARV_CHECK_BLUR, 0, 0));
  fill_heat(s);
  r->advice = advice_of(s);
  r->score = total_score(r);
}

int score_step(Score *s) {
  if (s->next < CHECKS) run_check(s, s->next++);
  if (s->next < CHECKS) return s->next * 1000 / CHECKS;
  if (s->next == CHECKS) finish(s), s->next++;
  return 1000;
}

/* ---- exports: scoring a file ------------------------------------------------------------------- */

#define MAX_SCORES 4

static Score *jobs[MAX_SCORES];

static Score *job_of(int32_t handle) { return handle >= 1 && handle <= MAX_SCORES ? jobs[handle - 1] : NULL; }

int32_t arv_score_begin(const uint8_t *target, uint32_t size) {
  int slot = 0, error = ARV_ERROR_MEMORY;
  while (slot < MAX_SCORES && jobs[slot]) slot++;
  if (slot == MAX_SCORES) return error;
  if (!target) return ARV_ERROR_ARGUMENT;
  jobs[slot] = score_new(target, size, &error);
  return jobs[slot] ? slot + 1 : error;
}

int32_t arv_score_step(int32_t handle) {
  Score *s = job_of(handle);
  return s ? score_step(s) : ARV_ERROR_ARGUMENT;
}

const ArvReport *arv_score_report(int32_t handle) {
  Score *s = job_of(handle);
  return s && s->next > CHECKS ? &s->report : NULL;
}

void arv_score_free(int32_t handle) {
  Score *s = job_of(handle);
  if (!s) return;
  jobs[handle - 1] = NULL;
  score_free(s);
}
