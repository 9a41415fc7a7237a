/* The module's heap: first fit, merging neighbours, over WebAssembly's own memory. */
#ifndef ARV_MEMORY_H
#define ARV_MEMORY_H

#include <stddef.h>
#include <stdint.h>

void *heap_alloc(size_t size); /* 16-byte aligned, not cleared; NULL when exhausted */
void *heap_alloc_zero(size_t size);
void heap_free(void *pointer); /* NULL and strangers are ignored */
uint32_t heap_used(void);

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);

#endif
