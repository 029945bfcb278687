/*
 * tag_rules.c - see tag_rules.h.
 */
#include "base/base.h"

#include "core/tag_rules.h"

#include "base/map.h"
#include "base/metrics.h"
#include "core/cache.h"

SQL(rules_one, "SELECT id, name, usable, listable FROM tags WHERE id = $1");
SQL(rules_down, "SELECT id, name, usable, listable FROM tags WHERE id > $1 AND id < $2 ORDER BY id DESC LIMIT $3");
SQL(rules_up, "SELECT id, name, usable, listable FROM tags WHERE id > $1 AND id < $2 ORDER BY id ASC LIMIT $3");
SQL(rules_change, "UPDATE tags SET usable = COALESCE($2, usable), listable = COALESCE($3, listable),"
		  " display = COALESCE($4, display) WHERE id = $1");
SQL(rules_forbidden, "SELECT 1 FROM tags WHERE name = $1 AND usable = 0");

static struct tag_rules read_row(const struct rows *r, struct arena *a)
{
	return (struct tag_rules){row_int(r, 0), row_copy(r, 1, a), row_int(r, 2) != 0, row_int(r, 3) != 0};
}

enum err tag_rules_load(struct db *db, struct arena *a, int64_t id, struct tag_rules *ret)
{
	bool found;
	struct rows r;

	db_query(db, &r, &rules_one, BINDS(B_INT(id)));
	found = rows_next(&r);
	if (found)
		*ret = read_row(&r, a);
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

enum err tag_rules_page(struct db *db, struct arena *a, const struct page *page, struct tag_rules *ret, size_t *ret_n)
{
	bool upward = page_upward(page);
	size_t n = 0;
	struct rows r;

	db_query(db, &r, upward ? &rules_up : &rules_down,
		 BINDS(B_INT(page_floor(page)), B_INT(page_ceiling(page)), B_INT(page->limit)));
	while (n < page->limit && rows_next(&r))
		ret[n++] = read_row(&r, a);
	TRY(rows_end(&r));
	for (size_t i = 0; upward && i + 1 < n - i; i++) {
		struct tag_rules other = ret[i];

		ret[i] = ret[n - 1 - i];
		ret[n - 1 - i] = other;
	}
	*ret_n = n;
	return OK;
}

struct tag_rules_known {
	struct cache *cache;
};

struct tag_rules_known *tag_rules_new(size_t bytes)
{
	struct tag_rules_known *t = xcalloc(1, sizeof(*t));

	t->cache = cache_new(bytes, METRIC_COUNT);
	return t;
}

void tag_rules_free(struct tag_rules_known *t)
{
	if (!t)
		return;
	cache_free(t->cache);
	free(t);
}

struct changing {
	int64_t id;
	const struct tag_rules_change *change;
};

static struct bind flag_if(bool given, bool value)
{
	return given ? B_INT(value) : B_NULL;
}

static enum err write_change(struct db *tx, void *arg)
{
	const struct changing *w = arg;
	const struct tag_rules_change *ch = w->change;

	return db_exec(tx, &rules_change,
		       BINDS(B_INT(w->id), flag_if(ch->has_usable, ch->usable), flag_if(ch->has_listable, ch->listable),
			     ch->display.len ? B_TEXT(ch->display) : B_NULL),
		       NULL);
}

enum err tag_rules_change(struct core *c, struct db *db, struct arena *a, int64_t id, const struct tag_rules_change *ch,
			  struct problem *problem)
{
	struct tag_rules tag;
	struct view name, display;

	TRY(tag_rules_load(db, a, id, &tag));
	if (ch->display.len && (tag_written(a, ch->display, &name, &display) != OK || !view_eq(name, tag.name)))
		return fail(problem, ERR_UNPROCESSABLE,
			    "Validation failed: Display name must be another way to write the same hashtag");
	TRY(store_write(c->store, write_change, &(struct changing){id, ch}));
	cache_forget(c->tag_rules->cache, hash_bytes(tag.name));
	return OK;
}

/* Kept under the hash of the name. */
struct known_tag {
	struct cached cached;
	bool forbidden;
	size_t len;
	char name[];
};

static bool is_tag(const struct known_tag *k, struct view name)
{
	return k && view_eq(view_make(k->name, k->len), name);
}

static struct known_tag *known_new(struct view name, bool forbidden)
{
	size_t bytes = sizeof(struct known_tag) + name.len;
	struct known_tag *k = xcalloc(1, bytes);

	cached_init(&k->cached, bytes, NULL);
	k->forbidden = forbidden;
	k->len = name.len;
	memcpy(k->name, name.p, name.len);
	return k;
}

static enum err ask(struct db *db, struct view name, bool *ret)
{
	int64_t one;
	enum err err = db_int(db, &rules_forbidden, BINDS(B_TEXT(name)), &one);

	if (err && err != ERR_NOT_FOUND)
		return err;
	*ret = !err;
	return OK;
}

/* Of two names with one hash, one is asked about each time. */
static enum err is_forbidden(struct core *c, struct db *db, struct view name, bool *ret)
{
	struct cache *cache = c->tag_rules->cache;
	uint64_t key = hash_bytes(name), generation = 0;
	struct known_tag *k = (struct known_tag *)cache_find(cache, key, &generation);
	bool known = is_tag(k, name), forbidden = known && k->forbidden;

	cached_unref(k ? &k->cached : NULL);
	if (!known) {
		TRY(ask(db, name, &forbidden));
		k = known_new(name, forbidden);
		cache_keep(cache, key, &k->cached, generation);
		cached_unref(&k->cached);
	}
	*ret = forbidden;
	return OK;
}

enum err tag_rules_check(struct core *c, struct db *db, struct view name, struct problem *problem)
{
	bool forbidden;

	TRY(is_forbidden(c, db, name, &forbidden));
	if (!forbidden)
		return OK;
	return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Text contained a disallowed hashtag: %.*s",
		    VIEW_ARG(name));
}
