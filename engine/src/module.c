/* Exports that belong to the module as a whole. */
#include "arv_engine.h"
#include "memory.h"
#include "target.h"

int32_t arv_abi_version(void) { return ARV_ABI_VERSION; }

int32_t arv_simd(void) {
#ifdef __wasm_simd128__
  return 1;
#else
  return 0;
#endif
}

void *arv_alloc(uint32_t size) { return heap_alloc(size); }
void arv_free(void *pointer) { heap_free(pointer); }
uint32_t arv_memory_used(void) { return heap_used(); }

int32_t arv_target_info(const uint8_t *target, uint32_t size, ArvTargetInfo *info) {
  return target && info ? target_check(target, size, info) : ARV_ERROR_ARGUMENT;
}
