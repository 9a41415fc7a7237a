/* One match with scale, angle and view already gives an affine guess of the pose; all guesses are tried
 * and each is judged by how many other matches it explains. That needs no luck in drawing samples, so
 * it works with 3 % of right matches. Then four-point samples among the supporters of the best guesses
 * (RANSAC, Fischler & Bolles 1981) and robust least squares. */
#include "detect.h"

#include "maths.h"
#include "memory.h"

#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

/* A guess predicts other matches up to this error: a share of the distance, plus a constant. Angles are
 * known to some 8 degrees, scales to 15 %, and perspective is not modelled yet. */
#define GUESS_SHARE 0.28f
#define GUESS_PIXELS 6.0f
#define SHAPE_CHANGE 0.55f /* largest relative difference of two local affine maps on one print */
/* Verification by correlation is so sharp that three agreeing matches are worth a look. */
#define LEAST_SUPPORT 3
#define SAMPLES 160        /* four-point samples per hypothesis */
#define INLIER_PIXELS 3.0f /* at scale 1; grows with the corner's scale */

typedef struct {
  float fx, fy, mx, my; /* frame and picture position */
  float a[4];           /* picture -> frame, local */
  float norm;           /* of a, squared */
  float tolerance;
} Pair;

static Pair pairs[MAX_MATCHES];
static uint8_t taken[MAX_MATCHES]; /* matches explained by a hypothesis found already */
static int16_t group[MAX_MATCHES];
/* Bit k of row i: pair i, as a guess, explains pair k. Worked out once, as every trial asks again. */
#define ROW_WORDS (MAX_MATCHES / 64)
static uint64_t explained[MAX_MATCHES][ROW_WORDS];

static void prepare_pair(const Target *t, const Corner *corner, const Match *match, Pair *pair) {
  const Feature *f = &t->features[match->feature];
  double angle = corner->angle * 2 * PI / ANGLE_STEPS;
  float scale = corner->scale, c = scale * (float)cosine(angle), s = scale * (float)sine(angle);
  const float *b = f->to_patch;
  *pair = (Pair){corner->x, corner->y, f->x, f->y,
                 {c * b[0] - s * b[2], c * b[1] - s * b[3], s * b[0] + c * b[2], s * b[1] + c * b[3]}, 0, scale};
  for (int i = 0; i < 4; i++) pair->norm += pair->a[i] * pair->a[i];
}

/* Counts the places in the picture (24 x 24 grid) that the flagged pairs cover: many matches of one spot
 * count once. */
static int count_places(const Target *t, const int16_t *list, int count) {
  uint32_t rows[24] = {0};
  int places = 0;
  float sx = 24.0f / (float)t->picture.level[0].width, sy = 24.0f / (float)t->picture.level[0].height;
  for (int i = 0; i < count; i++) {
    const Pair *p = &pairs[list[i]];
    rows[clampi((int)(p->my * sy), 0, 23)] |= 1u << clampi((int)(p->mx * sx), 0, 23);
  }
  for (int i = 0; i < 24; i++) places += __builtin_popcount(rows[i]);
  return places;
}

#ifdef __wasm_simd128__

/* The pairs again, number by number, so that a vector holds the same of four of them. */
static struct {
  float fx[MAX_MATCHES], fy[MAX_MATCHES], mx[MAX_MATCHES], my[MAX_MATCHES], a[4][MAX_MATCHES], norm[MAX_MATCHES];
} columns;

static void fill_columns(int count) {
  for (int i = 0; i < count; i++) {
    const Pair *p = &pairs[i];
    columns.fx[i] = p->fx, columns.fy[i] = p->fy, columns.mx[i] = p->mx, columns.my[i] = p->my;
    for (int k = 0; k < 4; k++) columns.a[k][i] = p->a[k];
    columns.norm[i] = p->norm;
  }
}

static inline v128_t times(float a, v128_t b) { return wasm_f32x4_mul(wasm_f32x4_splat(a), b); }
static inline v128_t minus(v128_t a, float b) { return wasm_f32x4_sub(a, wasm_f32x4_splat(b)); }
static inline v128_t square_sum(v128_t a, v128_t b) { return wasm_f32x4_add(wasm_f32x4_mul(a, a), wasm_f32x4_mul(b, b)); }

/* Which of the pairs k to k + 3 have a shape like the guess's. */
static v128_t alike(const Pair *guess, int k) {
  v128_t change = wasm_f32x4_splat(0), norm = wasm_f32x4_pmax(wasm_f32x4_splat(guess->norm), wasm_v128_load(columns.norm + k));
  for (int i = 0; i < 4; i++) {
    v128_t d = minus(wasm_v128_load(columns.a[i] + k), guess->a[i]);
    change = wasm_f32x4_add(change, wasm_f32x4_mul(d, d));
  }
  return wasm_f32x4_lt(change, times(SHAPE_CHANGE * SHAPE_CHANGE, norm));
}

