/*
 * export.c - see export.h. Each list is read in pages by its cursor, newest first, as Mastodon writes it.
 */
#include "base/base.h"

#include "transfer/export_private.h"

#include "base/limits.h"
#include "core/lists.h"
#include "core/post_lists.h"
#include "core/user_domains.h"
#include "core/visibility.h"
#include "transfer/csv.h"

#define PAGE 500
#define ARENA (16 * LIMIT_MIB)

#define TIES(table, other, columns)                                                                                    \
	"SELECT t.id, a.username, a.domain" columns " FROM " table " t JOIN accounts a ON a.id = t." other               \
	" WHERE t.account_id = $1 AND t.id < $2 ORDER BY t.id DESC LIMIT $3"
SQL(export_follows, TIES("following", "target_id", ", t.show_boosts, t.notify, t.languages"));
SQL(export_followers, TIES("followers", "follower_id", ""));
SQL(export_blocks, TIES("blocks", "target_id", ""));
SQL(export_mutes, TIES("mutes", "target_id", ", t.notifications"));
SQL(export_members, "SELECT m.id, a.username, a.domain FROM list_accounts m JOIN accounts a ON a.id = m.account_id"
		    " WHERE m.list_id = $1 AND m.id < $2 ORDER BY m.id DESC LIMIT $3");
SQL(export_uri, "SELECT uri FROM posts WHERE id = $1");

/* "alice@this.domain" also for those of this server: the file is read elsewhere. */
static void put_acct(struct export_job *e, const struct rows *r)
{
	char acct[512];
	struct view domain = row_text(r, 2);

	domain = domain.len ? domain : view_of(e->core->config.domain);
	snprintf(acct, sizeof(acct), "%.*s@%.*s", VIEW_ARG(row_text(r, 1)), VIEW_ARG(domain));
	csv_put(e->to, view_of(acct));
}

static void put_bool(struct export_job *e, bool on) { fputs(on ? ",true" : ",false", e->to); }

/* "en,id" → "en, id", as Mastodon joins them. */
static void put_languages(struct export_job *e, struct view languages)
{
	char joined[LIMIT_FOLLOW_LANGUAGES * 16] = "";
	struct view one;
	size_t n = 0;

	while (view_split(&languages, ',', &one) && n < sizeof(joined) - 16)
		n += (size_t)snprintf(joined + n, sizeof(joined) - n, "%s%.*s", n ? ", " : "",
				      one.len < 8 ? (int)one.len : 8, one.p);
	fputc(',', e->to);
	csv_put(e->to, view_make(joined, n));
}

/* One row of the file for each row of the statement; rest writes what stands behind the account. */
static enum err write_ties(struct export_job *e, const struct sql *sql, int64_t key, struct view before,
			   void (*rest)(struct export_job *e, const struct rows *r))
{
	int64_t below = INT64_MAX;
	size_t n;

	do {
		struct rows r;

		n = 0;
		db_query(e->db, &r, sql, BINDS(B_INT(key), B_INT(below), B_INT(PAGE)));
		while (rows_next(&r)) {
			below = row_int(&r, 0);
			n++;
			if (before.len) {
				csv_put(e->to, before);
				fputc(',', e->to);
			}
			put_acct(e, &r);
			if (rest)
				rest(e, &r);
			fputc('\n', e->to);
		}
		TRY(rows_end(&r));
	} while (n == PAGE);
	return OK;
}

static void follow_rest(struct export_job *e, const struct rows *r)
{
	put_bool(e, row_int(r, 3));
	put_bool(e, row_int(r, 4));
	put_languages(e, row_text(r, 5));
}

static enum err write_follows(struct export_job *e)
{
	fputs("Account address,Show boosts,Notify on new posts,Languages\n", e->to);
	return write_ties(e, &export_follows, e->who.v, V(""), follow_rest);
}

static enum err write_followers(struct export_job *e)
{
	fputs("Account address\n", e->to);
	return write_ties(e, &export_followers, e->who.v, V(""), NULL);
}

static enum err write_blocks(struct export_job *e)
{
	return write_ties(e, &export_blocks, e->who.v, V(""), NULL);
}

static enum err write_domains(struct export_job *e)
{
	struct page page = {.limit = PAGE};
	struct user_domain list[PAGE];
	struct arena a;
	enum err err;
	size_t n = 0;

