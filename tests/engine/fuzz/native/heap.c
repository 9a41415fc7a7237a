/* The engine's heap on malloc, so that AddressSanitizer guards every block. Limited as the module is. */
#include "memory.h"

#include <stdlib.h>

#define LIMIT 0x18000000u /* 384 MiB, as engine/build.py sets */

typedef struct {
  size_t size, padding;
} Head;

static size_t in_use;

void *heap_alloc(size_t size) {
  if (size == 0 || size > 0x30000000u || in_use + size > LIMIT) return NULL;
  Head *head = malloc(sizeof *head + size);
  if (!head) return NULL;
  head->size = size, in_use += size;
  memset(head + 1, 0xa5, size); /* what the engine forgets to set shows */
  return head + 1;
}

void *heap_alloc_zero(size_t size) {
  void *block = heap_alloc(size);
  if (block) memset(block, 0, size);
  return block;
}

void heap_free(void *block) {
  if (!block) return;
  Head *head = (Head *)block - 1;
  in_use -= head->size;
  free(head);
}

uint32_t heap_used(void) { return (uint32_t)in_use; }
