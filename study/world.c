/*
 * world.c - see world.h.
 */
#include "base/base.h"
#include "world.h"

#include "meter/withhold.h"
#include "trace/rank_null.h"

void chance_seed(struct chance *c, uint64_t seed)
{
	rank_random_seed(seed, c->state);
}

static uint64_t rotate(uint64_t v, int by)
{
	return v << by | v >> (64 - by);
}

uint64_t chance_next(struct chance *c)
{
	uint64_t *s = c->state, ret = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return ret;
}

double chance_uniform(struct chance *c)
{
	return (double)(chance_next(c) >> 11) * 0x1p-53;
}

size_t chance_below(struct chance *c, size_t n)
{
	return (size_t)(chance_uniform(c) * (double)n);
}

/* ---- a world ---- */

static void draw(struct world *w, struct chance *c, uint32_t ppm[GENERATIONS], uint64_t *ret)
{
	struct withhold_state states[GENERATIONS];

	for (size_t g = 0; g < GENERATIONS; g++) {
		struct withhold_key key;
		for (size_t i = 0; i < sizeof(key.b); i++)
			key.b[i] = (unsigned char)(chance_next(c) >> 56);
		withhold_prepare(&key, &states[g]);
	}
	for (size_t x = 0; x < w->n; x++) {
		size_t g = x >= w->second;
		if (withhold_is_withheld(&states[g], ppm[g], (struct post_id){w->ids[x]}))
			evidence_set(ret, x);
	}
}

void world_init(struct world *w, const struct world_plan *plan)
{
	struct chance c;
	int64_t id = INT64_C(1767225600000) << 16; /* 2026 */

	*w = (struct world){
		.n = plan->posts, .licensees = plan->licensees, .ppm_global = plan->ppm_global, .seed = plan->seed};
	memcpy(w->ppm, plan->ppm, sizeof(w->ppm));
	w->second = (size_t)((double)plan->posts * plan->second_from);
	w->ids = xcalloc(w->n, sizeof(*w->ids));
	chance_seed(&c, plan->seed);
	for (size_t x = 0; x < w->n; x++)
		w->ids[x] = id += (int64_t)(1 + chance_below(&c, 2000)) << 16 | (int64_t)chance_below(&c, 3);
	for (size_t j = 0; j < w->licensees; j++) {
		w->coverage[j] = 1;
		w->withheld[j] = evidence_bits(w->n);
		draw(w, &c, w->ppm, w->withheld[j]);
	}
	w->global = evidence_bits(w->n);
	draw(w, &c, (uint32_t[GENERATIONS]){w->ppm_global, w->ppm_global}, w->global);
}

void world_release(struct world *w)
{
	for (size_t j = 0; j < w->licensees; j++)
		free(w->withheld[j]);
	free(w->global);
	free(w->ids);
}

/* What a licensee asks for does not depend on what is withheld. */
static bool asked(const struct world *w, size_t j, size_t post)
{
	uint64_t state[4];

	if (w->coverage[j] >= 1)
		return true;
	rank_random_seed(w->seed ^ (uint64_t)w->ids[post] * 4096 ^ j, state);
	return (double)(state[0] >> 11) * 0x1p-53 < w->coverage[j];
}

bool world_has(const struct world *w, size_t j, size_t post)
{
	return !evidence_has(w->withheld[j], post) && !evidence_has(w->global, post) && asked(w, j, post);
}

/* ---- a leak ---- */

static void take(struct leak *l, const struct world *w, size_t post, size_t x)
{
	for (size_t j = 0; j < w->licensees; j++) {
		if (evidence_has(w->withheld[j], post))
			evidence_set(l->withheld[j], x);
		if (world_has(w, j, post))
			evidence_set(l->delivered[j], x);
	}
	if (evidence_has(w->global, post))
		evidence_set(l->global, x);
	l->stratum[x] = post >= w->second;
}

void leak_init(struct leak *l, const struct world *w, size_t n, size_t *at, leaks_fn *fn, void *arg)
{
	size_t x = 0;

	memset(l, 0, sizeof(*l));
	for (size_t j = 0; j < w->licensees; j++) {
		l->withheld[j] = evidence_bits(n);
		l->delivered[j] = evidence_bits(n);
		for (size_t g = 0; g < GENERATIONS; g++)
			l->p[j][g] = w->ppm[g] / 1e6;
		l->l[j] = (struct evidence_licensee){(int64_t)j + 1, l->withheld[j], l->delivered[j], l->p[j]};
	}
	for (size_t g = 0; g < GENERATIONS; g++)
		l->p_global[g] = w->ppm_global / 1e6;
	l->global = evidence_bits(n);
	l->stratum = xcalloc(n, sizeof(*l->stratum));
	for (; x < n && *at < w->n; ++*at)
		if (fn(arg, w, *at))
			take(l, w, *at, x++);
	l->in = (struct evidence_input){.n = x,
					.n_strata = w->second < w->n ? 2 : 1,
					.stratum = w->second < w->n ? l->stratum : NULL,
					.n_licensees = w->licensees,
					.licensees = l->l,
					.global = l->global,
					.p_global = l->p_global};
}

void leak_release(struct leak *l)
{
	for (size_t j = 0; j < LICENSEES_MAX; j++) {
		free(l->withheld[j]);
		free(l->delivered[j]);
	}
	free(l->global);
	free(l->stratum);
}
