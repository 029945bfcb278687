/*
 * compliance_acks.c - deletions come back: a licensee says what it has done, the ledger keeps that it said so, and what it has
 * not said after a day is shown, to it and to the author. X's protocol ends with telling.
 */
#include "base/base.h"
#include "dataapi/groups.h"

#include "base/clock.h"
#include "dataapi/ack_signature.h"
#include "dataapi/compliance_lines.h"
#include "gate/call.h"
#include "licensed/ack_store.h"
#include "licensed/consent.h"
#include "licensed/holders.h"

#define ACKS_PER_CALL LEDGER_ITEMS_MAX
#define SHOWN 100

struct acking {
	int64_t licensee, up_to, now, n;
	const int64_t *seqs;
	size_t n_seqs;
	struct view signed_by; /* what the ledger keeps of the signature; empty: it is not signed */
};

static enum err write_acks(struct db *tx, void *arg)
{
	struct acking *a = arg;

	a->n = 0;
	if (a->n_seqs)
		TRY(ack_add(tx, a->licensee, a->seqs, a->n_seqs, a->now, &a->n));
	return a->up_to ? ack_up_to(tx, a->licensee, a->up_to, a->now) : OK;
}

static int by_number(const void *a, const void *b)
{
	const struct ledger_item *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* In the ledger: who said it, when, of which events. version 1: and of all before it. */
static enum err record(struct call *c, const struct acking *a, uint64_t *ret_index)
{
	struct ledger_item *items = ARENA_ARRAY(c->arena, a->n_seqs + 1, struct ledger_item);
	struct ledger_record r = {.kind = LEDGER_ACK,
				  .time_ms = a->now,
				  .licensee = a->licensee,
				  .key = c->licence->key,
				  .terms = c->licence->plan.id,
				  .items = items,
				  .data = a->signed_by};
	size_t n = 0;

	for (size_t i = 0; i < a->n_seqs; i++)
		items[n++] = (struct ledger_item){.id = a->seqs[i]};
	if (a->up_to)
		items[n++] = (struct ledger_item){.id = a->up_to, .version = 1};
	qsort(items, n, sizeof(*items), by_number);
	for (size_t i = 0; i < n; i++)
		if (r.n_items == 0 || items[r.n_items - 1].id != items[i].id)
			items[r.n_items++] = items[i];
	return ledger_append_wait(c->core->ledger, &r, ret_index);
}

static enum err read_signature(struct call *c, struct acking *a)
{
	const struct ack_statement s = {.domain = view_of(c->core->config.domain),
					.licensee = a->licensee,
					.events = a->seqs,
					.n = a->n_seqs,
					.up_to = a->up_to};

	if (!arg_given(c, "signature") && !arg_given(c, "public_key"))
		return OK;
	return ack_check_signature(c->arena, &s, arg_str(c, "public_key"), arg_str(c, "signature"), &a->signed_by,
				   &c->problem);
}

static enum err read_acks(struct call *c, struct acking *a)
{
	const int64_t *seqs = NULL;

	*a = (struct acking){.licensee = c->licence->licensee, .now = clock_now()};
	a->n_seqs = arg_ids(c, "event_ids", &seqs);
	a->seqs = seqs;
	a->up_to = arg_id(c, "up_to");
	if (a->n_seqs == 0 && a->up_to <= 0)
		return call_fail(c, ERR_INVALID,
				 "event_ids: a list of events, or up_to: the last event of those that are done");
	if (a->n_seqs >= ACKS_PER_CALL)
		return call_fail(c, ERR_INVALID, "event_ids: %zu events; at most %d in one call", a->n_seqs,
				 ACKS_PER_CALL - 1);
	return read_signature(c, a);
}

static enum err acknowledge(struct call *c)
{
	struct acking a;
	uint64_t index;

	if (!c->core->ledger)
		return ERR_UNAVAILABLE;
	TRY(read_acks(c, &a));
	TRY(record(c, &a, &index));
	TRY(store_write(c->core->store, write_acks, &a));
	jw_object(&c->json);
	jw_key(&c->json, "data");
	jw_object(&c->json);
	jw_kv_int(&c->json, "acknowledged", a.n);
	if (a.up_to)
		jw_kv_id(&c->json, "up_to", a.up_to);
	jw_kv_bool(&c->json, "signed", a.signed_by.len > 0);
	jw_kv_int(&c->json, "ledger_index", (int64_t)index);
	jw_object_end(&c->json);
	jw_object_end(&c->json);
	return OK;
}

/* ---- what is due ---- */

static enum err list_due(struct call *c)
{
	struct compliance_event *events;
	int64_t last = 0;
	size_t n;

	TRY(ack_missing(c->db, c->arena, c->licence->licensee, clock_now() - ACK_DUE_MS, arg_id(c, "cursor"), SHOWN,
			&events, &n));
	jw_object(&c->json);
	jw_key(&c->json, "data");
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++) {
		struct buf CLEANUP(buf_release) line = {.max = 4096};

		bool concerns;

		last = events[i].seq;
		TRY(compliance_concerns(c->core, c->db, &events[i], c->licence, &concerns));
		if (!concerns)
			continue;
		compliance_write(&line, &events[i], c->licence);
		jw_raw(&c->json, buf_view(&line));
	}
	jw_array_end(&c->json);
	jw_key(&c->json, "meta");
	jw_object(&c->json);
	if (n == SHOWN)
		jw_kv_id(&c->json, "cursor", last);
	jw_object_end(&c->json);
	jw_object_end(&c->json);
	return OK;
}

