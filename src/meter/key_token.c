/*
 * key_token.c - see key_token.h.
 */
#include "base/base.h"

#include "meter/key_token.h"

#include "base/secret.h"

#define RANDOM_LEN 40
#define SUM_LEN 6
#define BODY_LEN (sizeof(KEY_TOKEN_PREFIX) - 1 + RANDOM_LEN)

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/* Without a bias: 62 does not divide 256. */
static char random_digit(void)
{
	unsigned char b;

	do
		rand_bytes(&b, 1);
	while (b >= 248);
	return digits[b % 62];
}

static void sum(struct view body, char ret[SUM_LEN])
{
	struct digest d = digest_sha256(body);
	uint32_t n = (uint32_t)d.b[0] << 24 | (uint32_t)d.b[1] << 16 | (uint32_t)d.b[2] << 8 | d.b[3];

	for (size_t i = SUM_LEN; i-- > 0; n /= 62)
		ret[i] = digits[n % 62];
}

void key_token_make(char ret[KEY_TOKEN_LEN + 1])
{
	_Static_assert(BODY_LEN + SUM_LEN == KEY_TOKEN_LEN, "parts of a key");
	memcpy(ret, KEY_TOKEN_PREFIX, sizeof(KEY_TOKEN_PREFIX) - 1);
	for (size_t i = sizeof(KEY_TOKEN_PREFIX) - 1; i < BODY_LEN; i++)
		ret[i] = random_digit();
	sum(view_make(ret, BODY_LEN), ret + BODY_LEN);
	ret[KEY_TOKEN_LEN] = '\0';
}

bool key_token_plausible(struct view token)
{
	char want[SUM_LEN];

	if (token.len != KEY_TOKEN_LEN || !view_starts(token, V(KEY_TOKEN_PREFIX)))
		return false;
	sum(view_sub(token, 0, BODY_LEN), want);
	return view_eq(view_make(want, SUM_LEN), view_sub(token, BODY_LEN, SUM_LEN));
}
