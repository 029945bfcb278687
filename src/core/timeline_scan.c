/*
 * timeline_scan.c - timelines as the database knows them: what a ring is filled from, and the pages beneath it. Each
 * statement comes in two orders; `more` tells whether rows beyond the last one read may exist.
 */
#include "base/base.h"

#include "base/clock.h"
#include "base/limits.h"
#include "core/timelines_private.h"

/*
 * Home and lists: the posts of some accounts ("sources"), cut to the newest $4 before the wide table is joined.
 * $1 viewer (home) or list, $2 floor, $3 ceiling, $4 limit.
 */
#define HOME_SOURCES                                                                                                   \
	"(SELECT target_id, show_boosts, languages FROM following WHERE account_id = $1 AND target_id NOT IN"          \
	" (SELECT m.account_id FROM lists l JOIN list_accounts m ON m.list_id = l.id WHERE l.account_id = $1"          \
	" AND l.exclusive = 1) UNION ALL SELECT CAST($1 AS BIGINT), 1, '')"
#define LIST_SOURCES                                                                                                   \
	"(SELECT account_id AS target_id, 1 AS show_boosts, '' AS languages FROM list_accounts WHERE list_id = $1)"
#define SOURCE_POSTS(sources, order)                                                                                   \
	"SELECT p.id, p.boost_of, p.account_id, p.reply_to, p.reply_to_account, p.language, x.show_boosts,"            \
	" x.languages, p.visibility"                                                                                   \
	" FROM (SELECT ap.post_id, s.show_boosts, s.languages FROM " sources " s"                                      \
	" JOIN account_posts ap ON ap.account_id = s.target_id WHERE ap.post_id > $2 AND ap.post_id < $3"              \
	" ORDER BY ap.post_id " order " LIMIT $4) x JOIN posts p ON p.id = x.post_id ORDER BY p.id " order

SQL(scan_home_down, SOURCE_POSTS(HOME_SOURCES, "DESC"));
SQL(scan_home_up, SOURCE_POSTS(HOME_SOURCES, "ASC"));
SQL(scan_list_down, SOURCE_POSTS(LIST_SOURCES, "DESC"));
SQL(scan_list_up, SOURCE_POSTS(LIST_SOURCES, "ASC"));
SQL(scan_oldest, "SELECT COALESCE(MIN(id), 0) FROM posts");
SQL(scan_list_members, "SELECT account_id FROM list_accounts WHERE list_id = $1");
SQL(scan_list_policy, "SELECT replies_policy FROM lists WHERE id = $1");

/*
 * Public posts and those of a tag, each with whether it fits. What fits may be rare, and anybody may ask: no more than
 * $6 rows are looked at in one go.
 *
 * Of both: nothing of silenced or suspended accounts; of the public timelines: no boosts and no replies to others.
 */
#define FITS(condition) "CASE WHEN " condition " THEN 1 ELSE 0 END"
#define FILTERED "($3 = 0 OR p.domain = '') AND ($4 = 0 OR p.domain <> '') AND ($5 = 0 OR p.has_media = 1)"
#define NOT_SILENCED                                                                                                   \
	"NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = p.account_id"                                               \
	" AND (a.silenced_at IS NOT NULL OR a.suspended_at IS NOT NULL))"
#define PUBLIC_POSTS(order)                                                                                            \
	"SELECT p.id, p.boost_of, " FITS("(p.reply_to IS NULL OR p.reply_to_account = p.account_id) AND " FILTERED     \
					 " AND " NOT_SILENCED) " FROM posts p WHERE p.visibility = 0 AND p.boost_of "  \
							       "IS NULL AND p.id > $1 AND p.id < $2"                   \
							       " ORDER BY p.id " order " LIMIT $6"
SQL(scan_public_down, PUBLIC_POSTS("DESC"));
SQL(scan_public_up, PUBLIC_POSTS("ASC"));
SQL(scan_any_remote, "SELECT 1 FROM posts WHERE domain <> '' LIMIT 1");

