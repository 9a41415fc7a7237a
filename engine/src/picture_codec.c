#include "picture_codec.h"

#include "maths.h"
#include "memory.h"
#include "range_coder.h"

/* ITU-T T.81 (JPEG) annex K: luminance quantisation, and the zigzag order of figure 5. */
static const uint8_t QUANTISER[64] = {
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57,
    69, 56, 14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64,
    81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99};
static const uint8_t ZIGZAG[64] = {0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,
                                   12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6,  7,  14, 21, 28,
                                   35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
                                   58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63};

#define UNARY 14          /* magnitudes up to here are coded bit by bit with models */
#define LARGEST_COEFFICIENT 4095

typedef struct {
  BitModel length[128];   /* binary tree of 7 bits: coefficients up to the last that is not zero */
  BitModel zero[64][2];   /* by position in zigzag order and whether the one before was zero */
  BitModel more[16][UNARY];
  float basis[8][8];
  float step[64];         /* quantiser step by position in the block */
} Codec;

static Codec codec; /* scratch: one picture is coded at a time */

static void codec_begin(int quality) {
  BitModel *models = codec.length;
  for (unsigned i = 0; i < (sizeof codec.length + sizeof codec.zero + sizeof codec.more) / sizeof(BitModel); i++)
    models[i] = BIT_MODEL_START;
  for (int u = 0; u < 8; u++)
    for (int x = 0; x < 8; x++)
      codec.basis[u][x] = (float)(cosine((2 * x + 1) * u * PI / 16) * (u ? 0.5 : rootd(0.125)));
  int scale = quality < 50 ? 5000 / maxi(quality, 1) : 200 - 2 * mini(quality, 100); /* libjpeg's rule */
  for (int i = 0; i < 64; i++) codec.step[i] = (float)clampi((QUANTISER[i] * scale + 50) / 100, 1, 255);
}

static int group(int position) { return position < 8 ? position : mini(8 + (position - 8) / 8, 15); }

/* ---- transform -------------------------------------------------------------------------------- */

static void transform(const float in[64], float out[64]) {
  float half[64];
  for (int y = 0; y < 8; y++)
    for (int u = 0; u < 8; u++) {
      float sum = 0;
      for (int x = 0; x < 8; x++) sum += codec.basis[u][x] * in[8 * y + x];
      half[8 * y + u] = sum;
    }
  for (int v = 0; v < 8; v++)
    for (int u = 0; u < 8; u++) {
      float sum = 0;
      for (int y = 0; y < 8; y++) sum += codec.basis[v][y] * half[8 * y + u];
      out[8 * v + u] = sum;
    }
}

static void inverse_transform(const float in[64], float out[64]) {
  float half[64];
  for (int v = 0; v < 8; v++)
    for (int x = 0; x < 8; x++) {
      float sum = 0;
      for (int u = 0; u < 8; u++) sum += codec.basis[u][x] * in[8 * v + u];
      half[8 * v + x] = sum;
    }
  for (int y = 0; y < 8; y++)
    for (int x = 0; x < 8; x++) {
      float sum = 0;
      for (int v = 0; v < 8; v++) sum += codec.basis[v][y] * half[8 * v + x];
      out[8 * y + x] = sum;
    }
}

static void read_block(const Image *p, int bx, int by, float block[64]) {
  for (int y = 0; y < 8; y++)
    for (int x = 0; x < 8; x++) {
      int sx = mini(8 * bx + x, p->width - 1), sy = mini(8 * by + y, p->height - 1);
      block[8 * y + x] = (float)p->pixels[sy * p->stride + sx] - 128;
    }
}

static void write_block(Image *p, int bx, int by, const float block[64]) {
  for (int y = 0; y < 8 && 8 * by + y < p->height; y++)
    for (int x = 0; x < 8 && 8 * bx + x < p->width; x++)
      p->pixels[(8 * by + y) * p->stride + 8 * bx + x] = (uint8_t)clampf(block[8 * y + x] + 128.5f, 0, 255);
}

/* ---- symbols ---------------------------------------------------------------------------------- */