/* As `explains`, operation by operation, for the pairs k to k + 3: one bit each. */
static uint32_t explains_four(const Pair *guess, int k) {
  v128_t dx = minus(wasm_v128_load(columns.mx + k), guess->mx), dy = minus(wasm_v128_load(columns.my + k), guess->my);
  v128_t px = wasm_f32x4_add(times(guess->a[0], dx), times(guess->a[1], dy));
  v128_t py = wasm_f32x4_add(times(guess->a[2], dx), times(guess->a[3], dy));
  v128_t ex = wasm_f32x4_sub(minus(wasm_v128_load(columns.fx + k), guess->fx), px);
  v128_t ey = wasm_f32x4_sub(minus(wasm_v128_load(columns.fy + k), guess->fy), py);
  v128_t limit = wasm_f32x4_add(wasm_f32x4_splat(GUESS_PIXELS * guess->tolerance),
                                times(GUESS_SHARE, wasm_f32x4_sqrt(square_sum(px, py))));
  v128_t far = wasm_f32x4_gt(square_sum(ex, ey), wasm_f32x4_mul(limit, limit));
  if (wasm_i32x4_all_true(far)) return 0;
  return wasm_i32x4_bitmask(wasm_v128_andnot(alike(guess, k), far));
}

static uint64_t explained_word(int guess, int from, int to) {
  uint64_t bits = 0;
  for (int k = from; k < to; k += 4) bits |= (uint64_t)explains_four(&pairs[guess], k) << (k & 63);
  return to - from < 64 ? bits & ((1ull << (to - from)) - 1) : bits;
}

#else

static void fill_columns(int count) { (void)count; }

static int explains(const Pair *guess, const Pair *p) {
  float dx = p->mx - guess->mx, dy = p->my - guess->my;
  float px = guess->a[0] * dx + guess->a[1] * dy, py = guess->a[2] * dx + guess->a[3] * dy;
  float ex = p->fx - guess->fx - px, ey = p->fy - guess->fy - py;
  float limit = GUESS_PIXELS * guess->tolerance + GUESS_SHARE * root(px * px + py * py);
  if (ex * ex + ey * ey > limit * limit) return 0;
  float change = 0;
  for (int i = 0; i < 4; i++) change += (p->a[i] - guess->a[i]) * (p->a[i] - guess->a[i]);
  return change < SHAPE_CHANGE * SHAPE_CHANGE * (p->norm > guess->norm ? p->norm : guess->norm);
}

static uint64_t explained_word(int guess, int from, int to) {
  uint64_t bits = 0;
  for (int k = from; k < to; k++) bits |= (uint64_t)explains(&pairs[guess], &pairs[k]) << (k & 63);
  return bits;
}

#endif

static void explain_all(int count) {
  fill_columns(count);
  for (int i = 0; i < count; i++)
    for (int word = 0; word * 64 < count; word++)
      explained[i][word] = explained_word(i, 64 * word, mini(64 * word + 64, count));
}

/* The pairs not yet taken that `guess` explains. */
static int gather(int guess, int count, int16_t *list) {
  int n = 0;
  for (int word = 0; word * 64 < count; word++)
    for (uint64_t bits = explained[guess][word]; bits; bits &= bits - 1) {
      int k = 64 * word + __builtin_ctzll(bits);
      if (!taken[k]) list[n++] = (int16_t)k;
    }
  return n;
}

/* The guess that explains most; its supporters are left in `group`. */
static int best_guess(const Target *t, int count) {
  int best = -1, most = 0;
  for (int i = 0; i < count; i++) {
    if (taken[i]) continue;
    int n = gather(i, count, group);
    if (n <= most || n < LEAST_SUPPORT) continue;
    int places = count_places(t, group, n);
    if (places > most) most = places, best = i;
  }
  return most >= LEAST_SUPPORT ? best : -1;
}

static float error_of(const Homography *h, const Pair *p) {
  Point q = project(h, p->mx, p->my);
  float dx = q.x - p->fx, dy = q.y - p->fy;
  return root(dx * dx + dy * dy) / p->tolerance;
}

static float support_of(const Homography *h, const int16_t *list, int count, float limit) {
  float sum = 0; /* MSAC: near matches count more (Torr & Zisserman 2000) */
  for (int i = 0; i < count; i++) {
    float part = error_of(h, &pairs[list[i]]) / limit;
    if (part < 1) sum += 1 - part * part;
  }
  return sum;
}

static int draw_four(Random *random, const int16_t *list, int count, Point from[4], Point to[4]) {
  int drawn[4];
  for (int i = 0; i < 4; i++) {
    drawn[i] = (int)(random_bits(random) % (uint32_t)count);
    for (int k = 0; k < i; k++)
      if (drawn[k] == drawn[i]) return 0;
    const Pair *p = &pairs[list[drawn[i]]];
    from[i] = (Point){p->mx, p->my}, to[i] = (Point){p->fx, p->fy};
  }
  return 1;
}

