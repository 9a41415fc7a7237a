#include "memory.h"

/* Blocks lie one after the other from the end of the static data to the end of the memory, each with
 * its size in front, so neighbours are found by adding sizes. There are a few hundred at most, and
 * nothing allocates while frames are processed: walking the list is fast enough. */
typedef struct {
  uint32_t size; /* of the whole block, header included; a multiple of 16 */
  uint32_t used;
  uint32_t padding[2];
} Block;

#define PAGE 65536u

extern unsigned char __heap_base;

static uint32_t heap_start, heap_end, bytes_used;

static uint32_t round_up(uint32_t value, uint32_t step) { return (value + step - 1) / step * step; }

static Block *block_at(uint32_t address) { return (Block *)(uintptr_t)address; }

static Block *last_block(void) {
  Block *last = NULL;
  for (uint32_t at = heap_start; at < heap_end; at += block_at(at)->size) last = block_at(at);
  return last;
}

static void open_heap(void) {
  heap_start = round_up((uint32_t)(uintptr_t)&__heap_base, 16);
  heap_end = (uint32_t)__builtin_wasm_memory_size(0) * PAGE;
  if (heap_end < heap_start + sizeof(Block)) {
    heap_end = heap_start;
    return;
  }
  *block_at(heap_start) = (Block){.size = heap_end - heap_start};
}

/* Appends free memory of at least `size` bytes. */
static int grow(uint32_t size) {
  uint32_t pages = (size + PAGE - 1) / PAGE;
  if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) return 0;
  uint32_t fresh = heap_end;
  Block *last = last_block();
  heap_end += pages * PAGE;
  if (last && !last->used)
    last->size += pages * PAGE;
  else
    *block_at(fresh) = (Block){.size = pages * PAGE};
  return 1;
}

static Block *find_free(uint32_t size) {
  for (uint32_t at = heap_start; at < heap_end; at += block_at(at)->size)
    if (!block_at(at)->used && block_at(at)->size >= size) return block_at(at);
  return NULL;
}

void *heap_alloc(size_t wanted) {
  if (wanted == 0 || wanted > 0x30000000u) return NULL;
  if (!heap_start) open_heap();
  uint32_t size = round_up((uint32_t)wanted, 16) + sizeof(Block);
  Block *block = find_free(size);
  if (!block && !(grow(size) && (block = find_free(size)))) return NULL;
  if (block->size - size >= 64) {
    *block_at((uint32_t)(uintptr_t)block + size) = (Block){.size = block->size - size};
    block->size = size;
  }
  block->used = 1;
  bytes_used += block->size;
  return block + 1;
}

void *heap_alloc_zero(size_t size) {
  void *pointer = heap_alloc(size);
  if (pointer) memset(pointer, 0, size);
  return pointer;
}

void heap_free(void *pointer) {
  Block *before = NULL, *block = NULL;
  for (uint32_t at = heap_start; at < heap_end; at += block_at(at)->size) {
    block = block_at(at);
    if (block + 1 == pointer) break;
    before = block;
  }
  if (!pointer || !block || block + 1 != pointer || !block->used) return;
  bytes_used -= block->size;
  block->used = 0;
  uint32_t next = (uint32_t)(uintptr_t)block + block->size;
  if (next < heap_end && !block_at(next)->used) block->size += block_at(next)->size;
  if (before && !before->used) before->size += block->size;
}

uint32_t heap_used(void) { return bytes_used; }

/* With bulk memory these become the single instructions memory.copy and memory.fill. */
void *memcpy(void *restrict to, const void *restrict from, size_t size) {
  return __builtin_memcpy(to, from, size);
}

void *memmove(void *to, const void *from, size_t size) { return __builtin_memmove(to, from, size); }

void *memset(void *to, int byte, size_t size) { return __builtin_memset(to, byte, size); }

int memcmp(const void *a, const void *b, size_t size) {
  const uint8_t *p = a, *q = b;
  for (size_t i = 0; i < size; i++)
    if (p[i] != q[i]) return p[i] - q[i];
  return 0;
}
