/* The WebAssembly SIMD operations the engine uses, as GCC vectors: the SIMD build's own code paths run
 * natively under the sanitizers, which see a 16-byte load past the end of an array. */
#ifndef FUZZ_WASM_SIMD128_H
#define FUZZ_WASM_SIMD128_H

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t v128_t __attribute__((vector_size(16)));

static inline v128_t wasm_v128_load(const void *p) {
  v128_t v;
  __builtin_memcpy(&v, p, 16);
  return v;
}
static inline void wasm_v128_store(void *p, v128_t v) { __builtin_memcpy(p, &v, 16); }
static inline v128_t wasm_u8x16_splat(uint8_t b) { return b - (v128_t){0}; }
static inline v128_t wasm_i8x16_splat(int8_t b) { return wasm_u8x16_splat((uint8_t)b); }
static inline v128_t wasm_v128_and(v128_t a, v128_t b) { return a & b; }
static inline v128_t wasm_v128_or(v128_t a, v128_t b) { return a | b; }
static inline v128_t wasm_v128_xor(v128_t a, v128_t b) { return a ^ b; }
static inline v128_t either(v128_t mask, v128_t a, v128_t b) { return (a & mask) | (b & ~mask); }
static inline v128_t wasm_u8x16_gt(v128_t a, v128_t b) { return (v128_t)(a > b); }
static inline v128_t wasm_u8x16_lt(v128_t a, v128_t b) { return (v128_t)(a < b); }
static inline v128_t wasm_u8x16_le(v128_t a, v128_t b) { return (v128_t)(a <= b); }
static inline v128_t wasm_u8x16_eq(v128_t a, v128_t b) { return (v128_t)(a == b); }
static inline v128_t wasm_u8x16_min(v128_t a, v128_t b) { return either((v128_t)(a < b), a, b); }
static inline v128_t wasm_u8x16_max(v128_t a, v128_t b) { return either((v128_t)(a > b), a, b); }
static inline v128_t wasm_u8x16_sub_sat(v128_t a, v128_t b) { return (a - b) & (v128_t)(a > b); }
static inline v128_t wasm_u8x16_add_sat(v128_t a, v128_t b) {
  v128_t sum = a + b;
  return sum | (v128_t)(sum < a);
}
static inline int wasm_v128_any_true(v128_t a) {
  uint64_t half[2];
  __builtin_memcpy(half, &a, 16);
  return (half[0] | half[1]) != 0;
}
static inline v128_t wasm_i8x16_add(v128_t a, v128_t b) { return a + b; }
static inline v128_t wasm_u8x16_ge(v128_t a, v128_t b) { return (v128_t)(a >= b); }
static inline uint32_t wasm_i8x16_bitmask(v128_t a) {
  uint32_t bits = 0;
  for (int i = 0; i < 16; i++) bits |= (uint32_t)(a[i] >> 7) << i;
  return bits;
}
static inline v128_t wasm_i8x16_swizzle(v128_t a, v128_t index) {
  v128_t out;
  for (int i = 0; i < 16; i++) out[i] = index[i] < 16 ? a[index[i]] : 0;
  return out;
}
static inline v128_t wasm_i8x16_popcnt(v128_t a) {
  for (int i = 0; i < 16; i++) a[i] = (uint8_t)__builtin_popcount(a[i]);
  return a;
}

/* ---- words ---- */

typedef int16_t words __attribute__((vector_size(16)));
typedef uint16_t uwords __attribute__((vector_size(16)));
typedef int32_t longs __attribute__((vector_size(16)));
typedef float floats __attribute__((vector_size(16)));

