/* arv_engine.h - the whole interface of the ARV recognition engine.
 *
 * One WebAssembly module without imports. It exports `memory` and the functions below; every
 * pointer is a byte offset into that memory (32 bits), every structure is little-endian and packed
 * as written (all members are 4-byte aligned). The same bytes run in browsers and in wasmtime and
 * give the same results.
 *
 * COORDINATES. Integer coordinates are pixel centres: the top-left pixel of an image is centred at
 * (0, 0), x grows to the right, y downwards. An image of w x h pixels therefore covers the area
 * from (-0.5, -0.5) to (w - 0.5, h - 0.5), and those are the corners that are reported. To draw on
 * a canvas, whose (0, 0) is the corner of a pixel, add 0.5 to x and y.
 * Target coordinates are pixels of the picture that was compiled (`source_width` x `source_height`).
 *
 * MEMORY. The host writes inputs into buffers of `arv_alloc` (or the frame buffers of a tracker) and
 * gives them back with `arv_free`. Whatever the engine returns a pointer to belongs to the engine and
 * lives until the object it came from is freed. Any call but `arv_tracker_process` and the getters may
 * grow the memory: a JavaScript host must take new views of `memory.buffer` afterwards.
 *
 * ERRORS. Functions that return int32_t answer a negative `ArvError` on failure; functions that return a
 * pointer answer 0. No input, however broken, traps the module or reads outside its own objects.
 *
 * THREADS. None: one module instance serves one thread. Instances share nothing.
 */
#ifndef ARV_ENGINE_H
#define ARV_ENGINE_H

#include <stdint.h>

#define ARV_EXPORT __attribute__((visibility("default"), used))

/* Raised whenever a signature or a structure below changes incompatibly. */
#define ARV_ABI_VERSION 1

typedef enum {
  ARV_OK = 0,
  ARV_ERROR_ARGUMENT = -1,   /* a null pointer, a handle that is not alive, a size out of range */
  ARV_ERROR_MEMORY = -2,     /* the module's memory limit is reached */
  ARV_ERROR_TOO_SMALL = -3,  /* compile: a side under ARV_IMAGE_MIN_SIDE, or longer than 20 : 1 */
  ARV_ERROR_TOO_LARGE = -4,  /* compile: more than ARV_IMAGE_MAX_PIXELS */
  ARV_ERROR_NO_TEXTURE = -5, /* compile: too little to recognise in this picture, or all of it alike */
  ARV_ERROR_FORMAT = -6,     /* target file: not an .arvt file, truncated, or garbled */
  ARV_ERROR_VERSION = -7,    /* target file: made by a newer engine than this */
  ARV_ERROR_FULL = -8        /* tracker: max_targets are loaded already */
} ArvError;

/* ---- limits -------------------------------------------------------------------------------- */

#define ARV_IMAGE_MIN_SIDE 64         /* shorter side of a picture to compile, pixels */
#define ARV_IMAGE_MAX_PIXELS 50000000 /* pixels of a picture to compile */
#define ARV_FRAME_MIN_SIDE 64         /* sides of a camera frame, pixels */
#define ARV_FRAME_MAX_SIDE 4096
#define ARV_FRAME_MAX_PIXELS 8847360 /* 4096 x 2160 */
#define ARV_MAX_TARGETS 256          /* targets of one tracker */
#define ARV_MAX_TRACKED 4            /* targets held at the same time */
#define ARV_TARGET_MAX_BYTES 150000  /* a target file never exceeds this */

/* ---- module -------------------------------------------------------------------------------- */

/* ARV_ABI_VERSION of this binary. */
ARV_EXPORT int32_t arv_abi_version(void);

/* 1 when this binary uses WebAssembly SIMD, 0 for the plain build. */
ARV_EXPORT int32_t arv_simd(void);

/* `size` bytes, 16-byte aligned, not cleared; 0 when memory is exhausted or size is 0. */
ARV_EXPORT void *arv_alloc(uint32_t size);

/* Gives back what arv_alloc gave. Null is allowed; anything else not from arv_alloc is ignored. */
ARV_EXPORT void arv_free(void *pointer);

/* Bytes in use now, for tests and diagnostics. */
ARV_EXPORT uint32_t arv_memory_used(void);

/* ---- compile: picture -> target file -------------------------------------------------------- */

typedef enum {
  ARV_STAGE_ANALYSE = 0, /* corners and descriptors of the picture */
  ARV_STAGE_LEARN = 1,   /* which of them survive distance, tilt, blur, noise and light */
  ARV_STAGE_PACK = 2,    /* writing the file */
  ARV_STAGE_SCORE = 3,   /* running detector and tracker over simulated phone views */
  ARV_STAGE_DONE = 4
} ArvStage;

/* Starts to compile a grey picture of w x h bytes, row by row without padding. The picture is copied,
 * the buffer may be freed at once. `source_width` x `source_height` is the size recorded as the target's
 * own: pass w and h, or the size before the host reduced the picture (same shape within 5 %).
 * Returns a handle > 0. */
