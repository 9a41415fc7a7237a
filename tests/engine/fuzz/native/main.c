/* Coverage-guided fuzzing of the engine, natively, under AddressSanitizer and UndefinedBehaviorSanitizer.
 *
 *   fuzz TARGET.arvt PRINT.pgm SECONDS SEED FOLDER      mutates, keeps what reaches new code
 *   fuzz TARGET.arvt PRINT.pgm replay CASE              runs one kept case
 *
 * Inside WebAssembly's memory a read past an array does not trap; here it ends the run, and the case
 * that did it is left in FOLDER/finding.case. So is one that works for more than HANG_SECONDS of
 * processor time: on a crowded machine the wall clock says nothing. */
#include "arv_engine.h"
#include "fuzz.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define CORPUS 512
#define MAP 65536
#define HANG_SECONDS 60

void __sanitizer_set_death_callback(void (*callback)(void));
void __sanitizer_cov_trace_pc(void);

static uint8_t reached[MAP], known[MAP];
static Case *corpus[CORPUS], current;
static int corpus_count;
static Seen print;
static char finding[512];

/* GCC calls this at every basic block: an edge is where we came from and where we are (as AFL does). */
__attribute__((no_sanitize("all"))) void __sanitizer_cov_trace_pc(void) {
  static uintptr_t before;
  uintptr_t here = (uintptr_t)__builtin_return_address(0), mixed = (here >> 1) * 0x9e3779b1u >> 8;
  reached[(mixed ^ before) & (MAP - 1)] = 1;
  before = mixed >> 1;
}

static void keep_finding(void) {
  FILE *file = finding[0] ? fopen(finding, "wb") : NULL;
  if (!file) return;
  fwrite(&current, 1, CASE_BYTES(&current), file);
  fclose(file);
  fprintf(stderr, "fuzz: the case is in %s\n", finding);
}

static double clock_of(const Case *c, int n) {
  static const double odd[] = {-1, 0, 1e300, -1e300, 1.0 / 0.0, 0.0 / 0.0, 5};
  return c->clock[n] % 8 == 7 ? n * 33.3 : odd[c->clock[n] % 8];
}

static void give_frame(const Case *c, ArvTracker *tracker, int n) {
  uint8_t *grey = arv_tracker_frame_grey(tracker);
  draw_frame(c, n, &print, grey);
  uint8_t *rgba = c->format == ARV_FORMAT_RGBA ? arv_tracker_frame_rgba(tracker) : NULL;
  for (int i = 0; rgba && i < c->width * c->height; i++) memset(rgba + 4 * i, grey[i], 4);
}

static void check_results(const ArvTracker *tracker, int visible, int copies) {
  const ArvResult *results = arv_tracker_results(tracker);
  if (visible > ARV_MAX_TRACKED || visible > copies) abort();
  for (int i = 0; i < visible; i++) {
    float sum = results[i].confidence;
    for (int k = 0; k < 8; k++) sum += results[i].corners[k];
    for (int k = 0; k < 9; k++) sum += results[i].homography[k];
    if (!(sum - sum == 0) || results[i].target >= copies || results[i].target < 0) abort();
  }
}

static void track(const Case *c) {
  int loaded = 0;
  ArvTracker *tracker = arv_tracker_new(c->width, c->height, 3);
  if (!tracker) return;
  for (int i = 0; i < c->copies; i++) loaded += arv_tracker_add(tracker, c->target, c->size) >= 0;
  arv_tracker_option(tracker, c->option & 3, (c->option >> 2) - 4);
  for (int n = 0; n < c->frames && n < FRAMES; n++) {
    if (n == c->reset_at) arv_tracker_reset(tracker);
    if (c->kind[n] != 6) give_frame(c, tracker, n);
    check_results(tracker, arv_tracker_process(tracker, c->format, clock_of(c, n)), loaded);
  }
  arv_tracker_free(tracker);
}

static void judge(const Case *c) {
  int handle = c->score_steps ? arv_score_begin(c->target, c->size) : -1;
  for (int n = 0; handle > 0 && n < c->score_steps; n++) arv_score_step(handle);
  if (handle > 0) arv_score_report(handle), arv_score_free(handle);
}

