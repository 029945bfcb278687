/*
 * evidence.c - the verdict: singles, the global class, and what of all tests follows. See evidence.h; pairs and triples are in merged.c, shares
 * in shares.c, tails in binomial.c.
 */
#include "base/base.h"
#include "trace/evidence.h"

#include <math.h>

#include "trace/binomial.h"
#include "trace/correction.h"
#include "trace/holes.h"
#include "trace/merged.h"
#include "trace/power.h"
#include "trace/shares.h"

#define LN_SIDE (-5.298317366548036) /* ln 0.005: each side of a 99 % interval */

const struct evidence_rules evidence_rules = {
	.alpha = 0.01,
	.single = 0.9,
	.pair = 0.06,
	.triple = 0.02,
	.narrow = 0.02,
	.tamper = 0.001,
	.contradiction = 1e-6,
	.slack = 0.01,
	.narrow_max = 10,
	.power = 0.95,
};

const char *evidence_verdict_name(enum evidence_verdict v)
{
	static const char *const names[] = {"no evidence", "ours but not attributable", "narrowed to", "identified"};

	return names[v];
}

uint64_t *evidence_bits(size_t n)
{
	return xcalloc(EVIDENCE_WORDS(n), sizeof(uint64_t));
}

/* ---- what may come in ---- */

static bool rules_fit(const struct evidence_rules *r)
{
	return r->alpha > 0 && r->alpha < 1 && r->single > 0 && r->pair > 0 && r->triple > 0 && r->narrow > 0 &&
	       r->single + r->pair + r->triple + r->narrow <= 1 + 1e-12 && r->tamper > 0 && r->tamper < 1 &&
	       r->contradiction > 0 && r->contradiction < 1 && r->slack >= 0 && r->slack < 1 && r->power > 0 &&
	       r->power < 1;
}

static bool chances_fit(const double *p, size_t n)
{
	for (size_t c = 0; c < n; c++)
		if (!(p[c] >= 0 && p[c] < 1))
			return false;
	return true;
}

static enum err check(const struct evidence_input *in, const struct evidence_rules *rules)
{
	if (in->n_licensees > EVIDENCE_LICENSEES_MAX || in->n_strata > EVIDENCE_STRATA_MAX || in->n > UINT32_MAX)
		return ERR_TOO_LARGE;
	if (!rules_fit(rules) || in->n_strata < 1)
		return ERR_INVALID;
	for (size_t j = 0; j < in->n_licensees; j++)
		if (!chances_fit(in->licensees[j].p, in->n_strata))
			return ERR_INVALID;
	if (in->global && !chances_fit(in->p_global, in->n_strata))
		return ERR_INVALID;
	for (size_t x = 0; in->stratum && x < in->n; x++)
		if (in->stratum[x] >= in->n_strata)
			return ERR_INVALID;
	return OK;
}

/* ---- counting ---- */

static uint64_t count(const uint64_t *bits, size_t n)
{
	uint64_t sum = 0;

	for (size_t w = 0; w < EVIDENCE_WORDS(n); w++)
		sum += (uint64_t)__builtin_popcountll(bits[w]);
	return sum;
}

struct weighing {
	const struct evidence_input *in;
	struct evidence *e;
	uint64_t *posts;       /* [stratum] */
	uint64_t *fallen;      /* [stratum]: withheld, of one licensee */
	struct tosses *tosses; /* [stratum] */
};

/* The coins of one key over all posts; how many fell is counted by stratum. */
static uint64_t toss(struct weighing *w, const uint64_t *withheld, const double *p)
{
	uint64_t k = 0;

	for (size_t c = 0; c < w->in->n_strata; c++)
		w->tosses[c] = (struct tosses){w->posts[c], p[c]};
	memset(w->fallen, 0, w->in->n_strata * sizeof(*w->fallen));
	for (size_t word = 0; word < EVIDENCE_WORDS(w->in->n); word++)
		for (uint64_t b = withheld[word]; b; b &= b - 1, k++)
			w->fallen[w->in->stratum ? w->in->stratum[word * 64 + (size_t)__builtin_ctzll(b)] : 0]++;
	return k;
}