/* ---- to the author: who still holds this ---- */

static void write_holders(struct jw *j, const struct taken_back *t)
{
	jw_key(j, "holders");
	jw_array(j);
	for (size_t i = 0; i < t->n; i++) {
		jw_object(j);
		jw_kv_str(j, "licensee", t->holders[i].name);
		jw_kv_time(j, "received_at", t->holders[i].received_at);
		jw_kv_time(j, "acknowledged_at", t->holders[i].acknowledged_at);
		jw_object_end(j);
	}
	jw_array_end(j);
}

static void write_taken_back(struct jw *j, const struct taken_back *t)
{
	jw_object(j);
	jw_kv_id(j, "id", t->seq);
	if (t->post.v)
		jw_kv_id(j, "status_id", t->post.v);
	else
		jw_kv_null(j, "status_id");
	jw_kv_time(j, "deleted_at", t->post.v ? t->at : 0);
	jw_kv_time(j, "withdrawn_at", t->post.v ? 0 : t->at);
	jw_key(j, "uses");
	jw_array(j);
	for (size_t i = 0; i < USES; i++)
		if (t->uses >> i & 1)
			jw_str(j, view_of(use_names[i]));
	jw_array_end(j);
	jw_kv_bool(j, "complete", !t->partial);
	write_holders(j, t);
	jw_object_end(j);
}

static enum err list_holders(struct call *c)
{
	struct taken_back *list;
	int64_t before = arg_given(c, "max_id") ? arg_id(c, "max_id") : INT64_MAX;
	size_t n;

	TRY(holders_load(c->core, c->db, c->arena, c->auth.account, before, (size_t)arg_int(c, "limit"), &list, &n));
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		write_taken_back(&c->json, &list[i]);
	jw_array_end(&c->json);
	return OK;
}

const struct endpoint data_compliance_acks[] = {
	{.method = HTTP_POST, .path = "/2/compliance/ack", .handle = acknowledge, .auth = AUTH_LICENSEE,
	 .rate = RATE_DATA_ACCOUNT, .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER, .kind = REPLY_JSON,
	 .params = PARAMS({.name = "event_ids", .type = PARAM_IDS, .doc = "Events that are done."},
			  {.name = "up_to", .type = PARAM_ID, .doc = "This event and all before it are done."},
			  {.name = "public_key", .type = PARAM_STRING, .max = 64, .doc = "Ed25519, 32 bytes in base64: who signs. docs/ledger.md says what."},
			  {.name = "signature", .type = PARAM_STRING, .max = 100, .doc = "64 bytes in base64. Both are kept in the ledger."}),
	 .reply = "ComplianceAck", .doc = "Says what has been done of what the compliance stream told. It is kept in the ledger."},
	{.method = HTTP_GET, .path = "/2/compliance/unacknowledged", .handle = list_due, .auth = AUTH_LICENSEE,
	 .rate = RATE_DATA_ACCOUNT, .meter = METER_FREE, .run = RUN_INLINE, .kind = REPLY_JSON,
	 .params = PARAMS({.name = "cursor", .type = PARAM_ID, .doc = "Go on behind this event."}),
	 .reply = "ComplianceEvents", .doc = "What was told more than 24 hours ago and is not acknowledged, oldest first."},
	{.method = HTTP_GET, .path = "/api/v1/data_holders", .handle = list_holders, .auth = AUTH_USER,
	 .scope = SCOPE_READ_STATUSES, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_WORKER, .kind = REPLY_JSON,
	 .params = PARAMS({.name = "max_id", .type = PARAM_ID, .doc = "Only what is older than this entry."},
			  {.name = "limit", .type = PARAM_INT, .clamp = true, .min = 1, .max = HOLDERS_PAGE, .fallback = 20, .doc = "How many."}),
	 .reply = "[DataHolders]", .doc = "Posts one has deleted and uses one has withdrawn, and who got posts before: with the time at which each said that its copies are gone."},
	ENDPOINTS_END,
};