ARV_EXPORT int32_t arv_compile_begin(const uint8_t *grey, int32_t width, int32_t height, int32_t source_width,
                          int32_t source_height);

/* Works for some 20 ms and returns the progress in per mille; 1000 means finished. */
ARV_EXPORT int32_t arv_compile_step(int32_t handle);

/* ArvStage now being worked on. */
ARV_EXPORT int32_t arv_compile_stage(int32_t handle);

/* The target file so far; 0 during ARV_STAGE_ANALYSE. From ARV_STAGE_LEARN on it can be used: complete and
 * valid, made of the picture's strongest corners, never scored; learning may still refuse a picture whose
 * parts all look alike (ARV_ERROR_NO_TEXTURE). From ARV_STAGE_SCORE on it holds what was
 * learned, and at 1000 per mille the score. The bytes change between stages: copy what is to be kept. */
ARV_EXPORT const uint8_t *arv_compile_data(int32_t handle);
ARV_EXPORT uint32_t arv_compile_size(int32_t handle);

/* ---- score: how well a target will work ------------------------------------------------------ */

#define ARV_REPORT_GRID 12     /* cells of the heat map in x and in y */
#define ARV_REPORT_CHECKS 48   /* most checks a report holds */

typedef enum {
  ARV_CHECK_DISTANCE = 0,  /* value: height of the print / height of the frame */
  ARV_CHECK_TILT = 1,      /* value: angle between the print and the image plane, degrees */
  ARV_CHECK_SPIN = 2,      /* value: rotation in the image plane, degrees */
  ARV_CHECK_LIGHT = 3,     /* value: brightness of the frame, 1 = full */
  ARV_CHECK_BLUR = 4,      /* value: standard deviation of the blur, pixels */
  ARV_CHECK_COVER = 5,     /* value: covered share of the print */
  ARV_CHECK_MOTION = 6     /* value: movement between frames, pixels */
} ArvCheckKind;

typedef struct {
  int32_t kind;      /* ArvCheckKind */
  float value;       /* meaning by kind */
  int32_t found;     /* 1: the detector finds the print in this view, within 8 px */
  float held;        /* share of the tracked frames within 3 px, 0..1 */
  float error_px;    /* root mean square corner error of those frames in a 640 x 480 frame; -1 if none */
} ArvCheck;

/* Bits of ArvReport.advice. */
#define ARV_ADVICE_LITTLE_TEXTURE 1u  /* few features: choose a picture with more detail */
#define ARV_ADVICE_UNEVEN 2u          /* features on a small part of the picture only */
#define ARV_ADVICE_REPETITIVE 4u      /* parts look alike: features can not be told apart */
#define ARV_ADVICE_LOW_CONTRAST 8u    /* fails in low light */
#define ARV_ADVICE_NOT_FROM_FAR 16u   /* found only when it fills much of the frame */
#define ARV_ADVICE_NOT_TILTED 32u     /* lost when looked at from the side */
#define ARV_ADVICE_SMALL_IMAGE 64u    /* the picture has too few pixels to be sharp near */
#define ARV_ADVICE_BLUR 128u          /* lost when the picture is blurred: only fine detail */

typedef struct {
  int32_t score;           /* 0..100 */
  int32_t features;        /* descriptors in the file */
  int32_t patches;         /* well-textured spots for tracking on all levels */
  uint32_t advice;         /* ARV_ADVICE_ bits */
  float distance_min;      /* smallest print height / frame height at which it is found */
  float distance_max;      /* largest */
  float tilt_max;          /* largest tilt at which it is found, degrees */
  float light_min;         /* lowest light at which it is found */
  float blur_max;          /* strongest blur at which it is found, pixels */
  float accuracy_px;       /* root mean square corner error while tracked, 640 x 480; -1 if never */
  float survival;          /* mean share of simulated views in which a feature is found again, 0..1 */
  float distinctness;      /* share of features that can not be mistaken for another one, 0..1 */
  float coverage;          /* share of heat-map cells that hold features, 0..1 */
  int32_t check_count;     /* checks that follow */
  ArvCheck checks[ARV_REPORT_CHECKS];
  uint8_t heat[ARV_REPORT_GRID * ARV_REPORT_GRID]; /* row by row, 0 nothing survives .. 255 best */
} ArvReport;

/* The report, after 1000 per mille; 0 before. */
ARV_EXPORT const ArvReport *arv_compile_report(int32_t handle);
ARV_EXPORT void arv_compile_free(int32_t handle);

/* Scores an existing target file (copied). Same rhythm as compile. Returns a handle > 0. */
ARV_EXPORT int32_t arv_score_begin(const uint8_t *target, uint32_t size);
ARV_EXPORT int32_t arv_score_step(int32_t handle);
ARV_EXPORT const ArvReport *arv_score_report(int32_t handle);
ARV_EXPORT void arv_score_free(int32_t handle);

