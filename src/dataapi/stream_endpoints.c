/*
 * stream_endpoints.c - connecting to a stream (X API v2, "Filtered stream", "Volume streams"). With cursor, the id of the
 * last post one has, it goes on behind that: nothing is left out, nothing comes twice, also over a restart of the server.
 */
#include "base/base.h"
#include "dataapi/groups.h"

#include "base/clock.h"
#include "base/id.h"
#include "dataapi/answer.h"
#include "dataapi/streams.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS (INT64_C(24) * 60 * MINUTE_MS)
#define BACKFILL_MINUTES_MAX 5			   /* X's */
#define RECOVERY_MS DAY_MS /* X's, "Recovery and redundancy" */

static struct view bearer(struct call *c)
{
	struct view header = http_header(c->x, "Authorization");

	return view_trim(view_sub(header, sizeof("Bearer ") - 1, header.len));
}

static enum err check_plan(struct call *c, enum stream_kind kind)
{
	const struct plan *p = &c->licence->plan;

	if (kind == STREAM_COMPLIANCE || kind == STREAM_COMPLIANCE_USERS)
		return OK; /* of every plan: what is sold must be able to come back */
	bool allowed = kind == STREAM_FIREHOSE ? p->firehose : kind == STREAM_SAMPLE ? p->sample : p->rules > 0;

	if (p->streams > 0 && allowed)
		return OK;
	c->refusal = (struct meter_refusal){"streams", 0, 0, 0};
	return call_fail(c, ERR_FORBIDDEN, "the plan \"%s\" does not include this stream", p->name);
}

static enum err read_start(struct call *c, int64_t *ret)
{
	int64_t start = arg_int(c, "start_time"), now = clock_now();

	if (start < now - RECOVERY_MS || start > now)
		return call_wrong(c, "start_time", arg_str(c, "start_time"),
				  "'start_time' must be in the last 24 hours; `cursor` goes back further");
	*ret = id_at(start) - 1;
	return OK;
}

/* As far as the plan's searches: a stream that begins in the past is no way around that. Compliance is for every plan, and for ever. */
static enum err read_cursor(struct call *c, enum stream_kind kind, int64_t *ret)
{
	bool bound = kind != STREAM_COMPLIANCE && kind != STREAM_COMPLIANCE_USERS && c->licence->plan.history_days;
	int64_t cursor = arg_id(c, "cursor"), oldest = id_at(clock_now() - c->licence->plan.history_days * DAY_MS);

	if (cursor <= 0)
		return call_fail(c, ERR_INVALID, "cursor: the id of a post is wanted, the last one you have");
	if (bound && cursor < oldest)
		return call_wrong(
			c, "cursor", arena_printf(c->arena, "%" PRId64, cursor),
			"'cursor' is older than the %d days that the plan \"%s\" reaches back; the oldest place "
			"is now %" PRId64,
			c->licence->plan.history_days, c->licence->plan.name, oldest);
	*ret = cursor;
	return OK;
}

/* Where to begin: behind what one has, else at a time, else some minutes ago; 0: now. X's sample has no start_time. */
static enum err read_place(struct call *c, enum stream_kind kind, int64_t *ret)
{
	int64_t minutes = arg_int(c, "backfill_minutes");

	*ret = minutes ? id_at(clock_now() - minutes * MINUTE_MS) - 1 : 0;
	if (kind != STREAM_SAMPLE && arg_given(c, "start_time"))
		TRY(read_start(c, ret));
	return arg_given(c, "cursor") ? read_cursor(c, kind, ret) : OK;
}

/* Up to this time, not with it; 0: for ever. */
static enum err read_end(struct call *c, enum stream_kind kind, int64_t after, int64_t *ret)
{
	int64_t begin = after ? after : id_at(clock_now());

	*ret = 0;
	if (kind == STREAM_SAMPLE || !arg_given(c, "end_time"))
		return OK;
	*ret = id_at(arg_int(c, "end_time")) - 1;
	return *ret > begin ? OK
			    : call_wrong(c, "end_time", arg_str(c, "end_time"),
					 "'end_time' must be later than where the stream begins, which is %s",
					 after ? "'cursor', 'start_time' or 'backfill_minutes'" : "now");
}

static enum err start(struct call *c, enum stream_kind kind, int partition)
{
	struct stream_ask ask = {.kind = kind, .partition = partition, .token = bearer(c), .licence = c->licence};
	struct data_answer a;
	enum err err;

