/*
 * viewer.c - loading, keeping and forgetting of viewers, and their flags on posts.
 */
#include "base/base.h"

#include "core/viewer.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/metrics.h"
#include "core/events.h"
#include "core/flag_cache.h"
#include "core/tag_follows.h"

#define FLAGS_AT_ONCE 128
#define TAG_BYTES ((size_t)32) /* a name with its block, about */

struct viewers {
	struct cache *cache;
};

SQL(viewer_following, "SELECT target_id FROM following WHERE account_id = $1");
SQL(viewer_blocking, "SELECT target_id FROM blocks WHERE account_id = $1");
SQL(viewer_blocked_by, "SELECT blocker_id FROM blocked_by WHERE account_id = $1");
SQL(viewer_muting,
    "SELECT target_id, expires_at FROM mutes WHERE account_id = $1 AND (expires_at IS NULL OR expires_at > $2)");
SQL(viewer_muted_threads, "SELECT thread_id FROM thread_mutes WHERE account_id = $1");
SQL(viewer_tags, "SELECT name FROM followed_tags WHERE account_id = $1 LIMIT $2");
SQL(viewer_favourited, "SELECT post_id FROM favourites WHERE account_id = $1 AND post_id IN IDS($2)");
SQL(viewer_boosted, "SELECT post_id FROM account_boosts WHERE account_id = $1 AND post_id IN IDS($2)");
SQL(viewer_bookmarked, "SELECT post_id FROM bookmarks WHERE account_id = $1 AND post_id IN IDS($2)");
SQL(viewer_pinned, "SELECT post_id FROM pins WHERE account_id = $1 AND post_id IN IDS($2)");

static struct viewer nobody;

struct viewer *viewer_nobody(void) { return &nobody; }

static void release(struct cached *c)
{
	struct viewer *v = (struct viewer *)c;

	idset_release(&v->following);
	idset_release(&v->blocking);
	idset_release(&v->blocked_by);
	idset_release(&v->muting);
	idset_release(&v->muted_threads);
	for (size_t i = 0; i < v->n_tags; i++)
		free((char *)(uintptr_t)v->tags[i]);
	free(v->tags);
	flag_cache_free(v->flags);
	free(v);
}

static enum err load_set(struct db *db, const struct sql *sql, struct account_id account, struct idset *set)
{
	struct rows r;

	db_query(db, &r, sql, BINDS(B_INT(account.v)));
	while (rows_next(&r))
		idset_add(set, (uint64_t)row_int(&r, 0));
	return rows_end(&r);
}

static enum err load_mutes(struct db *db, struct viewer *v)
{
	struct rows r;

	db_query(db, &r, &viewer_muting, BINDS(B_INT(v->account.v), B_INT(clock_now())));
	while (rows_next(&r)) {
		int64_t until = row_int(&r, 1);

		idset_add(&v->muting, (uint64_t)row_int(&r, 0));
		if (until && (!v->muting_until || until < v->muting_until))
			v->muting_until = until;
	}
	return rows_end(&r);
}

static enum err load_tags(struct db *db, struct viewer *v)
{
	struct rows r;

	db_query(db, &r, &viewer_tags, BINDS(B_INT(v->account.v), B_INT(LIMIT_FOLLOWED_TAGS)));
	while (v->n_tags < LIMIT_FOLLOWED_TAGS && rows_next(&r)) {
		struct view name = row_text(&r, 0);
		char *copy = xcalloc(1, name.len + 1);

		if (!v->tags)
			v->tags = xcalloc(LIMIT_FOLLOWED_TAGS, sizeof(*v->tags));
		memcpy(copy, name.p, name.len);
		v->tags[v->n_tags++] = copy;
	}
	return rows_end(&r);
}

static enum err load(struct db *db, struct viewer *v)
{
	TRY(load_tags(db, v));
	TRY(load_set(db, &viewer_following, v->account, &v->following));
	TRY(load_set(db, &viewer_blocking, v->account, &v->blocking));
	TRY(load_set(db, &viewer_blocked_by, v->account, &v->blocked_by));
	TRY(load_set(db, &viewer_muted_threads, v->account, &v->muted_threads));
	TRY(load_mutes(db, v));
	v->hides_anybody = v->blocking.count || v->blocked_by.count || v->muting.count;
	return OK;
}

static size_t bytes_of(const struct viewer *v)
{
	const struct idset *sets[] = {&v->following, &v->blocking, &v->blocked_by, &v->muting, &v->muted_threads};
	size_t bytes = sizeof(*v) + flag_cache_bytes();

	for (size_t i = 0; i < ARRAY_LEN(sets); i++)
		bytes += sets[i]->slots ? (sets[i]->mask + 1) * sizeof(uint64_t) : 0;
	bytes += v->n_tags ? LIMIT_FOLLOWED_TAGS * sizeof(*v->tags) + v->n_tags * TAG_BYTES : 0;
	return bytes;
}

enum err viewer_get(struct core *c, struct db *db, struct account_id account, struct viewer **ret)
{
	uint64_t generation = 0;

	if (!account.v) {
		*ret = viewer_nobody();
		return OK;
	}
	struct viewer *v = (struct viewer *)cache_find(c->viewers->cache, (uint64_t)account.v, &generation);
	if (v && v->muting_until && v->muting_until <= clock_now()) {
		cache_forget(c->viewers->cache, (uint64_t)account.v);
		viewer_put(v);
		v = (struct viewer *)cache_find(c->viewers->cache, (uint64_t)account.v, &generation);
	}
	if (!v) {
		v = xcalloc(1, sizeof(*v));
		v->account = account;
		v->flags = flag_cache_new();
		cached_init(&v->cached, 0, release);
		enum err err = load(db, v);
		if (err) {
			viewer_put(v);
			return err;
		}
		v->cached.bytes = (uint32_t)bytes_of(v);
		cache_keep(c->viewers->cache, (uint64_t)account.v, &v->cached, generation);
	}
	*ret = v;
	return OK;
}

