/*
 * pump.c - see pump.h. A batch is as many lines as were found among the next ids of the feed. Its place moves on only when
 * the batch is on its way, so that nothing is left out when the database, the meter or the ledger is away for a moment.
 */
#include "base/base.h"
#include "dataapi/pump.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/limits.h"
#include "base/metrics.h"
#include "dataapi/compliance_lines.h"
#include "dataapi/lines.h"

#define IDS_AT_ONCE 2048
#define BATCH_BYTES (512 * 1024)
#define LINE_BYTES_MAX (1024 * 1024)
#define MATCHES_MAX 64 /* rules named in one line */
#define SECOND_NS INT64_C(1000000000)
#define LICENCE_NS SECOND_NS
#define KEEP_ALIVE_NS (20 * SECOND_NS)
#define LATE_MS 5000 /* what is made now has no older id than this */
#define STUCK_NS (READER_STUCK_S * SECOND_NS)

struct batch {
	struct reader *reader;
	struct lines lines;
	struct line_marks marks;
	uint64_t judged;	    /* reader_changes() before the first was chosen */
	int64_t rules[MATCHES_MAX]; /* that the post of this moment matches */
	size_t n_rules;
	int64_t upto; /* the place behind it */
};

/* ---- which posts ---- */

/* The same for everybody, and spread over all moments: a mix of the whole id (Stafford's variant 13 of MurmurHash3's). */
static uint64_t mix(int64_t id)
{
	uint64_t x = (uint64_t)id;

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static bool is_wanted(const struct reader *r, int64_t id)
{
	switch (r->kind) {
	case STREAM_SAMPLE:
		return mix(id) % 100 == 0;
	case STREAM_FIREHOSE:
		return r->partition == 0 || mix(id) / 100 % STREAM_PARTITIONS == (uint64_t)r->partition - 1;
	case STREAM_FILTERED:
	case STREAM_COMPLIANCE:
	case STREAM_COMPLIANCE_USERS:
		break;
	}
	return true;
}

static enum err match_rules(struct batch *b, int64_t id)
{
	const struct lines *l = &b->lines;
	const struct query_post *qp;
	struct post post;
	enum err err = post_load(l->core, l->db, l->arena, (struct post_id){id}, &post);

	b->n_rules = 0;
	if (err == OK)
		err = query_post_make(l->core, l->db, l->arena, &post, &qp);
	if (err == OK)
		b->n_rules = rules_match(b->reader->rules->rules, qp, b->rules, MATCHES_MAX);
	return err == ERR_NOT_FOUND ? OK : err;
}

/* ---- lines ---- */

static struct view tag_of(const struct rule_set *s, int64_t id)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->list[i].id == id)
			return s->list[i].tag;
	return V("");
}

static void write_matches(void *arg, struct jw *j)
{
	const struct batch *b = arg;

	jw_key(j, "matching_rules");
	jw_array(j);
	for (size_t i = 0; i < b->n_rules; i++) {
		jw_object(j);
		jw_kv_id(j, "id", b->rules[i]);
		/* Empty where there is none: tweepy looks for it without asking. */
		jw_kv_str(j, "tag", tag_of(b->reader->rules, b->rules[i]));
		jw_object_end(j);
	}
	jw_array_end(j);
}

static enum err add_post(struct batch *b, int64_t id)
{
	bool filtered = b->reader->kind == STREAM_FILTERED;

	if (!is_wanted(b->reader, id))
		return OK;
	if (!filtered)
		return lines_add(&b->lines, id, NULL, NULL, NULL);
	TRY(match_rules(b, id));
	return b->n_rules ? lines_add(&b->lines, id, write_matches, b, NULL) : OK;
}

/* ---- batches ---- */

static enum err fill(struct batch *b, struct feed *f, size_t lines_max)
{
	int64_t ids[IDS_AT_ONCE], upto;
	size_t n;

	TRY(feed_read(f, b->lines.db, b->reader->place, ids, IDS_AT_ONCE, &n, &upto));
	while (n && ids[n - 1] > b->reader->until)
		n--;
	for (size_t i = 0; i < n; i++) {
		TRY(add_post(b, ids[i]));
		if (b->lines.n_lines == lines_max || !lines_have_room(&b->lines) || b->lines.text.len >= BATCH_BYTES) {
			b->upto = ids[i];
			return OK;
		}
	}
	b->upto = upto;
	return OK;
}

static enum data_endpoint endpoint_of(enum stream_kind kind)
{
	static const enum data_endpoint endpoints[] = {
		[STREAM_FILTERED] = DATA_STREAM_FILTERED,
		[STREAM_SAMPLE] = DATA_STREAM_SAMPLE,
		[STREAM_FIREHOSE] = DATA_STREAM_FIREHOSE,
	};

	return endpoints[kind];
}

static enum err deliver(struct batch *b, struct problem *problem)
{
	struct meter_ask ask = {
		.licence = b->reader->licence,
		.endpoint = endpoint_of(b->reader->kind),
		.kind = LEDGER_POSTS,
		.items = b->lines.items,
		.n = b->lines.n_items,
	};
	struct batch_out out = {.from = b->reader->place, .judged = b->judged, .len = b->lines.text.len};
	struct meter_refusal why;
	size_t granted;

	TRY(meter_deliver(b->lines.core->meter, b->lines.db, &ask, &out.delivery, &granted, &why, problem));
	out.text = buf_detach(&b->lines.text);
	out.marks = b->marks;
	b->marks = (struct line_marks){0};
	return reader_push(b->reader, &out) ? OK : ERR_GONE;
}

