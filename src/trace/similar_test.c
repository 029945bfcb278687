/* The bit-parallel distance is that of the plain table. */
#include "base/base.h"
#include "trace/similar.h"

#include <setjmp.h>
#include <cmocka.h>

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Sellers' table, a row at a time. */
static size_t plainly(struct view pattern, struct view text)
{
	size_t row[SIMILAR_MAX + 1], best = pattern.len;

	for (size_t i = 0; i <= pattern.len; i++)
		row[i] = i;
	for (size_t j = 0; j < text.len; j++) {
		size_t corner = 0;

		for (size_t i = 1; i <= pattern.len; i++) {
			size_t here = corner + (pattern.p[i - 1] != text.p[j]);

			here = least(here, least(row[i], row[i - 1]) + 1);
			corner = row[i];
			row[i] = here;
		}
		best = least(best, row[pattern.len]);
	}
	return best;
}

static void known(void **state)
{
	static const struct {
		const char *pattern, *text;
		size_t edits;
	} cases[] = {
		{"abc", "xxabcxx", 0}, {"abc", "xxabxcxx", 1},	 {"abc", "", 3},
		{"abcd", "zzz", 4},    {"survey", "surgery", 2}, {"annealing", "annual", 4},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(similar_edits(view_of(cases[i].pattern), view_of(cases[i].text)), cases[i].edits);
	assert_true(similar(V(""), V("abc")) == 0);
	assert_true(similar(V("abc"), V("zzabczz")) == 1);
	assert_true(similar(V("zzabczz"), V("abc")) == 1);
}

static uint64_t state_of = 88172645463325252ULL;

static unsigned next(unsigned n)
{
	state_of ^= state_of << 13;
	state_of ^= state_of >> 7;
	state_of ^= state_of << 17;
	return (unsigned)(state_of >> 33) % n;
}

static void random_ones(void **state)
{
	static const size_t lengths[] = {1, 2, 31, 63, 64, 65, 100, 127, 128, 129, 200, 300, 500};
	char a[512], b[512];

	(void)state;
	for (size_t round = 0; round < 600; round++) {
		size_t m = lengths[next(ARRAY_LEN(lengths))], n = lengths[next(ARRAY_LEN(lengths))];

		for (size_t i = 0; i < m; i++)
			a[i] = (char)('a' + next(1 + (unsigned)round % 5));
		for (size_t i = 0; i < n; i++)
			b[i] = next(3) && i < m ? a[i] : (char)('a' + next(4));
		assert_int_equal(similar_edits(view_make(a, m), view_make(b, n)),
				 plainly(view_make(a, m), view_make(b, n)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(known), cmocka_unit_test(random_ones)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