/* Posts that had a coin at all, and the least and largest p among those. */
struct span {
	uint64_t n;
	double least, most;
};

static struct span span_of(const struct weighing *w)
{
	struct span s = {.least = 1};

	for (size_t c = 0; c < w->in->n_strata; c++)
		if (w->tosses[c].p > 0 && w->tosses[c].n) {
			s.n += w->tosses[c].n;
			s.least = fmin(s.least, w->tosses[c].p);
			s.most = fmax(s.most, w->tosses[c].p);
		}
	return s;
}

/* How many of the posts did not come from whom the coins are of: their coins were free to fall. Not above, not below; 0.5 % each. */
static void free_posts(const struct span *s, uint64_t k, uint64_t *ret_least, uint64_t *ret_most)
{
	*ret_most = s->n ? binomial_most_n(s->least, k, LN_SIDE, s->n) : 0;
	*ret_least = s->n ? binomial_least_n(s->most, k, LN_SIDE, s->n) : 0;
}

/* ---- one licensee ---- */

/* d/ds of ln likelihood: posts that were not withheld speak for a share, withheld ones against it. */
static double share_slope(const struct weighing *w, uint64_t k, double s)
{
	double slope = k ? -(double)k / (1 - s) : 0;

	for (size_t c = 0; c < w->in->n_strata; c++) {
		double odds = w->tosses[c].p / (1 - w->tosses[c].p);
		slope += (double)(w->tosses[c].n - w->fallen[c]) * odds / (1 + s * odds);
	}
	return slope;
}

static double share_ln(const struct weighing *w, uint64_t k, double s)
{
	double ln = k ? (double)k * log1p(-s) : 0;

	for (size_t c = 0; c < w->in->n_strata; c++)
		ln += (double)(w->tosses[c].n - w->fallen[c]) * log1p(s * w->tosses[c].p / (1 - w->tosses[c].p));
	return ln;
}

static void set_share(const struct weighing *w, struct evidence_single *r)
{
	double low = 0, high = 1;

	if (w->in->n == 0 || share_slope(w, r->withheld, 0) <= 0)
		return;
	if (r->withheld == 0) {
		low = 1;
	} else {
		for (int i = 0; i < 60; i++) {
			double s = (low + high) / 2;
			if (share_slope(w, r->withheld, s) > 0)
				low = s;
			else
				high = s;
		}
	}
	r->share = low;
	r->ln_likelihood = share_ln(w, r->withheld, low);
}

static void weigh_single(struct weighing *w, size_t j)
{
	const struct evidence_licensee *l = &w->in->licensees[j];
	struct evidence_single *r = &w->e->singles[j];
	uint64_t least, most;

	r->withheld = toss(w, l->withheld, l->p);
	r->expected = tosses_mean(w->tosses, w->in->n_strata);
	r->ln_p = tosses_ln_low(w->tosses, w->in->n_strata, r->withheld);
	r->ln_p_many = tosses_ln_high(w->tosses, w->in->n_strata, r->withheld);
	r->many = r->ln_p_many <= log(w->e->rules.tamper / (double)w->in->n_licensees);
	r->delivered = l->delivered ? count(l->delivered, w->in->n) : 0;
	set_share(w, r);
	struct span span = span_of(w);
	free_posts(&span, r->withheld, &least, &most);
	r->share_high = w->in->n ? 1 - (double)least / (double)w->in->n : 1;
	r->share_low = w->in->n ? (double)(span.n - most) / (double)w->in->n : 0;
}

/* Has it received what its coins say came from it, but for what was matched wrongly? Of those that would be named. */
static void excuse(struct weighing *w, size_t j)
{
	const struct evidence_licensee *l = &w->in->licensees[j];
	struct evidence_single *r = &w->e->singles[j];
	const struct evidence_rules *rules = &w->e->rules;

	if (!l->delivered)
		return;
	toss(w, l->withheld, l->p);
	struct span span = span_of(w);
	uint64_t elsewhere = binomial_most_n(span.least, r->withheld, log(rules->contradiction), span.n);
	double at_least = (double)(span.n - elsewhere) - rules->slack * (double)w->in->n;
	r->contradicted = (double)r->delivered < at_least;
	r->excused = r->contradicted || r->delivered == 0;
}