static enum err make_batch(struct core *c, struct db *db, struct feed *f, struct arena *a, struct reader *r,
			   size_t lines_max, struct problem *problem)
{
	struct batch *b = ARENA_NEW(a, struct batch);
	enum err err;

	b->reader = r;
	b->judged = reader_changes(r);
	lines_init(&b->lines, c, db, a, r->licence, &r->fields, "\r\n", BATCH_BYTES + LINE_BYTES_MAX);
	b->lines.marks = &b->marks;
	err = fill(b, f, lines_max);
	if (err == OK && b->lines.n_items)
		err = deliver(b, problem);
	if (err == OK)
		r->place = b->upto;
	line_marks_release(&b->marks);
	lines_release(&b->lines);
	return err;
}

/* ---- compliance: nobody pays for it, so nothing of it is recorded ---- */

static bool is_compliance(const struct reader *r)
{
	return r->kind == STREAM_COMPLIANCE || r->kind == STREAM_COMPLIANCE_USERS;
}

/* Nothing older than its last place will be made any more. */
static bool is_late(const struct reader *r)
{
	return r->until < INT64_MAX && clock_now() > id_time(r->until) + LATE_MS;
}

static enum err make_compliance(struct core *c, struct db *db, struct arena *a, struct reader *r, bool *ret_more)
{
	struct compliance_event *events;
	struct buf lines;
	bool late = is_late(r);
	size_t n;

	TRY(compliance_read(c->store, db, a, r->place, IDS_AT_ONCE, &events, &n));
	buf_init(&lines, BATCH_BYTES);
	enum err err = OK;

	for (size_t i = 0; i < n && events[i].seq <= r->until; i++) {
		bool concerns;

		err = compliance_concerns(c, db, &events[i], r->licence, &concerns);
		if (err != OK)
			break; /* it is told from here on in the next round */
		r->place = events[i].seq;
		if (!concerns || (r->kind == STREAM_COMPLIANCE_USERS && events[i].post.v))
			continue;
		compliance_write(&lines, &events[i], r->licence);
		buf_add(&lines, V("\r\n"));
	}
	size_t len = lines.len;

	if (len)
		reader_push(r, &(struct batch_out){.text = buf_detach(&lines), .len = len});
	buf_release(&lines);
	TRY(err);
	*ret_more = n == IDS_AT_ONCE;
	if ((n && events[n - 1].seq > r->until) || (late && !*ret_more))
		r->place = r->until;
	return OK;
}

/* ---- a reader's round ---- */

/* The licence as it is now: a revoked key, another plan and a suspension end a stream within a second. */
static bool renew_licence(struct core *c, struct db *db, struct reader *r)
{
	int64_t now = clock_mono_ns();
	const struct licence *fresh;
	struct problem problem = {0};
	enum err err;

	if (r->licence && now - r->licence_at < LICENCE_NS)
		return true;
	r->licence_at = now;
	err = licence_get(c->licences, db, view_of(r->token), &fresh, &problem);
	if (err != OK && err != ERR_UNAUTHORIZED)
		return r->licence != NULL; /* the database is away */
	if (err == ERR_UNAUTHORIZED) {
		reader_end(r, READER_REVOKED, problem.text);
		return false;
	}
	if (r->licence && r->licence->plan.uses != fresh->plan.uses)
		atomic_fetch_add(&r->uses_changed, 1);
	if (r->licence)
		licence_put(r->licence);
	r->licence = fresh;
	if (licence_refusal(fresh))
		reader_end(r, READER_REVOKED, licence_refusal(fresh));
	return !licence_refusal(fresh);
}

static enum err renew_rules(struct db *db, struct reader *r)
{
	struct rule_set *fresh;

	if (r->kind != STREAM_FILTERED || (r->rules && !atomic_exchange(&r->rules_changed, false)))
		return OK;
	TRY(rule_set_load(db, r->licence, &fresh));
	rule_set_free(r->rules);
	r->rules = fresh;
	return OK;
}

static bool is_alive(struct reader *r)
{
	int64_t now = clock_mono_ns(), stuck = reader_stuck_since(r), quiet = reader_quiet_since(r);

	if (stuck && now - stuck > STUCK_NS) {
		metric_add(METRIC_STREAM_DROPPED, 1);
		reader_end(r, READER_SLOW,
			   "nothing of what waits was read for 30 seconds; connect again with cursor, behind the last "
			   "post that has arrived");
		return false;
	}
	if (quiet && reader_has_left(r)) {
		reader_close(r, V(""), true);
		return false;
	}
	if (quiet && now - quiet > KEEP_ALIVE_NS)
		reader_probe(r);
	return true;
}

/* All that is wanted is on its way: its last place was passed, or its time is over and nothing came. */
static bool has_all(struct reader *r, struct feed *f)
{
	int64_t place = reader_place(r);

	return place >= r->until || (!is_compliance(r) && is_late(r) && place >= feed_end(f));
}

bool pump_reader(struct core *c, struct db *db, struct feed *f, struct arena *a, struct reader *r)
{
	struct problem problem = {0};
	bool more;
	enum err err;

	if (!is_alive(r) || !renew_licence(c, db, r) || !reader_has_room(r))
		return false;
	if (has_all(r, f)) {
		if (reader_quiet_since(r)) /* nothing waits, which might have to be made anew */
			reader_close(r, V(""), false);
		return false;
	}
	if (is_compliance(r))
		return make_compliance(c, db, a, r, &more) == OK && more;
	if (renew_rules(db, r) != OK || reader_place(r) >= feed_end(f))
		return false;
	err = make_batch(c, db, f, a, r, IDS_AT_ONCE, &problem);
	if (err == ERR_PAYMENT) /* what is left may be enough for one */
		err = make_batch(c, db, f, a, r, 1, &problem);
	if (err == ERR_PAYMENT)
		reader_end(r, READER_UNPAID, problem.text);
	return err == ERR_GONE || (err == OK && r->place < feed_end(f));
}
