/*
 * blurhash.h - a picture's blurred face in some 30 characters (blurha.sh, "Algorithm"): a few cosine components of
 * the linear-light image, quantised, in base 83.
 */
#ifndef MEDIA_BLURHASH_H
#define MEDIA_BLURHASH_H

#include "base/base.h"

/* rgb: w × h × 3 bytes of sRGB. x, y: components, 1-9. False when ret (size bytes) is too small. */
bool blurhash_encode(int x, int y, const unsigned char *rgb, size_t w, size_t h, char *ret, size_t size);

#endif
