/*
 * permutation.h - were delivered posts scored otherwise than withheld ones? Exact, whatever the model or the score is.
 *
 * A sample has blocks: posts alike in language, age, length and popularity, some delivered, some withheld. Under the null hypothesis (the
 * scores do not depend on the licensee's key) every choice of which posts of a block were withheld is equally likely, because the key's coins
 * are independent and alike within a block. So labels are exchanged inside blocks. Scores become ranks inside their block (middle ranks for ties,
 * doubled: whole numbers), and the statistic is the sum of the delivered posts' ranks over all blocks (van Elteren's test, without his normal
 * approximation). Its null distribution is the convolution of one small distribution for each block: counted exactly, also where p is 1e-300 and less.
 * Where that would take too many steps, Monte Carlo with a named generator, and its stated error.
 */
#ifndef TRACE_PERMUTATION_H
#define TRACE_PERMUTATION_H

#include "base/base.h"

#define PERMUTATION_STEPS_MAX 4e9   /* multiplications; more than that is Monte Carlo */
#define PERMUTATION_DRAWS 400000000 /* of a post by Monte Carlo, in all its rounds */
#define PERMUTATION_ROUNDS_MAX 1000000
#define PERMUTATION_SEED 1 /* of xoshiro256** (Blackman, Vigna 2018), its state filled by splitmix64 */

struct permutation_score {
	double score; /* finite */
	uint32_t block;
	bool delivered;
};

/* Which way delivered ones differ; fixed beforehand. */
enum permutation_side {
	PERMUTATION_HIGHER,
	PERMUTATION_LOWER,
	PERMUTATION_BOTH, /* twice the smaller p */
};

/* Blocks with one kind alone say nothing, and are left out of all counts. */
struct permutation_result {
	enum permutation_side side;
	size_t delivered, withheld, blocks;
	uint64_t pairs;		    /* of a delivered and a withheld post in one block */
	int64_t statistic;	    /* doubled ranks of delivered ones, all blocks */
	double expected, deviation; /* of it, under the null hypothesis */
	double p;		    /* of the side that was asked for */
	double log10_p;		    /* where p is too small for a double */
	double log10_p_least;	    /* the smallest there could be with such blocks */
	bool exact;		    /* else: rounds, seed, and the 99 % interval of p */
	uint64_t rounds, seed;
	double p_low, p_high; /* both p when exact */
	double auc; /* effect: how often a delivered one scores above a withheld one of its block; ½: no effect */
	double auc_low, auc_high; /* its 95 % interval */
	double smallest_auc; /* the smallest effect (of the side) seen with a chance of 0.8 at alpha; above 1, or below 0: none */
};

/*
 * ERR_INVALID for a score that is not finite, and without a block that has both kinds. alpha: the threshold that was fixed beforehand. n < 2^31.
 */
enum err permutation_test(const struct permutation_score *s, size_t n, enum permutation_side side, double alpha,
			  struct permutation_result *ret);

/*
 * The chance to see an effect of this size with this sample at alpha (for the curve of a report), by the normal approximation with the null
 * hypothesis' deviation, which is larger than that of any effect: real chances of large effects are better.
 */
double permutation_power(const struct permutation_result *r, double auc, double alpha);

/*
 * The null distribution for a figure: n bins of equal width, from five deviations below what is expected, or the observed statistic, to
 * as many above. ret_at: middle of the bin; ret_chance: of it. Exact, or of Monte Carlo's rounds. n at least 2.
 */
enum err permutation_null(const struct permutation_score *s, size_t n_scores, size_t n, double *ret_at,
			  double *ret_chance);

#endif