static inline v128_t wasm_i16x8_splat(int16_t w) { return (v128_t)((words){0} + w); }
static inline v128_t wasm_i16x8_add(v128_t a, v128_t b) { return (v128_t)((uwords)a + (uwords)b); }
static inline v128_t wasm_i16x8_sub(v128_t a, v128_t b) { return (v128_t)((uwords)a - (uwords)b); }
static inline v128_t wasm_i16x8_mul(v128_t a, v128_t b) { return (v128_t)((uwords)a * (uwords)b); }
static inline v128_t wasm_u16x8_shr(v128_t a, uint32_t by) { return (v128_t)((uwords)a >> by); }
static inline v128_t wasm_u16x8_load8x8(const void *p) {
  uint8_t bytes[8];
  uwords out;
  __builtin_memcpy(bytes, p, 8);
  for (int i = 0; i < 8; i++) out[i] = bytes[i];
  return (v128_t)out;
}
static inline v128_t wasm_u16x8_extend_low_u8x16(v128_t a) { return wasm_u16x8_load8x8(&a); }
static inline v128_t wasm_u16x8_extend_high_u8x16(v128_t a) { return wasm_u16x8_load8x8((const uint8_t *)&a + 8); }
static inline v128_t wasm_u16x8_extadd_pairwise_u8x16(v128_t a) {
  uwords out;
  for (int i = 0; i < 8; i++) out[i] = (uint16_t)(a[2 * i] + a[2 * i + 1]);
  return (v128_t)out;
}
static inline v128_t wasm_u8x16_narrow_i16x8(v128_t a, v128_t b) {
  v128_t out;
  for (int i = 0; i < 16; i++) {
    int w = i < 8 ? ((words)a)[i] : ((words)b)[i - 8];
    out[i] = (uint8_t)(w < 0 ? 0 : w > 255 ? 255 : w);
  }
  return out;
}
#define wasm_i16x8_const(...) ((v128_t)(words){__VA_ARGS__})
#define wasm_u8x16_const(...) ((v128_t){__VA_ARGS__})
#define wasm_i16x8_shuffle(a, b, ...) ((v128_t)__builtin_shuffle((words)(a), (words)(b), (words){__VA_ARGS__}))
static inline void wasm_v128_store64_lane(void *p, v128_t a, int lane) { __builtin_memcpy(p, (uint8_t *)&a + 8 * lane, 8); }
static inline v128_t wasm_v128_andnot(v128_t a, v128_t b) { return a & ~b; }

/* ---- longs ---- */

static inline v128_t wasm_i32x4_splat(int32_t l) { return (v128_t)((longs){0} + l); }
static inline v128_t wasm_i32x4_add(v128_t a, v128_t b) { return (v128_t)((longs)a + (longs)b); }
static inline v128_t wasm_i32x4_shr(v128_t a, uint32_t by) { return (v128_t)((longs)a >> by); }
static inline int32_t wasm_i32x4_extract_lane(v128_t a, int lane) { return ((longs)a)[lane]; }
static inline v128_t wasm_i32x4_dot_i16x8(v128_t a, v128_t b) {
  longs out;
  for (int i = 0; i < 4; i++)
    out[i] = ((words)a)[2 * i] * ((words)b)[2 * i] + ((words)a)[2 * i + 1] * ((words)b)[2 * i + 1];
  return (v128_t)out;
}
static inline v128_t wasm_i16x8_narrow_i32x4(v128_t a, v128_t b) {
  words out;
  for (int i = 0; i < 8; i++) {
    int l = i < 4 ? ((longs)a)[i] : ((longs)b)[i - 4];
    out[i] = (int16_t)(l < -32768 ? -32768 : l > 32767 ? 32767 : l);
  }
  return (v128_t)out;
}
static inline uint32_t wasm_i32x4_bitmask(v128_t a) {
  uint32_t bits = 0;
  for (int i = 0; i < 4; i++) bits |= (uint32_t)(((longs)a)[i] < 0) << i;
  return bits;
}
static inline int wasm_i32x4_all_true(v128_t a) {
  for (int i = 0; i < 4; i++)
    if (!((longs)a)[i]) return 0;
  return 1;
}

/* ---- floats ---- */

static inline v128_t wasm_f32x4_splat(float f) { return (v128_t)((floats){0} + f); }
static inline v128_t wasm_f32x4_add(v128_t a, v128_t b) { return (v128_t)((floats)a + (floats)b); }
static inline v128_t wasm_f32x4_sub(v128_t a, v128_t b) { return (v128_t)((floats)a - (floats)b); }
static inline v128_t wasm_f32x4_mul(v128_t a, v128_t b) { return (v128_t)((floats)a * (floats)b); }
static inline v128_t wasm_f32x4_gt(v128_t a, v128_t b) { return (v128_t)((floats)a > (floats)b); }
static inline v128_t wasm_f32x4_lt(v128_t a, v128_t b) { return (v128_t)((floats)a < (floats)b); }
static inline v128_t wasm_f32x4_pmax(v128_t a, v128_t b) {
  return either((v128_t)((floats)a < (floats)b), b, a);
}
static inline v128_t wasm_f32x4_sqrt(v128_t a) {
  floats out;
  for (int i = 0; i < 4; i++) out[i] = sqrtf(((floats)a)[i]);
  return (v128_t)out;
}

#endif
