/*
 * reports.c - see reports.h.
 */
#include "base/base.h"

#include "moderation/reports.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/limits.h"
#include "core/cards.h"
#include "core/roles.h"
#include "core/rules.h"
#include "core/visibility.h"
#include "moderation/audit.h"
#include "moderation/rows.h"
#include "text/compose.h"

const char *const report_categories[] = {
	[REPORT_OTHER] = "other",
	[REPORT_SPAM] = "spam",
	[REPORT_LEGAL] = "legal",
	[REPORT_VIOLATION] = "violation",
	[REPORT_CATEGORIES] = NULL,
};

#define COLUMNS                                                                                                        \
	"SELECT id, account_id, target_id, category, comment, forwarded, rules, created_at, updated_at, assigned_to, " \
	"resolved_at, resolved_by FROM reports "
SQL(report_one, COLUMNS "WHERE id = $1");
#define PAGE                                                                                                           \
	COLUMNS "WHERE id > $1 AND id < $2 AND CASE WHEN resolved_at IS NULL THEN 0 ELSE 1 END = CAST($4 AS BIGINT) "                  \
		"AND (CAST($5 AS BIGINT) = 0 OR account_id = $5) AND (CAST($6 AS BIGINT) = 0 OR target_id = $6) "
SQL(reports_down, PAGE "ORDER BY id DESC LIMIT $3");
SQL(reports_up, PAGE "ORDER BY id ASC LIMIT $3");
SQL(report_posts_of, "SELECT post_id FROM report_posts WHERE report_id = $1 ORDER BY post_id LIMIT $2");
SQL(report_insert, "INSERT INTO reports (id, account_id, target_id, category, comment, forwarded, rules, created_at,"
		   " updated_at) VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $7)");
SQL(report_insert_post, "INSERT INTO report_posts (report_id, post_id) VALUES ($1, $2) ON CONFLICT DO NOTHING");
SQL(report_open_of, "SELECT id FROM reports WHERE target_id = $1 AND resolved_at IS NULL LIMIT 1");
SQL(report_assign, "UPDATE reports SET assigned_to = $2, updated_at = $3 WHERE id = $1");
SQL(report_unassign,
    "UPDATE reports SET assigned_to = NULL, updated_at = $3 WHERE id = $1 AND CAST($2 AS BIGINT) >= 0");
SQL(report_resolve, "UPDATE reports SET resolved_at = $3, resolved_by = $2, updated_at = $3 WHERE id = $1");
SQL(report_reopen, "UPDATE reports SET resolved_at = NULL, resolved_by = NULL, updated_at = $3 WHERE id = $1 AND "
		   "CAST($2 AS BIGINT) >= 0");
SQL(report_set,
    "UPDATE reports SET category = CASE WHEN CAST($2 AS BIGINT) < 0 THEN category ELSE CAST($2 AS BIGINT) END,"
    " rules = COALESCE(CAST($3 AS TEXT), rules), updated_at = $4 WHERE id = $1");

/* --- reading --- */

static void read_report(const struct rows *r, struct arena *a, void *ret)
{
	*(struct report *)ret = (struct report){
		.id = row_int(r, 0),
		.by.v = row_int(r, 1),
		.target.v = row_int(r, 2),
		.category = (enum report_category)row_int(r, 3),
		.comment = row_copy(r, 4, a),
		.forwarded = row_int(r, 5),
		.rules = row_copy(r, 6, a),
		.created_at = row_int(r, 7),
		.updated_at = row_int(r, 8),
		.assigned_to.v = row_int(r, 9),
		.resolved_at = row_int(r, 10),
		.resolved_by.v = row_int(r, 11),
	};
}

enum err report_load(struct db *db, struct arena *a, int64_t id, struct report *ret)
{
	struct rows r;

	db_query(db, &r, &report_one, BINDS(B_INT(id)));
	bool found = rows_next(&r);
	if (found)
		read_report(&r, a, ret);
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

enum err report_posts(struct db *db, struct arena *a, int64_t id, struct post_id **ret, size_t *ret_n)
{
	struct post_id *ids = ARENA_ARRAY(a, LIMIT_REPORT_POSTS, struct post_id);
	struct rows r;
	size_t n = 0;

	db_query(db, &r, &report_posts_of, BINDS(B_INT(id), B_INT(LIMIT_REPORT_POSTS)));
	while (n < LIMIT_REPORT_POSTS && rows_next(&r))
		ids[n++].v = row_int(&r, 0);
	*ret = ids;
	*ret_n = n;
	return rows_end(&r);
}

enum err reports_page(struct db *db, struct arena *a, const struct report_filter *f, const struct page *page,
		      struct report *ret, size_t *ret_n)
{
	static const struct rows_of of = {&reports_down, &reports_up, sizeof(*ret), read_report};

	return rows_page(db, a, &of, page, BINDS(B_INT(f->resolved), B_INT(f->by.v), B_INT(f->target.v)), ret, ret_n);
}

/* --- reporting --- */

/* Each is a post of the target's that the reporter sees. */
static enum err check_posts(struct core *c, struct db *db, struct arena *a, struct viewer *who,
			    const struct new_report *nr)
{
	for (size_t i = 0; i < nr->n_posts; i++) {
		struct card *card;

		TRY(card_get(c, db, a, (struct post_id){nr->posts[i]}, &card));
		bool fits = visible_to(who, &card->meta) && account_eq(card->meta.author, nr->target);
		card_put(card);
		if (!fits)
			return ERR_NOT_FOUND;
	}
	return OK;
}

enum err report_rules(struct db *db, struct arena *a, const int64_t *ids, size_t n, struct view *ret,
		      struct problem *problem)
{
	struct rule all[LIMIT_RULES];
	struct buf out CLEANUP(buf_release) = {.max = LIMIT_KIB * 4};
	struct jw j = jw_to(&out);
	size_t n_all = 0;

