/*
 * world.h - a network that is made up: licensees with keys, posts, and leaks of them whose sources are known. What is withheld is decided by
 * the product (meter/withhold.h), and leaks are weighed by it (trace/evidence.h); only who copies what is invented here.
 */
#ifndef STUDY_WORLD_H
#define STUDY_WORLD_H

#include "base/base.h"
#include "trace/evidence.h"

#define LICENSEES_MAX 200
#define GENERATIONS 2

/* xoshiro256**, seeded by splitmix64 (trace/rank_null.h) */
struct chance {
	uint64_t state[4];
};
void chance_seed(struct chance *c, uint64_t seed);
uint64_t chance_next(struct chance *c);
double chance_uniform(struct chance *c); /* [0, 1) */
size_t chance_below(struct chance *c, size_t n);

struct world {
	size_t n, licensees; /* posts */
	int64_t *ids;	     /* ascending, as the server makes them: milliseconds and a number */
	uint32_t ppm[GENERATIONS], ppm_global;
	size_t second; /* first post of the second generation of keys; n: there is none */
	uint64_t *withheld[LICENSEES_MAX], *global;
	double coverage[LICENSEES_MAX]; /* what a licensee asked for, of all posts */
	uint64_t seed;
};
/* p: of the first and second generation; second_from: share of posts before the second. */
struct world_plan {
	uint64_t seed;
	size_t posts, licensees;
	uint32_t ppm[GENERATIONS], ppm_global;
	double second_from; /* 1: one generation */
};
void world_init(struct world *w, const struct world_plan *plan);
void world_release(struct world *w);
/* In j's copy: asked for, and not withheld. */
bool world_has(const struct world *w, size_t j, size_t post);

/* Is this post in the leak? */
typedef bool leaks_fn(void *arg, const struct world *w, size_t post);
struct leak {
	struct evidence_input in;
	struct evidence_licensee l[LICENSEES_MAX];
	double p[LICENSEES_MAX][GENERATIONS], p_global[GENERATIONS];
	uint64_t *withheld[LICENSEES_MAX], *delivered[LICENSEES_MAX], *global;
	uint16_t *stratum;
};
/* The first n posts from *at on that leak; *at is moved behind them. Fewer when the world ends. */
void leak_init(struct leak *l, const struct world *w, size_t n, size_t *at, leaks_fn *fn, void *arg);
void leak_release(struct leak *l);

#endif