/* Every triple of the four must turn the same way in picture and frame, and be no sliver. */
static int same_order(const Point a[4], const Point b[4]) {
  static const uint8_t triples[4][3] = {{0, 1, 2}, {0, 1, 3}, {0, 2, 3}, {1, 2, 3}};
  for (int i = 0; i < 4; i++) {
    const uint8_t *t = triples[i];
    float p = (a[t[1]].x - a[t[0]].x) * (a[t[2]].y - a[t[0]].y) - (a[t[1]].y - a[t[0]].y) * (a[t[2]].x - a[t[0]].x);
    float q = (b[t[1]].x - b[t[0]].x) * (b[t[2]].y - b[t[0]].y) - (b[t[1]].y - b[t[0]].y) * (b[t[2]].x - b[t[0]].x);
    if (p * q <= 0 || absf(p) < 60 || absf(q) < 20) return 0;
  }
  return 1;
}

/* Robust least squares from a start, with a limit that shrinks to INLIER_PIXELS. */
static int polish(Homography *h, const int16_t *list, int count, float start) {
  float limit = start;
  for (int round = 0; round < 6; round++, limit = maxf(limit * 0.7f, INLIER_PIXELS)) {
    HomographyStep step;
    double x = 0, y = 0, used = 0;
    for (int i = 0; i < count; i++)
      if (error_of(h, &pairs[list[i]]) < limit) x += pairs[list[i]].fx, y += pairs[list[i]].fy, used++;
    if (used < 4) return 0;
    step_begin(&step, x / used, y / used, 100);
    /* With few matches perspective is guesswork: hold all parameters to what is known. */
    step_damp(&step, 2e-3);
    for (int i = 0; i < count; i++) {
      const Pair *p = &pairs[list[i]];
      float part = error_of(h, p) / limit;
      if (part >= 1) continue;
      float w = (1 - part * part) * (1 - part * part) / (p->tolerance * p->tolerance);
      Point at = project(h, p->mx, p->my);
      step_add(&step, at, p->fx - at.x, p->fy - at.y, (float[3]){w, 0, w});
    }
    if (!step_apply(&step, h)) return 0;
  }
  return 1;
}

static Homography affine_of(const Pair *p) {
  const float *a = p->a;
  return (Homography){{a[0], a[1], p->fx - a[0] * p->mx - a[1] * p->my, a[2], a[3],
                       p->fy - a[2] * p->mx - a[3] * p->my, 0, 0, 1}};
}

static int best_sample(const Target *t, const int16_t *list, int count, float frame_size, Homography *best) {
  Random random = random_seed((uint64_t)count);
  float most = 0, width = (float)t->picture.level[0].width, height = (float)t->picture.level[0].height;
  for (int n = 0; n < SAMPLES && count >= 4; n++) {
    Point from[4], to[4];
    Homography h;
    if (!draw_four(&random, list, count, from, to) || !same_order(from, to)) continue;
    if (!homography_from_quads(from, to, &h) || !homography_is_plausible(&h, width, height, frame_size)) continue;
    float support = support_of(&h, list, count, INLIER_PIXELS);
    if (support > most) most = support, *best = h;
  }
  return most > 4.5f;
}

static int16_t supporters(const Homography *h, int count, int16_t *list) {
  int16_t n = 0;
  for (int i = 0; i < count; i++)
    if (!taken[i] && error_of(h, &pairs[i]) < 1.5f * INLIER_PIXELS) list[n++] = (int16_t)i;
  return n;
}

/* The better of a sampled and an affine start, both polished on the supporters of one guess. */
static int hypothesis_from(const Target *t, int guess, int count, float frame_size, Hypothesis *out) {
  float width = (float)t->picture.level[0].width, height = (float)t->picture.level[0].height, most = 0;
  int n = gather(guess, count, group);
  Homography start[2] = {affine_of(&pairs[guess]), affine_of(&pairs[guess])};
  int sampled = best_sample(t, group, n, frame_size, &start[1]);
  for (int i = 0; i < 1 + sampled; i++) {
    if (!polish(&start[i], group, n, i ? 2 * INLIER_PIXELS : 20)) continue;
    if (!homography_is_plausible(&start[i], width, height, frame_size)) continue;
    float support = support_of(&start[i], group, n, INLIER_PIXELS);
    if (support > most) most = support, out->h = start[i];
  }
  if (most <= 0) return 0;
  n = supporters(&out->h, count, group);
  out->support = count_places(t, group, n);
  for (int i = 0; i < n; i++) taken[group[i]] = 1;
  return out->support >= LEAST_SUPPORT;
}

int find_hypotheses(const Target *t, const Corner *corners, const Match *matches, int count, float frame_size,
                    Hypothesis hypotheses[MAX_HYPOTHESES]) {
  int found = 0;
  count = mini(count, MAX_MATCHES);
  for (int i = 0; i < count; i++) prepare_pair(t, &corners[matches[i].corner], &matches[i], &pairs[i]);
  memset(taken, 0, sizeof taken);
  explain_all(count);
  for (int trial = 0; trial < MAX_HYPOTHESES; trial++) {
    int guess = best_guess(t, count);
    if (guess < 0) break;
    taken[guess] = 0;
    if (hypothesis_from(t, guess, count, frame_size, &hypotheses[found])) found++;
    taken[guess] = 1;
  }
  return found;
}