static void encode_magnitude(Encoder *e, int position, int magnitude) {
  BitModel *more = codec.more[group(position)];
  for (int n = 1; n <= UNARY; n++) {
    encode_bit(e, &more[n - 1], magnitude > n);
    if (magnitude <= n) return;
  }
  uint32_t rest = (uint32_t)(magnitude - UNARY); /* Elias gamma */
  int bits = 31 - __builtin_clz(rest);
  encode_flat(e, 0, bits);
  encode_flat(e, rest, bits + 1);
}

static int decode_magnitude(Decoder *d, int position) {
  BitModel *more = codec.more[group(position)];
  for (int n = 1; n <= UNARY; n++)
    if (!decode_bit(d, &more[n - 1])) return n;
  int bits = 0;
  while (bits < 12 && !decode_flat(d, 1)) bits++;
  return mini(UNARY + (int)(1u << bits | decode_flat(d, bits)), LARGEST_COEFFICIENT);
}

static void encode_block(Encoder *e, const int value[64]) {
  int length = 64, node = 1, was_zero = 0;
  while (length > 0 && !value[length - 1]) length--;
  for (int bit = 6; bit >= 0; bit--) {
    int b = (length >> bit) & 1;
    encode_bit(e, &codec.length[node], b);
    node = 2 * node + b;
  }
  for (int i = 0; i < length; i++) {
    int zero = !value[i];
    if (i < length - 1) encode_bit(e, &codec.zero[i][was_zero], zero);
    was_zero = zero;
    if (zero) continue;
    encode_magnitude(e, i, mini(value[i] < 0 ? -value[i] : value[i], LARGEST_COEFFICIENT));
    encode_flat(e, value[i] < 0, 1);
  }
}

static void decode_block(Decoder *d, int value[64]) {
  int node = 1, was_zero = 0;
  memset(value, 0, 64 * sizeof *value);
  for (int bit = 0; bit < 7; bit++) node = 2 * node + decode_bit(d, &codec.length[node]);
  int length = mini(node - 128, 64);
  for (int i = 0; i < length; i++) {
    int zero = i < length - 1 ? decode_bit(d, &codec.zero[i][was_zero]) : 0;
    was_zero = zero;
    if (zero) continue;
    int magnitude = decode_magnitude(d, i);
    value[i] = decode_flat(d, 1) ? -magnitude : magnitude;
  }
}

/* ---- pictures --------------------------------------------------------------------------------- */

uint32_t picture_encode(const Image *picture, int quality, uint8_t *out, uint32_t room) {
  Encoder e;
  int previous = 0;
  codec_begin(quality);
  encoder_begin(&e, out, room);
  for (int by = 0; by < (picture->height + 7) / 8; by++)
    for (int bx = 0; bx < (picture->width + 7) / 8 && e.size <= room; bx++) {
      float block[64], spectrum[64];
      int value[64];
      read_block(picture, bx, by, block);
      transform(block, spectrum);
      for (int i = 0; i < 64; i++) value[i] = roundi(spectrum[ZIGZAG[i]] / codec.step[ZIGZAG[i]]);
      int mean = value[0];
      value[0] -= previous, previous = mean;
      encode_block(&e, value);
    }
  return encoder_end(&e);
}

void picture_decode(const uint8_t *in, uint32_t size, int quality, Image *picture) {
  Decoder d;
  int previous = 0;
  codec_begin(quality);
  decoder_begin(&d, in, size);
  for (int by = 0; by < (picture->height + 7) / 8; by++)
    for (int bx = 0; bx < (picture->width + 7) / 8; bx++) {
      float block[64], spectrum[64];
      int value[64];
      decode_block(&d, value);
      previous = clampi(previous + value[0], -LARGEST_COEFFICIENT, LARGEST_COEFFICIENT);
      value[0] = previous;
      for (int i = 0; i < 64; i++) spectrum[ZIGZAG[i]] = (float)value[i] * codec.step[ZIGZAG[i]];
      inverse_transform(spectrum, block);
      write_block(picture, bx, by, block);
    }
}
