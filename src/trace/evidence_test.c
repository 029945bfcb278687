/*
 * evidence_test.c - verdicts about leaks whose source is known: alone, mixed, merged, intersected, public, prepared.
 */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "trace/binomial.h"
#include "trace/evidence_fixture.h"

static bool from_3(struct fixture *f MAYBE_UNUSED, const bool *who, bool global)
{
	return !who[3] && !global;
}

static bool public(struct fixture *f MAYBE_UNUSED, const bool *who MAYBE_UNUSED, bool global MAYBE_UNUSED)
{
	return true;
}

static bool half_3_half_5(struct fixture *f, const bool *who, bool global)
{
	return !global && !who[fixture_random(&f->random) & 1 ? 3 : 5];
}

static bool merged_3_5(struct fixture *f MAYBE_UNUSED, const bool *who, bool global)
{
	return !global && !(who[3] && who[5]);
}

static bool merged_3_5_7(struct fixture *f MAYBE_UNUSED, const bool *who, bool global)
{
	return !global && !(who[3] && who[5] && who[7]);
}

static bool both_3_and_5(struct fixture *f MAYBE_UNUSED, const bool *who, bool global)
{
	return !global && !who[3] && !who[5];
}

/* From 3, who fills in what it lacks, and too much of it. */
static bool padded_by_3(struct fixture *f, const bool *who, bool global)
{
	return who[3] || (!global && fixture_random(&f->random) % 4 == 0);
}

static struct evidence *weigh(struct fixture *f, size_t n, size_t licensees, double p, fixture_leaks_fn *leaks)
{
	struct evidence *e;

	fixture_init(f, n, licensees, p, 7);
	fixture_leak(f, leaks);
	assert_int_equal(evidence_weigh(&f->in, NULL, &e), OK);
	assert_true(e->likelihood_gap < 1e-4);
	return e;
}

static void finish(struct fixture *f, struct evidence *e)
{
	evidence_free(e);
	fixture_release(f);
}

static void test_alone(void **state MAYBE_UNUSED)
{
	struct fixture f;
	struct evidence *e = weigh(&f, 2000, 50, 0.01, from_3);

	assert_int_equal(e->verdict, EVIDENCE_IDENTIFIED);
	assert_int_equal(e->n_names, 1);
	assert_int_equal(e->names[0], 3);
	assert_int_equal(e->singles[3].withheld, 0);
	assert_true(fabs(e->singles[3].ln_p - 2000 * log(0.99)) < 1e-9);
	assert_true(fabs(e->singles[3].ln_p_holm - (2000 * log(0.99) + log(50))) < 1e-9);
	assert_true(e->singles[3].share == 1 && e->singles[3].share_high == 1 && e->singles[3].share_low > 0.7);
	assert_true(e->singles[3].share_named > 0.99 && e->share_not_named < 0.01);
	assert_int_equal(e->origin.withheld, 0);
	assert_true(e->origin.share == 0 && e->origin.ln_p < log(0.001));
	assert_int_equal(e->origin.delivered_to_none, 0);
	finish(&f, e);
}

static void test_too_few(void **state MAYBE_UNUSED)
{
	struct fixture f;
	struct evidence *e = weigh(&f, 100, 50, 0.01, from_3);

	assert_int_equal(e->verdict, EVIDENCE_NONE);
	assert_int_equal(e->n_names, 0);
	assert_int_equal(e->needs.single, 858); /* ln(0.009 / 50) / ln 0.99 */
	assert_true(e->needs.smallest_share > 1);
	finish(&f, e);
	e = weigh(&f, 0, 50, 0.01, from_3);
	assert_int_equal(e->verdict, EVIDENCE_NONE);
	assert_int_equal(e->needs.single, 858); /* ln(0.009 / 50) / ln 0.99 */
	finish(&f, e);
	e = weigh(&f, 100, 0, 0.01, public);
	assert_int_equal(e->verdict, EVIDENCE_NONE);
	finish(&f, e);
}

static void test_public(void **state MAYBE_UNUSED)
{
	struct fixture f;
	struct evidence *e = weigh(&f, 5000, 50, 0.01, public);

	assert_int_equal(e->verdict, EVIDENCE_NOT_ATTRIBUTABLE);
	assert_false(e->prepared);
	assert_true(e->share_not_named == 1 && e->ln_likelihood_named == 0);
	assert_true(e->origin.share_low > 0.3 && e->origin.share_high == 1);
	assert_true(e->origin.delivered_to_none > 0);
	finish(&f, e);
}

