/* The target's picture in a file: 8 x 8 cosine transform, quantised, range coded (see
 * docs/engine/target-format.md). A little denser than JPEG and needs no tables in the file. */
#ifndef ARV_PICTURE_CODEC_H
#define ARV_PICTURE_CODEC_H

#include "image.h"

/* `quality` 1..100 as in libjpeg. Returns the bytes written, 0 when `room` is too small. */
uint32_t picture_encode(const Image *picture, int quality, uint8_t *out, uint32_t room);
/* Always fills the picture; garbled data gives a garbled picture. */
void picture_decode(const uint8_t *in, uint32_t size, int quality, Image *picture);

#endif
