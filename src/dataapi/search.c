/*
 * search.c - posts that match a query, and how many there are (X API v2: posts/search, posts/counts). "recent" reaches
 * back a week, "all" as far as the plan does.
 */
#include "base/base.h"

#include "base/clock.h"
#include "base/id.h"
#include "dataapi/groups.h"
#include "dataapi/list.h"
#include "dataapi/lookup.h"
#include "query/search.h"

#define DAY_MS INT64_C(86400000)
#define RECENT_MS (7 * DAY_MS)
#define QUERY_BYTES_MAX (4 * QUERY_CHARS_MAX)
#define COUNT_ROUNDS_MAX 64

static enum err read_query(struct call *c, const struct query **ret)
{
	struct query_limits limits = {QUERY_SEARCH, (size_t)c->licence->plan.query_chars};
	enum err err = query_parse(c->arena, arg_str(c, "query"), &limits, ret, &c->problem);

	if (err != ERR_INVALID)
		return err;
	return call_wrong(c, "query", arg_str(c, "query"), "There were errors processing your request: %s",
			  arena_cstr(c->arena, view_of(c->problem.text)));
}

/* How far back this caller may look, ms since 1970. */
static int64_t reach(const struct call *c, bool recent)
{
	int64_t days = c->licence->plan.history_days, now = clock_now(), back = days ? days * DAY_MS : now;

	if (recent && back > RECENT_MS)
		back = RECENT_MS;
	return now - back;
}

static bool is_recent(const struct call *c)
{
	return view_ends(view_of(c->row->path), V("/recent"));
}

/* A post that may not go out is not counted among those that are found, so that pages are full. */
static enum err may_go_out(void *arg, struct db *db, struct arena *a, const struct post *post, bool *ret)
{
	struct call *c = arg;
	struct ledger_item item;
	struct xpost *kept;
	enum err err = xpost_get(c->core, db, post->meta.id, c->licence, &kept, &item);

	(void)a;
	*ret = err == OK;
	if (err == OK)
		xpost_put(kept);
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err read_found(struct call *c, int64_t of, const struct page *page, struct page_item *ret, size_t *ret_n,
			   int64_t *ret_on)
{
	struct query_range range = {.min_id = page->since_id, .max_id = page->max_id, .may = may_go_out, .arg = c};
	int64_t oldest = id_at(reach(c, is_recent(c))) - 1;
	const struct query *q;
	struct query_found found;

	(void)of;
	TRY(read_query(c, &q));
	if (range.min_id < oldest)
		range.min_id = oldest;
	TRY(query_search(c->core, c->db, c->arena, q, &range, page->limit, &found));
	for (size_t i = 0; i < found.n; i++)
		ret[i] = (struct page_item){found.ids[i].v, found.ids[i].v};
	*ret_n = found.n;
	*ret_on = found.next_max_id;
	return OK;
}

static enum err search_posts(struct call *c)
{
	static const struct data_list list = {.read = read_found, .of_nothing = true, .endpoint = DATA_SEARCH};
	struct page bounds;

	TRY(data_bounds(c, &bounds));
	return data_list(c, &list, bounds);
}

/* ---- counts ---- */

static const char *const steps[] = {"minute", "hour", "day", NULL};
static const int64_t step_ms[] = {60000, 3600000, DAY_MS};

struct span {
	int64_t start_ms, end_ms;
	int64_t min_id, max_id; /* since_id, until_id and where the page before ended, the narrower one; 0: none */
};

/* Both names of the token are X's. */
static enum err read_count_token(struct call *c, const char *name, int64_t *max_id)
{
	int64_t place;

	if (!arg_given(c, name))
		return OK;
	if (!parse_i64(arg_str(c, name), 1, INT64_MAX, &place))
		return call_wrong(c, name, arg_str(c, name), "The `%s` query parameter value [%.*s] is not valid", name,
				  VIEW_ARG(arg_str(c, name)));
	if (!*max_id || place < *max_id)
		*max_id = place;
	return OK;
}

static enum err read_ids(struct call *c, struct span *ret)
{
	if (arg_given(c, "since_id"))
		TRY(data_id(c, "since_id", arg_str(c, "since_id"), &ret->min_id));
	if (arg_given(c, "until_id"))
		TRY(data_id(c, "until_id", arg_str(c, "until_id"), &ret->max_id));
	TRY(read_count_token(c, "pagination_token", &ret->max_id));
	return read_count_token(c, "next_token", &ret->max_id);
}

/* Without start_time, counting begins where since_id lies; with both, at the later one. */
static enum err read_span(struct call *c, struct span *ret)
{
	int64_t oldest = reach(c, is_recent(c));