#define TAG_POSTS(order)                                                                                               \
	"SELECT t.post_id, p.boost_of, " FITS(                                                                         \
		FILTERED " AND " NOT_SILENCED) " FROM tag_posts t JOIN posts p ON p.id = t.post_id"                    \
					       " WHERE t.name = $7 AND t.post_id > $1 AND t.post_id < $2 ORDER BY "    \
					       "t.post_id " order " LIMIT $6"
SQL(scan_tag_down, TAG_POSTS("DESC"));
SQL(scan_tag_up, TAG_POSTS("ASC"));
SQL(scan_post_tags, "SELECT name FROM post_tags WHERE post_id = $1");

SQL(scan_author_down, "SELECT a.post_id, p.boost_of FROM account_posts a JOIN posts p ON p.id = a.post_id"
		      " WHERE a.account_id = $1 AND a.post_id > $2 AND a.post_id < $3 AND a.visibility < 3"
		      " ORDER BY a.post_id DESC LIMIT $4");

/* What a row of SOURCE_POSTS is judged by. */
struct judge {
	const struct viewer *viewer;
	int replies_policy; /* of a list; -1: home */
	struct idset members;
};

static bool replies_fit(const struct judge *j, struct account_id answered)
{
	bool followed =
		idset_has(&j->viewer->following, (uint64_t)answered.v) || account_eq(answered, j->viewer->account);

	switch (j->replies_policy) {
	case 0:
	case -1:
		return followed;
	case 1:
		return account_eq(answered, j->viewer->account) || idset_has(&j->members, (uint64_t)answered.v);
	default:
		return false;
	}
}

static bool language_fits(struct view wanted, struct view language)
{
	struct view piece;

	if (!wanted.len || !language.len)
		return true;
	while (view_split(&wanted, ',', &piece))
		if (view_eq(piece, language))
			return true;
	return false;
}

/*
 * The rules of fanout.c and timeline_audience.c, for a row. Direct posts are for homes only, and pass: visibility.h
 * judges them when the page is made.
 */
static bool row_fits(const struct judge *j, const struct rows *r)
{
	struct account_id author = {row_int(r, 2)}, answered = {row_int(r, 4)};

	if (account_eq(author, j->viewer->account) && j->replies_policy < 0)
		return true;
	if (row_int(r, 8) == VISIBILITY_DIRECT && j->replies_policy >= 0)
		return false;
	if (row_int(r, 1) && !row_int(r, 6))
		return false;
	if (row_int(r, 3) && !account_eq(author, answered) && !replies_fit(j, answered))
		return false;
	return language_fits(row_text(r, 7), row_text(r, 5));
}

/* One window of a SOURCE_POSTS statement. */
static enum err scan_window(struct db *db, const struct sql *sql, int64_t key, const struct scan *s,
			    const struct judge *j, struct ring_entry *ret, struct found *ret_found)
{
	struct rows r;
	struct found found = {0};
	size_t seen = 0;

	db_query(db, &r, sql, BINDS(B_INT(key), B_INT(s->floor), B_INT(s->ceiling), B_INT(s->cap)));
	while (rows_next(&r)) {
		seen++;
		found.last = row_int(&r, 0);
		if (row_fits(j, &r))
			ret[found.n++] = (struct ring_entry){found.last, row_int(&r, 1)};
	}
	TRY(rows_end(&r));
	found.more = seen == s->cap;
	*ret_found = found;
	return OK;
}

/* Where a window of so many days ends that begins where the scan does. */
static struct scan window_of(const struct scan *s, int64_t begin, int64_t days)
{
	static const int64_t day = 24 * 3600 * 1000;
	struct scan window = *s;
	int64_t to = s->upward ? begin + days * day : begin - days * day, id = to > 0 ? id_at(to) : 0;

	if (s->upward)
		window.ceiling = id < s->ceiling ? id : s->ceiling;
	else
		window.floor = id > s->floor ? id : s->floor;
	return window;
}

/* The time a scan begins at; upwards from the very beginning it is that of the oldest post. */
static enum err scan_begin(struct db *db, const struct scan *s, int64_t *ret)
{
	int64_t oldest = 0;

	if (!s->upward) {
		*ret = s->ceiling == INT64_MAX ? clock_now() : id_time(s->ceiling);
		return OK;
	}
	TRY(db_int(db, &scan_oldest, NO_BINDS, &oldest));
	*ret = id_time(oldest > s->floor ? oldest : s->floor);
	return OK;
}

