#include "extract.h"

#include "maths.h"
#include "memory.h"

/* Corners are spread over cells of this many level pixels ... */
#define CELL 40
#define MAX_CELLS 640
/* ... and a cell holds at most this many, so that a small print in a plain room gets its share. */
#define CELL_CORNERS 12
/* Start threshold of FAST: sensor noise of deviation 2-3 stays below it on most pixels. */
#define FAST_THRESHOLD 7

struct Extractor {
  int width, height, stride, capacity, count;
  float zoom, window_x, window_y; /* see extractor_magnify */
  Image level[EXTRACT_LEVELS];
  Image blurred;
  uint8_t *pixels, *scores;
  uint16_t *rows;
  int32_t *offsets;
  Candidate *candidates;
  Corner *corners;
  uint8_t *descriptors;
};

/* Share of the capacity for each level: about the share of the pixels, more for the coarse ones,
 * which survive blur and noise. */
static const float LEVEL_SHARE[EXTRACT_LEVELS] = {0.40f, 0.25f, 0.16f, 0.10f, 0.06f, 0.03f};

float extract_scale(int level) {
  static const float scale[EXTRACT_LEVELS] = {1, 1.41421356f, 2, 2.82842712f, 4, 5.65685425f};
  return scale[level];
}

static uint32_t place_levels(Extractor *e) {
  uint32_t offset = 0;
  for (int n = 0; n < EXTRACT_LEVELS; n++) {
    int w = n % 2 ? roundi((float)e->width / extract_scale(n)) : e->width >> (n / 2);
    int h = n % 2 ? roundi((float)e->height / extract_scale(n)) : e->height >> (n / 2);
    if (n >= 3 && n % 2) w = e->level[n - 2].width / 2, h = e->level[n - 2].height / 2;
    e->level[n] = (Image){w, h, e->stride, e->pixels ? e->pixels + offset : 0};
    offset += (uint32_t)(h * e->stride);
  }
  return offset;
}

Extractor *extractor_new(int width, int height, int capacity) {
  Extractor *e = heap_alloc_zero(sizeof *e);
  if (!e) return NULL;
  e->width = width, e->height = height, e->capacity = capacity;
  e->zoom = 1;
  e->stride = (width + 31) & ~15; /* 16 spare bytes for whole-vector loads at the end of a row */
  uint32_t plane = (uint32_t)(e->stride * height);
  e->pixels = heap_alloc_zero(place_levels(e) + 64);
  e->blurred = (Image){width, height, e->stride, heap_alloc_zero(plane + 64)};
  e->scores = heap_alloc_zero(plane + 64);
  e->rows = heap_alloc_zero((size_t)e->stride * 7 * 2);
  e->offsets = heap_alloc((size_t)PATTERN_TURNS * 512 * 4);
  e->candidates = heap_alloc(MAX_CANDIDATES * sizeof *e->candidates);
  e->corners = heap_alloc((size_t)capacity * sizeof *e->corners);
  e->descriptors = heap_alloc((size_t)capacity * DESCRIPTOR_BYTES);
  int complete = e->pixels && e->blurred.pixels && e->scores && e->rows && e->offsets && e->candidates &&
                 e->corners && e->descriptors;
  if (!complete) {
    extractor_free(e);
    return NULL;
  }
  place_levels(e);
  pattern_offsets(e->stride, e->offsets);
  return e;
}

void extractor_free(Extractor *e) {
  if (!e) return;
  void *parts[] = {e->pixels, e->blurred.pixels, e->scores, e->rows, e->offsets, e->candidates, e->corners,
                   e->descriptors, e};
  for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) heap_free(parts[i]);
}

void extractor_resize(Extractor *e, int width, int height) {
  e->width = width, e->height = height;
  place_levels(e);
}

void extractor_magnify(Extractor *e, const Image *frame, int x, int y, int zoom) {
  Image window = {e->width / zoom, e->height / zoom, frame->stride, frame->pixels + y * frame->stride + x};
  image_resize(&window, &e->level[0]);
  e->zoom = (float)zoom, e->window_x = (float)x, e->window_y = (float)y;
}

Image *extractor_picture(Extractor *e) { return &e->level[0]; }
const Corner *extracted_corners(const Extractor *e) { return e->corners; }
const uint8_t *extracted_descriptors(const Extractor *e) { return e->descriptors; }

