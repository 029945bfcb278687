/*
 * power.h - what could be seen: critical counts, the chance to name, posts needed, the smallest share. ln_level is the logarithm of the
 * threshold of one test. All by exact binomial tails.
 */
#ifndef TRACE_POWER_H
#define TRACE_POWER_H

#include "base/base.h"

#define POWER_POSTS_MAX ((uint64_t)1 << 40) /* more are "never" */

/* The largest k with P(K <= k) at most the level; false when not even k = 0 has it. */
bool power_critical(uint64_t n, double p, double ln_level, uint64_t *ret_k);

/* The chance that who gives this share of n posts is below the level. */
double power_share(uint64_t n, double p, double share, double ln_level);
/* The chance that all of some who merged their copies are: each one's coins are those of the posts withheld from all others. */
double power_merged(uint64_t n, double p, unsigned members, double ln_level);

/* The fewest posts for which that chance is `power` (for a few more it may fall below again: counts are whole numbers). 0: never. */
uint64_t power_posts(double p, double share, double ln_level, double power);
uint64_t power_posts_merged(double p, unsigned members, double ln_level, double power);

/* The smallest share that is seen in n posts with this power; above 1: none. */
double power_smallest_share(uint64_t n, double p, double ln_level, double power);

#endif
