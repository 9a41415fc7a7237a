#include "learn.h"

#include "maths.h"
#include "memory.h"
#include "scene.h"
#include "match.h"

#define LEARN_CORNERS 1000
#define VIEW_CORNERS 500  /* corners on the print that are used of one view */
#define MAX_SERVICES 200000
#define NEAR_PIXELS 3.0f  /* frame pixels at scale 1: the corner is the feature */
#define SERVES_DISTANCE 72 /* bits; a little under what matching accepts */
#define SERVES_RATIO 0.88f
/* After so many corners served in a view, a further one counts half. */
#define ENOUGH 12.0f

/* "Candidate c would have matched corner k of view v rightly." */
typedef struct {
  uint16_t candidate, corner; /* corner: running number over all views */
} Service;

struct Learner {
  const Candidates *candidates;
  const Pyramid *picture;
  Extractor *extractor;
  Service *services;
  int service_count, corner_count, matched, confused;
  uint8_t *corner_view;    /* view of each corner */
  uint8_t *corner_served;
  int16_t *views_survived; /* per candidate: views in which it served */
  int16_t *last_view;
  uint8_t *blocks;         /* descriptors of the candidates, see match.h */
};

static int complete(const Learner *l) {
  return l->extractor && l->services && l->corner_view && l->corner_served && l->views_survived && l->last_view &&
         l->blocks;
}

Learner *learner_new(const Candidates *candidates, const Pyramid *picture) {
  Learner *l = heap_alloc_zero(sizeof *l);
  if (!l) return NULL;
  l->candidates = candidates, l->picture = picture;
  l->extractor = extractor_new(SCENE_WIDTH, SCENE_HEIGHT, LEARN_CORNERS);
  l->services = heap_alloc(MAX_SERVICES * sizeof *l->services);
  l->corner_view = heap_alloc_zero(LEARN_VIEWS * VIEW_CORNERS);
  l->corner_served = heap_alloc_zero(LEARN_VIEWS * VIEW_CORNERS);
  l->views_survived = heap_alloc_zero(MAX_CANDIDATE_FEATURES * sizeof *l->views_survived);
  l->last_view = heap_alloc_zero(MAX_CANDIDATE_FEATURES * sizeof *l->last_view);
  l->blocks = heap_alloc_zero(blocks_bytes(candidates->count));
  if (!complete(l)) {
    learner_free(l);
    return NULL;
  }
  for (int i = 0; i < candidates->count; i++) block_store(l->blocks, i, candidates->descriptor[i]);
  return l;
}

void learner_free(Learner *l) {
  if (!l) return;
  extractor_free(l->extractor);
  void *parts[] = {l->services, l->corner_view, l->corner_served, l->views_survived, l->last_view, l->blocks, l};
  for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) heap_free(parts[i]);
}

/* A random view of the kinds a phone sees. Half of them are tilted by more than 40 degrees and a third is
 * smaller than 30 % of the frame: the hard ones need the most help. */
static Scene draw_scene(int view) {
  Random r = random_seed(1000 + (uint64_t)view);
  Scene s = {.seed = (uint32_t)view + 1, .light = random_range(&r, 0.25f, 1.05f), .noise = random_range(&r, 1.5f, 4)};
  s.size = (float)exponential(random_range(&r, -2.05f, 0.1f)); /* 0.13 .. 1.1 */
  s.tilt = view % 2 ? random_range(&r, 0.70f, 1.08f) : random_range(&r, 0, 0.70f);
  if (s.size < 0.2f) s.tilt *= 0.6f;
  s.direction = random_range(&r, 0, (float)PI), s.spin = random_range(&r, 0, 2 * (float)PI);
  s.x = random_range(&r, -0.1f, 0.1f), s.y = random_range(&r, -0.1f, 0.1f);
  s.blur = view % 3 == 0 ? (int)random_range(&r, 1, 4) : 0;
  return s;
}

static void serve(Learner *l, int view, int candidate) {
  if (l->service_count >= MAX_SERVICES) return;
  l->services[l->service_count++] = (Service){(uint16_t)candidate, (uint16_t)l->corner_count};
  if (l->last_view[candidate] != view + 1) l->views_survived[candidate]++;
  l->last_view[candidate] = (int16_t)(view + 1);
}

/* All candidates that lie where the corner is and beat every candidate that does not. */
static void serve_corner(Learner *l, int view, Point at, float radius, const uint8_t *descriptor) {
  static uint8_t distance[MAX_CANDIDATE_FEATURES + 16];
  static uint8_t near[MAX_CANDIDATE_FEATURES];
  const Candidates *c = l->candidates;
  int right = 255, wrong = 255;
  descriptor_distances(l->blocks, c->count, descriptor, distance);
  for (int i = 0; i < c->count; i++) {
    float dx = c->feature[i].x - at.x, dy = c->feature[i].y - at.y, squared = dx * dx + dy * dy;
    near[i] = squared < radius * radius;
    /* Between near and elsewhere lies doubt: neither right nor wrong. */
    if (near[i])
      right = mini(right, distance[i]);
    else if (squared > 4 * radius * radius)
      wrong = mini(wrong, distance[i]);
  }
  int limit = mini(SERVES_DISTANCE, (int)(SERVES_RATIO * (float)wrong));
  if (right <= SERVES_DISTANCE) l->matched++, l->confused += right > limit;
  if (right > limit) return;
  for (int i = 0; i < c->count; i++)
    if (near[i] && distance[i] <= limit) serve(l, view, i);
  l->corner_view[l->corner_count++] = (uint8_t)view;
}

