/* Small mathematics with the same result on every host: only IEEE operations in a fixed order. */
#ifndef ARV_MATHS_H
#define ARV_MATHS_H

#include <stdint.h>

#define PI 3.14159265358979323846

static inline float minf(float a, float b) { return a < b ? a : b; }
static inline float maxf(float a, float b) { return a > b ? a : b; }
static inline float clampf(float v, float low, float high) { return minf(maxf(v, low), high); }
static inline int mini(int a, int b) { return a < b ? a : b; }
static inline int maxi(int a, int b) { return a > b ? a : b; }
static inline int clampi(int v, int low, int high) { return mini(maxi(v, low), high); }
static inline float absf(float v) { return __builtin_fabsf(v); }
static inline double absd(double v) { return __builtin_fabs(v); }
static inline float root(float v) { return __builtin_sqrtf(v); }
static inline double rootd(double v) { return __builtin_sqrt(v); }
static inline float floorfast(float v) { return __builtin_floorf(v); }
static inline int roundi(float v) { return (int)__builtin_floorf(v + 0.5f); }
static inline int is_finite(double v) { return v - v == 0.0; }

double sine(double radians);
double cosine(double radians);
double arc_tangent(double y, double x); /* -PI .. PI, 0 for (0, 0) */
double exponential(double v);
double logarithm2(double v); /* v > 0 */

/* Pseudo-random numbers: PCG-XSH-RR 64/32, O'Neill 2014, https://www.pcg-random.org */
typedef struct {
  uint64_t state;
} Random;

Random random_seed(uint64_t seed);
uint32_t random_bits(Random *random);
float random_unit(Random *random);                         /* [0, 1) */
float random_range(Random *random, float low, float high); /* [low, high) */
float random_normal(Random *random);                       /* mean 0, deviation 1; sum of four uniforms */

/* Solves the symmetric positive definite system a x = b of n <= 8 unknowns (Cholesky, in place).
 * `a` is row-major with 8 columns. Returns 0 when the system is singular. */
int solve_symmetric(double a[8][8], double b[8], int n);

#endif