	TRY(rules_load(db, a, all, &n_all));
	jw_array(&j);
	for (size_t i = 0; i < n && i <= LIMIT_RULES; i++) {
		size_t k = 0;

		while (k < n_all && all[k].id != ids[i])
			k++;
		if (k == n_all)
			return fail(problem, ERR_UNPROCESSABLE,
				    "Validation failed: Rules does not reference valid rules");
		jw_id(&j, ids[i]);
	}
	jw_array_end(&j);
	TRY(buf_err(&out));
	*ret = arena_view(a, buf_view(&out));
	return OK;
}

struct reporting {
	const struct new_report *nr;
	struct report report;
	struct event_list events;
};

static enum err insert(struct db *tx, void *arg)
{
	struct reporting *w = arg;
	const struct report *r = &w->report;
	int64_t open;

	w->events.n = 0;
	enum err err = db_int(tx, &report_open_of, BINDS(B_INT(r->target.v)), &open);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	TRY(db_exec(tx, &report_insert,
		    BINDS(B_INT(r->id), B_INT(r->by.v), B_INT(r->target.v), B_INT(r->category), B_TEXT(r->comment),
			  B_TEXT(r->rules), B_INT(r->created_at)),
		    NULL));
	for (size_t i = 0; i < w->nr->n_posts; i++)
		TRY(db_exec(tx, &report_insert_post, BINDS(B_INT(r->id), B_INT(w->nr->posts[i])), NULL));
	if (err == OK)
		return OK;
	return staff_tell(tx, &w->events, PERMISSION_MANAGE_REPORTS, NOTIFY_ADMIN_REPORT, r->by, r->id);
}

enum err report_create(struct core *c, struct db *db, struct arena *a, struct viewer *who, const struct new_report *nr,
		       struct report *ret, struct problem *problem)
{
	struct reporting w = {.nr = nr};
	struct report *r = &w.report;

	if (compose_chars(nr->comment) > LIMIT_REPORT_COMMENT_CHARS)
		return fail(problem, ERR_UNPROCESSABLE,
			    "Validation failed: Comment is too long (maximum is %d characters)",
			    LIMIT_REPORT_COMMENT_CHARS);
	if (nr->n_posts > LIMIT_REPORT_POSTS)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Statuses are too many (maximum is %d)",
			    LIMIT_REPORT_POSTS);
	TRY(check_posts(c, db, a, who, nr));
	*r = (struct report){.id = id_next(),
			     .by = who->account,
			     .target = nr->target,
			     .category = nr->n_rules ? REPORT_VIOLATION : nr->category,
			     .comment = nr->comment};
	TRY(report_rules(db, a, nr->rules, nr->n_rules, &r->rules, problem));
	r->created_at = r->updated_at = clock_now();
	enum err err = store_write(c->store, insert, &w);
	if (err) {
		event_list_drop(&w.events);
		return err;
	}
	events_announce_all(c->events, &w.events);
	*ret = *r;
	return OK;
}

/* --- working on them --- */

static const struct {
	const struct sql *sql; /* $1 report, $2 who, $3 now */
	const char *name;
} deeds[] = {
	[REPORT_ASSIGN] = {&report_assign, "assign_to_self"},
	[REPORT_UNASSIGN] = {&report_unassign, "unassign"},
	[REPORT_RESOLVE] = {&report_resolve, "resolve"},
	[REPORT_REOPEN] = {&report_reopen, "reopen"},
};

struct working {
	struct account_id who;
	int64_t id;
	enum report_deed deed;
	int category;
	const struct view *rules;
};

static enum err do_one(struct db *tx, struct account_id who, int64_t id, enum report_deed deed)
{
	int64_t changed;

	TRY(db_exec(tx, deeds[deed].sql, BINDS(B_INT(id), B_INT(who.v), B_INT(clock_now())), &changed));
	return changed ? audit_add(tx, who, deeds[deed].name, "report", id, V("")) : ERR_NOT_FOUND;
}

static enum err write_deed(struct db *tx, void *arg)
{
	const struct working *w = arg;

	return do_one(tx, w->who, w->id, w->deed);
}

enum err report_do(struct core *c, struct account_id who, int64_t id, enum report_deed deed)
{
	return store_write(c->store, write_deed, &(struct working){.who = who, .id = id, .deed = deed});
}

static enum err write_update(struct db *tx, void *arg)
{
	const struct working *w = arg;
	int64_t changed;

	TRY(db_exec(tx, &report_set,
		    BINDS(B_INT(w->id), B_INT(w->category), w->rules ? B_TEXT(*w->rules) : B_NULL, B_INT(clock_now())),
		    &changed));
	return changed ? audit_add(tx, w->who, "update", "report", w->id, V("")) : ERR_NOT_FOUND;
}

enum err report_update(struct core *c, struct account_id who, int64_t id, int category, const struct view *rules)
{
	struct working w = {.who = who, .id = id, .category = category, .rules = rules};

	return store_write(c->store, write_update, &w);
}

enum err report_resolve_in(struct db *tx, struct account_id who, int64_t id)
{
	return do_one(tx, who, id, REPORT_RESOLVE);
}

enum err reports_resolve_all(struct db *tx, struct account_id who, struct account_id target)
{
	enum err err;
	int64_t id;

	while ((err = db_int(tx, &report_open_of, BINDS(B_INT(target.v)), &id)) == OK)
		TRY(do_one(tx, who, id, REPORT_RESOLVE));
	return err == ERR_NOT_FOUND ? OK : err;
}