void learn_view(Learner *l, int view) {
  Scene scene = draw_scene(view);
  const Image *picture = &l->picture->level[0];
  Homography h = scene_homography(&scene, picture->width, picture->height), back;
  if (!homography_invert(&h, &back)) return;
  scene_draw(&scene, l->picture, extractor_picture(l->extractor));
  int corners = extract(l->extractor, EXTRACT_LEVELS), used = 0;
  for (int i = 0; i < corners && used < VIEW_CORNERS; i++) {
    const Corner *corner = &extracted_corners(l->extractor)[i];
    Point at = project(&back, corner->x, corner->y);
    if (at.x < 0 || at.y < 0 || at.x > (float)picture->width - 1 || at.y > (float)picture->height - 1) continue;
    float j[4];
    homography_jacobian(&h, at.x, at.y, j);
    float per_pixel = root(absf(j[0] * j[3] - j[1] * j[2])), radius = NEAR_PIXELS * extract_scale(corner->level);
    serve_corner(l, view, at, radius / maxf(per_pixel, 0.02f),
                 extracted_descriptors(l->extractor) + i * DESCRIPTOR_BYTES);
    used++;
  }
}

/* ---- choosing --------------------------------------------------------------------------------- */

typedef struct {
  int first[MAX_CANDIDATE_FEATURES + 1]; /* services sorted by candidate */
  uint16_t corner[MAX_SERVICES];
  float gain[MAX_CANDIDATE_FEATURES];
  uint8_t chosen[MAX_CANDIDATE_FEATURES];
  float served[LEARN_VIEWS];
} Choice;

static float gain_of(const Learner *l, const Choice *choice, int candidate) {
  float gain = 0;
  for (int k = choice->first[candidate]; k < choice->first[candidate + 1]; k++) {
    int corner = choice->corner[k];
    if (!l->corner_served[corner]) gain += 1 / (1 + choice->served[l->corner_view[corner]] / ENOUGH);
  }
  return gain;
}

static void sort_services(const Learner *l, Choice *choice) {
  int count = l->candidates->count;
  for (int i = 0; i < l->service_count; i++) choice->first[l->services[i].candidate + 1]++;
  for (int i = 0; i < count; i++) choice->first[i + 1] += choice->first[i];
  for (int i = l->service_count - 1; i >= 0; i--)
    choice->corner[--choice->first[l->services[i].candidate + 1]] = l->services[i].corner;
  /* Filling from the back moved every start to its place, one entry further on. */
  for (int i = 0; i < count; i++) choice->first[i] = choice->first[i + 1];
  choice->first[count] = l->service_count;
}

/* The candidate with the largest gain now. Gains only shrink, so one that is still the largest after
 * being brought up to date is the best (lazy greedy, Minoux 1978). */
static int next_best(const Learner *l, Choice *choice) {
  for (;;) {
    int best = -1;
    for (int i = 0; i < l->candidates->count; i++)
      if (!choice->chosen[i] && choice->gain[i] > 0 && (best < 0 || choice->gain[i] > choice->gain[best])) best = i;
    if (best < 0) return -1;
    float before = choice->gain[best];
    choice->gain[best] = gain_of(l, choice, best);
    if (choice->gain[best] >= before * 0.999f) return best;
  }
}

static void mark_served(Learner *l, Choice *choice, int candidate) {
  for (int k = choice->first[candidate]; k < choice->first[candidate + 1]; k++) {
    int corner = choice->corner[k];
    if (l->corner_served[corner]) continue;
    l->corner_served[corner] = 1;
    choice->served[l->corner_view[corner]]++;
  }
}

static void move_to_front(Candidates *c, const int16_t *order, int count, const Learner *l) {
  static Feature feature[KEEP_FEATURES];
  static uint8_t descriptor[KEEP_FEATURES][DESCRIPTOR_BYTES];
  for (int i = 0; i < count; i++) {
    feature[i] = c->feature[order[i]];
    feature[i].survival = (uint8_t)(l->views_survived[order[i]] * 255 / LEARN_VIEWS);
    memcpy(descriptor[i], c->descriptor[order[i]], DESCRIPTOR_BYTES);
  }
  memcpy(c->feature, feature, (size_t)count * sizeof *feature);
  memcpy(c->descriptor, descriptor, (size_t)count * DESCRIPTOR_BYTES);
}

int learn_choose(Learner *l, Candidates *c, float *survival, float *distinctness) {
  int16_t order[KEEP_FEATURES];
  int count = 0, survived = 0;
  Choice *choice = heap_alloc_zero(sizeof *choice);
  if (!choice) return 0;
  sort_services(l, choice);
  for (int i = 0; i < c->count; i++) choice->gain[i] = gain_of(l, choice, i);
  for (int best; count < KEEP_FEATURES && (best = next_best(l, choice)) >= 0; count++) {
    choice->chosen[best] = 1, order[count] = (int16_t)best;
    survived += l->views_survived[best];
    mark_served(l, choice, best);
  }
  heap_free(choice);
  move_to_front(c, order, count, l);
  *survival = count ? (float)survived / (float)(count * LEARN_VIEWS) : 0;
  *distinctness = l->matched ? 1 - (float)l->confused / (float)l->matched : 0;
  return c->count = count;
}
