/*
 * evidence_fixture.h - leaks that are made up, for the tests of the mathematics: who withholds what is drawn by a seeded generator, and posts are taken
 * or left by a rule. The study (study/) does the same with real keys.
 */
#ifndef TRACE_EVIDENCE_FIXTURE_H
#define TRACE_EVIDENCE_FIXTURE_H

#include "base/base.h"
#include "trace/evidence.h"

#define FIXTURE_LICENSEES 64

/* splitmix64 (Steele, Lea, Flood 2014) */
static inline uint64_t fixture_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

static inline double fixture_uniform(uint64_t *state)
{
	return (double)(fixture_random(state) >> 11) * 0x1p-53;
}

struct fixture {
	struct evidence_input in;
	struct evidence_licensee l[FIXTURE_LICENSEES];
	double p[FIXTURE_LICENSEES][4];
	double p_global[4];
	uint64_t *withheld[FIXTURE_LICENSEES], *delivered[FIXTURE_LICENSEES], *global;
	uint16_t *stratum;
	uint64_t random;
};

/* Is a post with these coins in the leak? who[j]: it is withheld from j. */
typedef bool fixture_leaks_fn(struct fixture *f, const bool *who, bool global);

static inline void fixture_init(struct fixture *f, size_t n, size_t licensees, double p, uint64_t seed)
{
	memset(f, 0, sizeof(*f));
	f->random = seed;
	f->in = (struct evidence_input){.n = n, .n_strata = 1, .n_licensees = licensees, .licensees = f->l};
	f->global = evidence_bits(n);
	f->in.global = f->global;
	f->in.p_global = f->p_global;
	for (size_t c = 0; c < 4; c++)
		f->p_global[c] = p / 2;
	for (size_t j = 0; j < licensees; j++) {
		for (size_t c = 0; c < 4; c++)
			f->p[j][c] = p;
		f->withheld[j] = evidence_bits(n);
		f->delivered[j] = evidence_bits(n);
		f->l[j] = (struct evidence_licensee){
			.id = (int64_t)j + 1, .withheld = f->withheld[j], .delivered = f->delivered[j], .p = f->p[j]};
	}
}

/* Draws posts until n of them leak. Everybody received what was not withheld. */
static inline void fixture_leak(struct fixture *f, fixture_leaks_fn *leaks)
{
	for (size_t x = 0; x < f->in.n;) {
		bool who[FIXTURE_LICENSEES] = {0}, global = fixture_uniform(&f->random) < f->p_global[0];
		size_t c = f->in.stratum ? f->in.stratum[x] : 0;
		for (size_t j = 0; j < f->in.n_licensees; j++)
			who[j] = fixture_uniform(&f->random) < f->p[j][c];
		if (!leaks(f, who, global))
			continue;
		for (size_t j = 0; j < f->in.n_licensees; j++) {
			if (who[j])
				evidence_set(f->withheld[j], x);
			else if (!global)
				evidence_set(f->delivered[j], x);
		}
		if (global)
			evidence_set(f->global, x);
		x++;
	}
}

static inline void fixture_release(struct fixture *f)
{
	for (size_t j = 0; j < f->in.n_licensees; j++) {
		free(f->withheld[j]);
		free(f->delivered[j]);
	}
	free(f->global);
	free(f->stratum);
}

#endif
