/*
 * probes.h - which posts a model is asked about: delivered and withheld ones that are alike. Pure.
 *
 * Candidates are ordered by language, popularity, length and age, and cut into blocks of so many, without a look at what was
 * withheld. The key tosses a coin for each post whatever it says; so, given how many of a block were withheld, each choice of them is
 * equally likely, and the permutation test inside blocks (permutation.h) is exact. Of each block as many delivered posts as
 * withheld ones are drawn at random, or some times as many where withheld ones are scarce.
 */
#ifndef TRACE_PROBES_H
#define TRACE_PROBES_H

#include "base/base.h"

#define PROBES_MAX 1000000
#define PROBES_TIMES_MAX 4 /* delivered ones for each withheld one, at most */

struct probe_candidate {
	int64_t post;
	uint64_t record;		       /* of the ledger: its delivery; 0 of withheld ones */
	uint32_t stratum;		       /* blocks end where it changes: one for each key that decided */
	uint32_t language, length, popularity; /* any number for a language; characters; likes, boosts and replies */
	bool delivered;
};
struct probe {
	struct probe_candidate of;
	uint32_t block;
};
struct probes {
	struct probe *v; /* in random order */
	size_t n, delivered, withheld, blocks, block_size;
};

/* How many candidates a block has, when so many of a million are withheld: about four of them are. */
size_t probes_block_size(uint32_t ppm, size_t candidates);
/*
 * At most `want` of the candidates, which it sorts. ERR_NOT_FOUND: no block has both kinds. ERR_INVALID: a block_size below 2. Free with
 * probes_free().
 */
enum err probes_choose(struct probe_candidate *c, size_t n, size_t want, size_t block_size, struct probes *ret);
void probes_free(struct probes *p);

/* How alike the groups came out: difference of the means in standard deviations (below 0.1 is alike). */
struct probes_balance {
	double length, popularity, age;
};
void probes_balance(const struct probes *p, struct probes_balance *ret);

#endif
