/*
 * registry.c - the tables. Own channels are bits of the listener, found by its account: ten thousand home timelines
 * cost no more than their listeners. Everything else is a topic with a list of subscriptions.
 */
#include "base/base.h"

#include "stream/registry.h"

#include "base/limits.h"
#include "base/map.h"
#include "base/metrics.h"

/* Listeners of one account; without login, of one address. */
struct registry_group {
	uint64_t key;
	struct listener *first;
	size_t n;
};

struct topic {
	enum channel_key key;
	int64_t list;
	struct view tag; /* the topic's own copy */
	struct subscribed *first;
};

struct subscribed {
	struct topic *topic;
	struct listener *l;
	struct subscribed *prev, *next; /* of the topic */
	struct subscribed *next_of_listener;
	uint8_t channel;
	uint16_t label_len;
	char label[];
};

struct registry {
	pthread_mutex_t lock;
	size_t count, max, n_subscribed, n_public;
	bool closed;
	struct map groups;  /* by account or address */
	struct map lists;   /* id → topic */
	struct strmap tags; /* folded name → topic */
	struct topic publics[CHANNELS];
};

#define ADDRESS_BIT (UINT64_C(1) << 63) /* ids are positive */

struct registry *registry_new(size_t streams_max)
{
	struct registry *r = xcalloc(1, sizeof(*r));

	pthread_mutex_init(&r->lock, NULL);
	r->max = streams_max;
	map_init(&r->groups);
	map_init(&r->lists);
	strmap_init(&r->tags);
	for (size_t i = 0; i < CHANNELS; i++)
		r->publics[i].key = KEY_PUBLIC;
	return r;
}

