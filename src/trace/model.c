/*
 * model.c - see model.h.
 */
#include "base/base.h"

#include "trace/model.h"

#include "trace/evidence.h"

#define CURVE_END 0.75 /* of effects: beyond, it is seen anyhow */

static struct permutation_score *scores_of(const struct probe_key *k, const double *scores)
{
	struct permutation_score *s = xcalloc(k->n, sizeof(*s));

	for (size_t i = 0; i < k->n; i++)
		s[i] = (struct permutation_score){scores[i], k->v[i].block, k->v[i].of.delivered};
	return s;
}

static double mean(const struct probe_key *k, const double *scores, bool delivered)
{
	double sum = 0, n = 0;

	for (size_t i = 0; i < k->n; i++) {
		if (k->v[i].of.delivered != delivered)
			continue;
		n++;
		sum += (scores[i] - sum) / n; /* of any size: no overflow */
	}
	return sum;
}

enum err model_weigh(const struct probe_key *k, const double *scores, struct model_result *ret)
{
	struct permutation_score *s = scores_of(k, scores);
	enum err err = permutation_test(s, k->n, k->side, k->alpha, &ret->test);

	free(s);
	if (err != OK)
		return err;
	ret->mean_delivered = mean(k, scores, true);
	ret->mean_withheld = mean(k, scores, false);
	ret->named = (ret->test.exact ? ret->test.p : ret->test.p_high) <= k->alpha;
	return OK;
}

const char *model_verdict(const struct probe_key *k, const struct model_result *r)
{
	if (!r->named)
		return evidence_verdict_name(EVIDENCE_NONE);
	return evidence_verdict_name(k->licensee == WITHHOLD_EVERYBODY ? EVIDENCE_NOT_ATTRIBUTABLE
								       : EVIDENCE_IDENTIFIED);
}

struct view model_says(const struct probe_key *k, const struct model_result *r, struct view licensee, struct arena *a)
{
	bool everybody = k->licensee == WITHHOLD_EVERYBODY;

	if (everybody)
		licensee = V("the licensees of this network");
	if (r->named && everybody)
		return V(
			"The model was trained on data of this network: its scores tell posts that went out to "
			"licensees from posts "
			"that were withheld from all of them. By way of which licensee, or of how many, this test does "
			"not ask.");
	if (r->named)
		return arena_printf(
			a,
			"The model's scores tell posts that were delivered to %.*s from posts that were withheld "
			"from it. It was trained on what was delivered to %.*s, or on a copy of it.",
			VIEW_ARG(licensee), VIEW_ARG(licensee));
	if (r->test.smallest_auc > MODEL_EFFECT_SMALL)
		return arena_printf(
			a,
			"This test says nothing about what was delivered to %.*s: only effects above %.3f would have "
			"been seen. More posts, or a better score, are needed.",
			VIEW_ARG(licensee), r->test.smallest_auc);
	return arena_printf(
		a,
		"The scores do not tell what was delivered to %.*s from what was withheld. An effect of %.3f or "
		"more would have been seen.",
		VIEW_ARG(licensee), r->test.smallest_auc);
}

/* ---- report.json ---- */

static void write_result(const struct model_result *r, struct jw *j)
{
	const struct permutation_result *t = &r->test;

	jw_key(j, "result");
	jw_object(j);
	jw_kv_int(j, "delivered", (int64_t)t->delivered);
	jw_kv_int(j, "withheld", (int64_t)t->withheld);
	jw_kv_int(j, "blocks", (int64_t)t->blocks);
	jw_kv_int(j, "statistic", t->statistic);
	jw_kv_double(j, "expected", t->expected);
	jw_kv_double(j, "deviation", t->deviation);
	jw_kv_double(j, "p", t->p);
	jw_kv_double(j, "log10_p", t->log10_p);
	jw_kv_bool(j, "exact", t->exact);
	if (!t->exact) {
		jw_kv_int(j, "rounds", (int64_t)t->rounds);
		jw_kv_id(j, "seed", (int64_t)t->seed);
		jw_kv_double(j, "p_low", t->p_low);
		jw_kv_double(j, "p_high", t->p_high);
	}
	jw_kv_double(j, "auc", t->auc);
	jw_kv_double(j, "auc_low", t->auc_low);
	jw_kv_double(j, "auc_high", t->auc_high);
	jw_kv_double(j, "smallest_auc", t->smallest_auc);
	jw_kv_double(j, "mean_delivered", r->mean_delivered);
	jw_kv_double(j, "mean_withheld", r->mean_withheld);
	jw_object_end(j);
}

static void write_curve(struct jw *j, const char *key, const double *x, const double *y)
{
	jw_key(j, key);
	jw_object(j);
	jw_kv_doubles(j, "x", x, MODEL_POINTS);
	jw_kv_doubles(j, "y", y, MODEL_POINTS);
	jw_object_end(j);
}

enum err model_write(const struct probe_key *k, const double *scores, const struct model_result *r, struct jw *j)
{
	double x[MODEL_POINTS], y[MODEL_POINTS];
	struct permutation_score *s = scores_of(k, scores);
	enum err err = permutation_null(s, k->n, MODEL_POINTS, x, y);

	free(s);
	if (err != OK)
		return err;
	write_result(r, j);
	write_curve(j, "null", x, y);
	for (size_t i = 0; i < MODEL_POINTS; i++) {
		x[i] = 0.5 + (CURVE_END - 0.5) * (double)i / (MODEL_POINTS - 1);
		y[i] = permutation_power(&r->test, x[i], k->alpha);
	}
	write_curve(j, "power", x, y);
	return OK;
}