	*ret = (struct span){0};
	TRY(read_ids(c, ret));
	ret->end_ms = arg_given(c, "end_time") ? arg_int(c, "end_time") : clock_now();
	ret->start_ms = arg_given(c, "start_time") ? arg_int(c, "start_time") : ret->end_ms - RECENT_MS;
	if (ret->min_id && (!arg_given(c, "start_time") || id_time(ret->min_id) > ret->start_ms))
		ret->start_ms = id_time(ret->min_id);
	if (ret->start_ms < oldest)
		ret->start_ms = oldest;
	if (ret->start_ms >= ret->end_ms)
		return call_wrong(c, "start_time", arg_str(c, "start_time"),
				  "'start_time' must be before 'end_time', and not before what may be searched");
	return OK;
}

static void write_counts(struct call *c, const struct query_counts *counts)
{
	struct jw *j = &c->json;

	jw_object(j);
	jw_key(j, "data");
	jw_array(j);
	for (size_t i = 0; i < counts->n; i++) {
		jw_object(j);
		jw_kv_time(j, "start", counts->buckets[i].start_ms);
		jw_kv_time(j, "end", counts->buckets[i].end_ms);
		jw_kv_int(j, "tweet_count", counts->buckets[i].n);
		jw_object_end(j);
	}
	jw_array_end(j);
	jw_key(j, "meta");
	jw_object(j);
	jw_kv_int(j, "total_tweet_count", counts->total);
	if (counts->next_max_id)
		jw_kv_id(j, "next_token", counts->next_max_id);
	jw_object_end(j);
	jw_object_end(j);
}

static enum err count(struct call *c)
{
	struct query_range range = {.may = may_go_out, .arg = c};
	struct query_counts counts;
	const struct query *q;
	struct span span;

	TRY(read_query(c, &q));
	TRY(read_span(c, &span));
	range.min_id = span.min_id;
	range.max_id = span.max_id;
	TRY(query_count(c->core, c->db, c->arena, q, &range, span.start_ms, span.end_ms,
			step_ms[arg_choice(c, "granularity")], &counts));
	write_counts(c, &counts);
	return OK;
}

#define QUERY_PARAM                                                                                                    \
	{                                                                                                              \
		.name = "query", .type = PARAM_STRING, .required = true, .max = QUERY_BYTES_MAX,                       \
		.doc = "What is looked for: docs/query.md."                                                            \
	}
#define SEARCH_PARAMS(most)                                                                                            \
	PARAMS(QUERY_PARAM,                                                                                            \
	       {.name = "max_results", .type = PARAM_INT, .min = 10, .max = (most), .fallback = 10, .doc = "How many."}, \
	       {.name = "next_token", .type = PARAM_STRING, .max = 64, .doc = "Of the page before."},                  \
	       {.name = "pagination_token", .type = PARAM_STRING, .max = 64, .doc = "The same."},                      \
	       {.name = "sort_order", .type = PARAM_CHOICE, .choices = orders, .doc = "The newest come first either way."}, \
	       DATA_BOUND_PARAMS, DATA_POST_PARAMS)
#define COUNT_PARAMS                                                                                                   \
	PARAMS(QUERY_PARAM,                                                                                            \
	       {.name = "granularity", .type = PARAM_CHOICE, .choices = steps, .fallback = 1, .doc = "Of one bucket."}, \
	       {.name = "start_time", .type = PARAM_TIME, .doc = "From this time on; without it: a week."},           \
	       {.name = "end_time", .type = PARAM_TIME, .doc = "Before this time; without it: until now."},            \
	       {.name = "since_id", .type = PARAM_STRING, .max = 32, .pattern = DATA_ID_PATTERN,                       \
		.doc = "Only what is newer than this id."},                                                            \
	       {.name = "until_id", .type = PARAM_STRING, .max = 32, .pattern = DATA_ID_PATTERN,                       \
		.doc = "Only what is older than this id."},                                                            \
	       {.name = "next_token", .type = PARAM_STRING, .max = 64, .doc = "Of the page before."},                  \
	       {.name = "pagination_token", .type = PARAM_STRING, .max = 64, .doc = "The same."},                      \
	       {.name = "search_count.fields", .type = PARAM_NAMES, .choices = count_fields,                           \
		.doc = "Taken for X's sake: end, start and tweet_count are in every answer."})
static const char *const count_fields[] = {"end", "start", "tweet_count", NULL};
#define SEARCH_ROW(path_, most)                                                                                        \
	{                                                                                                              \
		.method = HTTP_GET, .path = (path_), .handle = search_posts, .auth = AUTH_LICENSEE,                          \
		.rate = RATE_DATA_SEARCH, .meter = METER_POST_READ, .run = RUN_WORKER, .params = SEARCH_PARAMS(most),  \
		.reply = "TweetsAnswer", .doc = "Posts that match a query, newest first."                                    \
	}
#define COUNT_ROW(path_)                                                                                               \
	{                                                                                                              \
		.method = HTTP_GET, .path = (path_), .handle = count, .auth = AUTH_LICENSEE, .rate = RATE_DATA_SEARCH, \
		.meter = METER_FREE, .run = RUN_WORKER, .params = COUNT_PARAMS, .reply = "TweetCounts",                \
		.doc = "How many posts match a query, by minute, hour or day."                                         \
	}

static const char *const orders[] = {"recency", "relevancy", NULL};

const struct endpoint data_search[] = {
	SEARCH_ROW("/2/tweets/search/recent", 100),
	SEARCH_ROW("/2/tweets/search/all", 500),
	COUNT_ROW("/2/tweets/counts/recent"),
	COUNT_ROW("/2/tweets/counts/all"),
	ENDPOINTS_END,
};
