/*
 * trend_score.h - how much more than usual something is talked about, and how that wears off. The formula is Mastodon's
 * (app/models/trends/); docs/design/trends.md says why.
 */
#ifndef CORE_TREND_SCORE_H
#define CORE_TREND_SCORE_H

#include "base/base.h"

/* Chi-squared of `observed` people where `expected` were to be expected (0 counts as 1); 0 where fewer than threshold. */
double trend_surprise(int64_t observed, int64_t expected, int64_t threshold);

/* What is left of a score after age_ms; never more than it was. */
double trend_decayed(double score, int64_t age_ms, int64_t halflife_ms);

#endif
