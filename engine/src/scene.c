#include "scene.h"

#include "memory.h"

/* Focal length in frame widths: 53 degrees across, the middle of what phone cameras record with. */
#define FOCAL 1.0f
#define CLUTTER 256 /* side of the background tile; a power of two */
#define NOISE 4096  /* length of the noise table; a power of two */
#define MEAN_GREY 128.0f

static uint8_t clutter[CLUTTER * CLUTTER];
static int8_t noise_table[NOISE]; /* deviation 24 */
static int prepared;

static uint16_t blur_rows[7 * (SCENE_WIDTH + 64)];

/* Value noise of four octaves with boxes on it: as many edges and corners as a shelf or a desk. */
static void prepare(void) {
  static const uint8_t octave[4] = {64, 32, 12, 5};
  Random random = random_seed(7);
  float field[CLUTTER];
  for (int i = 0; i < CLUTTER * CLUTTER; i++) clutter[i] = 110;
  for (int n = 0; n < 900; n++) {
    int size = octave[n % 4], w = 2 + (int)(random_unit(&random) * size), h = 2 + (int)(random_unit(&random) * size);
    int x = (int)(random_bits(&random) % CLUTTER), y = (int)(random_bits(&random) % CLUTTER);
    int value = 20 + (int)(random_unit(&random) * 215);
    for (int v = 0; v < h; v++)
      for (int u = 0; u < w; u++) {
        uint8_t *p = &clutter[(y + v) % CLUTTER * CLUTTER + (x + u) % CLUTTER];
        *p = (uint8_t)((*p + value) / 2);
      }
  }
  for (int i = 0; i < CLUTTER; i++) field[i] = random_normal(&random);
  for (int i = 0; i < CLUTTER * CLUTTER; i++)
    clutter[i] = (uint8_t)clampf((float)clutter[i] + 6 * field[(i * 7 + i / CLUTTER * 31) % CLUTTER], 0, 255);
  for (int i = 0; i < NOISE; i++) noise_table[i] = (int8_t)clampf(24 * random_normal(&random), -127, 127);
  prepared = 1;
}

Homography scene_homography(const Scene *s, int width, int height) {
  float focal = FOCAL * SCENE_WIDTH, fits = minf((float)SCENE_HEIGHT / (float)height, (float)SCENE_WIDTH / (float)width);
  double scale = s->size * fits, depth = focal / scale; /* one picture pixel is one unit of space */
  double ct = cosine(s->tilt), st = sine(s->tilt), cd = cosine(s->direction), sd = sine(s->direction);
  double cs = cosine(s->spin), ss = sine(s->spin);
  /* Turned about the axis (cd, sd) in the print's plane, then in the image plane. */
  double r[6] = {cd * cd + ct * sd * sd, cd * sd * (1 - ct), cd * sd * (1 - ct), sd * sd + ct * cd * cd, -sd * st, cd * st};
  double a = cs * r[0] - ss * r[2], b = cs * r[1] - ss * r[3], c = ss * r[0] + cs * r[2], d = ss * r[1] + cs * r[3];
  double px = 0.5 * (width - 1), py = 0.5 * (height - 1), mx = 0.5 * (SCENE_WIDTH - 1) + s->x * SCENE_WIDTH;
  double my = 0.5 * (SCENE_HEIGHT - 1) + s->y * SCENE_HEIGHT, p = r[4] / depth, q = r[5] / depth;
  Homography middle = {{1, 0, -px, 0, 1, -py, 0, 0, 1}};
  Homography view = {{a * scale + mx * p, b * scale + mx * q, mx, c * scale + my * p, d * scale + my * q, my, p, q, 1}};
  return homography_multiply(&view, &middle);
}

static void draw_clutter(const Scene *s, Image *frame) {
  int x0 = (int)(s->seed * 97u % CLUTTER), y0 = (int)(s->seed * 57u % CLUTTER);
  for (int y = 0; y < frame->height; y++)
    for (int x = 0; x < frame->width; x++)
      frame->pixels[y * frame->stride + x] = clutter[(y + y0) % CLUTTER * CLUTTER + (x + x0) % CLUTTER];
}

/* Mean of 2 x 2 samples over the pixel's footprint. */
static float sample(const Image *image, float x, float y, const float step[4]) {
  float sum = 0;
  for (int i = 0; i < 4; i++) {
    float u = (i & 1) ? 0.25f : -0.25f, v = (i & 2) ? 0.25f : -0.25f;
    sum += image_sample(image, x + step[0] * u + step[1] * v, y + step[2] * u + step[3] * v);
  }
  return 0.25f * sum;
}

static void bounds(const Homography *h, const Image *picture, const Image *frame, int box[4]) {
  Point c[4];
  project_corners(h, (float)picture->width, (float)picture->height, c);
  float low_x = c[0].x, high_x = c[0].x, low_y = c[0].y, high_y = c[0].y;
  for (int i = 1; i < 4; i++) {
    low_x = minf(low_x, c[i].x), high_x = maxf(high_x, c[i].x);
    low_y = minf(low_y, c[i].y), high_y = maxf(high_y, c[i].y);
  }
  box[0] = clampi((int)low_x, 0, frame->width), box[1] = clampi((int)high_x + 2, 0, frame->width);
  box[2] = clampi((int)low_y, 0, frame->height), box[3] = clampi((int)high_y + 2, 0, frame->height);
}

static void draw_print(const Scene *s, const Pyramid *picture, Image *frame) {
  const Image *whole = &picture->level[0];
  Homography h = scene_homography(s, whole->width, whole->height), back;
  float step[4], width = (float)whole->width, height = (float)whole->height;
  int box[4];
  if (!homography_invert(&h, &back)) return;
  Point middle = project(&h, 0.5f * width, 0.5f * height);
  homography_jacobian(&back, middle.x, middle.y, step);
  float area = absf(step[0] * step[3] - step[1] * step[2]);
  int level = clampi(roundi(0.5f * (float)logarithm2(area) - 0.5f), 0, picture->levels - 1);
  float size = (float)(1 << level), covered = s->cover * width;
  for (int i = 0; i < 4; i++) step[i] /= size;
  bounds(&h, whole, frame, box);
  for (int y = box[2]; y < box[3]; y++)
    for (int x = box[0]; x < box[1]; x++) {
      Point p = project(&back, x, y);
      if (p.x < -0.5f + covered || p.y < -0.5f || p.x > width - 0.5f || p.y > height - 0.5f) continue;
      float u = (p.x - level_offset(level)) / size, v = (p.y - level_offset(level)) / size;
      frame->pixels[y * frame->stride + x] = (uint8_t)(sample(&picture->level[level], u, v, step) + 0.5f);
    }
}

static void expose(const Scene *s, Image *frame) {
  Random random = random_seed(s->seed);
  float grain = s->noise / 24;
  for (int y = 0; y < frame->height; y++) {
    uint8_t *row = frame->pixels + y * frame->stride;
    uint32_t at = random_bits(&random);
    for (int x = 0; x < frame->width; x++) {
      float value = (float)row[x] * s->light + grain * (float)noise_table[(at + (uint32_t)x * 5u) % NOISE];
      row[x] = (uint8_t)clampf(value + 0.5f, 0, 255);
    }
  }
}

void scene_draw(const Scene *scene, const Pyramid *picture, Image *frame) {
  if (!prepared) prepare();
  draw_clutter(scene, frame);
  draw_print(scene, picture, frame);
  /* In place: a blurred row is written three rows behind the last one that is read. */
  for (int n = 0; n < scene->blur; n++) image_blur(frame, frame, blur_rows);
  expose(scene, frame);
}
