/*
 * otp.c - see otp.h.
 */
#include "base/base.h"

#include "base/otp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

uint32_t otp_code(const unsigned char secret[OTP_SECRET_LEN], int64_t step)
{
	unsigned char counter[8], mac[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	for (size_t i = 0; i < sizeof(counter); i++)
		counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	if (!HMAC(EVP_sha1(), secret, OTP_SECRET_LEN, counter, sizeof(counter), mac, &len) || len != 20)
		BUG("no HMAC");
	/* Dynamic truncation, RFC 4226 5.3. */
	size_t at = mac[19] & 0xf;
	uint32_t n = (uint32_t)(mac[at] & 0x7f) << 24 | (uint32_t)mac[at + 1] << 16 | (uint32_t)mac[at + 2] << 8 |
		     mac[at + 3];
	return n % 1000000;
}

void base32_encode(const unsigned char *p, size_t n, char *ret)
{
	for (size_t i = 0; i < n; i += 5) {
		uint64_t group = 0;

		for (size_t k = 0; k < 5; k++)
			group = group << 8 | p[i + k];
		for (size_t k = 0; k < 8; k++)
			*ret++ = digits[group >> (35 - 5 * k) & 31];
	}
	*ret = 0;
}

bool base32_decode(struct view v, unsigned char *ret, size_t n)
{
	if (v.len != n / 5 * 8)
		return false;
	for (size_t i = 0; i < v.len; i += 8) {
		uint64_t group = 0;

		for (size_t k = 0; k < 8; k++) {
			const char *digit = v.p[i + k] ? strchr(digits, v.p[i + k]) : NULL;
			if (!digit)
				return false;
			group = group << 5 | (uint64_t)(digit - digits);
		}
		for (size_t k = 0; k < 5; k++)
			*ret++ = (unsigned char)(group >> (32 - 8 * k));
	}
	return true;
}
