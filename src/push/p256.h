/*
 * p256.h - the curve P-256 (FIPS 186-4; secp256r1, prime256v1) as Web Push needs it: names of ours for what OpenSSL does.
 * Points are uncompressed: 0x04, x, y (SEC 1, 2.3.3).
 */
#ifndef PUSH_P256_H
#define PUSH_P256_H

#include "base/base.h"

#define P256_POINT_LEN 65
#define P256_SCALAR_LEN 32

/* On the curve, and not at infinity. Other points must not be multiplied: they give the scalar away. */
bool p256_is_point(const unsigned char point[P256_POINT_LEN]);
/* A new pair of keys. ERR_INTERNAL: no memory, no randomness. */
enum err p256_make(unsigned char ret_scalar[P256_SCALAR_LEN], unsigned char ret_point[P256_POINT_LEN]);
/* The secret two pairs share (RFC 6090 4.1): x of scalar times point. ERR_INVALID: not a point. */
enum err p256_shared(const unsigned char scalar[P256_SCALAR_LEN], const unsigned char point[P256_POINT_LEN],
		     unsigned char ret[P256_SCALAR_LEN]);

#endif
