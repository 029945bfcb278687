/*
 * authors.c - see authors.h.
 */
#include "base/base.h"

#include "core/authors.h"

#include "base/metrics.h"
#include "core/events.h"

SQL(author_row,
    "SELECT a.silenced_at, a.suspended_at, u.default_visibility, u.default_sensitive, a.uri, a.url, u.default_language,"
    " u.locale, EXISTS (SELECT 1 FROM followers f WHERE f.account_id = a.id AND f.notify = 1),"
    " a.sensitized_at, u.default_quote_policy, a.username"
    " FROM accounts a JOIN users u ON u.account_id = a.id WHERE a.id = $1");

struct authors {
	struct cache *cache;
};

static void on_event(void *arg, const struct event *ev)
{
	struct authors *authors = arg;

	switch (ev->kind) {
	case EVENT_ACCOUNT_CREATED:
	case EVENT_ACCOUNT_CHANGED:
		cache_forget(authors->cache, (uint64_t)ev->account.v);
		break;
	case EVENT_GRAPH_CHANGED:
		cache_forget(authors->cache, (uint64_t)ev->target.v);
		if (ev->change == GRAPH_BLOCK) /* ends following in both directions */
			cache_forget(authors->cache, (uint64_t)ev->account.v);
		break;
	default:
		break;
	}
}

struct authors *authors_new(struct core *c, size_t bytes)
{
	struct authors *a = xcalloc(1, sizeof(*a));

	a->cache = cache_new(bytes, METRIC_COUNT);
	events_subscribe(c->events, on_event, a);
	return a;
}

void authors_free(struct authors *a)
{
	if (!a)
		return;
	cache_free(a->cache);
	free(a);
}

/* One block, with the texts behind it. */
static struct author *read_author(const struct rows *r, struct account_id id)
{
	static const int columns[] = {4, 5, 6, 7, 11};
	struct view texts[ARRAY_LEN(columns)];
	size_t bytes = sizeof(struct author);

	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		texts[i] = row_text(r, columns[i]);
		bytes += texts[i].len;
	}
	struct author *author = xmalloc(bytes);
	char *at = (char *)(author + 1);

	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		if (texts[i].len)
			memcpy(at, texts[i].p, texts[i].len);
		texts[i] = view_make(at, texts[i].len);
		at += texts[i].len;
	}
	*author = (struct author){
		.id = id,
		.silenced = !row_is_null(r, 0),
		.suspended = !row_is_null(r, 1),
		.default_visibility = (enum visibility)row_int(r, 2),
		.default_sensitive = row_int(r, 3) != 0,
		.uri = texts[0],
		.url = texts[1],
		.default_language = texts[2],
		.locale = texts[3],
		.username = texts[4],
		.followed_closely = row_int(r, 8) != 0,
		.sensitized = !row_is_null(r, 9),
		.default_quote_policy = (enum quote_policy)row_int(r, 10),
	};
	cached_init(&author->cached, bytes, NULL);
	return author;
}

enum err author_get(struct core *c, struct db *db, struct account_id id, struct author **ret)
{
	uint64_t generation = 0;
	struct cached *hit = cache_find(c->authors->cache, (uint64_t)id.v, &generation);
	struct author *author = NULL;
	struct rows r;

	if (hit) {
		*ret = (struct author *)hit;
		return OK;
	}
	db_query(db, &r, &author_row, BINDS(B_INT(id.v)));
	if (rows_next(&r))
		author = read_author(&r, id);
	enum err err = rows_end(&r);
	if (err || !author) {
		author_put(author);
		return err ? err : ERR_NOT_FOUND;
	}
	cache_keep(c->authors->cache, (uint64_t)id.v, &author->cached, generation);
	*ret = author;
	return OK;
}

void author_put(struct author *author)
{
	cached_unref(author ? &author->cached : NULL);
}

bool author_current(struct core *c, const struct author *author)
{
	uint64_t generation;
	struct cached *kept = cache_find(c->authors->cache, (uint64_t)author->id.v, &generation);
	bool same = kept == &author->cached;

	cached_unref(kept);
	return same;
}
