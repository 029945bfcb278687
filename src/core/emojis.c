/*
 * emojis.c - see emojis.h. The table is replaced as a whole, under a lock that readers hold for a look-up.
 */
#include "base/base.h"

#include "core/emojis.h"

#include <pthread.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/map.h"
#include "base/vec.h"
#include "core/events.h"

#define EMOJIS_MAX 10000
#define FOUND_MAX 100

SQL(emojis_select,
    "SELECT shortcode, file, static_file, category, visible FROM custom_emojis WHERE domain = '' ORDER BY shortcode"
    " LIMIT $1");
SQL(emojis_put, "INSERT INTO custom_emojis (shortcode, domain, file, static_file, category, visible)"
		" VALUES ($1, '', $2, $3, $4, $5) ON CONFLICT (domain, shortcode) DO UPDATE SET file = excluded.file,"
		" static_file = excluded.static_file, category = excluded.category, visible = excluded.visible");
SQL(emojis_drop, "DELETE FROM custom_emojis WHERE domain = '' AND shortcode = $1");

struct table {
	struct arena arena; /* of the texts */
	struct VEC(struct emoji) list;
	struct strmap by_shortcode; /* struct emoji * in list */
};

struct emojis {
	pthread_rwlock_t lock;
	struct table *table;
};

static struct table *table_new(void)
{
	struct table *t = xcalloc(1, sizeof(*t));

	arena_init(&t->arena, LIMIT_CALL_ARENA);
	strmap_init(&t->by_shortcode);
	return t;
}

static void table_free(struct table *t)
{
	strmap_release(&t->by_shortcode);
	VEC_FREE(&t->list);
	arena_release(&t->arena);
	free(t);
}

/* Changed by the command line or on another node: local changes have been loaded. */
static void on_event(void *arg, const struct event *ev)
{
	struct core *c = arg;

	if (ev->kind == EVENT_EMOJI_CHANGED && !ev->local && emojis_load(c, store_db(c->store)) != OK)
		log_warn("the custom emojis could not be read anew; the old ones stay until the next change");
}

struct emojis *emojis_new(struct core *c)
{
	struct emojis *e = xcalloc(1, sizeof(*e));

	(void)c;
	pthread_rwlock_init(&e->lock, NULL);
	e->table = table_new();
	events_subscribe(c->events, on_event, c);
	return e;
}

void emojis_free(struct emojis *e)
{
	if (!e)
		return;
	table_free(e->table);
	pthread_rwlock_destroy(&e->lock);
	free(e);
}

static enum err read_table(struct db *db, struct table *t)
{
	struct rows r;

	db_query(db, &r, &emojis_select, BINDS(B_INT(EMOJIS_MAX)));
	while (rows_next(&r))
		VEC_PUSH(&t->list, (struct emoji){
					   .shortcode = row_copy(&r, 0, &t->arena),
					   .file = row_copy(&r, 1, &t->arena),
					   .static_file = row_copy(&r, 2, &t->arena),
					   .category = row_copy(&r, 3, &t->arena),
					   .visible = row_int(&r, 4) != 0,
				   });
	for (size_t i = 0; i < t->list.n; i++)
		strmap_put(&t->by_shortcode, t->list.v[i].shortcode, &t->list.v[i]);
	return rows_end(&r);
}

enum err emojis_load(struct core *c, struct db *db)
{
	struct table *t = table_new(), *old = t;
	enum err err = read_table(db, t);

	if (!err) {
		pthread_rwlock_wrlock(&c->emojis->lock);
		old = c->emojis->table;
		c->emojis->table = t;
		pthread_rwlock_unlock(&c->emojis->lock);
	}
	table_free(old);
	return err;
}

static struct emoji copy(struct arena *a, const struct emoji *e)
{
	return (struct emoji){arena_view(a, e->shortcode), arena_view(a, e->file), arena_view(a, e->static_file),
			      arena_view(a, e->category), e->visible};
}

