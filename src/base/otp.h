/*
 * otp.h - one-time codes from a shared secret and the time (RFC 4226, RFC 6238): SHA-1, 30 seconds, six digits, which is
 * what every authenticator app understands.
 */
#ifndef BASE_OTP_H
#define BASE_OTP_H

#include "base/base.h"

#define OTP_SECRET_LEN 20 /* bytes, RFC 4226 4 */
#define OTP_BASE32_LEN 32
#define OTP_DIGITS 6
#define OTP_STEP_MS 30000

/* The code of one step of 30 s since 1970. */
uint32_t otp_code(const unsigned char secret[OTP_SECRET_LEN], int64_t step);

/* RFC 4648 6, without padding; n is a multiple of 5. ret has n / 5 * 8 + 1 bytes. */
void base32_encode(const unsigned char *p, size_t n, char *ret);
/* Exactly n bytes, in capitals. */
bool base32_decode(struct view v, unsigned char *ret, size_t n);

#endif