/* ---- all licensees ---- */

struct ranked {
	double ln_p;
	uint32_t j;
};

static int by_p(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->ln_p != y->ln_p)
		return x->ln_p > y->ln_p ? 1 : -1;
	return x->j > y->j ? 1 : -1;
}

/* Ascending; free() both. */
static struct ranked *rank(const struct evidence *e, double **ret_ln_p)
{
	struct ranked *order = xcalloc(e->n_licensees, sizeof(*order));

	*ret_ln_p = xcalloc(e->n_licensees, sizeof(**ret_ln_p));
	for (uint32_t j = 0; j < e->n_licensees; j++)
		order[j] = (struct ranked){e->singles[j].ln_p, j};
	qsort(order, e->n_licensees, sizeof(*order), by_p);
	for (size_t i = 0; i < e->n_licensees; i++)
		(*ret_ln_p)[i] = order[i].ln_p;
	return order;
}

static void weigh_singles(struct weighing *w)
{
	struct evidence *e = w->e;
	double ln_part = log(e->rules.alpha * e->rules.single), *ln_p, *corrected;
	struct ranked *order;

	for (size_t j = 0; j < e->n_licensees; j++)
		weigh_single(w, j);
	order = rank(e, &ln_p);
	corrected = xcalloc(e->n_licensees, sizeof(*corrected));
	holm(ln_p, e->n_licensees, e->n_licensees, corrected);
	for (size_t i = 0; i < e->n_licensees; i++) {
		struct evidence_single *r = &e->singles[order[i].j];
		r->ln_p_holm = corrected[i];
		r->named = corrected[i] <= ln_part;
		if (r->named)
			excuse(w, order[i].j);
		r->named &= !r->excused;
		e->prepared |= r->many || r->contradicted;
	}
	free(order);
	free(ln_p);
	free(corrected);
}

/* Those whose p-value stands, alone or in a group, whatever excuses them. */
static bool *standing(const struct evidence *e)
{
	const struct evidence_groups *groups[] = {&e->pairs, &e->triples};
	bool *may = xcalloc(e->n_licensees, sizeof(*may));

	for (size_t j = 0; j < e->n_licensees; j++)
		may[j] = e->singles[j].named || e->singles[j].excused;
	for (size_t k = 0; k < ARRAY_LEN(groups); k++)
		for (size_t i = 0; i < groups[k]->n; i++)
			for (uint32_t m = 0; m < groups[k]->v[i].n; m++)
				may[groups[k]->v[i].member[m]] |= groups[k]->v[i].named || groups[k]->v[i].excused;
	return may;
}

static void fit_shares(struct weighing *w, const struct holes *h)
{
	struct evidence *e = w->e;
	bool *may = standing(e);
	double gap, *all = xcalloc(e->n_licensees, sizeof(*all)), *named = xcalloc(e->n_licensees, sizeof(*named));

	e->ln_likelihood_together = shares_fit(w->in, h, NULL, all, &e->likelihood_gap);
	e->ln_likelihood_named = shares_fit(w->in, h, may, named, &gap);
	e->share_other = e->share_not_named = 1;
	for (size_t j = 0; j < e->n_licensees; j++) {
		e->singles[j].share_together = all[j];
		e->singles[j].share_named = named[j];
		e->share_other = fmax(0, e->share_other - all[j]);
		e->share_not_named = fmax(0, e->share_not_named - named[j]);
	}
	free(may);
	free(all);
	free(named);
}

static void weigh_together(struct weighing *w)
{
	struct evidence *e = w->e;
	uint64_t *withheld = xcalloc(e->n_licensees, sizeof(*withheld));
	struct holes h;

	for (size_t j = 0; j < e->n_licensees; j++)
		withheld[j] = e->singles[j].withheld;
	holes_init(&h, w->in);
	merged_weigh(w->in, &e->rules, &h, withheld, &e->pairs, &e->triples);
	fit_shares(w, &h);
	holes_release(&h);
	free(withheld);
}

