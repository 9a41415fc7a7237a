/* Adaptive binary range coder (Martin 1979; the bit models and carry scheme of LZMA). */
#ifndef ARV_RANGE_CODER_H
#define ARV_RANGE_CODER_H

#include <stdint.h>

typedef uint16_t BitModel; /* probability of a 0 in 1/2048 */
#define BIT_MODEL_START 1024

typedef struct {
  uint8_t *out;
  uint32_t room, size;
  uint64_t low;
  uint32_t range, pending;
  uint8_t cache;
} Encoder;

typedef struct {
  const uint8_t *in;
  uint32_t size, position;
  uint32_t range, code;
} Decoder;

void encoder_begin(Encoder *encoder, uint8_t *out, uint32_t room);
void encode_bit(Encoder *encoder, BitModel *model, int bit);
void encode_flat(Encoder *encoder, uint32_t value, int bits); /* equally likely bits, highest first */
/* Bytes written, or 0 when they did not fit. */
uint32_t encoder_end(Encoder *encoder);

/* Past the end of the data a decoder reads zeros: broken input gives wrong values, never a fault. */
void decoder_begin(Decoder *decoder, const uint8_t *in, uint32_t size);
int decode_bit(Decoder *decoder, BitModel *model);
uint32_t decode_flat(Decoder *decoder, int bits);

#endif
