/* What many write says little, what nobody writes says much; one's own text counts as if it were not there. */
#include "base/base.h"
#include "trace/surprise.h"

#include <math.h>
#include <setjmp.h>
#include <cmocka.h>

#define SALT UINT64_C(0x1234567890abcdef)
#define MANY 4000

static unsigned char table[SURPRISE_BYTES];
static uint64_t state_of;

static unsigned next(unsigned n)
{
	state_of ^= state_of << 13;
	state_of ^= state_of >> 7;
	state_of ^= state_of << 17;
	return (unsigned)(state_of >> 33) % n;
}

static const char *const words[] = {"river",   "market", "engine", "window",  "harvest", "signal", "copper", "lantern",
				    "orchard", "ferry",	 "gravel", "thunder", "needle",	 "saddle", "velvet", "walnut"};

static struct view random_text(char text[256])
{
	size_t len = 0;

	for (size_t i = 0; i < 12; i++)
		len += (size_t)snprintf(text + len, 256 - len, "%s", words[next(ARRAY_LEN(words))]);
	return view_make(text, len);
}

/* Of random texts, and so many times another one. */
static void learn(size_t texts, struct view other, size_t times)
{
	struct surprise_counts *c = surprise_counts_new(SALT);
	char text[256];

	state_of = 88172645463325252ULL;
	for (size_t i = 0; i < texts; i++)
		surprise_learn(c, random_text(text));
	for (size_t i = 0; i < times; i++)
		surprise_learn(c, other);
	surprise_write(c, table);
	surprise_counts_free(c);
}

static double bits_of(struct view v)
{
	return surprise(table, SALT, v);
}

static void ordinary(void **state)
{
	(void)state;
	learn(MANY, V(""), 0);
	assert_true(bits_of(V("")) == 0);
	/* Each word is one of 16: four bits, where each is known well. */
	double four = bits_of(V("rivermarketenginewindow"));
	assert_true(four > 14 && four < 22);
	assert_true(bits_of(V("quokkasjugglezithersvex")) > 2 * four);
	/* More of a text never says less. */
	double last = 0;
	for (size_t n = 1; n <= 23; n++) {
		double bits = bits_of(view_make("rivermarketenginewindow", n));
		assert_true(bits >= last);
		last = bits;
	}
}

static void one_and_many(void **state)
{
	const struct view text = V("tavlertdnuhsretnacrehwodgrevissaleldtanruks");

	(void)state;
	learn(MANY, text, 0);
	double none = bits_of(text);
	learn(MANY, text, 2);
	assert_true(bits_of(text) > 0.95 * none);
	learn(MANY, text, 1000);
	assert_true(bits_of(text) < none / 4);
}

/* More than is learnt at once: counts are halved, and what is asked is answered alike. */
static void very_many(void **state)
{
	const struct view text = V("rivermarketenginewindow");

	(void)state;
	learn(MANY, V(""), 0);
	double few = bits_of(text);
	learn(40 * MANY, V(""), 0);
	assert_true(fabs(bits_of(text) - few) < 2);
}

static void any_table(void **state)
{
	static const unsigned char fill[] = {0, 1, 13, 128, 255};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fill); i++) {
		memset(table, fill[i], sizeof(table));
		double bits = bits_of(view_make("\xff\x00 anything at all", 18));
		assert_true(isfinite(bits) && bits >= 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ordinary),
		cmocka_unit_test(one_and_many),
		cmocka_unit_test(very_many),
		cmocka_unit_test(any_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