static void test_mixture(void **state MAYBE_UNUSED)
{
	struct fixture f;
	struct evidence *e = weigh(&f, 20000, 50, 0.01, half_3_half_5);

	assert_int_equal(e->verdict, EVIDENCE_IDENTIFIED);
	assert_int_equal(e->n_names, 2);
	assert_int_equal(e->names[0], 3);
	assert_int_equal(e->names[1], 5);
	for (size_t i = 3; i <= 5; i += 2) {
		assert_true(e->singles[i].share_low < 0.5 && e->singles[i].share_high > 0.5);
		assert_true(fabs(e->singles[i].share_named - 0.5) < 0.15);
	}
	assert_true(e->ln_likelihood_together > e->singles[3].ln_likelihood);
	finish(&f, e);
}

static void test_merged(void **state MAYBE_UNUSED)
{
	struct fixture f;
	struct evidence *e = weigh(&f, 3000, 50, 0.1, merged_3_5);

	assert_int_equal(e->verdict, EVIDENCE_IDENTIFIED);
	assert_int_equal(e->n_names, 2);
	assert_true(e->names[0] == 3 && e->names[1] == 5);
	assert_int_equal(e->pairs.tested, 1225);
	assert_true(e->pairs.v[0].named && e->pairs.v[0].withheld == 0);
	assert_true(e->pairs.v[0].ln_p >= (double)e->pairs.v[0].others[0] * log(0.9) - 1e-9);
	assert_false(e->singles[3].named || e->singles[5].named);
	finish(&f, e);
	e = weigh(&f, 300, 50, 0.1, merged_3_5);
	assert_int_equal(e->n_names, 0);
	assert_true(e->needs.pair > 300 && e->needs.pair < 3000);
	finish(&f, e);
}

static void test_merged_three(void **state MAYBE_UNUSED)
{
	struct fixture f;
	struct evidence *e = weigh(&f, 4000, 30, 0.2, merged_3_5_7);

	assert_int_equal(e->verdict, EVIDENCE_IDENTIFIED);
	assert_int_equal(e->n_names, 3);
	assert_true(e->names[0] == 3 && e->names[1] == 5 && e->names[2] == 7);
	assert_int_equal(e->triples.tested, 4060);
	assert_true(e->triples.v[0].named && e->triples.v[0].n == 3);
	finish(&f, e);
}

static void test_intersection(void **state MAYBE_UNUSED)
{
	struct fixture f;
	struct evidence *e = weigh(&f, 1500, 50, 0.01, both_3_and_5);

	assert_int_equal(e->n_names, 2);
	assert_true(e->singles[3].named && e->singles[5].named);
	finish(&f, e);
}

static void test_prepared(void **state MAYBE_UNUSED)
{
	struct fixture f;
	struct evidence *e = weigh(&f, 5000, 50, 0.01, padded_by_3);

	assert_true(e->singles[3].many && e->prepared);
	assert_int_equal(e->verdict, EVIDENCE_NOT_ATTRIBUTABLE);
	assert_int_equal(e->n_names, 0);
	finish(&f, e);
}

/* Who took out what is withheld from 3, but does not have 3's copy: many posts that 3 never received. */
static void test_framed(void **state MAYBE_UNUSED)
{
	struct fixture f;
	struct evidence *e;

	fixture_init(&f, 6000, 50, 0.01, 7);
	fixture_leak(&f, from_3);
	for (size_t w = 0; w < EVIDENCE_WORDS(f.in.n) / 2; w++)
		f.delivered[3][w] = 0;
	assert_int_equal(evidence_weigh(&f.in, NULL, &e), OK);
	assert_true(e->singles[3].contradicted && e->singles[3].excused && e->prepared);
	assert_int_equal(e->n_names, 0);
	evidence_free(e);
	f.l[3].delivered = NULL; /* where nothing is known, nothing excuses */
	assert_int_equal(evidence_weigh(&f.in, NULL, &e), OK);
	assert_int_equal(e->n_names, 1);
	assert_false(e->origin.deliveries_known);
	finish(&f, e);
}

static void test_merged_excused(void **state MAYBE_UNUSED)
{
	struct fixture f;
	struct evidence *e;

	fixture_init(&f, 3000, 50, 0.1, 7);
	fixture_leak(&f, merged_3_5);
	memset(f.delivered[5], 0, EVIDENCE_WORDS(f.in.n) * sizeof(uint64_t));
	assert_int_equal(evidence_weigh(&f.in, NULL, &e), OK);
	assert_true(e->pairs.v[0].excused && !e->pairs.v[0].named);
	assert_int_equal(e->n_names, 0);
	finish(&f, e);
}

