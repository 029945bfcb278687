#include "base/base.h"
#include "http/sha1.h"

#include <setjmp.h>
#include <cmocka.h>

static void check(struct view v, const char *hex)
{
	unsigned char hash[SHA1_LEN];
	char text[2 * SHA1_LEN + 1];
	sha1(v, hash);
	for (size_t i = 0; i < SHA1_LEN; i++)
		snprintf(text + 2 * i, 3, "%02x", hash[i]);
	assert_string_equal(text, hex);
}

/* RFC 3174 7.3, and lengths around the end of a block. */
static void vectors(void **state)
{
	(void)state;
	static char many[1000000];
	memset(many, 'a', sizeof(many));
	check(V(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
	check(V("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
	check(V("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
	check(view_make(many, 55), "c1c8bbdc22796e28c0e15163d20899b65621d65a");
	check(view_make(many, 56), "c2db330f6083854c99d4b5bfb6e8f29f201be699");
	check(view_make(many, 64), "0098ba824b5c16427bd7a1122a5a442a25ec644d");
	check(view_make(many, sizeof(many)), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(vectors)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