typedef struct {
  float response;
  int16_t candidate;
} Ranked;

typedef struct {
  int columns, rows;
  uint8_t count[MAX_CELLS];
  Ranked best[MAX_CELLS][CELL_CORNERS];
} Cells;

static Cells cells; /* scratch of select_corners; static because it is too large for the stack */

static void cell_insert(int cell, float response, int candidate) {
  Ranked *list = cells.best[cell];
  int n = cells.count[cell];
  if (n == CELL_CORNERS) {
    if (response <= list[n - 1].response) return;
    n--;
  }
  for (; n > 0 && list[n - 1].response < response; n--) list[n] = list[n - 1];
  list[n] = (Ranked){response, (int16_t)candidate};
  if (cells.count[cell] < CELL_CORNERS) cells.count[cell]++;
}

static void fill_cells(const Extractor *e, const Image *image, int found) {
  int side = CELL;
  while (((image->width + side - 1) / side) * ((image->height + side - 1) / side) > MAX_CELLS) side += 8;
  cells.columns = (image->width + side - 1) / side, cells.rows = (image->height + side - 1) / side;
  memset(cells.count, 0, sizeof cells.count);
  for (int i = 0; i < found; i++) {
    const Candidate *c = &e->candidates[i];
    int cell = c->y / side * cells.columns + c->x / side;
    cell_insert(cell, corner_response(image, c->x, c->y), i);
  }
}

/* Position of the maximum of the parabola through three scores, relative to the middle one. */
static float peak(int before, int at, int after) {
  int bend = 2 * at - before - after;
  return bend > 0 ? clampf(0.5f * (float)(after - before) / (float)bend, -0.5f, 0.5f) : 0;
}

static void add_corner(Extractor *e, int level, const Candidate *c, float response) {
  const uint8_t *s = e->scores + c->y * e->stride + c->x;
  float sx = (float)e->width / (float)e->level[level].width, sy = (float)e->height / (float)e->level[level].height;
  float x = (float)c->x + peak(s[-1], s[0], s[1]), y = (float)c->y + peak(s[-e->stride], s[0], s[e->stride]);
  uint8_t angle = corner_angle(&e->blurred, c->x, c->y);
  sx /= e->zoom, sy /= e->zoom;
  e->corners[e->count] = (Corner){e->window_x + (x + 0.5f) * sx - 0.5f, e->window_y + (y + 0.5f) * sy - 0.5f, response,
                                  extract_scale(level) / e->zoom, (uint8_t)level, angle};
  describe(&e->blurred, c->x, c->y, angle, e->offsets, e->descriptors + e->count * DESCRIPTOR_BYTES);
  e->count++;
}

/* Takes the best corner of every cell, then the second best of every cell, until there are enough. */
static void select_corners(Extractor *e, int level, int wanted) {
  int last = mini(e->count + wanted, e->capacity);
  for (int rank = 0; rank < CELL_CORNERS; rank++)
    for (int cell = 0; cell < cells.columns * cells.rows; cell++) {
      if (e->count >= last) return;
      if (rank >= cells.count[cell]) continue;
      const Ranked *r = &cells.best[cell][rank];
      add_corner(e, level, &e->candidates[r->candidate], r->response);
    }
}

static void make_level(Extractor *e, int level) {
  if (level == 1) image_resize(&e->level[0], &e->level[1]);
  if (level >= 2) image_halve(&e->level[level - 2], &e->level[level]);
}

int extract(Extractor *e, int levels) {
  e->count = 0;
  for (int n = 0; n < levels && n < EXTRACT_LEVELS; n++) {
    Image *image = &e->level[n];
    if (mini(image->width, image->height) <= 2 * EXTRACT_EDGE) break;
    make_level(e, n);
    int found = fast_corners(image, FAST_THRESHOLD, e->scores, e->candidates);
    fill_cells(e, image, found);
    e->blurred.width = image->width, e->blurred.height = image->height;
    image_blur(image, &e->blurred, e->rows);
    int wanted = levels == 1 ? e->capacity : (int)((float)e->capacity * LEVEL_SHARE[n]);
    select_corners(e, n, wanted);
  }
  return e->count;
}