/* Keys that changed: p differs by stratum, and 4 has none at first. */
static void test_strata(void **state MAYBE_UNUSED)
{
	struct fixture f;
	struct evidence *e;
	struct tosses t[3] = {{0, 0.01}, {0, 0.0199}, {0, 0.02}};

	fixture_init(&f, 3000, 50, 0.01, 9);
	f.in.n_strata = 3;
	f.in.stratum = f.stratum = xcalloc(f.in.n, sizeof(*f.stratum));
	for (size_t x = 0; x < f.in.n; x++)
		t[f.stratum[x] = (uint16_t)(x * 3 / f.in.n)].n++;
	f.p[3][1] = 0.0199;
	f.p[3][2] = 0.02;
	f.p[4][0] = f.p[4][1] = 0;
	fixture_leak(&f, from_3);
	assert_int_equal(evidence_weigh(&f.in, NULL, &e), OK);
	assert_int_equal(e->n_names, 1);
	assert_int_equal(e->names[0], 3);
	assert_true(fabs(e->singles[3].ln_p - tosses_ln_low(t, 3, 0)) < 1e-9);
	assert_true(fabs(e->singles[4].expected - 10) < 1e-9);
	assert_true(e->singles[4].share_low < 0.2 && e->singles[4].share_high > 0.67);
	finish(&f, e);
}

/* Rates differ: what is needed is what the one from whom least is withheld needs, or its copy would be cleared. */
static void test_rates_differ(void **state MAYBE_UNUSED)
{
	static const struct {
		size_t n;
		enum evidence_verdict verdict;
	} sizes[] = {{100, EVIDENCE_NONE}, {606, EVIDENCE_NONE}, {607, EVIDENCE_IDENTIFIED}};
	struct fixture f;
	struct evidence *e;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		fixture_init(&f, sizes[i].n, 4, 0.01, 7);
		f.p[0][0] = 0.4;
		fixture_leak(&f, from_3);
		assert_int_equal(evidence_weigh(&f.in, NULL, &e), OK);
		assert_int_equal(e->verdict, sizes[i].verdict);
		assert_int_equal(e->needs.single, 607); /* ln(0.009 / 4) / ln 0.99 */
		assert_true(fabs(e->needs.p - 0.01) < 1e-12 && e->needs.unseen == 0);
		assert_true(e->needs.pair > 10000); /* at 1 %: two of 40 % would take some hundreds */
		finish(&f, e);
	}
	/* Whoever else it is, it is named from so many on: then nobody's copy is what "not attributable" says. */
	fixture_init(&f, 607, 4, 0.01, 7);
	f.p[0][0] = 0.4;
	fixture_leak(&f, public);
	assert_int_equal(evidence_weigh(&f.in, NULL, &e), OK);
	assert_int_equal(e->verdict, EVIDENCE_NOT_ATTRIBUTABLE);
	finish(&f, e);
}

/* A key that came late: of a third of the posts nothing could be withheld, so half as many again are needed. And one who has none. */
static void test_rates_of_a_part(void **state MAYBE_UNUSED)
{
	struct fixture f;
	struct evidence *e;

	for (size_t n = 900; n <= 915; n += 15) {
		fixture_init(&f, n, 4, 0.01, 7);
		f.in.n_strata = 2;
		f.in.stratum = f.stratum = xcalloc(n, sizeof(*f.stratum));
		for (size_t x = 0; x < n; x++)
			f.stratum[x] = x % 3 != 0;
		f.p[3][0] = 0;
		f.p[1][0] = f.p[1][1] = 0;
		fixture_leak(&f, from_3);
		assert_int_equal(evidence_weigh(&f.in, NULL, &e), OK);
		assert_int_equal(e->needs.unseen, 1);
		assert_int_equal(e->verdict, n < 910 ? EVIDENCE_NONE : EVIDENCE_IDENTIFIED);
		assert_int_equal(e->needs.single <= n, e->verdict == EVIDENCE_IDENTIFIED);
		finish(&f, e);
	}
}