void viewer_put(struct viewer *v)
{
	if (v && v != &nobody)
		cached_unref(&v->cached);
}

bool viewer_follows_tag(const struct viewer *v, struct view name)
{
	for (size_t i = 0; i < v->n_tags; i++)
		if (view_is(name, v->tags[i]))
			return true;
	return false;
}

bool viewer_hides(const struct viewer *v, struct account_id author)
{
	uint64_t id = (uint64_t)author.v;

	return v->hides_anybody &&
	       (idset_has(&v->muting, id) || idset_has(&v->blocking, id) || idset_has(&v->blocked_by, id));
}

static const struct {
	const struct sql *sql;
	uint8_t flag;
} flag_tables[] = {
	{&viewer_favourited, POST_FAVOURITED},
	{&viewer_boosted, POST_BOOSTED},
	{&viewer_bookmarked, POST_BOOKMARKED},
	{&viewer_pinned, POST_PINNED},
};

/* Adds flag to ret[i] of each post of ids that the table has a row for. */
static enum err load_flag(struct db *db, const struct viewer *v, size_t table, struct bind list,
			  const struct post_id *ids, size_t n, uint8_t *ret)
{
	struct rows r;

	db_query(db, &r, flag_tables[table].sql, BINDS(B_INT(v->account.v), list));
	while (rows_next(&r)) {
		int64_t id = row_int(&r, 0);

		for (size_t i = 0; i < n; i++)
			if (ids[i].v == id)
				ret[i] |= flag_tables[table].flag;
	}
	return rows_end(&r);
}

/* Asks the database for the flags of the posts at these indexes. */
static enum err load_flags(struct db *db, struct viewer *v, const struct post_id *ids, const size_t *missing, size_t n,
			   uint64_t generation, size_t n_ids, uint8_t *ret)
{
	struct arena a;
	enum err err = OK;

	arena_init(&a, LIMIT_CALL_ARENA);
	int64_t *lack = ARENA_ARRAY(&a, n, int64_t);
	for (size_t i = 0; i < n; i++)
		lack[i] = ids[missing[i]].v;
	struct bind list = bind_ids(&a, lack, n);
	for (size_t t = 0; t < ARRAY_LEN(flag_tables) && !err; t++)
		err = load_flag(db, v, t, list, ids, n_ids, ret);
	for (size_t i = 0; i < n && !err; i++)
		flag_cache_keep(v->flags, lack[i], ret[missing[i]], generation);
	arena_release(&a);
	return err;
}

enum err viewer_flags(struct core *c, struct db *db, struct viewer *v, const struct post_id *ids,
		      const int64_t *thread_ids, size_t n, uint8_t *ret)
{
	size_t missing[FLAGS_AT_ONCE];
	uint64_t generation = 0;

	(void)c;
	if (!v->account.v) {
		memset(ret, 0, n);
		return OK;
	}
	for (size_t from = 0; from < n; from += FLAGS_AT_ONCE) {
		size_t some = n - from < FLAGS_AT_ONCE ? n - from : FLAGS_AT_ONCE;
		size_t lack = flag_cache_find(v->flags, ids + from, some, ret + from, missing, &generation);

		if (lack)
			TRY(load_flags(db, v, ids + from, missing, lack, generation, some, ret + from));
	}
	for (size_t i = 0; i < n && v->muted_threads.count; i++)
		if (idset_has(&v->muted_threads, (uint64_t)thread_ids[i]))
			ret[i] |= POST_THREAD_MUTED;
	return OK;
}

static void forget(struct viewers *viewers, struct account_id account)
{
	if (account.v)
		cache_forget(viewers->cache, (uint64_t)account.v);
}

static void on_event(void *arg, const struct event *ev)
{
	struct viewers *viewers = arg;
	uint64_t unused;

	switch (ev->kind) {
	case EVENT_POST_CREATED: { /* its author is about to be shown it, and has done nothing with it */
		struct viewer *v = (struct viewer *)cache_find(viewers->cache, (uint64_t)ev->account.v, &unused);

		if (v)
			flag_cache_new_post(v->flags, ev->post.v);
		viewer_put(v);
		break;
	}
	case EVENT_POST_FLAGS: {
		struct viewer *v = (struct viewer *)cache_find(viewers->cache, (uint64_t)ev->account.v, &unused);

		if (v)
			flag_cache_forget(v->flags, ev->post.v);
		else
			forget(viewers, ev->account); /* one may be loading */
		viewer_put(v);
		break;
	}
	case EVENT_GRAPH_CHANGED:
		forget(viewers, ev->account);
		forget(viewers, ev->target);
		break;
	case EVENT_THREAD_MUTED:
	case EVENT_TAGS_FOLLOWED:
		forget(viewers, ev->account);
		break;
	case EVENT_ACCOUNT_CHANGED:
		if (ev->other_id) /* its follows may be gone */
			cache_forget_all(viewers->cache);
		break;
	default:
		break;
	}
}

struct viewers *viewers_new(struct core *c, size_t bytes)
{
	struct viewers *viewers = xcalloc(1, sizeof(*viewers));

	viewers->cache = cache_new(bytes, METRIC_COUNT);
	events_subscribe(c->events, on_event, viewers);
	return viewers;
}

void viewers_free(struct viewers *v)
{
	if (!v)
		return;
	cache_free(v->cache);
	free(v);
}