	if (!c->core->data_streams)
		return ERR_UNAVAILABLE;
	TRY(check_plan(c, kind));
	TRY(read_place(c, kind, &ask.after));
	TRY(read_end(c, kind, ask.after, &ask.until));
	if (c->row->meter == METER_POST_READ) {
		err = data_begin(c, &a, false);
		ask.fields = a.x.fields;
		data_end(&a);
		TRY(err);
	}
	/* Once it is answered the exchange is another thread's. */
	c->status = 200;
	c->replied = true;
	err = data_streams_start(c->core->data_streams, c->x, &ask, &c->problem);
	c->replied = err == OK;
	if (err == ERR_TOO_MANY) {
		int most = data_streams_most(c->licence, kind);
		c->refusal = (struct meter_refusal){"connections", most, most, 0};
	}
	return err;
}

static enum err filtered(struct call *c)
{
	return start(c, STREAM_FILTERED, 0);
}

static enum err sample(struct call *c)
{
	return start(c, STREAM_SAMPLE, 0);
}

static enum err firehose(struct call *c)
{
	return start(c, STREAM_FIREHOSE, (int)arg_int(c, "partition"));
}

static enum err compliance(struct call *c)
{
	return start(c, STREAM_COMPLIANCE, 0);
}

static enum err compliance_users(struct call *c)
{
	return start(c, STREAM_COMPLIANCE_USERS, 0);
}

#define PLACE_PARAMS                                                                                                   \
	{.name = "cursor", .type = PARAM_ID, .doc = "Go on behind this post: the last one you have; as far back as the plan's history_days."},                 \
	{                                                                                                              \
		.name = "backfill_minutes", .type = PARAM_INT, .min = 0, .max = BACKFILL_MINUTES_MAX,                  \
		.doc = "Begin so many minutes ago."                                                                    \
	}
#define TIME_PARAMS                                                                                                    \
	{.name = "start_time", .type = PARAM_TIME, .doc = "Begin at this time, in the last 24 hours."},                \
	{                                                                                                              \
		.name = "end_time", .type = PARAM_TIME, .doc = "End before this time."                                 \
	}
#define STREAM(path_, handler, params_, doc_)                                                                          \
	{                                                                                                              \
		.method = HTTP_GET, .path = (path_), .handle = (handler), .auth = AUTH_LICENSEE,                       \
		.rate = RATE_DATA_STREAM, .meter = METER_POST_READ, .run = RUN_INLINE, .kind = REPLY_OTHER,            \
		.type = "application/json", .endless = true, .reply = "StreamLine", .params = params_, .doc = (doc_)                                                                       \
	}

#define COMPLIANCE(path_, handler, doc_)                                                                               \
	{                                                                                                              \
		.method = HTTP_GET, .path = (path_), .handle = (handler), .auth = AUTH_LICENSEE,                       \
		.rate = RATE_DATA_ACCOUNT, .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_OTHER,                \
		.type = "application/json", .endless = true, .reply = "ComplianceEvent",                                                \
		.params = PARAMS({.name = "cursor", .type = PARAM_ID, .doc = "Go on behind this event: the last one you have."}, \
				 {.name = "backfill_minutes", .type = PARAM_INT, .min = 0, .max = BACKFILL_MINUTES_MAX,  \
				  .doc = "Begin so many minutes ago."},                                                \
				 TIME_PARAMS,                                                                          \
				 {.name = "partition", .type = PARAM_INT, .min = 1, .max = 4, .fallback = 1,             \
				  .doc = "Taken for X's sake; there is one, whatever it is."}),                          \
		.doc = (doc_)                                                                                          \
	}

const struct endpoint data_stream_posts[] = {
	STREAM("/2/tweets/search/stream", filtered, PARAMS(PLACE_PARAMS, TIME_PARAMS, DATA_POST_PARAMS),
	       "Posts that match the app's rules, as they are made; lines of JSON."),
	STREAM("/2/tweets/sample/stream", sample, PARAMS(PLACE_PARAMS, DATA_POST_PARAMS),
	       "One in a hundred of all posts, the same for everybody; lines of JSON."),
	STREAM("/2/tweets/firehose/stream", firehose,
	       PARAMS({.name = "partition",
		       .type = PARAM_INT,
		       .min = 0,
		       .max = STREAM_PARTITIONS,
		       .doc = "1 to 8: one part of them. Without it: all."},
		      PLACE_PARAMS, TIME_PARAMS, DATA_POST_PARAMS),
	       "All posts, as they are made; lines of JSON."),
	COMPLIANCE("/2/tweets/compliance/stream", compliance,
		   "What must be done with copies of posts: deletions, edits, and what became of their authors. Of every "
		   "plan, and free."),
	COMPLIANCE("/2/users/compliance/stream", compliance_users,
		   "Of these, what is about authors: all copies of their posts are meant."),
	ENDPOINTS_END,
};
