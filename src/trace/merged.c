/*
 * merged.c - see merged.h. Only groups that may be named are kept, and only for those coins of several p are counted by stratum: all others are
 * screened with the largest p, which makes each p-value too small rather than too large.
 */
#include "base/base.h"
#include "trace/merged.h"

#include <math.h>

#include "base/vec.h"
#include "trace/binomial.h"
#include "trace/correction.h"

struct search {
	const struct evidence_input *in;
	const struct evidence_rules *rules;
	double ln_part;	  /* of alpha: what is above cannot be named */
	double ln_first;  /* the threshold of the smallest of all p-values */
	double *p_most;	  /* [licensee]: of all strata */
	double *ln_stays; /* [licensee]: ln(1 - p_most): what each coin adds to ln p at most */
	bool one_p;	  /* nobody's p differs by stratum */
	struct VEC(struct evidence_group) kept;
	uint64_t visible;
};

static void search_init(struct search *s, const struct evidence_input *in, const struct evidence_rules *rules)
{
	*s = (struct search){.in = in, .rules = rules, .one_p = true};
	s->p_most = xcalloc(in->n_licensees, sizeof(*s->p_most));
	s->ln_stays = xcalloc(in->n_licensees, sizeof(*s->ln_stays));
	for (size_t j = 0; j < in->n_licensees; j++) {
		for (size_t c = 0; c < in->n_strata; c++) {
			s->p_most[j] = fmax(s->p_most[j], in->licensees[j].p[c]);
			s->one_p &= in->licensees[j].p[c] == in->licensees[j].p[0];
		}
		s->ln_stays[j] = log1p(-s->p_most[j]);
	}
}

static void search_begin(struct search *s, double part, uint64_t tested)
{
	s->ln_part = log(s->rules->alpha * part);
	s->ln_first = s->ln_part - log((double)tested);
	s->visible = 0;
	memset(&s->kept, 0, sizeof(s->kept));
}

/* ---- one group ---- */

/* The posts withheld from all members but one, 64 at a time. */
static uint64_t others_word(const struct search *s, const struct evidence_group *g, uint32_t but, size_t word)
{
	uint64_t w = UINT64_MAX;

	for (uint32_t m = 0; m < g->n; m++)
		if (m != but)
			w &= s->in->licensees[g->member[m]].withheld[word];
	return w;
}

/* P(K <= k) of a member's coins, of several p. */
static double exact_ln_p(const struct search *s, const struct evidence_group *g, uint32_t m)
{
	size_t strata = s->in->n_strata;
	struct tosses *t = xcalloc(strata, sizeof(*t));

	for (size_t c = 0; c < strata; c++)
		t[c].p = s->in->licensees[g->member[m]].p[c];
	for (size_t word = 0; word < EVIDENCE_WORDS(s->in->n); word++)
		for (uint64_t w = others_word(s, g, m, word); w; w &= w - 1)
			t[s->in->stratum ? s->in->stratum[word * 64 + (size_t)__builtin_ctzll(w)] : 0].n++;
	double ln = tosses_ln_low(t, strata, g->withheld);
	free(t);
	return ln;
}

static void weigh(struct search *s, struct evidence_group *g)
{
	double floor = -INFINITY;

	g->ln_p = -INFINITY;
	for (uint32_t m = 0; m < g->n; m++)
		floor = fmax(floor, (double)g->others[m] * s->ln_stays[g->member[m]]);
	s->visible += floor <= s->ln_first;
	if (floor > s->ln_part)
		return;
	for (uint32_t m = 0; m < g->n && g->ln_p <= s->ln_part; m++)
		g->ln_p = fmax(g->ln_p, binomial_ln_low(g->others[m], s->p_most[g->member[m]], g->withheld));
	for (uint32_t m = 0; m < g->n && g->ln_p <= s->ln_part && !s->one_p; m++)
		g->ln_p = fmax(g->ln_p, exact_ln_p(s, g, m));
	if (g->ln_p <= s->ln_part)
		VEC_PUSH(&s->kept, *g);
}

/*
 * Deliveries to a member must allow what its coins say: of the posts withheld from all others, at least those of the lower bound came from it.
 */
