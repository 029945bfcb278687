/*
 * shares.h - how much of a leak came from whom: the most likely shares of all licensees together, when each post of the leak came from
 * one copy, or from none ("other"), by chance. Judged by the coins alone.
 *
 * A post out of j's copy is never withheld from j; any other is with p. So the likelihood of shares s, against s = 0, is the product over posts of
 * 1 + sum_j s_j z_j, with z_j = -1 where the post is withheld from j, else p / (1 - p). Its logarithm is concave: the maximum is found by
 * Newton's method within the bounds s >= 0, sum s <= 1, and how far it can be off is known from the gradient.
 */
#ifndef TRACE_SHARES_H
#define TRACE_SHARES_H

#include "base/base.h"
#include "trace/evidence.h"
#include "trace/holes.h"

/*
 * ret_share[n_licensees]; what is not in them is other. may[j]: j may have a share; NULL: all. Returns ln likelihood; ret_gap: no shares
 * have one better by more than this.
 */
double shares_fit(const struct evidence_input *in, const struct holes *h, const bool *may, double *ret_share,
		  double *ret_gap);

#endif
