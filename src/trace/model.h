/*
 * model.h - scores of a sample, weighed: the verdict on a model, and its part of report.json.
 */
#ifndef TRACE_MODEL_H
#define TRACE_MODEL_H

#include "trace/probe_key.h"

#define MODEL_POINTS 101	/* of each curve of a report */
#define MODEL_EFFECT_SMALL 0.55 /* a test that cannot see this effect is too small to say "no evidence" by */

struct model_result {
	struct permutation_result test;
	double mean_delivered, mean_withheld;
	bool named;
};
/* scores[i] is of k->v[i]. Errors are those of permutation.h. */
enum err model_weigh(const struct probe_key *k, const double *scores, struct model_result *ret);

/*
 * "identified", "no evidence", of everybody's key "ours but not attributable": it names nobody. And a sentence about it, in the arena; licensee: its
 * name, which is not used then.
 */
const char *model_verdict(const struct probe_key *k, const struct model_result *r);
struct view model_says(const struct probe_key *k, const struct model_result *r, struct view licensee, struct arena *a);

/* Members "result", "null" and "power" of report.json. */
enum err model_write(const struct probe_key *k, const double *scores, const struct model_result *r, struct jw *j);

#endif
