/*
 * search.c - see search.h.
 */
#include "base/base.h"
#include "query/search.h"

#include "query/walk.h"

/* Candidates that one call judges: what a search costs at most, however rare what it looks for. */
#define SEARCH_BUDGET 4000
#define COUNT_BUDGET 20000

static enum err collect(struct walk *w, size_t limit, struct post_id *ret, size_t *ret_n)
{
	while (*ret_n < limit) {
		int64_t id;

		TRY(walk_next(w, &id));
		if (!id)
			break;
		ret[(*ret_n)++].v = id;
	}
	return OK;
}

enum err query_search(struct core *c, struct db *db, struct arena *a, const struct query *q,
		      const struct query_range *range, size_t limit, struct query_found *ret)
{
	struct post_id *ids = ARENA_ARRAY(a, limit + 1, struct post_id);
	struct walk *w;
	size_t n = 0;
	enum err err;

	TRY(walk_open(c, db, a, q, range, SEARCH_BUDGET, &w));
	err = collect(w, limit, ids, &n);
	if (err == OK)
		*ret = (struct query_found){ids, n, walk_position(w)};
	walk_close(w);
	return err;
}

/* ---- counts ---- */

/* From start to end, oldest first; the newest QUERY_BUCKETS_MAX when there are more. */
static void make_buckets(struct arena *a, int64_t start, int64_t end, int64_t step, struct query_counts *ret)
{
	int64_t first = start / step, last = (end - 1) / step;

	if (last - first >= QUERY_BUCKETS_MAX) {
		first = last - QUERY_BUCKETS_MAX + 1;
		ret->next_max_id = id_at(first * step);
	}
	ret->n = (size_t)(last - first + 1);
	ret->buckets = ARENA_ARRAY(a, ret->n, struct query_bucket);
	for (size_t i = 0; i < ret->n; i++) {
		int64_t begin = (first + (int64_t)i) * step;

		ret->buckets[i].start_ms = begin > start ? begin : start;
		ret->buckets[i].end_ms = begin + step < end ? begin + step : end;
	}
}

/* What is older than this post was not counted. */
static void cut_buckets(struct query_counts *counts, int64_t oldest)
{
	int64_t from = id_time(oldest);

	while (counts->n > 1 && counts->buckets[0].end_ms <= from) {
		counts->buckets++;
		counts->n--;
	}
	if (counts->buckets[0].start_ms < from)
		counts->buckets[0].start_ms = from;
	counts->next_max_id = oldest;
}

static enum err count_all(struct walk *w, int64_t step, struct query_counts *counts)
{
	int64_t first = counts->buckets[0].start_ms / step;

	for (;;) {
		int64_t id;

		TRY(walk_next(w, &id));
		if (!id)
			return OK;
		counts->buckets[id_time(id) / step - first].n++;
		counts->total++;
	}
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

enum err query_count(struct core *c, struct db *db, struct arena *a, const struct query *q,
		     const struct query_range *range, int64_t start_ms, int64_t end_ms, int64_t step_ms,
		     struct query_counts *ret)
{
	struct query_counts counts = {0};
	struct query_range narrowed = *range;
	struct walk *w;
	enum err err;

	if (start_ms < 0 || start_ms >= end_ms || step_ms <= 0)
		return ERR_INVALID;
	narrowed.max_id = smaller(range->max_id ? range->max_id : INT64_MAX, id_at(end_ms));
	end_ms = smaller(end_ms, id_time(narrowed.max_id - 1) + 1);
	if (end_ms <= start_ms) {
		*ret = counts;
		return OK;
	}
	make_buckets(a, start_ms, end_ms, step_ms, &counts);
	if (id_at(counts.buckets[0].start_ms) - 1 > narrowed.min_id)
		narrowed.min_id = id_at(counts.buckets[0].start_ms) - 1;
	TRY(walk_open(c, db, a, q, &narrowed, COUNT_BUDGET, &w));
	err = count_all(w, step_ms, &counts);
	if (err == OK && walk_position(w))
		cut_buckets(&counts, walk_position(w));
	walk_close(w);
	if (err == OK)
		*ret = counts;
	return err;
}
