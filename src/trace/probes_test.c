/*
 * Samples: both groups of each block, nothing twice, alike, and drawn without a look at what was withheld.
 */
#include "base/base.h"
#include "base/secret.h"
#include "trace/probes.h"

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#define N 20000

/* Long posts are liked more, and one in twenty is withheld. */
static struct probe_candidate *candidates(size_t n, uint32_t strata)
{
	struct probe_candidate *c = xcalloc(n, sizeof(*c));

	for (size_t i = 0; i < n; i++) {
		uint32_t length = 20 + (uint32_t)(rand_u64() % 400);

		c[i] = (struct probe_candidate){.post = ((int64_t)i + 1) << 16,
						.record = i,
						.stratum = strata ? (uint32_t)(i % strata) : 0,
						.language = (uint32_t)(i % 3),
						.length = length,
						.popularity = length / 10 + (uint32_t)(rand_u64() % 5),
						.delivered = rand_u64() % 20 != 0};
	}
	return c;
}

static void check_probes(const struct probes *p)
{
	size_t *delivered = xcalloc(p->blocks, sizeof(*delivered)), *withheld = xcalloc(p->blocks, sizeof(*withheld));

	assert_int_equal(p->delivered + p->withheld, p->n);
	for (size_t i = 0; i < p->n; i++) {
		assert_true(p->v[i].block < p->blocks);
		(p->v[i].of.delivered ? delivered : withheld)[p->v[i].block]++;
	}
	for (size_t b = 0; b < p->blocks; b++) {
		assert_true(delivered[b] >= 1 && withheld[b] >= 1);
		assert_true(delivered[b] <= PROBES_TIMES_MAX * withheld[b] && withheld[b] <= delivered[b]);
	}
	free(delivered);
	free(withheld);
}

static void test_blocks_have_both(void **state)
{
	struct probe_candidate *c = candidates(N, 0);
	struct probes p;

	(void)state;
	assert_int_equal(probes_choose(c, N, 1000, probes_block_size(50000, N), &p), OK);
	assert_true(p.n <= 1000 && p.n > 900);
	check_probes(&p);
	probes_free(&p);
	assert_int_equal(probes_choose(c, N, N, probes_block_size(50000, N), &p), OK);
	assert_true(p.withheld > 900); /* all there are, about */
	check_probes(&p);
	probes_free(&p);
	free(c);
}

static int by_post(const void *a, const void *b)
{
	int64_t x = ((const struct probe *)a)->of.post, y = ((const struct probe *)b)->of.post;

	return x < y ? -1 : x > y;
}

static void test_each_once_and_shuffled(void **state)
{
	struct probe_candidate *c = candidates(N, 0);
	struct probes p;
	size_t ascending = 0, changes = 0;

	(void)state;
	assert_int_equal(probes_choose(c, N, 2000, 80, &p), OK);
	for (size_t i = 1; i < p.n; i++) {
		ascending += p.v[i].of.post > p.v[i - 1].of.post;
		changes += p.v[i].of.delivered != p.v[i - 1].of.delivered;
	}
	assert_true(ascending > p.n / 3 && ascending < 2 * p.n / 3);
	assert_true(changes > p.n / 10);
	qsort(p.v, p.n, sizeof(*p.v), by_post);
	for (size_t i = 1; i < p.n; i++)
		assert_true(p.v[i].of.post > p.v[i - 1].of.post);
	probes_free(&p);
	free(c);
}

static void test_alike(void **state)
{
	struct probe_candidate *c = candidates(N, 0);
	struct probes_balance b;
	struct probes p;

	(void)state;
	assert_int_equal(probes_choose(c, N, 3000, 80, &p), OK);
	probes_balance(&p, &b);
	assert_true(fabs(b.length) < 0.2 && fabs(b.popularity) < 0.2 && fabs(b.age) < 0.2);
	for (size_t i = 0; i < p.n; i++) /* the balance sees it when they are not */
		if (p.v[i].of.delivered)
			p.v[i].of.length *= 3;
	probes_balance(&p, &b);
	assert_true(b.length > 0.5);
	probes_free(&p);
	free(c);
}

static void test_strata_stay_apart(void **state)
{
	struct probe_candidate *c = candidates(N, 2);
	struct probes p;

	(void)state;
	assert_int_equal(probes_choose(c, N, N, 80, &p), OK);
	for (size_t i = 1; i < p.n; i++)
		for (size_t j = 0; j < i; j++)
			assert_true(p.v[i].block != p.v[j].block || p.v[i].of.stratum == p.v[j].of.stratum);
	probes_free(&p);
	free(c);
}

static void test_nothing_to_compare(void **state)
{
	struct probe_candidate *c = candidates(100, 0);
	struct probes p;

	(void)state;
	assert_int_equal(probes_choose(c, 0, 10, 80, &p), ERR_NOT_FOUND);
	assert_int_equal(probes_choose(c, 100, 10, 1, &p), ERR_INVALID);
	for (size_t i = 0; i < 100; i++)
		c[i].delivered = true;
	assert_int_equal(probes_choose(c, 100, 10, 80, &p), ERR_NOT_FOUND);
	c[50].delivered = false;
	assert_int_equal(probes_choose(c, 100, 10, 100, &p), OK);
	assert_int_equal(p.withheld, 1);
	probes_free(&p);
	free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks_have_both),
		cmocka_unit_test(test_each_once_and_shuffled),
		cmocka_unit_test(test_alike),
		cmocka_unit_test(test_strata_stay_apart),
		cmocka_unit_test(test_nothing_to_compare),
	};

	if (secret_init() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
