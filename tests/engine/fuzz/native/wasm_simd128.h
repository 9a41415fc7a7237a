/* The WebAssembly SIMD operations the engine uses, as GCC vectors: the SIMD build's own code paths run
 * natively under the sanitizers, which see a 16-byte load past the end of an array. */
#ifndef FUZZ_WASM_SIMD128_H
#define FUZZ_WASM_SIMD128_H

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
static inline v128_t wasm_i8x16_popcnt(v128_t a) {
  for (int i = 0; i < 16; i++) a[i] = (uint8_t)__builtin_popcount(a[i]);
  return a;
}

#endif
