/*
 * rate.c - see rate.h. A counter is found by the hash of its limit and whom it counts, in a set of eight slots.
 */
#include "base/base.h"
#include "gate/rate.h"

#include "base/map.h"
#include "base/metrics.h"
#include "http/forwarded.h"

#include <pthread.h>

#define SHARDS 16
#define SETS_PER_SHARD 512
#define WAYS 8
#define MINUTE 60
#define NAME_MAX_BYTES 256

enum subject { BY_TOKEN, BY_USER, BY_ADDRESS, BY_ANONYMOUS_ADDRESS, BY_NAME };

static const struct limit {
	enum rate_class class;
	enum subject subject;
	unsigned calls;
	unsigned seconds;
} limits[] = {
	{RATE_DEFAULT, BY_TOKEN, 300, 5 * MINUTE},
	{RATE_DEFAULT, BY_USER, 1500, 5 * MINUTE},
	{RATE_DEFAULT, BY_ANONYMOUS_ADDRESS, 300, 5 * MINUTE},
	{RATE_MEDIA, BY_USER, 30, 30 * MINUTE},
	{RATE_DELETE, BY_USER, 30, 30 * MINUTE},
	{RATE_LOGIN, BY_ADDRESS, 25, 5 * MINUTE},
	{RATE_LOGIN, BY_NAME, 25, 5 * MINUTE},
	{RATE_APP, BY_ADDRESS, 5, 10 * MINUTE},
	{RATE_SIGN_UP, BY_ADDRESS, 5, 30 * MINUTE},
};

struct slot {
	uint64_t key;  /* 0: free */
	uint32_t ends; /* of the window, seconds since 1970 */
	uint32_t count;
};

struct shard {
	pthread_mutex_t lock;
	struct slot slots[SETS_PER_SHARD][WAYS];
};

struct rate {
	struct shard shards[SHARDS];
};

struct rate *rate_new(void)
{
	struct rate *r = xcalloc(1, sizeof(*r));
	for (size_t i = 0; i < SHARDS; i++)
		pthread_mutex_init(&r->shards[i].lock, NULL);
	return r;
}

void rate_free(struct rate *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < SHARDS; i++)
		pthread_mutex_destroy(&r->shards[i].lock);
	free(r);
}

/* The counter of key, or the slot that is worth least: free, then over, then the one that has counted least. */
static struct slot *slot_of(struct slot set[WAYS], uint64_t key, uint32_t now)
{
	struct slot *worst = &set[0];
	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		bool over = set[i].ends <= now, worst_over = worst->ends <= now;
		if (over > worst_over || (over == worst_over && set[i].count < worst->count))
			worst = &set[i];
	}
	*worst = (struct slot){.key = key};
	return worst;
}

/* `which` tells the limits of one caller apart. */
static enum err count(struct rate *r, const struct limit *l, uint64_t which, uint64_t who, int64_t now_ms,
		      struct rate_left *left)
{
	uint64_t words[2] = {which, who};
	uint64_t key = hash_bytes(view_make((const char *)words, sizeof(words))) | 1;
	uint32_t now = (uint32_t)(now_ms / 1000), ends = (now / l->seconds + 1) * l->seconds;
	struct shard *shard = &r->shards[(key >> 8) % SHARDS];

	pthread_mutex_lock(&shard->lock);
	struct slot *s = slot_of(shard->slots[(key >> 16) % SETS_PER_SHARD], key, now);
	if (s->ends != ends)
		*s = (struct slot){.key = key, .ends = ends};
	if (s->count <= l->calls)
		s->count++;
	unsigned used = s->count;
	pthread_mutex_unlock(&shard->lock);

	unsigned remaining = used < l->calls ? l->calls - used : 0;
	if (!left->limit || remaining < left->remaining)
		*left = (struct rate_left){l->calls, remaining, (int64_t)ends * 1000};
	if (used <= l->calls)
		return OK;
	metric_add(METRIC_RATE_LIMITED, 1);
	return ERR_TOO_MANY;
}

static uint64_t address_key(struct view peer)
{
	struct address a = {0};
	if (!address_parse(peer, &a))
		return hash_bytes(peer);
	a = address_site(a);
	return hash_bytes(view_make((const char *)a.b, sizeof(a.b)));
}

/* False when this limit does not concern this caller. */
static bool subject_key(enum subject subject, const struct rate_caller *who, uint64_t *ret)
{
	bool anonymous = !who->auth->token_id && !who->auth->account.v;
	switch (subject) {
	case BY_TOKEN:
		*ret = (uint64_t)who->auth->token_id;
		return who->auth->token_id != 0;
	case BY_USER:
		*ret = (uint64_t)who->auth->account.v;
		return who->auth->account.v != 0;
	case BY_ANONYMOUS_ADDRESS:
		if (!anonymous)
			return false;
		*ret = address_key(who->peer);
		return true;
	case BY_ADDRESS:
		*ret = address_key(who->peer);
		return true;
	case BY_NAME:
		break;
	}
	return false;
}

enum err rate_take(struct rate *r, enum rate_class class, const struct rate_caller *who, int64_t now_ms,
		   struct rate_left *ret_left)
{
	enum err err = OK;
	*ret_left = (struct rate_left){0};
	if (class == RATE_NONE)
		return OK;
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		uint64_t key;
		bool applies = limits[i].class == RATE_DEFAULT || limits[i].class == class;
		if (applies && subject_key(limits[i].subject, who, &key) &&
		    count(r, &limits[i], i, key, now_ms, ret_left) != OK)
			err = ERR_TOO_MANY;
	}
	return err;
}

enum err rate_take_name(struct rate *r, struct view name, int64_t now_ms, struct rate_left *ret_left)
{
	char lower[NAME_MAX_BYTES];
	name = view_sub(view_trim(name), 0, sizeof(lower));
	for (size_t i = 0; i < name.len; i++)
		lower[i] = (char)(name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] | 0x20 : name.p[i]);
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		if (limits[i].subject == BY_NAME)
			return count(r, &limits[i], i, hash_bytes(view_make(lower, name.len)), now_ms, ret_left);
	return OK;
}

enum err rate_take_plan(struct rate *r, enum rate_class class, int64_t app, int64_t calls, int64_t now_ms,
			struct rate_left *ret_left)
{
	struct limit limit = {
		.class = class, .calls = (unsigned)(calls < INT32_MAX ? calls : INT32_MAX), .seconds = 15 * MINUTE};
	*ret_left = (struct rate_left){0};
	return count(r, &limit, ARRAY_LEN(limits) + class, (uint64_t)app, now_ms, ret_left);
}

const char *rate_class_name(enum rate_class c)
{
	static const char *const names[RATE_COUNT] = {
		[RATE_UNSET] = "unset", [RATE_NONE] = "none",	    [RATE_DEFAULT] = "default",
		[RATE_MEDIA] = "media", [RATE_DELETE] = "delete",   [RATE_LOGIN] = "login",
		[RATE_APP] = "app",	[RATE_SIGN_UP] = "sign_up",
		[RATE_DATA_LOOKUP] = "data_lookup", [RATE_DATA_SEARCH] = "data_search",
		[RATE_DATA_TIMELINE] = "data_timeline", [RATE_DATA_STREAM] = "data_stream",
		[RATE_DATA_JOB] = "data_job", [RATE_DATA_ACCOUNT] = "data_account",
	};
	return names[c];
}