/* ---- target files ---------------------------------------------------------------------------- */

typedef struct {
  int32_t version;
  int32_t width, height; /* pixels of the picture that was compiled */
  int32_t features;
  int32_t patches;
  int32_t score; /* 0..100, -1 when the file was never scored */
} ArvTargetInfo;

/* Checks a target file completely and describes it. */
ARV_EXPORT int32_t arv_target_info(const uint8_t *target, uint32_t size, ArvTargetInfo *info);

/* ---- track ----------------------------------------------------------------------------------- */

typedef struct ArvTracker ArvTracker;

#define ARV_FORMAT_GREY 0 /* one byte a pixel */
#define ARV_FORMAT_RGBA 1 /* four bytes a pixel; grey = (77 R + 150 G + 29 B + 128) >> 8, alpha ignored */

typedef enum {
  ARV_STATE_NONE = 0,     /* never in the results; for hosts that keep a table */
  ARV_STATE_DETECTED = 1, /* found in this frame */
  ARV_STATE_TRACKED = 2   /* held since an earlier frame */
} ArvState;

typedef struct {
  int32_t target;      /* index from arv_tracker_add */
  int32_t state;       /* ARV_STATE_DETECTED or ARV_STATE_TRACKED */
  float confidence;    /* 0..1: correlation and agreement of what is visible */
  float corners[8];    /* frame pixels: x,y of top-left, top-right, bottom-right, bottom-left corner */
  float homography[9]; /* row-major, target pixels -> frame pixels, last element 1 */
} ArvResult;

#define ARV_OPTION_SMOOTHING 0   /* 1 (default): still prints do not shake; 0: raw measurement */
#define ARV_OPTION_MAX_TRACKED 1 /* 1..ARV_MAX_TRACKED (default): no search while so many are held */
#define ARV_OPTION_FOCAL 2       /* focal length in frame pixels if known, 1..65535; 0 (default): learn it */

/* A tracker for frames of width x height and up to max_targets targets; 0 on a bad size or no memory. */
ARV_EXPORT ArvTracker *arv_tracker_new(int32_t width, int32_t height, int32_t max_targets);

/* Loads a target file (copied). Returns its index 0, 1, ... */
ARV_EXPORT int32_t arv_tracker_add(ArvTracker *tracker, const uint8_t *target, uint32_t size);

/* Where the host writes the next frame: width * height bytes, or four times as many. Stable until
 * arv_tracker_free. The RGBA buffer is made at the first call, which may grow the memory. */
ARV_EXPORT uint8_t *arv_tracker_frame_grey(ArvTracker *tracker);
ARV_EXPORT uint8_t *arv_tracker_frame_rgba(ArvTracker *tracker);

/* Works on the frame in the buffer of `format`. `time_ms` is the moment of capture on any clock that
 * only goes forward; pass a negative number when unknown (30 frames a second are assumed).
 * Returns how many targets are visible: that many entries of arv_tracker_results are valid. */
ARV_EXPORT int32_t arv_tracker_process(ArvTracker *tracker, int32_t format, double time_ms);

/* ARV_MAX_TRACKED entries, in order of target index; stable address until arv_tracker_free. */
ARV_EXPORT const ArvResult *arv_tracker_results(const ArvTracker *tracker);

/* Where a target stands before the camera, for content with depth. The camera looks along +z, x to the right, y
 * down, its axis through the middle of the frame. The target lies in its own plane z = 0, centre at the origin, x to
 * its right and y to its bottom edge, one unit is its width; z points into the print, away from the viewer. So a
 * point X of the target is at R X + t before the camera and at (focal x / z, focal y / z) from the frame's middle.
 * For content in the y-up, z-to-the-viewer convention of WebGL turn both spaces by 180 degrees about x. */
typedef struct {
  float rotation[9];    /* row-major R; its columns are the target's axes as the camera sees them */
  float translation[3]; /* t, in target widths */
  float focal;          /* focal length, frame pixels */
  float certainty;      /* of the focal length: 0 assumed (60 degrees across the longer side) .. 1 known and fixed */
} ArvPose;

/* The pose of a target that the last frame showed, 0 for one that it did not. It fits what is reported (the
 * smoothed corners). The focal length is learnt while a print is looked at from several sides, approaches its
 * value smoothly, and stays once certain. The address holds the answer until the next call. */
ARV_EXPORT const ArvPose *arv_tracker_pose(ArvTracker *tracker, int32_t target);

/* Forgets where targets were (the camera was changed) and what was learnt of the camera; targets stay loaded. */
ARV_EXPORT int32_t arv_tracker_reset(ArvTracker *tracker);
ARV_EXPORT int32_t arv_tracker_option(ArvTracker *tracker, int32_t option, int32_t value);
ARV_EXPORT void arv_tracker_free(ArvTracker *tracker);

#endif
