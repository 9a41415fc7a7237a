/* A target in memory and its file. The layout is documented in docs/engine/target-format.md. */
#ifndef ARV_TARGET_H
#define ARV_TARGET_H

#include "arv_engine.h"
#include "extract.h"
#include "image.h"

#define TARGET_VERSION 1
#define TARGET_HEADER_BYTES 64
#define FEATURE_BYTES 40
#define SPOT_BYTES 4
#define MAX_FEATURES 1536
#define LEVEL_SPOTS 160 /* most tracking spots of one pyramid level */
#define MAX_SPOTS (LEVEL_SPOTS * PYRAMID_LEVELS)
#define PICTURE_MAX_SIDE 1024
#define PICTURE_MAX_PIXELS 307200 /* 640 x 480: a print that fills the frame is seen 1 : 1 */

/* The simulated views in which features were taken: TILTS directions at VIEW_SCALES distances. */
#define TILTS 5
#define VIEW_SCALES 10
#define VIEWS (TILTS * VIEW_SCALES)

typedef struct {
  float x, y;        /* picture pixels */
  float to_patch[4]; /* picture -> upright descriptor patch, row-major 2 x 2 */
  uint8_t view, angle, survival;
} Feature;

typedef struct {
  uint16_t x, y; /* pixels of its pyramid level */
} Spot;

typedef struct {
  int source_width, source_height, score;
  Pyramid picture;
  uint8_t *picture_memory;
  int feature_count, spot_first[PYRAMID_LEVELS + 1];
  Feature *features;
  uint8_t *blocks; /* descriptors, 16 at a time, byte by byte: see match.h */
  Spot *spots;
} Target;

/* Picture -> view, row-major 2 x 2, around the origin. */
void view_matrix(int view, float matrix[4]);
void feature_set_view(Feature *feature);

/* What goes into a file. */
typedef struct {
  int source_width, source_height, score, feature_count, spot_count[PYRAMID_LEVELS];
  const Image *picture;
  const Feature *features;
  const uint8_t *descriptors; /* DESCRIPTOR_BYTES each */
  const Spot *spots;
} TargetContents;

/* Writes a file of at most ARV_TARGET_MAX_BYTES into `out`; returns its size. */
uint32_t target_pack(const TargetContents *contents, uint8_t *out);
/* Changes the score of a packed file. */
void target_set_score(uint8_t *file, int score);
/* Checks everything that can be checked without decoding; fills info. */
int target_check(const uint8_t *file, uint32_t size, ArvTargetInfo *info);
/* Loads a file; returns ARV_OK or an error, after which the target is empty. */
int target_load(Target *target, const uint8_t *file, uint32_t size);
void target_free(Target *target);
int target_spot_count(const Target *target);

#endif