/* ---- where from ---- */

static void weigh_deliveries(const struct evidence_input *in, struct evidence_origin *o)
{
	o->deliveries_known = in->n_licensees > 0;
	for (size_t j = 0; j < in->n_licensees; j++)
		o->deliveries_known &= in->licensees[j].delivered != NULL;
	if (!o->deliveries_known)
		return;
	o->delivered_to_none = in->n;
	for (size_t word = 0; word < EVIDENCE_WORDS(in->n); word++) {
		uint64_t any = 0;
		for (size_t j = 0; j < in->n_licensees; j++)
			any |= in->licensees[j].delivered[word];
		o->delivered_to_none -= (uint64_t)__builtin_popcountll(any);
	}
}

static void weigh_origin(struct weighing *w)
{
	const struct evidence_input *in = w->in;
	struct evidence_origin *o = &w->e->origin;
	double n = (double)in->n;
	uint64_t least, most;

	weigh_deliveries(in, o);
	o->known = in->global != NULL;
	if (!o->known)
		return;
	o->withheld = toss(w, in->global, in->p_global);
	o->expected = tosses_mean(w->tosses, in->n_strata);
	o->ln_p = tosses_ln_low(w->tosses, in->n_strata, o->withheld);
	struct span span = span_of(w);
	free_posts(&span, o->withheld, &least, &most);
	o->share = o->expected > 0 ? fmin(1, (double)o->withheld / o->expected) : 0;
	o->share_low = in->n ? (double)least / n : 0;
	o->share_high = in->n ? fmin(1, (double)(most + (in->n - span.n)) / n) : 1;
}

/* ---- what would be needed ---- */

/*
 * The one p with which as many posts would speak as clearly against a licensee as these do: (1 - p)^n is the product over all posts. So n
 * posts at this p name a lone source exactly when these do. Before the first post, of all strata alike.
 */
static double p_overall(const struct weighing *w, size_t j)
{
	double stays = 0, of = 0;

	for (size_t c = 0; c < w->in->n_strata; c++) {
		double weight = w->in->n ? (double)w->posts[c] : 1;
		stays += weight * log1p(-w->in->licensees[j].p[c]);
		of += weight;
	}
	return of > 0 ? -expm1(stays / of) : 0;
}

/* A source among those from whom least is withheld takes the most posts to be seen. From whom nothing is withheld is never seen. */
static void find_worst(struct weighing *w)
{
	struct evidence_needs *needs = &w->e->needs;

	for (size_t j = 0; j < w->in->n_licensees; j++) {
		double p = p_overall(w, j);
		if (p <= 0)
			needs->unseen++;
		else if (needs->p <= 0 || p < needs->p)
			needs->p = p;
	}
}

static double first_level(const struct evidence *e, double part, uint64_t tests)
{
	return log(e->rules.alpha * part / (double)(tests ? tests : 1));
}

static void weigh_needs(struct weighing *w)
{
	struct evidence *e = w->e;
	uint64_t n = e->n_licensees;
	double p, power = e->rules.power, level = first_level(e, e->rules.single, n);
	size_t best = 0;

	find_worst(w);
	p = e->needs.p;
	for (size_t j = 1; j < n; j++)
		if (e->singles[j].ln_p < e->singles[best].ln_p)
			best = j;
	if (n)
		e->needs.best = power_posts(p_overall(w, best), e->singles[best].share, level, power);
	e->needs.single = power_posts(p, 1, level, power);
	e->needs.half = power_posts(p, 0.5, level, power);
	e->needs.smallest_share = power_smallest_share(e->n, p, level, power);
	if (n >= 2)
		e->needs.pair = power_posts_merged(p, 2, first_level(e, e->rules.pair, n * (n - 1) / 2), power);
	if (n >= 3 && n <= EVIDENCE_TRIPLES_OF)
		e->needs.triple =
			power_posts_merged(p, 3, first_level(e, e->rules.triple, n * (n - 1) * (n - 2) / 6), power);
}

