#include "compile.h"

#include "arv_engine.h"
#include "learn.h"
#include "maths.h"
#include "memory.h"
#include "score.h"
#include "spots.h"

#define MAX_COMPILES 4
#define ROOM 64 /* more pixels than the picture in the drawing of a view */
/* A picture with fewer corners in all its views, or fewer tracking spots, can not be recognised. */
#define FEWEST_FEATURES 40
#define FEWEST_SPOTS 20
/* Features of the target before learning: more than are kept after it, as not all of them serve. */
#define UNLEARNED_FEATURES 1200

typedef struct {
  int stage, step, error;
  int source_width, source_height;
  Pyramid picture;
  uint8_t *picture_memory, *file;
  uint32_t file_size;
  Extractor *extractor;
  Learner *learner;
  Candidates *candidates;
  Spot *spots;
  int spot_count[PYRAMID_LEVELS];
  Score *score;
  float survival, distinctness;
} Compile;

static Compile *jobs[MAX_COMPILES];

static Compile *job_of(int32_t handle) {
  return handle >= 1 && handle <= MAX_COMPILES ? jobs[handle - 1] : NULL;
}

static void picture_size(int width, int height, int *w, int *h) {
  double scale = 1, longer = maxi(width, height), pixels = (double)width * height;
  if (longer > PICTURE_MAX_SIDE) scale = PICTURE_MAX_SIDE / longer;
  if (pixels * scale * scale > PICTURE_MAX_PIXELS) scale = rootd(PICTURE_MAX_PIXELS / pixels);
  *w = maxi((int)(width * scale), 1), *h = maxi((int)(height * scale), 1);
}

static int allocate(Compile *job, int width, int height) {
  job->picture_memory = heap_alloc_zero(pyramid_bytes(width, height, PYRAMID_LEVELS));
  job->file = heap_alloc(ARV_TARGET_MAX_BYTES);
  job->candidates = heap_alloc_zero(sizeof *job->candidates);
  job->spots = heap_alloc(MAX_SPOTS * sizeof *job->spots);
  job->extractor = extractor_new(width + ROOM, height + ROOM, 512);
  return job->picture_memory && job->file && job->candidates && job->spots && job->extractor;
}

static void release(Compile *job) {
  extractor_free(job->extractor);
  learner_free(job->learner);
  score_free(job->score);
  void *parts[] = {job->picture_memory, job->file, job->candidates, job->spots, job};
  for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) heap_free(parts[i]);
}

static int check_size(int w, int h, int source_w, int source_h) {
  if (w < 1 || h < 1 || source_w < w || source_h < h || source_w > 1000000 || source_h > 1000000)
    return ARV_ERROR_ARGUMENT;
  if ((int64_t)w * h > ARV_IMAGE_MAX_PIXELS) return ARV_ERROR_TOO_LARGE;
  if (mini(w, h) < ARV_IMAGE_MIN_SIDE || maxi(w, h) > 20 * mini(w, h)) return ARV_ERROR_TOO_SMALL;
  double stretch = (double)source_w * h / ((double)source_h * w);
  return stretch > 0.95 && stretch < 1.05 ? ARV_OK : ARV_ERROR_ARGUMENT;
}

int32_t arv_compile_begin(const uint8_t *grey, int32_t width, int32_t height, int32_t source_width,
                          int32_t source_height) {
  int slot = 0, w, h, error = grey ? check_size(width, height, source_width, source_height) : ARV_ERROR_ARGUMENT;
  if (error) return error;
  while (slot < MAX_COMPILES && jobs[slot]) slot++;
  Compile *job = slot < MAX_COMPILES ? heap_alloc_zero(sizeof *job) : NULL;
  if (!job) return ARV_ERROR_MEMORY;
  picture_size(width, height, &w, &h);
  if (!allocate(job, w, h)) {
    release(job);
    return ARV_ERROR_MEMORY;
  }
  job->source_width = source_width, job->source_height = source_height;
  pyramid_place(&job->picture, job->picture_memory, w, h, PYRAMID_LEVELS, 12);
  image_reduce(grey, width, height, &job->picture.level[0]);
  pyramid_fill(&job->picture);
  jobs[slot] = job;
  return slot + 1;
}

static int pack_file(Compile *job, const Feature *features, const uint8_t *descriptors, int count) {
  TargetContents contents = {.source_width = job->source_width, .source_height = job->source_height, .score = -1};
  contents.picture = &job->picture.level[0], contents.spots = job->spots;
  memcpy(contents.spot_count, job->spot_count, sizeof job->spot_count);
  contents.feature_count = count, contents.features = features, contents.descriptors = descriptors;
  job->file_size = target_pack(&contents, job->file);
  return job->file_size ? ARV_OK : ARV_ERROR_MEMORY;
}