/* Three of fifty give a third each: too little to name one, enough to say that it is among them. */
static void test_narrowed(void **state MAYBE_UNUSED)
{
	struct fixture f;
	struct evidence *e;
	struct evidence_rules rules = evidence_rules;

	fixture_init(&f, 1000, 6, 0.1, 1);
	for (size_t j = 0; j < 6; j++)
		for (size_t x = 0; x < (j < 2 ? 67 : 100); x++)
			evidence_set(f.withheld[j], x * 7 + j);
	rules.single = rules.pair = rules.triple = 0.001;
	rules.narrow = 0.9;
	for (size_t j = 0; j < 6; j++)
		memset(f.delivered[j], 0xff, EVIDENCE_WORDS(f.in.n) * sizeof(uint64_t));
	assert_int_equal(evidence_weigh(&f.in, &rules, &e), OK);
	assert_int_equal(e->verdict, EVIDENCE_NARROWED);
	assert_in_range(e->n_names, 1, 2);
	assert_int_equal(e->names[0], 0);
	evidence_free(e);
	f.l[0].delivered = f.delivered[5];
	memset(f.delivered[5], 0, EVIDENCE_WORDS(f.in.n) * sizeof(uint64_t));
	assert_int_equal(evidence_weigh(&f.in, &rules, &e), OK);
	assert_int_equal(e->n_names, 0);
	finish(&f, e);
}

static void test_refused(void **state MAYBE_UNUSED)
{
	struct fixture f;
	struct evidence *e = NULL;
	struct evidence_rules rules = evidence_rules;
	uint16_t stratum[10] = {0, 1};

	fixture_init(&f, 10, 2, 0.01, 1);
	f.p[1][0] = 1;
	assert_int_equal(evidence_weigh(&f.in, NULL, &e), ERR_INVALID);
	f.p[1][0] = NAN;
	assert_int_equal(evidence_weigh(&f.in, NULL, &e), ERR_INVALID);
	f.p[1][0] = 0.01;
	f.in.stratum = stratum;
	assert_int_equal(evidence_weigh(&f.in, NULL, &e), ERR_INVALID);
	f.in.stratum = NULL;
	rules.narrow = 0.3;
	assert_int_equal(evidence_weigh(&f.in, &rules, &e), ERR_INVALID);
	f.in.n_licensees = EVIDENCE_LICENSEES_MAX + 1;
	assert_int_equal(evidence_weigh(&f.in, NULL, &e), ERR_TOO_LARGE);
	assert_null(e);
	f.in.n_licensees = 2;
	finish(&f, NULL);
}

/* The study in small (study/attribution.c): of leaks of all ways at most one in a hundred names an innocent; here with room for chance. */
static void test_innocents(void **state MAYBE_UNUSED)
{
	static const struct {
		fixture_leaks_fn *leaks;
		uint32_t sources; /* bits */
		int named_least;  /* of 60 leaks: when each source is */
	} ways[] = {
		{public, 0, 0},
		{from_3, 1 << 3, 59},
		{half_3_half_5, 1 << 3 | 1 << 5, 0},
		{merged_3_5, 1 << 3 | 1 << 5, 0},
		{both_3_and_5, 1 << 3 | 1 << 5, 58},
		{padded_by_3, 1 << 3, 0},
	};
	int wrong = 0;

	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		int named = 0;
		for (uint64_t seed = 1; seed <= 60; seed++) {
			struct fixture f;
			struct evidence *e;
			uint32_t names = 0;
			fixture_init(&f, 1000, 20, 0.02, seed * 100 + i);
			fixture_leak(&f, ways[i].leaks);
			assert_int_equal(evidence_weigh(&f.in, NULL, &e), OK);
			for (size_t k = 0; k < e->n_names; k++)
				names |= 1U << e->names[k];
			wrong += (names & ~ways[i].sources) != 0;
			named += names == ways[i].sources;
			assert_true(!e->prepared || e->n_names == 0);
			finish(&f, e);
		}
		assert_true(named >= ways[i].named_least);
	}
	assert_in_range(wrong, 0, 10); /* of 360: 3.6 at most are expected */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alone),	     cmocka_unit_test(test_too_few),
		cmocka_unit_test(test_public),	     cmocka_unit_test(test_mixture),
		cmocka_unit_test(test_merged),	     cmocka_unit_test(test_merged_three),
		cmocka_unit_test(test_intersection), cmocka_unit_test(test_prepared),
		cmocka_unit_test(test_framed),	     cmocka_unit_test(test_merged_excused),
		cmocka_unit_test(test_strata),	     cmocka_unit_test(test_rates_differ),
		cmocka_unit_test(test_rates_of_a_part), cmocka_unit_test(test_narrowed),
		cmocka_unit_test(test_refused),	     cmocka_unit_test(test_innocents),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