/* ---- the verdict ---- */

static void add_groups(const struct evidence_groups *groups, bool *names)
{
	for (size_t i = 0; i < groups->n; i++)
		for (uint32_t m = 0; groups->v[i].named && m < groups->v[i].n; m++)
			names[groups->v[i].member[m]] = true;
}

static void forget_groups(struct evidence_groups *groups)
{
	for (size_t i = 0; i < groups->n; i++)
		groups->v[i].named = false;
}

/* At least one of the smallest is a source, whatever the rest is. Someone excused ends it: the claim may rest on them. */
static void narrow(struct weighing *w, bool *names)
{
	struct evidence *e = w->e;
	double *ln_p;
	struct ranked *order = rank(e, &ln_p);
	size_t n = hommel_smallest_set(ln_p, e->n_licensees, log(e->rules.alpha * e->rules.narrow));
	bool fits = n > 0 && n <= e->rules.narrow_max;

	for (size_t i = 0; fits && i < n; i++) {
		excuse(w, order[i].j);
		fits = !e->singles[order[i].j].excused;
	}
	for (size_t i = 0; fits && i < n; i++)
		names[order[i].j] = true;
	free(order);
	free(ln_p);
}

static size_t set_names(struct evidence *e, const bool *names)
{
	e->n_names = 0;
	for (uint32_t j = 0; j < e->n_licensees; j++)
		if (names[j])
			e->names[e->n_names++] = j;
	return e->n_names;
}

static void decide(struct weighing *w)
{
	struct evidence *e = w->e;
	bool *names = xcalloc(e->n_licensees, sizeof(*names));

	e->verdict = e->needs.single && e->n >= e->needs.single ? EVIDENCE_NOT_ATTRIBUTABLE : EVIDENCE_NONE;
	if (e->prepared) {
		for (size_t j = 0; j < e->n_licensees; j++)
			e->singles[j].named = false;
		forget_groups(&e->pairs);
		forget_groups(&e->triples);
	} else {
		for (size_t j = 0; j < e->n_licensees; j++)
			names[j] = e->singles[j].named;
		add_groups(&e->pairs, names);
		add_groups(&e->triples, names);
		if (set_names(e, names) > 0) {
			e->verdict = EVIDENCE_IDENTIFIED;
		} else {
			narrow(w, names);
			if (set_names(e, names) > 0)
				e->verdict = EVIDENCE_NARROWED;
		}
	}
	free(names);
}

enum err evidence_weigh(const struct evidence_input *in, const struct evidence_rules *rules, struct evidence **ret)
{
	struct evidence *e;

	rules = rules ? rules : &evidence_rules;
	TRY(check(in, rules));
	e = xcalloc(1, sizeof(*e));
	e->n = in->n;
	e->n_licensees = in->n_licensees;
	e->rules = *rules;
	e->singles = xcalloc(in->n_licensees, sizeof(*e->singles));
	e->names = xcalloc(in->n_licensees, sizeof(*e->names));
	struct weighing w = {.in = in,
			     .e = e,
			     .posts = xcalloc(in->n_strata, sizeof(*w.posts)),
			     .fallen = xcalloc(in->n_strata, sizeof(*w.fallen)),
			     .tosses = xcalloc(in->n_strata, sizeof(*w.tosses))};
	for (size_t x = 0; x < in->n; x++)
		w.posts[in->stratum ? in->stratum[x] : 0]++;
	weigh_singles(&w);
	weigh_together(&w);
	weigh_origin(&w);
	weigh_needs(&w);
	decide(&w);
	free(w.posts);
	free(w.fallen);
	free(w.tosses);
	*ret = e;
	return OK;
}

void evidence_free(struct evidence *e)
{
	if (!e)
		return;
	free(e->singles);
	free(e->names);
	free(e->pairs.v);
	free(e->triples.v);
	free(e);
}