void emojis_all(struct core *c, struct arena *a, const struct emoji **ret, size_t *ret_n)
{
	pthread_rwlock_rdlock(&c->emojis->lock);
	const struct table *t = c->emojis->table;
	struct emoji *list = ARENA_ARRAY(a, t->list.n + 1, struct emoji);
	for (size_t i = 0; i < t->list.n; i++)
		list[i] = copy(a, &t->list.v[i]);
	*ret = list;
	*ret_n = t->list.n;
	pthread_rwlock_unlock(&c->emojis->lock);
}

static bool is_shortcode_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

/* The next :word: at or behind *at; *at moves to its closing colon, which may open the next. */
static bool next_shortcode(struct view text, size_t *at, struct view *ret)
{
	size_t open = view_find(text, *at, ':');

	while (open < text.len) {
		size_t end = open + 1;

		while (end < text.len && is_shortcode_char(text.p[end]))
			end++;
		*at = end;
		if (end < text.len && text.p[end] == ':' && end > open + 1) {
			*ret = view_sub(text, open + 1, end - open - 1);
			return true;
		}
		open = view_find(text, end, ':');
	}
	return false;
}

static bool listed(const struct emoji *list, size_t n, struct view shortcode)
{
	for (size_t i = 0; i < n; i++)
		if (view_eq(list[i].shortcode, shortcode))
			return true;
	return false;
}

static size_t collect(const struct table *t, struct arena *a, struct view text, struct emoji *list, size_t n)
{
	struct view shortcode;
	size_t at = 0;

	while (n < FOUND_MAX && next_shortcode(text, &at, &shortcode)) {
		const struct emoji *e = strmap_get(&t->by_shortcode, shortcode);

		if (e && !listed(list, n, shortcode))
			list[n++] = copy(a, e);
	}
	return n;
}

void emojis_in(struct core *c, struct arena *a, const struct view *texts, size_t n, const struct emoji **ret,
	       size_t *ret_n)
{
	struct emoji *list = NULL;
	size_t found = 0;

	pthread_rwlock_rdlock(&c->emojis->lock);
	const struct table *t = c->emojis->table;
	if (t->list.n) {
		list = ARENA_ARRAY(a, FOUND_MAX, struct emoji);
		for (size_t i = 0; i < n; i++)
			found = collect(t, a, texts[i], list, found);
	}
	pthread_rwlock_unlock(&c->emojis->lock);
	*ret = list;
	*ret_n = found;
}

static bool shortcode_valid(struct view v)
{
	for (size_t i = 0; i < v.len; i++)
		if (!is_shortcode_char(v.p[i]))
			return false;
	return v.len >= 2 && v.len <= EMOJI_SHORTCODE_BYTES;
}

static enum err put(struct db *tx, void *arg)
{
	const struct emoji *e = arg;

	return db_exec(tx, &emojis_put,
		       BINDS(B_TEXT(e->shortcode), B_TEXT(e->file), B_TEXT(e->static_file),
			     e->category.len ? B_TEXT(e->category) : B_NULL, B_INT(e->visible)),
		       NULL);
}

static enum err drop(struct db *tx, void *arg)
{
	int64_t changed;

	TRY(db_exec(tx, &emojis_drop, BINDS(B_TEXT(*(struct view *)arg)), &changed));
	return changed ? OK : ERR_NOT_FOUND;
}

static enum err changed(struct core *c, struct db *db)
{
	TRY(emojis_load(c, db));
	events_announce(c->events, &(struct event){.kind = EVENT_EMOJI_CHANGED, .local = true});
	return OK;
}

enum err emojis_add(struct core *c, struct db *db, const struct emoji *emoji)
{
	struct emoji e = *emoji;

	if (!shortcode_valid(e.shortcode) || !e.file.len)
		return ERR_INVALID;
	TRY(store_write(c->store, put, &e));
	return changed(c, db);
}

enum err emojis_remove(struct core *c, struct db *db, struct view shortcode)
{
	TRY(store_write(c->store, drop, &shortcode));
	return changed(c, db);
}