void registry_free(struct registry *r)
{
	if (!r)
		return;
	if (r->count)
		BUG("%zu streams are open at the end", r->count);
	map_release(&r->groups);
	map_release(&r->lists);
	strmap_release(&r->tags);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

/* --- coming and going --- */

static enum err add_locked(struct registry *r, struct listener *l, uint64_t key, struct problem *problem)
{
	struct registry_group *g = map_get(&r->groups, key);

	if (r->closed || r->count >= r->max)
		return fail(problem, ERR_BUSY, "Too many streams are open");
	if (g && g->n >= LIMIT_STREAMS_ACCOUNT)
		return fail(problem, ERR_TOO_MANY, "Too many streams are open");
	if (!g) {
		g = xcalloc(1, sizeof(*g));
		g->key = key;
		map_put(&r->groups, key, g);
	}
	l->group = g;
	l->prev = NULL;
	l->next = g->first;
	if (g->first)
		g->first->prev = l;
	g->first = l;
	g->n++;
	r->count++;
	listener_ref(l);
	return OK;
}

enum err registry_add(struct registry *r, struct listener *l, struct view address, struct problem *problem)
{
	uint64_t key = l->auth.account.v ? (uint64_t)l->auth.account.v : hash_bytes(address) | ADDRESS_BIT;

	pthread_mutex_lock(&r->lock);
	enum err err = add_locked(r, l, key, problem);
	pthread_mutex_unlock(&r->lock);
	if (!err)
		metric_add(METRIC_STREAMS_OPEN, 1);
	return err;
}

static void topic_drop(struct registry *r, struct topic *t)
{
	if (t->key == KEY_LIST)
		map_del(&r->lists, (uint64_t)t->list);
	else
		strmap_del(&r->tags, t->tag);
	free((char *)(uintptr_t)t->tag.p);
	free(t);
}

/* The listener has taken it off its own list. */
static void subscribed_drop(struct registry *r, struct subscribed *s)
{
	struct topic *t = s->topic;

	if (s->next)
		s->next->prev = s->prev;
	if (s->prev)
		s->prev->next = s->next;
	else
		t->first = s->next;
	r->n_subscribed--;
	r->n_public -= t->key == KEY_PUBLIC;
	if (!t->first && t->key != KEY_PUBLIC)
		topic_drop(r, t);
	free(s);
}

static void leave_group(struct registry *r, struct listener *l)
{
	struct registry_group *g = l->group;

	if (l->next)
		l->next->prev = l->prev;
	if (l->prev)
		l->prev->next = l->next;
	else
		g->first = l->next;
	l->group = NULL;
	if (--g->n == 0) {
		map_del(&r->groups, g->key);
		free(g);
	}
}

void registry_remove(struct registry *r, struct listener *l)
{
	pthread_mutex_lock(&r->lock);
	bool was = l->group;
	if (was) {
		while (l->subscribed) {
			struct subscribed *s = l->subscribed;

			l->subscribed = s->next_of_listener;
			subscribed_drop(r, s);
		}
		leave_group(r, l);
		r->count--;
	}
	pthread_mutex_unlock(&r->lock);
	if (!was)
		return;
	metric_add(METRIC_STREAMS_OPEN, -1);
	listener_unref(l);
}

size_t registry_count(struct registry *r)
{
	pthread_mutex_lock(&r->lock);
	size_t n = r->count;
	pthread_mutex_unlock(&r->lock);
	return n;
}

void registry_close(struct registry *r)
{
	pthread_mutex_lock(&r->lock);
	r->closed = true;
	pthread_mutex_unlock(&r->lock);
}

/* --- subscriptions --- */

static struct topic *topic_find(struct registry *r, const struct subscription *s)
{
	switch (channel_rows[s->channel].key) {
	case KEY_LIST:
		return map_get(&r->lists, (uint64_t)s->list);
	case KEY_TAG:
		return strmap_get(&r->tags, s->tag);
	default:
		return &r->publics[s->channel];
	}
}

static struct view copy_of(struct view v)
{
	char *p = xmalloc(v.len + 1);

	memcpy(p, v.p, v.len);
	p[v.len] = '\0';
	return view_make(p, v.len);
}

static struct topic *topic_make(struct registry *r, const struct subscription *s)
{
	struct topic *t = xcalloc(1, sizeof(*t));

	t->key = channel_rows[s->channel].key;
	if (t->key == KEY_LIST) {
		t->list = s->list;
		map_put(&r->lists, (uint64_t)s->list, t);
	} else {
		t->tag = copy_of(s->tag);
		strmap_put(&r->tags, t->tag, t);
	}
	return t;
}

static struct view label_of(const struct subscribed *s)
{
	return view_make(s->label, s->label_len);
}

static bool is_same(const struct subscribed *s, const struct topic *t, const struct subscription *wanted)
{
	return s->topic == t && s->channel == wanted->channel && view_eq(label_of(s), wanted->label);
}

static enum err subscribe_topic(struct registry *r, struct listener *l, const struct subscription *s,
				struct problem *problem)
{
	struct topic *t = topic_find(r, s);

	for (struct subscribed *have = l->subscribed; have; have = have->next_of_listener)
		if (is_same(have, t, s))
			return OK;
	if (l->n_subscribed == LIMIT_STREAM_SUBSCRIPTIONS)
		return fail(problem, ERR_TOO_MANY, "Too many subscriptions on this stream");
	if (r->n_subscribed == LIMIT_STREAMS_SUBSCRIPTIONS)
		return fail(problem, ERR_BUSY, "Too many subscriptions");
	if (!t)
		t = topic_make(r, s);
	struct subscribed *made = xcalloc(1, sizeof(*made) + s->label.len);
	made->topic = t;
	made->l = l;
	made->channel = (uint8_t)s->channel;
	made->label_len = (uint16_t)s->label.len;
	if (s->label.len)
		memcpy(made->label, s->label.p, s->label.len);
	made->next = t->first;
	if (t->first)
		t->first->prev = made;
	t->first = made;
	made->next_of_listener = l->subscribed;
	l->subscribed = made;
	l->n_subscribed++;
	r->n_subscribed++;
	r->n_public += t->key == KEY_PUBLIC;
	return OK;
}

enum err registry_subscribe(struct registry *r, struct listener *l, const struct subscription *s,
			    struct problem *problem)
{
	enum err err = OK;

	pthread_mutex_lock(&r->lock);
	if (!l->group)
		err = fail(problem, ERR_GONE, "The stream is closed");
	else if (channel_rows[s->channel].key == KEY_ACCOUNT)
		l->own |= (uint8_t)(1u << s->channel);
	else
		err = subscribe_topic(r, l, s, problem);
	pthread_mutex_unlock(&r->lock);
	return err;
}

static void unsubscribe_topic(struct registry *r, struct listener *l, const struct subscription *wanted)
{
	const struct topic *t = topic_find(r, wanted);

	for (struct subscribed **at = &l->subscribed; t && *at; at = &(*at)->next_of_listener) {
		struct subscribed *s = *at;

		if (!is_same(s, t, wanted))
			continue;
		*at = s->next_of_listener;
		l->n_subscribed--;
		subscribed_drop(r, s);
		return;
	}
}

void registry_unsubscribe(struct registry *r, struct listener *l, const struct subscription *s)
{
	pthread_mutex_lock(&r->lock);
	if (channel_rows[s->channel].key == KEY_ACCOUNT)
		l->own &= (uint8_t) ~(1u << s->channel);
	else
		unsubscribe_topic(r, l, s);
	pthread_mutex_unlock(&r->lock);
}

/* --- look-ups --- */

void targets_drop(struct targets *t)
{
	for (size_t i = 0; i < t->n; i++)
		listener_unref(t->v[i].l);
	VEC_FREE(t);
}

static void found(struct targets *out, struct listener *l, enum channel channel, struct view label)
{
	listener_ref(l);
	VEC_PUSH(out, (struct target){l, channel, label});
}

bool registry_has_account(struct registry *r, struct account_id account)
{
	pthread_mutex_lock(&r->lock);
	bool has = map_get(&r->groups, (uint64_t)account.v);
	pthread_mutex_unlock(&r->lock);
	return has;
}

void registry_accounts(struct registry *r, struct registry_accounts *out)
{
	size_t at = 0;
	uint64_t key;
	void *group;

	pthread_mutex_lock(&r->lock);
	while (map_next(&r->groups, &at, &key, &group))
		if (!(key & ADDRESS_BIT))
			VEC_PUSH(out, (int64_t)key);
	pthread_mutex_unlock(&r->lock);
}

void registry_find_account(struct registry *r, struct account_id account, enum channel channel, struct targets *out)
{
	pthread_mutex_lock(&r->lock);
	const struct registry_group *g = map_get(&r->groups, (uint64_t)account.v);
	for (struct listener *l = g ? g->first : NULL; l; l = l->next)
		if (l->own & (1u << channel))
			found(out, l, channel, V(""));
	pthread_mutex_unlock(&r->lock);
}

void registry_find_everybody(struct registry *r, enum channel channel, struct targets *out)
{
	size_t at = 0;
	uint64_t account;
	void *group;

	pthread_mutex_lock(&r->lock);
	while (map_next(&r->groups, &at, &account, &group))
		for (struct listener *l = account ? ((struct registry_group *)group)->first : NULL; l; l = l->next)
			if (l->own & (1u << channel))
				found(out, l, channel, V(""));
	pthread_mutex_unlock(&r->lock);
}

/* Equal labels one after the other share their copy: mostly all are equal. */
static void find_topic(const struct topic *t, bool local, struct arena *a, struct targets *out)
{
	struct view label = V("");

	for (struct subscribed *s = t ? t->first : NULL; s; s = s->next) {
		if (channel_rows[s->channel].local && !local)
			continue;
		if (s->label_len && !view_eq(label, label_of(s)))
			label = arena_view(a, label_of(s));
		found(out, s->l, (enum channel)s->channel, s->label_len ? label : V(""));
	}
}

void registry_find_list(struct registry *r, int64_t list, struct arena *a, struct targets *out)
{
	pthread_mutex_lock(&r->lock);
	find_topic(map_get(&r->lists, (uint64_t)list), true, a, out);
	pthread_mutex_unlock(&r->lock);
}

bool registry_has_public(struct registry *r)
{
	pthread_mutex_lock(&r->lock);
	bool has = r->n_public > 0;
	pthread_mutex_unlock(&r->lock);
	return has;
}

void registry_find_public(struct registry *r, bool local, bool media, struct targets *out)
{
	pthread_mutex_lock(&r->lock);
	for (enum channel c = 0; c < CHANNELS; c++) {
		const struct channel_row *row = &channel_rows[c];

		if (row->key == KEY_PUBLIC && (!row->local || local) && (!row->remote || !local) &&
		    (!row->media || media))
			find_topic(&r->publics[c], local, NULL, out);
	}
	pthread_mutex_unlock(&r->lock);
}

bool registry_has_tags(struct registry *r)
{
	pthread_mutex_lock(&r->lock);
	bool has = r->tags.count > 0;
	pthread_mutex_unlock(&r->lock);
	return has;
}

void registry_find_tag(struct registry *r, struct view tag, bool local, struct arena *a, struct targets *out)
{
	pthread_mutex_lock(&r->lock);
	find_topic(strmap_get(&r->tags, tag), local, a, out);
	pthread_mutex_unlock(&r->lock);
}

void registry_find_all_tags(struct registry *r, bool local, struct arena *a, struct targets *out)
{
	size_t at = 0;
	struct view name;
	void *topic;

	pthread_mutex_lock(&r->lock);
	while (strmap_next(&r->tags, &at, &name, &topic))
		find_topic(topic, local, a, out);
	pthread_mutex_unlock(&r->lock);
}

/* --- everybody --- */

static void each(struct registry *r, void (*fn)(struct listener *l, void *arg), void *arg)
{
	size_t at = 0;
	uint64_t key;
	void *group;

	pthread_mutex_lock(&r->lock);
	while (map_next(&r->groups, &at, &key, &group))
		for (struct listener *l = ((struct registry_group *)group)->first; l; l = l->next)
			fn(l, arg);
	pthread_mutex_unlock(&r->lock);
}

static void end_one(struct listener *l, void *why)
{
	listener_end(l, *(enum end *)why);
}

void registry_end_all(struct registry *r, enum end why)
{
	each(r, end_one, &why);
}

static void end_of_token(struct listener *l, void *token)
{
	if (l->auth.token_id == *(int64_t *)token)
		listener_end(l, END_REVOKED);
}

void registry_end_token(struct registry *r, struct account_id account, int64_t token)
{
	if (!account.v) {
		if (token)
			each(r, end_of_token, &token);
		return;
	}
	pthread_mutex_lock(&r->lock);
	const struct registry_group *g = map_get(&r->groups, (uint64_t)account.v);
	for (struct listener *l = g ? g->first : NULL; l; l = l->next)
		if (!token || l->auth.token_id == token)
			listener_end(l, END_REVOKED);
	pthread_mutex_unlock(&r->lock);
}

struct push {
	enum transport transport;
	struct frame *frame;
};

static void push_one(struct listener *l, void *arg)
{
	const struct push *p = arg;

	if (l->transport == p->transport)
		listener_push(l, p->frame);
}

void registry_push_all(struct registry *r, enum transport t, struct frame *f)
{
	struct push p = {t, f};

	each(r, push_one, &p);
}