/* The target that can be used before learning has ended: the same share of every view's best corners. */
static int pack_unlearned(Compile *job) {
  const Candidates *c = job->candidates;
  Feature *features = heap_alloc(UNLEARNED_FEATURES * sizeof *features);
  uint8_t *descriptors = heap_alloc(UNLEARNED_FEATURES * DESCRIPTOR_BYTES);
  int taken = 0, of_view = 0, error = ARV_ERROR_MEMORY;
  for (int i = 0, first = 0; features && descriptors && i < c->count; i++) {
    if (c->feature[i].view != c->feature[first].view) first = i;
    if (i == first)
      for (of_view = 0; i + of_view < c->count && c->feature[i + of_view].view == c->feature[i].view;) of_view++;
    int share = mini(of_view, (of_view * UNLEARNED_FEATURES + c->count - 1) / c->count);
    if (i - first >= share || taken == UNLEARNED_FEATURES) continue;
    features[taken] = c->feature[i];
    memcpy(descriptors + taken++ * DESCRIPTOR_BYTES, c->descriptor[i], DESCRIPTOR_BYTES);
  }
  if (taken) error = pack_file(job, features, descriptors, taken);
  heap_free(features), heap_free(descriptors);
  return error;
}

static int analyse_step(Compile *job) {
  const Image *picture = &job->picture.level[0];
  collect_view(job->candidates, &job->picture, job->step++, job->extractor, picture->width + ROOM,
               picture->height + ROOM);
  if (job->step < VIEWS) return ARV_OK;
  if (job->candidates->count < FEWEST_FEATURES) return ARV_ERROR_NO_TEXTURE;
  if (choose_spots(&job->picture, job->spots, job->spot_count) < FEWEST_SPOTS) return ARV_ERROR_NO_TEXTURE;
  int error = pack_unlearned(job);
  if (error) return error;
  job->learner = learner_new(job->candidates, &job->picture);
  job->stage = ARV_STAGE_LEARN, job->step = 0;
  return job->learner ? ARV_OK : ARV_ERROR_MEMORY;
}

static int learn_step(Compile *job) {
  learn_view(job->learner, job->step++);
  if (job->step < LEARN_VIEWS) return ARV_OK;
  int kept = learn_choose(job->learner, job->candidates, &job->survival, &job->distinctness);
  learner_free(job->learner);
  job->learner = NULL;
  job->stage = ARV_STAGE_PACK, job->step = 0;
  return kept < FEWEST_FEATURES ? ARV_ERROR_NO_TEXTURE : ARV_OK;
}

static int pack(Compile *job) {
  int error = pack_file(job, job->candidates->feature, job->candidates->descriptor[0], job->candidates->count);
  if (!error) job->score = score_new(job->file, job->file_size, &error);
  if (!job->score) return error;
  score_learned(job->score, job->survival, job->distinctness);
  job->stage = ARV_STAGE_SCORE, job->step = 0;
  return ARV_OK;
}

static int progress_of(const Compile *job) {
  switch (job->stage) {
    case ARV_STAGE_ANALYSE: return job->step * 150 / VIEWS;
    case ARV_STAGE_LEARN: return 150 + job->step * 450 / LEARN_VIEWS;
    case ARV_STAGE_PACK: return 600;
    case ARV_STAGE_SCORE: return 620 + mini(job->step * 379 / 1000, 379);
    default: return 1000;
  }
}

static int score_target(Compile *job) {
  job->step = score_step(job->score);
  if (job->step < 1000) return ARV_OK;
  target_set_score(job->file, score_report(job->score)->score);
  job->stage = ARV_STAGE_DONE;
  return ARV_OK;
}

int32_t arv_compile_step(int32_t handle) {
  Compile *job = job_of(handle);
  if (!job) return ARV_ERROR_ARGUMENT;
  if (job->error) return job->error;
  if (job->stage == ARV_STAGE_ANALYSE) {
    job->error = analyse_step(job);
  } else if (job->stage == ARV_STAGE_LEARN) {
    job->error = learn_step(job);
  } else if (job->stage == ARV_STAGE_PACK) {
    job->error = pack(job);
  } else if (job->stage == ARV_STAGE_SCORE) {
    job->error = score_target(job);
  }
  return job->error ? job->error : progress_of(job);
}

int32_t arv_compile_stage(int32_t handle) {
  Compile *job = job_of(handle);
  return job ? job->stage : ARV_ERROR_ARGUMENT;
}

const uint8_t *arv_compile_data(int32_t handle) {
  Compile *job = job_of(handle);
  return job && job->file_size ? job->file : NULL;
}

uint32_t arv_compile_size(int32_t handle) {
  Compile *job = job_of(handle);
  return job ? job->file_size : 0;
}

const ArvReport *arv_compile_report(int32_t handle) {
  Compile *job = job_of(handle);
  return job && job->stage == ARV_STAGE_DONE ? score_report(job->score) : NULL;
}

void arv_compile_free(int32_t handle) {
  Compile *job = job_of(handle);
  if (!job) return;
  jobs[handle - 1] = NULL;
  release(job);
}