	arena_init(&a, ARENA);
	do {
		err = user_domains_page(e->db, &a, e->who, &page, list, &n);
		for (size_t i = 0; i < n && !err; i++) {
			csv_put(e->to, list[i].domain);
			fputc('\n', e->to);
		}
		page.max_id = n ? list[n - 1].id : 0;
		arena_reset(&a);
	} while (!err && n == page.limit);
	arena_release(&a);
	return err;
}

static void mute_rest(struct export_job *e, const struct rows *r) { put_bool(e, row_int(r, 3)); }

static enum err write_mutes(struct export_job *e)
{
	fputs("Account address,Hide notifications\n", e->to);
	return write_ties(e, &export_mutes, e->who.v, V(""), mute_rest);
}

static enum err write_lists(struct export_job *e)
{
	struct list lists[LIMIT_LISTS];
	struct arena a;
	size_t n = 0;

	arena_init(&a, ARENA);
	enum err err = lists_load(e->db, &a, e->who, (struct account_id){0}, lists, &n);
	for (size_t i = 0; i < n && err == OK; i++)
		err = write_ties(e, &export_members, lists[i].id, lists[i].title, NULL);
	arena_release(&a);
	return err;
}

enum err export_post_uri(struct export_job *e, struct arena *a, const struct viewer *v, struct post_id id,
			 struct view *ret)
{
	struct post_meta meta;
	struct rows r;
	enum err err = post_load_meta(e->core, e->db, a, id, &meta);

	*ret = V("");
	if (err == ERR_NOT_FOUND || (err == OK && !visible_to(v, &meta)))
		return OK;
	TRY(err);
	db_query(e->db, &r, &export_uri, BINDS(B_INT(id.v)));
	if (rows_next(&r))
		*ret = row_copy(&r, 0, a);
	return rows_end(&r);
}

static enum err put_post(struct export_job *e, struct arena *a, const struct viewer *v, struct post_id id)
{
	struct view uri;

	TRY(export_post_uri(e, a, v, id, &uri));
	if (!uri.len)
		return OK;
	csv_put(e->to, uri);
	fputc('\n', e->to);
	return OK;
}

static enum err write_bookmark_pages(struct export_job *e, struct arena *a, const struct viewer *v)
{
	struct page page = {.limit = LIMIT_PAGE_POSTS};
	struct page_item items[LIMIT_PAGE_POSTS];
	size_t n;

	do {
		TRY(account_bookmarks(e->db, e->who, &page, items, &n));
		for (size_t i = 0; i < n; i++)
			TRY(put_post(e, a, v, (struct post_id){items[i].id}));
		page.max_id = n ? items[n - 1].cursor : 0;
		arena_reset(a);
	} while (n == page.limit);
	return OK;
}

static enum err write_bookmarks(struct export_job *e)
{
	struct viewer *v;
	struct arena a;

	TRY(viewer_get(e->core, e->db, e->who, &v));
	arena_init(&a, ARENA);
	enum err err = write_bookmark_pages(e, &a, v);
	arena_release(&a);
	viewer_put(v);
	return err;
}

#define CSV "text/csv; charset=utf-8"

const struct export_kind export_kinds[] = {
	{"follows", "following_accounts.csv", CSV, write_follows},
	{"followers", "followers.csv", CSV, write_followers},
	{"blocks", "blocked_accounts.csv", CSV, write_blocks},
	{"mutes", "muted_accounts.csv", CSV, write_mutes},
	{"domain_blocks", "blocked_domains.csv", CSV, write_domains},
	{"bookmarks", "bookmarks.csv", CSV, write_bookmarks},
	{"lists", "lists.csv", CSV, write_lists},
	{"filters", "custom_filters.json", "application/json; charset=utf-8", export_filters},
	{0},
};

const struct export_kind *export_find(struct view name)
{
	for (const struct export_kind *k = export_kinds; k->name; k++)
		if (view_is(name, k->name))
			return k;
	return NULL;
}

enum err export_write(struct core *c, struct db *db, struct account_id who, const struct export_kind *kind, FILE *to)
{
	struct export_job e = {.core = c, .db = db, .who = who, .to = to};

	TRY(kind->write(&e));
	return fflush(to) == 0 && !ferror(to) ? OK : ERR_NO_SPACE;
}