/*
 * A reader's page lies in a few days, and sorting years of posts for it would be waste: widens a window of time until
 * it holds enough.
 */
static enum err scan_sources(struct db *db, const struct sql *down, const struct sql *up, int64_t key,
			     const struct scan *s, const struct judge *j, struct ring_entry *ret,
			     struct found *ret_found)
{
	const struct sql *sql = s->upward ? up : down;
	int64_t begin;

	TRY(scan_begin(db, s, &begin));
	for (int64_t days = 3; days < 10000; days *= 10) {
		struct scan window = window_of(s, begin, days);

		if (window.floor == s->floor && window.ceiling == s->ceiling)
			break;
		TRY(scan_window(db, sql, key, &window, j, ret, ret_found));
		if (ret_found->more)
			return OK;
	}
	return scan_window(db, sql, key, s, j, ret, ret_found);
}

enum err scan_home(struct db *db, const struct viewer *v, const struct scan *s, struct ring_entry *ret,
		   struct found *ret_found)
{
	struct judge j = {.viewer = v, .replies_policy = -1};

	return scan_sources(db, &scan_home_down, &scan_home_up, v->account.v, s, &j, ret, ret_found);
}

enum err scan_list(struct db *db, const struct viewer *v, int64_t list, const struct scan *s, struct ring_entry *ret,
		   struct found *ret_found)
{
	struct judge j = {.viewer = v};
	struct rows r;
	int64_t policy = 0;

	TRY(db_int(db, &scan_list_policy, BINDS(B_INT(list)), &policy));
	j.replies_policy = (int)policy;
	idset_init(&j.members);
	db_query(db, &r, &scan_list_members, BINDS(B_INT(list)));
	while (rows_next(&r))
		idset_add(&j.members, (uint64_t)row_int(&r, 0));
	enum err err = rows_end(&r);
	if (!err)
		err = scan_sources(db, &scan_list_down, &scan_list_up, list, s, &j, ret, ret_found);
	idset_release(&j.members);
	return err;
}

static enum err read_entries(struct rows *r, size_t cap, struct ring_entry *ret, struct found *ret_found)
{
	struct found found = {0};

	while (rows_next(r)) {
		found.last = row_int(r, 0);
		ret[found.n++] = (struct ring_entry){found.last, row_int(r, 1)};
	}
	TRY(rows_end(r));
	found.more = found.n == cap;
	*ret_found = found;
	return OK;
}

enum err scan_author(struct db *db, struct account_id author, const struct scan *s, struct ring_entry *ret,
		     struct found *ret_found)
{
	struct rows r;

	db_query(db, &r, &scan_author_down, BINDS(B_INT(author.v), B_INT(s->floor), B_INT(s->ceiling), B_INT(s->cap)));
	return read_entries(&r, s->cap, ret, ret_found);
}

/* Of rows that say in column 2 whether they fit, until there are enough. */
static enum err read_fitting(struct rows *r, const struct scan *s, struct ring_entry *ret, struct found *ret_found)
{
	struct found found = {0};
	size_t seen = 0;

	while (found.n < s->cap && rows_next(r)) {
		seen++;
		found.last = row_int(r, 0);
		if (row_int(r, 2))
			ret[found.n++] = (struct ring_entry){found.last, row_int(r, 1)};
	}
	TRY(rows_end(r));
	found.more = found.n == s->cap || seen == s->rows;
	*ret_found = found;
	return OK;
}

/* Where nothing has ever come from elsewhere, no post is looked at to find that out. */
static enum err none_can_fit(struct db *db, struct public_filter f, bool *ret)
{
	int64_t one;
	enum err err = f.remote ? db_int(db, &scan_any_remote, NO_BINDS, &one) : OK;

	*ret = err == ERR_NOT_FOUND || (f.remote && f.local);
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err scan_public(struct db *db, struct public_filter f, const struct scan *s, struct ring_entry *ret,
		     struct found *ret_found)
{
	struct rows r;
	bool none;

