/*
 * shares_test.c - holes and what they share, counted by hand; the most likely shares against another way to them (EM), over strata too.
 */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "trace/evidence_fixture.h"
#include "trace/holes.h"
#include "trace/shares.h"

static bool a_quarter_from_0(struct fixture *f, const bool *who, bool global MAYBE_UNUSED)
{
	return fixture_random(&f->random) % 4 || !who[0];
}

static void test_holes(void **state MAYBE_UNUSED)
{
	struct fixture f;
	struct holes h;
	size_t n = 5;

	fixture_init(&f, 777, n, 0.3, 3);
	fixture_leak(&f, a_quarter_from_0);
	holes_init(&h, &f.in);
	uint32_t *both = holes_pairs(&h, n), *all = holes_triples(&h, n);
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++) {
			uint32_t two = 0, three[5] = {0};
			for (size_t x = 0; x < f.in.n; x++) {
				bool has = evidence_has(f.withheld[i], x) && evidence_has(f.withheld[j], x);
				two += has;
				for (size_t k = j + 1; k < n; k++)
					three[k] += has && evidence_has(f.withheld[k], x);
			}
			assert_int_equal(both[i * n + j], two);
			for (size_t k = j + 1; k < n; k++)
				assert_int_equal(all[holes_triple(i, j, k)], three[k]);
		}
	free(both);
	free(all);
	holes_release(&h);
	fixture_release(&f);
}

/* ln likelihood of shares, post by post. */
static double by_hand(const struct fixture *f, const double *share)
{
	double ln = 0;

	for (size_t x = 0; x < f->in.n; x++) {
		double m = 1;
		for (size_t j = 0; j < f->in.n_licensees; j++) {
			double p = f->p[j][f->in.stratum ? f->in.stratum[x] : 0];
			m += share[j] * (evidence_has(f->withheld[j], x) ? -1 : p / (1 - p));
		}
		ln += log(m);
	}
	return ln;
}

/* Expectation maximisation: each post is divided among those it may be from. Slow, and never down. */
static void em_round(const struct fixture *f, double *share, double *other)
{
	double part[FIXTURE_LICENSEES] = {0}, rest = 0, n = (double)f->in.n;

	for (size_t x = 0; x < f->in.n; x++) {
		double m = *other, y[FIXTURE_LICENSEES];
		for (size_t j = 0; j < f->in.n_licensees; j++) {
			double p = f->p[j][f->in.stratum ? f->in.stratum[x] : 0];
			y[j] = evidence_has(f->withheld[j], x) ? 0 : share[j] / (1 - p);
			m += y[j];
		}
		for (size_t j = 0; j < f->in.n_licensees; j++)
			part[j] += y[j] / m;
		rest += *other / m;
	}
	for (size_t j = 0; j < f->in.n_licensees; j++)
		share[j] = part[j] / n;
	*other = rest / n;
}

static void compare(struct fixture *f)
{
	double share[FIXTURE_LICENSEES], em[FIXTURE_LICENSEES], other = 0.5, gap, ln;
	size_t n = f->in.n_licensees;
	struct holes h;

	holes_init(&h, &f->in);
	ln = shares_fit(&f->in, &h, NULL, share, &gap);
	holes_release(&h);
	assert_true(gap <= 1e-6);
	assert_true(fabs(ln - by_hand(f, share)) < 1e-8);
	for (size_t j = 0; j < n; j++)
		em[j] = 0.5 / (double)n;
	for (int round = 0; round < 3000; round++)
		em_round(f, em, &other);
	assert_true(by_hand(f, em) <= ln + gap + 1e-9 && by_hand(f, em) > ln - 0.01);
	for (size_t j = 0; j < n; j++)
		assert_true(fabs(em[j] - share[j]) < 0.02);
}

static void test_against_em(void **state MAYBE_UNUSED)
{
	struct fixture f;

	fixture_init(&f, 1000, 6, 0.2, 5);
	fixture_leak(&f, a_quarter_from_0);
	compare(&f);
	fixture_release(&f);
}

static void test_strata(void **state MAYBE_UNUSED)
{
	struct fixture f;

	fixture_init(&f, 1000, 6, 0.2, 6);
	f.in.n_strata = 3;
	f.in.stratum = f.stratum = xcalloc(f.in.n, sizeof(*f.stratum));
	for (size_t x = 0; x < f.in.n; x++)
		f.stratum[x] = (uint16_t)(x % 3);
	f.p[0][1] = 0.4;
	f.p[2][2] = 0;
	f.p[3][0] = 0.1;
	fixture_leak(&f, a_quarter_from_0);
	compare(&f);
	fixture_release(&f);
}

static void test_nobody(void **state MAYBE_UNUSED)
{
	struct fixture f;
	struct holes h;
	double share[4], gap;
	static const bool nobody[4] = {false};

	fixture_init(&f, 100, 4, 0.2, 6);
	fixture_leak(&f, a_quarter_from_0);
	holes_init(&h, &f.in);
	assert_true(shares_fit(&f.in, &h, nobody, share, &gap) == 0 && gap == 0 && share[0] == 0);
	holes_release(&h);
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_holes), cmocka_unit_test(test_against_em),
					   cmocka_unit_test(test_strata), cmocka_unit_test(test_nobody)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
