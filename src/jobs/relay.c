/*
 * relay.c - events as JSON. Kinds are written by name: a queue may outlive the version of the program that filled it.
 */
#include "base/base.h"
#include "jobs/relay.h"

#include <jansson.h>
#include <pthread.h>

#include "base/json.h"
#include "base/limits.h"
#include "jobs/jobs.h"

#define EVENTS_PER_JOB 200
#define PAYLOAD_MAX (256 * LIMIT_KIB)

static const char *const names[EVENT_KINDS] = {
	[EVENT_POST_CREATED] = "post_created",
	[EVENT_POST_EDITED] = "post_edited",
	[EVENT_POST_DELETED] = "post_deleted",
	[EVENT_POST_COUNTS] = "post_counts",
	[EVENT_POST_FLAGS] = "post_flags",
	[EVENT_THREAD_MUTED] = "thread_muted",
	[EVENT_ACCOUNT_CREATED] = "account_created",
	[EVENT_ACCOUNT_POSTED] = "account_posted",
	[EVENT_ACCOUNT_CHANGED] = "account_changed",
	[EVENT_GRAPH_CHANGED] = "graph_changed",
	[EVENT_LIST_CHANGED] = "list_changed",
	[EVENT_NOTIFICATION] = "notification",
	[EVENT_NOTIFICATIONS_MERGED] = "notifications_merged",
	[EVENT_NOTIFICATIONS_CHANGED] = "notifications_changed",
	[EVENT_CONVERSATION] = "conversation",
	[EVENT_FILTERS_CHANGED] = "filters_changed",
	[EVENT_TAGS_FOLLOWED] = "tags_followed",
	[EVENT_ANNOUNCEMENT] = "announcement",
	[EVENT_ANNOUNCEMENT_DELETED] = "announcement_deleted",
	[EVENT_ANNOUNCEMENT_REACTION] = "announcement_reaction",
	[EVENT_ANNOUNCEMENT_READ] = "announcement_read",
	[EVENT_WORDS_CHANGED] = "words_changed",
	[EVENT_TOKEN_REVOKED] = "token_revoked",
	[EVENT_IP_BLOCKS_CHANGED] = "ip_blocks_changed",
	[EVENT_EMOJI_CHANGED] = "emoji_changed",
	[EVENT_MENTION_DELETED] = "mention_deleted",
	[EVENT_ACCOUNT_LICENCE] = "account_licence",
};

/* Where each number of an event lies. */
static const struct {
	const char *key;
	size_t at;
} numbers[] = {
	{"account", offsetof(struct event, account)},	{"target", offsetof(struct event, target)},
	{"post", offsetof(struct event, post)},		{"boost_of", offsetof(struct event, boost_of)},
	{"other_id", offsetof(struct event, other_id)}, {"at", offsetof(struct event, at)},
};

struct relay {
	struct core *core;
	pthread_mutex_t lock;
	struct event_list events;
};

static void collect(void *arg, const struct event *ev)
{
	struct relay *r = arg;

	pthread_mutex_lock(&r->lock);
	VEC_PUSH(&r->events, *ev);
	pthread_mutex_unlock(&r->lock);
}

struct relay *relay_open(struct core *c)
{
	struct relay *r = xcalloc(1, sizeof(*r));

	r->core = c;
	pthread_mutex_init(&r->lock, NULL);
	events_subscribe(c->events, collect, r);
	return r;
}

void relay_write(struct buf *out, const struct event *events, size_t n)
{
	struct jw j = jw_to(out);

	jw_array(&j);
	for (size_t i = 0; i < n; i++) {
		jw_object(&j);
		jw_kv_cstr(&j, "kind", names[events[i].kind]);
		for (size_t k = 0; k < ARRAY_LEN(numbers); k++) {
			int64_t v = *(const int64_t *)((const char *)&events[i] + numbers[k].at);
			if (v)
				jw_kv_int(&j, numbers[k].key, v);
		}
		jw_kv_int(&j, "change", events[i].change);
		jw_kv_int(&j, "visibility", events[i].visibility);
		jw_kv_bool(&j, "local", events[i].local);
		jw_kv_bool(&j, "silent", events[i].silent);
		jw_object_end(&j);
	}
	jw_array_end(&j);
}

static bool kind_parse(const char *name, enum event_kind *ret)
{
	for (size_t i = 0; name && i < EVENT_KINDS; i++) {
		if (names[i] && strcmp(name, names[i]) == 0) {
			*ret = (enum event_kind)i;
			return true;
		}
	}
	return false;
}

/* False for kinds this version does not have: what nobody listens to need not be told. */
static bool read_event(const json_t *o, struct event *ret)
{
	struct event ev = {0};

	if (!kind_parse(json_string_value(json_object_get(o, "kind")), &ev.kind))
		return false;
	for (size_t k = 0; k < ARRAY_LEN(numbers); k++)
		*(int64_t *)((char *)&ev + numbers[k].at) = json_integer_value(json_object_get(o, numbers[k].key));
	ev.change = (enum graph_change)json_integer_value(json_object_get(o, "change"));
	ev.visibility = (int)json_integer_value(json_object_get(o, "visibility"));
	ev.local = json_is_true(json_object_get(o, "local"));
	ev.silent = json_is_true(json_object_get(o, "silent"));
	*ret = ev;
	return true;
}

enum err relay_read(struct arena *a, struct view payload, struct event **ret, size_t *ret_n)
{
	json_t *list = json_loadb(payload.p, payload.len, JSON_REJECT_DUPLICATES, NULL);
	size_t n = 0, index;
	json_t *o;

	if (!json_is_array(list)) {
		json_decref(list);
		return ERR_CORRUPT;
	}
	struct event *events = ARENA_ARRAY(a, json_array_size(list) + 1, struct event);
	json_array_foreach (list, index, o)
		n += read_event(o, &events[n]);
	json_decref(list);
	*ret = events;
	*ret_n = n;
	return OK;
}

enum err relay_run(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem)
{
	struct event *events;
	size_t n;

	(void)db;
	if (relay_read(a, payload, &events, &n) != OK)
		return fail(problem, ERR_CORRUPT, "the list of events cannot be read");
	for (size_t i = 0; i < n; i++)
		events_announce(c->events, &events[i]);
	return OK;
}

static enum err write_jobs(struct db *tx, void *arg)
{
	const struct relay *r = arg;
	struct buf payload;
	enum err err = OK;

	buf_init(&payload, PAYLOAD_MAX);
	for (size_t at = 0; at < r->events.n && err == OK; at += EVENTS_PER_JOB) {
		size_t n = r->events.n - at;

		buf_clear(&payload);
		relay_write(&payload, &r->events.v[at], n < EVENTS_PER_JOB ? n : EVENTS_PER_JOB);
		err = buf_err(&payload);
		if (err == OK)
			err = jobs_add(tx, RELAY_KIND, buf_view(&payload), 0);
	}
	buf_release(&payload);
	return err;
}

enum err relay_flush(struct relay *r)
{
	enum err err = r->events.n ? store_write(r->core->store, write_jobs, r) : OK;

	if (err == OK)
		r->events.n = 0;
	return err;
}

void relay_free(struct relay *r)
{
	if (!r)
		return;
	VEC_FREE(&r->events);
	pthread_mutex_destroy(&r->lock);
	free(r);
}
