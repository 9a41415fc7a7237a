/* One case of the fuzzer: what to do (a recipe of plain numbers) and the target file to do it with. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

#define MAX_TARGET 150100 /* a little more than the engine accepts */
#define FRAMES 5

typedef struct {
  uint16_t width, height;
  uint8_t format, copies, frames, option, reset_at, score_steps, compile_steps, padding;
  uint8_t kind[FRAMES], clock[FRAMES];
  int8_t pose[FRAMES][6]; /* affine from frame to picture: see frames.c */
  uint16_t picture_width, picture_height;
  uint32_t noise, size;
  uint8_t target[MAX_TARGET];
} Case;

#define CASE_BYTES(c) (offsetof(Case, target) + (c)->size)

/* A pseudo-random number generator with visible state (Steele, Lea, Flood 2014, "SplitMix"). */
typedef struct {
  uint64_t state;
} Chance;

uint32_t chance_bits(Chance *chance);
uint32_t chance_below(Chance *chance, uint32_t limit); /* 0 .. limit - 1; 0 for limit 0 */

/* frames.c: what the camera and the uploader deliver. */
typedef struct {
  int width, height;
  uint8_t pixels[64 * 1024];
} Seen;

void draw_frame(const Case *c, int number, const Seen *print, uint8_t *grey);
void draw_picture(const Case *c, const Seen *print, uint8_t *grey, int width, int height);

/* mutate.c */
void mutate(Case *c, const Case *other, Chance *chance);
void seal(Case *c, Chance *chance);

#endif