static void make(const Case *c) {
  static uint8_t pixels[440 * 340];
  int w = c->picture_width % 440, h = c->picture_height % 340;
  if (!c->compile_steps) return;
  draw_picture(c, &print, pixels, w, h);
  int handle = arv_compile_begin(pixels, w, h, w, h);
  for (int n = 0; handle > 0 && n < c->compile_steps; n++)
    if (arv_compile_step(handle) < 0) break;
  const uint8_t *file = handle > 0 ? arv_compile_data(handle) : NULL;
  ArvTargetInfo info;
  if (file && arv_target_info(file, arv_compile_size(handle), &info)) abort();
  if (handle > 0) arv_compile_free(handle);
}

/* Processor seconds until `hung` is called; 0 for ever. */
static void allow(int seconds) {
  struct itimerval limit = {{0, 0}, {seconds, 0}};
  setitimer(ITIMER_VIRTUAL, &limit, NULL);
}

/* Everything a case asks for; afterwards all memory must be back. */
static void run(const Case *c) {
  ArvTargetInfo info;
  uint8_t *exact = malloc(c->size ? c->size : 1); /* the sanitizer guards its end */
  memcpy(exact, c->target, c->size);
  allow(HANG_SECONDS);
  arv_target_info(exact, c->size, &info);
  free(exact);
  track(c), judge(c), make(c);
  allow(0);
  if (arv_memory_used()) abort();
}

static int is_new(void) {
  int fresh = 0;
  for (int i = 0; i < MAP; i++) fresh += reached[i] && !known[i], known[i] |= reached[i];
  return fresh;
}

static void remember(Chance *chance) {
  int at = corpus_count < CORPUS ? corpus_count++ : 1 + (int)chance_below(chance, CORPUS - 1);
  if (!corpus[at]) corpus[at] = malloc(sizeof current);
  memcpy(corpus[at], &current, CASE_BYTES(&current));
}

static void hung(int signal) {
  (void)signal;
  static const char message[] = "fuzz: a case did not end\n";
  if (write(2, message, sizeof message - 1) < 0) _exit(3);
  keep_finding();
  _exit(3);
}

static int load(const char *path, void *to, size_t most) {
  FILE *file = fopen(path, "rb");
  size_t size = file ? fread(to, 1, most, file) : 0;
  if (file) fclose(file);
  return (int)size;
}

static int open_print(const char *path) {
  static uint8_t bytes[sizeof print.pixels + 64];
  int size = load(path, bytes, sizeof bytes), head = 0;
  if (sscanf((char *)bytes, "P5 %d %d 255%n", &print.width, &print.height, &head) != 2) return 0;
  if (print.width < 1 || print.height < 1 || head + 1 + print.width * print.height > size) return 0;
  memcpy(print.pixels, bytes + head + 1, (size_t)(print.width * print.height));
  return 1;
}

static void first_case(const char *path) {
  current = (Case){.width = 160, .height = 120, .copies = 1, .frames = 3, .reset_at = 9, .option = 20};
  for (int n = 0; n < FRAMES; n++) current.clock[n] = 7, current.pose[n][4] = (int8_t)(4 * n);
  current.size = (uint32_t)load(path, current.target, MAX_TARGET);
}

static long explore(double seconds, Chance *chance) {
  time_t start = time(NULL), told = start;
  long count = 0;
  for (; difftime(time(NULL), start) < seconds; count++) {
    const Case *parent = corpus[chance_below(chance, (uint32_t)corpus_count)];
    memcpy(&current, parent, CASE_BYTES(parent));
    if (chance_below(chance, 5) == 0) memcpy(&current, corpus[0], CASE_BYTES(corpus[0]));
    mutate(&current, corpus[chance_below(chance, (uint32_t)corpus_count)], chance);
    memset(reached, 0, sizeof reached);
    run(&current);
    if (is_new()) remember(chance);
    if (difftime(time(NULL), told) < 60) continue;
    told = time(NULL);
    fprintf(stderr, "fuzz: %ld cases, %d kept\n", count, corpus_count);
  }
  return count;
}

int main(int count, char **words) {
  if (count < 5 || !open_print(words[2])) return fprintf(stderr, "usage: see main.c\n"), 2;
  signal(SIGVTALRM, hung);
  first_case(words[1]);
  if (strcmp(words[3], "replay") == 0) {
    current.size = 0;
    load(words[4], &current, sizeof current);
    run(&current);
    return 0;
  }
  snprintf(finding, sizeof finding, "%s/finding.case", words[5]);
  __sanitizer_set_death_callback(keep_finding);
  Chance chance = {strtoull(words[4], NULL, 10)};
  run(&current), is_new(), remember(&chance);
  long cases = explore(strtod(words[3], NULL), &chance);
  printf("%ld cases, %d kept for new code, no finding\n", cases, corpus_count);
  return 0;
}