	*ret_found = (struct found){0};
	TRY(none_can_fit(db, f, &none));
	if (none)
		return OK;
	db_query(db, &r, s->upward ? &scan_public_up : &scan_public_down,
		 BINDS(B_INT(s->floor), B_INT(s->ceiling), B_INT(f.local), B_INT(f.remote), B_INT(f.only_media),
		       B_INT(s->rows)));
	return read_fitting(&r, s, ret, ret_found);
}

static bool has_name(struct view name, const struct view *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (view_eq(name, names[i]))
			return true;
	return false;
}

/* `all` and `none` of a tag timeline, for one post. */
static enum err tags_fit(struct db *db, const struct tag_filter *f, int64_t post, bool *ret)
{
	struct rows r;
	size_t found = 0;
	bool bad = false;

	db_query(db, &r, &scan_post_tags, BINDS(B_INT(post)));
	while (rows_next(&r)) {
		found += has_name(row_text(&r, 0), f->all, f->n_all);
		bad |= has_name(row_text(&r, 0), f->none, f->n_none);
	}
	TRY(rows_end(&r));
	*ret = !bad && found >= f->n_all;
	return OK;
}

static int newest_first(const void *x, const void *y)
{
	const struct ring_entry *a = x, *b = y;

	return a->id > b->id ? -1 : a->id < b->id;
}

static int oldest_first(const void *x, const void *y)
{
	return newest_first(y, x);
}

void scan_end_add(struct scan_end *end, const struct scan *s, const struct found *part)
{
	if (!part->more)
		return;
	if (!end->more || (s->upward ? part->last < end->at : part->last > end->at))
		end->at = part->last;
	end->more = true;
}

struct found scan_merge(struct ring_entry *e, size_t n, const struct scan *s, const struct scan_end *end)
{
	struct found found = {.more = end->more, .last = end->at};

	qsort(e, n, sizeof(*e), s->upward ? oldest_first : newest_first);
	for (size_t i = 0; i < n && found.n < s->cap; i++) {
		if (end->more && (s->upward ? e[i].id > end->at : e[i].id < end->at))
			break;
		if (!found.n || e[found.n - 1].id != e[i].id)
			e[found.n++] = e[i];
	}
	if (found.n == s->cap) {
		found.more = true;
		found.last = e[found.n - 1].id;
	}
	return found;
}

enum err scan_tag(struct db *db, struct arena *a, const struct tag_filter *f, const struct scan *s,
		  struct ring_entry *ret, struct found *ret_found)
{
	struct ring_entry *all = ARENA_ARRAY(a, s->cap * (1 + f->n_any), struct ring_entry);
	struct scan_end end = {0};
	size_t n = 0, kept = 0;
	bool none;

	*ret_found = (struct found){0};
	TRY(none_can_fit(db, f->base, &none));
	if (none)
		return OK;
	for (size_t i = 0; i <= f->n_any; i++) {
		struct view name = i ? f->any[i - 1] : f->name;
		struct rows r;
		struct found part;

		db_query(db, &r, s->upward ? &scan_tag_up : &scan_tag_down,
			 BINDS(B_INT(s->floor), B_INT(s->ceiling), B_INT(f->base.local), B_INT(f->base.remote),
			       B_INT(f->base.only_media), B_INT(s->rows), B_TEXT(name)));
		TRY(read_fitting(&r, s, all + n, &part));
		scan_end_add(&end, s, &part);
		n += part.n;
	}
	struct found found = scan_merge(all, n, s, &end);
	for (size_t i = 0; i < found.n; i++) {
		bool fits = true;

		if (f->n_all || f->n_none)
			TRY(tags_fit(db, f, all[i].id, &fits));
		if (fits)
			ret[kept++] = all[i];
	}
	found.n = kept;
	*ret_found = found;
	return OK;
}

size_t scan_drop_repeated_boosts(struct ring_entry *entries, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		bool repeated = false;

		for (size_t k = i + 1; k < n && k <= i + RING_BOOST_DISTANCE && entries[i].boost_of && !repeated; k++)
			repeated = entries[k].id == entries[i].boost_of || entries[k].boost_of == entries[i].boost_of;
		if (!repeated)
			entries[kept++] = entries[i];
	}
	return kept;
}