static bool member_excused(const struct search *s, const struct evidence_group *g, uint32_t m)
{
	const struct evidence_licensee *l = &s->in->licensees[g->member[m]];
	double p_least = 1, n = (double)g->others[m];
	uint64_t delivered = 0;

	if (!l->delivered)
		return false;
	for (size_t c = 0; c < s->in->n_strata; c++)
		p_least = fmin(p_least, l->p[c]);
	for (size_t word = 0; word < EVIDENCE_WORDS(s->in->n); word++)
		delivered += (uint64_t)__builtin_popcountll(others_word(s, g, m, word) & l->delivered[word]);
	double elsewhere = (double)binomial_most_n(p_least, g->withheld, log(s->rules->contradiction), g->others[m]);
	return delivered == 0 || (double)delivered < n - elsewhere - s->rules->slack * n;
}

/* ---- all of them ---- */

static int by_p(const void *a, const void *b)
{
	double x = ((const struct evidence_group *)a)->ln_p, y = ((const struct evidence_group *)b)->ln_p;
	return (x > y) - (x < y);
}

/* ret->tested is known. */
static void search_end(struct search *s, struct evidence_groups *ret)
{
	size_t n = s->kept.n, named = 0;
	double *ln_p = xcalloc(2 * n, sizeof(*ln_p)), *corrected = ln_p + n;

	if (n)
		qsort(s->kept.v, n, sizeof(*s->kept.v), by_p);
	for (size_t i = 0; i < n; i++)
		ln_p[i] = s->kept.v[i].ln_p;
	holm(ln_p, n, ret->tested, corrected);
	for (size_t i = 0; i < n; i++) {
		struct evidence_group *g = &s->kept.v[i];
		g->ln_p_holm = corrected[i];
		g->named = corrected[i] <= s->ln_part;
		named += g->named;
		for (uint32_t m = 0; g->named && m < g->n; m++)
			g->excused |= member_excused(s, g, m);
		g->named &= !g->excused;
	}
	free(ln_p);
	ret->visible = s->visible;
	ret->v = s->kept.v;
	ret->n = n < EVIDENCE_KEPT || n == named ? n : named > EVIDENCE_KEPT ? named : EVIDENCE_KEPT;
}

static void weigh_pairs(struct search *s, const uint32_t *both, const uint64_t *withheld, struct evidence_groups *ret)
{
	size_t n = s->in->n_licensees;

	ret->tested = (uint64_t)n * (n - 1) / 2;
	search_begin(s, s->rules->pair, ret->tested);
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = i + 1; j < n; j++) {
			struct evidence_group g = {.n = 2,
						   .member = {i, j},
						   .withheld = both[i * n + j],
						   .others = {withheld[j], withheld[i]}};
			weigh(s, &g);
		}
	search_end(s, ret);
}

/* May any three be named, with nothing missing? Counting them costs a walk over all posts. */
static bool any_triple_visible(const struct search *s, const uint32_t *both)
{
	size_t n = s->in->n_licensees;
	double most = 0, least = 0;

	for (size_t i = 0; i < n; i++) {
		least = fmin(least, s->ln_stays[i]);
		for (size_t j = i + 1; j < n; j++)
			most = fmax(most, both[i * n + j]);
	}
	return most * least <= s->ln_first;
}

static void weigh_triples(struct search *s, const struct holes *h, const uint32_t *both, struct evidence_groups *ret)
{
	size_t n = s->in->n_licensees;
	uint32_t *all;

	ret->tested = (uint64_t)n * (n - 1) * (n - 2) / 6;
	search_begin(s, s->rules->triple, ret->tested);
	if (!any_triple_visible(s, both))
		return;
	all = holes_triples(h, n);
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = i + 1; j < n; j++)
			for (uint32_t k = j + 1; k < n; k++) {
				struct evidence_group g = {
					.n = 3,
					.member = {i, j, k},
					.withheld = all[holes_triple(i, j, k)],
					.others = {both[j * n + k], both[i * n + k], both[i * n + j]}};
				weigh(s, &g);
			}
	free(all);
	search_end(s, ret);
}

void merged_weigh(const struct evidence_input *in, const struct evidence_rules *rules, const struct holes *h,
		  const uint64_t *withheld, struct evidence_groups *ret_pairs, struct evidence_groups *ret_triples)
{
	struct search s;
	uint32_t *both;

	*ret_pairs = *ret_triples = (struct evidence_groups){0};
	if (in->n_licensees < 2)
		return;
	both = holes_pairs(h, in->n_licensees);
	search_init(&s, in, rules);
	weigh_pairs(&s, both, withheld, ret_pairs);
	if (in->n_licensees >= 3 && in->n_licensees <= EVIDENCE_TRIPLES_OF)
		weigh_triples(&s, h, both, ret_triples);
	free(s.p_most);
	free(s.ln_stays);
	free(both);
}
