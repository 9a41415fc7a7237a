#include "maths.h"

/* Taylor series on [-PI/4, PI/4]: the first omitted term is below 1e-15. */
static double sine_kernel(double x) {
  double q = x * x;
  return x * (1 + q * (-1.0 / 6 + q * (1.0 / 120 + q * (-1.0 / 5040 + q * (1.0 / 362880 - q / 39916800)))));
}

static double cosine_kernel(double x) {
  double q = x * x;
  return 1 + q * (-0.5 + q * (1.0 / 24 + q * (-1.0 / 720 + q * (1.0 / 40320 - q / 3628800))));
}

static double turn(double radians, int shift) {
  double quarter = __builtin_floor(radians * (2 / PI) + 0.5);
  double x = radians - quarter * (PI / 2);
  double four = quarter + shift - 4 * __builtin_floor((quarter + shift) / 4);
  switch ((int)four) {
    case 0: return sine_kernel(x);
    case 1: return cosine_kernel(x);
    case 2: return -sine_kernel(x);
    default: return -cosine_kernel(x);
  }
}

double sine(double radians) { return turn(radians, 0); }
double cosine(double radians) { return turn(radians, 1); }

/* Halves the argument twice, then a Taylor series for |x| < 0.2. */
static double arc_kernel(double x) {
  double y = x / (1 + rootd(1 + x * x));
  y = y / (1 + rootd(1 + y * y));
  double q = y * y;
  double sum = 1.0 / 13;
  for (int n = 11; n >= 1; n -= 2) sum = 1.0 / n - q * sum;
  return 4 * y * sum;
}

double arc_tangent(double y, double x) {
  if (x == 0 && y == 0) return 0;
  if (absd(x) >= absd(y)) {
    double angle = arc_kernel(y / x);
    return x > 0 ? angle : (y >= 0 ? angle + PI : angle - PI);
  }
  return (y > 0 ? PI / 2 : -PI / 2) - arc_kernel(x / y);
}

static double power_of_two(int n) {
  union {
    uint64_t bits;
    double value;
  } u = {.bits = (uint64_t)(n + 1023) << 52};
  return u.value;
}

double exponential(double v) {
  if (v < -700) return 0;
  if (v > 700) v = 700;
  double n = __builtin_floor(v * 1.4426950408889634 + 0.5);
  double r = v - n * 0.6931471805599453, sum = 1;
  for (int k = 13; k >= 1; k--) sum = 1 + r * sum / k;
  return sum * power_of_two((int)n);
}

double logarithm2(double v) {
  union {
    double value;
    uint64_t bits;
  } u = {.value = v};
  int exponent = (int)((u.bits >> 52) & 2047) - 1023;
  u.bits = (u.bits & 0xfffffffffffffull) | 0x3ff0000000000000ull;
  double m = u.value;
  if (m > 1.4142135623730951) m *= 0.5, exponent++;
  double t = (m - 1) / (m + 1), q = t * t, sum = 1.0 / 17;
  for (int n = 15; n >= 1; n -= 2) sum = 1.0 / n + q * sum;
  return exponent + 2 * t * sum * 1.4426950408889634;
}

Random random_seed(uint64_t seed) {
  Random random = {seed * 0x9e3779b97f4a7c15ull + 0x14057b7ef767814full};
  random_bits(&random);
  random_bits(&random);
  return random;
}

uint32_t random_bits(Random *random) {
  uint64_t old = random->state;
  random->state = old * 6364136223846793005ull + 1442695040888963407ull;
  uint32_t mixed = (uint32_t)(((old >> 18) ^ old) >> 27), turn_by = (uint32_t)(old >> 59);
  return (mixed >> turn_by) | (mixed << ((32 - turn_by) & 31));
}

float random_unit(Random *random) { return (float)(random_bits(random) >> 8) * (1.0f / 16777216.0f); }

float random_range(Random *random, float low, float high) { return low + (high - low) * random_unit(random); }

float random_normal(Random *random) {
  float sum = -2;
  for (int i = 0; i < 4; i++) sum += random_unit(random);
  return sum * 1.7320508f; /* four uniforms have variance 4 / 12 */
}

int solve_symmetric(double a[8][8], double b[8], int n) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j <= i; j++) {
      double sum = a[i][j];
      for (int k = 0; k < j; k++) sum -= a[i][k] * a[j][k];
      if (i != j) {
        a[i][j] = sum / a[j][j];
      } else {
        if (!(sum > 1e-12)) return 0;
        a[i][i] = rootd(sum);
      }
    }
  }
  for (int i = 0; i < n; i++) {
    for (int k = 0; k < i; k++) b[i] -= a[i][k] * b[k];
    b[i] /= a[i][i];
  }
  for (int i = n - 1; i >= 0; i--) {
    for (int k = i + 1; k < n; k++) b[i] -= a[k][i] * b[k];
    b[i] /= a[i][i];
  }
  return 1;
}
