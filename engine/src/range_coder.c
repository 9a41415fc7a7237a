#include "range_coder.h"

#define TOP (1u << 24)
#define ADAPT 4 /* how quickly a model follows: 1/16 of the error a bit */

static void put(Encoder *e, uint8_t byte) {
  if (e->size < e->room) e->out[e->size] = byte;
  e->size++;
}

static void shift_low(Encoder *e) {
  if (e->low < 0xff000000u || e->low > 0xffffffffu) {
    uint8_t carry = (uint8_t)(e->low >> 32), byte = e->cache;
    do {
      put(e, (uint8_t)(byte + carry));
      byte = 0xff;
    } while (--e->pending);
    e->cache = (uint8_t)(e->low >> 24);
  }
  e->pending++;
  e->low = (e->low & 0x00ffffffu) << 8;
}

void encoder_begin(Encoder *e, uint8_t *out, uint32_t room) {
  *e = (Encoder){.out = out, .room = room, .range = 0xffffffffu, .pending = 1};
}

void encode_bit(Encoder *e, BitModel *model, int bit) {
  uint32_t bound = (e->range >> 11) * *model;
  if (!bit) {
    e->range = bound;
    *model = (BitModel)(*model + ((2048 - *model) >> ADAPT));
  } else {
    e->low += bound, e->range -= bound;
    *model = (BitModel)(*model - (*model >> ADAPT));
  }
  while (e->range < TOP) e->range <<= 8, shift_low(e);
}

void encode_flat(Encoder *e, uint32_t value, int bits) {
  while (bits--) {
    e->range >>= 1;
    if ((value >> bits) & 1) e->low += e->range;
    while (e->range < TOP) e->range <<= 8, shift_low(e);
  }
}

uint32_t encoder_end(Encoder *e) {
  for (int i = 0; i < 5; i++) shift_low(e);
  return e->size <= e->room ? e->size : 0;
}

static uint8_t take(Decoder *d) { return d->position < d->size ? d->in[d->position++] : 0; }

void decoder_begin(Decoder *d, const uint8_t *in, uint32_t size) {
  *d = (Decoder){.in = in, .size = size, .range = 0xffffffffu};
  for (int i = 0; i < 5; i++) d->code = d->code << 8 | take(d);
}

int decode_bit(Decoder *d, BitModel *model) {
  uint32_t bound = (d->range >> 11) * *model;
  int bit = d->code >= bound;
  if (!bit) {
    d->range = bound;
    *model = (BitModel)(*model + ((2048 - *model) >> ADAPT));
  } else {
    d->code -= bound, d->range -= bound;
    *model = (BitModel)(*model - (*model >> ADAPT));
  }
  while (d->range < TOP) d->range <<= 8, d->code = d->code << 8 | take(d);
  return bit;
}

uint32_t decode_flat(Decoder *d, int bits) {
  uint32_t value = 0;
  while (bits--) {
    d->range >>= 1;
    int bit = d->code >= d->range;
    if (bit) d->code -= d->range;
    value = value << 1 | (uint32_t)bit;
    while (d->range < TOP) d->range <<= 8, d->code = d->code << 8 | take(d);
  }
  return value;
}
