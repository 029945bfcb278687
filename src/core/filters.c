/*
 * filters.c - see filters.h.
 */
#include "base/base.h"

#include "core/filters.h"

#include "base/limits.h"
#include "core/events.h"
#include "core/post_text.h"
#include "text/compose.h"

#define FILTER_COLUMNS "SELECT id, title, action, contexts, expires_at FROM filters "
#define KEYWORD_COLUMNS "SELECT id, filter_id, keyword, whole_word FROM filter_keywords "
#define STATUS_COLUMNS "SELECT id, filter_id, post_id FROM filter_statuses "
SQL(filters_all, FILTER_COLUMNS "WHERE account_id = $1 ORDER BY id LIMIT $2");
SQL(filters_one, FILTER_COLUMNS "WHERE account_id = $1 AND id = $2");
SQL(filters_keywords, KEYWORD_COLUMNS "WHERE account_id = $1 ORDER BY filter_id, id LIMIT $2");
SQL(filters_keywords_one, KEYWORD_COLUMNS "WHERE account_id = $1 AND filter_id = $2 ORDER BY id");
SQL(filters_keyword, KEYWORD_COLUMNS "WHERE account_id = $1 AND id = $2");
SQL(filters_statuses, STATUS_COLUMNS "WHERE account_id = $1 ORDER BY filter_id, id LIMIT $2");
SQL(filters_statuses_one, STATUS_COLUMNS "WHERE account_id = $1 AND filter_id = $2 ORDER BY id");
SQL(filters_status, STATUS_COLUMNS "WHERE account_id = $1 AND id = $2");
SQL(filters_status_of, STATUS_COLUMNS "WHERE account_id = $1 AND filter_id = $2 AND post_id = $3");
/* Changes of one account's filters come one after the other, so that the limits hold. */
SQL(filters_hold, "UPDATE accounts SET id = id WHERE id = $1");
SQL(filters_count, "SELECT COUNT(*) FROM filters WHERE account_id = $1");
SQL(filters_count_keywords, "SELECT COUNT(*) FROM filter_keywords WHERE account_id = $1");
SQL(filters_count_statuses, "SELECT COUNT(*) FROM filter_statuses WHERE account_id = $1");
SQL(filters_insert, "INSERT INTO filters (id, account_id, title, action, contexts, expires_at) "
		    "VALUES ($1, $2, $3, $4, $5, $6)");
SQL(filters_change, "UPDATE filters SET title = $3, action = $4, contexts = $5, expires_at = $6 "
		    "WHERE account_id = $1 AND id = $2");
SQL(filters_drop, "DELETE FROM filters WHERE account_id = $1 AND id = $2");
SQL(filters_drop_keywords, "DELETE FROM filter_keywords WHERE account_id = $1 AND filter_id = $2");
SQL(filters_drop_statuses, "DELETE FROM filter_statuses WHERE account_id = $1 AND filter_id = $2");
SQL(filters_insert_keyword, "INSERT INTO filter_keywords (id, filter_id, account_id, keyword, whole_word) "
			    "VALUES ($1, $2, $3, $4, $5)");
SQL(filters_change_keyword,
    "UPDATE filter_keywords SET keyword = $3, whole_word = $4 WHERE account_id = $1 AND id = $2");
SQL(filters_drop_keyword, "DELETE FROM filter_keywords WHERE account_id = $1 AND id = $2");
SQL(filters_insert_status, "INSERT INTO filter_statuses (id, filter_id, account_id, post_id) VALUES ($1, $2, $3, $4)");
SQL(filters_drop_status, "DELETE FROM filter_statuses WHERE account_id = $1 AND id = $2");

const char *const filter_context_names[] = {"home", "notifications", "public", "thread", "account", NULL};
const char *const filter_action_names[] = {"warn", "hide", "blur", NULL};

/* --- reading --- */

static struct filter read_filter(const struct rows *r, struct arena *a)
{
	return (struct filter){.id = row_int(r, 0),
			       .title = row_copy(r, 1, a),
			       .action = (enum filter_action)row_int(r, 2),
			       .contexts = (unsigned)row_int(r, 3),
			       .expires_at = row_int(r, 4)};
}

static struct filter_keyword read_keyword(const struct rows *r, struct arena *a)
{
	return (struct filter_keyword){row_int(r, 0), row_int(r, 1), row_copy(r, 2, a), row_int(r, 3) != 0};
}

static struct filter_status read_status(const struct rows *r)
{
	return (struct filter_status){row_int(r, 0), row_int(r, 1), {row_int(r, 2)}};
}

static enum err load_list(struct db *db, struct arena *a, struct account_id owner, int64_t filter, struct filters *f)
{
	struct rows r;

	f->list = ARENA_ARRAY(a, filter ? 1 : LIMIT_FILTERS, struct filter);
	db_query(db, &r, filter ? &filters_one : &filters_all,
		 BINDS(B_INT(owner.v), B_INT(filter ? filter : LIMIT_FILTERS)));
	while (f->n < LIMIT_FILTERS && rows_next(&r))
		f->list[f->n++] = read_filter(&r, a);
	return rows_end(&r);
}

static enum err load_keywords(struct db *db, struct arena *a, struct account_id owner, int64_t filter,
			      struct filters *f)
{
	struct rows r;

	f->keywords = ARENA_ARRAY(a, LIMIT_FILTER_KEYWORDS, struct filter_keyword);
	db_query(db, &r, filter ? &filters_keywords_one : &filters_keywords,
		 BINDS(B_INT(owner.v), B_INT(filter ? filter : LIMIT_FILTER_KEYWORDS)));
	while (f->n_keywords < LIMIT_FILTER_KEYWORDS && rows_next(&r))
		f->keywords[f->n_keywords++] = read_keyword(&r, a);
	return rows_end(&r);
}

static enum err load_statuses(struct db *db, struct arena *a, struct account_id owner, int64_t filter,
			      struct filters *f)
{
	struct rows r;

	f->statuses = ARENA_ARRAY(a, LIMIT_FILTER_STATUSES, struct filter_status);
	db_query(db, &r, filter ? &filters_statuses_one : &filters_statuses,
		 BINDS(B_INT(owner.v), B_INT(filter ? filter : LIMIT_FILTER_STATUSES)));
	while (f->n_statuses < LIMIT_FILTER_STATUSES && rows_next(&r))
		f->statuses[f->n_statuses++] = read_status(&r);
	return rows_end(&r);
}

enum err filters_load(struct db *db, struct arena *a, struct account_id owner, int64_t filter, struct filters *ret)
{
	struct filters f = {0};

	TRY(load_list(db, a, owner, filter, &f));
	if (filter && !f.n)
		return ERR_NOT_FOUND;
	if (f.n) {
		TRY(load_keywords(db, a, owner, filter, &f));
		TRY(load_statuses(db, a, owner, filter, &f));
	}
	*ret = f;
	return OK;
}

enum err filter_keyword_load(struct db *db, struct arena *a, struct account_id owner, int64_t id,
			     struct filter_keyword *ret)
{
	struct rows r;

	db_query(db, &r, &filters_keyword, BINDS(B_INT(owner.v), B_INT(id)));
	bool found = rows_next(&r);
	if (found)
		*ret = read_keyword(&r, a);
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

static enum err one_status(struct db *db, const struct sql *sql, const struct bind *binds, size_t n,
			   struct filter_status *ret)
{
	struct rows r;

	db_query(db, &r, sql, binds, n);
	bool found = rows_next(&r);
	if (found)
		*ret = read_status(&r);
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

enum err filter_status_load(struct db *db, struct account_id owner, int64_t id, struct filter_status *ret)
{
	return one_status(db, &filters_status, BINDS(B_INT(owner.v), B_INT(id)), ret);
}

/* --- changing --- */

struct filter_op {
	struct account_id owner;
	int64_t id, part; /* of the filter, and of a keyword or status of it */
	const struct filter_change *change;
	const struct keyword_change *keyword;
	struct post_id post;
	struct problem *problem;
	struct arena *arena;
};

static enum err run(struct core *c, enum err (*fn)(struct db *tx, void *op), struct filter_op *op)
{
	struct arena a;

	arena_init(&a, LIMIT_MIB);
	op->arena = &a;
	enum err err = store_write(c->store, fn, op);
	arena_release(&a);
	if (err == OK)
		events_announce(c->events, &(struct event){.kind = EVENT_FILTERS_CHANGED, .account = op->owner});
	return err;
}

static enum err check_text(struct problem *problem, const char *what, struct view text, size_t max)
{
	if (post_text_blank(text))
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: %s can't be blank", what);
	if (compose_chars(text) > max)
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: %s is too long (maximum is %zu characters)",
			    what, max);
	return OK;
}

static enum err check_room(struct db *tx, const struct filter_op *op, const struct sql *count, int64_t max,
			   const char *what)
{
	int64_t n;

	TRY(db_int(tx, count, BINDS(B_INT(op->owner.v)), &n));
	if (n >= max)
		return fail(op->problem, ERR_UNPROCESSABLE,
			    "Validation failed: there are too many %s (maximum is %lld)", what, (long long)max);
	return OK;
}

static enum err insert_keyword(struct db *tx, struct filter_op *op, const struct keyword_change *k)
{
	TRY(check_text(op->problem, "Keyword", k->text, LIMIT_FILTER_KEYWORD_CHARS));
	TRY(check_room(tx, op, &filters_count_keywords, LIMIT_FILTER_KEYWORDS, "keywords"));
	op->part = id_next();
	return db_exec(tx, &filters_insert_keyword,
		       BINDS(B_INT(op->part), B_INT(op->id), B_INT(op->owner.v), B_TEXT(k->text),
			     B_INT(!k->has_whole_word || k->whole_word)),
		       NULL);
}

static enum err change_keyword(struct db *tx, struct filter_op *op, const struct keyword_change *k)
{
	struct filter_keyword now;

	TRY(filter_keyword_load(tx, op->arena, op->owner, k->id, &now));
	if (op->id && now.filter != op->id)
		return ERR_NOT_FOUND;
	op->part = now.id;
	if (k->gone)
		return db_exec(tx, &filters_drop_keyword, BINDS(B_INT(op->owner.v), B_INT(now.id)), NULL);
	struct view text = k->has_text ? k->text : now.text;
	bool whole = k->has_whole_word ? k->whole_word : now.whole_word;
	TRY(check_text(op->problem, "Keyword", text, LIMIT_FILTER_KEYWORD_CHARS));
	return db_exec(tx, &filters_change_keyword,
		       BINDS(B_INT(op->owner.v), B_INT(now.id), B_TEXT(text), B_INT(whole)), NULL);
}

static enum err put_keyword(struct db *tx, struct filter_op *op, const struct keyword_change *k)
{
	if (k->id)
		return change_keyword(tx, op, k);
	return k->gone ? OK : insert_keyword(tx, op, k);
}

static enum err put_keywords(struct db *tx, struct filter_op *op)
{
	for (size_t i = 0; i < op->change->n_keywords; i++)
		TRY(put_keyword(tx, op, &op->change->keywords[i]));
	return OK;
}

/* What is changed of *f, checked. */
static enum err merge(const struct filter_op *op, struct filter *f)
{
	const struct filter_change *ch = op->change;

	if (ch->has_title)
		f->title = ch->title;
	if (ch->has_action)
		f->action = ch->action;
	if (ch->has_contexts)
		f->contexts = ch->contexts;
	if (ch->has_expiry)
		f->expires_at = ch->expires_at;
	TRY(check_text(op->problem, "Title", f->title, LIMIT_FILTER_TITLE_CHARS));
	if (!f->contexts)
		return fail(op->problem, ERR_UNPROCESSABLE,
			    "Validation failed: Context None or invalid context supplied");
	return OK;
}

static enum err insert(struct db *tx, void *arg)
{
	struct filter_op *op = arg;
	struct filter f = {.title = V("")};

	arena_reset(op->arena);
	TRY(merge(op, &f));
	TRY(db_exec(tx, &filters_hold, BINDS(B_INT(op->owner.v)), NULL));
	TRY(check_room(tx, op, &filters_count, LIMIT_FILTERS, "filters"));
	op->id = id_next();
	TRY(db_exec(tx, &filters_insert,
		    BINDS(B_INT(op->id), B_INT(op->owner.v), B_TEXT(f.title), B_INT(f.action), B_INT(f.contexts),
			  B_INT_OR_NULL(f.expires_at)),
		    NULL));
	return put_keywords(tx, op);
}

enum err filter_create(struct core *c, struct account_id owner, const struct filter_change *change, int64_t *ret_id,
		       struct problem *problem)
{
	struct filter_op op = {.owner = owner, .change = change, .problem = problem};

	TRY(run(c, insert, &op));
	*ret_id = op.id;
	return OK;
}

static enum err load_held(struct db *tx, struct filter_op *op, struct filter *ret)
{
	struct filters f = {0};

	arena_reset(op->arena);
	TRY(db_exec(tx, &filters_hold, BINDS(B_INT(op->owner.v)), NULL));
	TRY(load_list(tx, op->arena, op->owner, op->id, &f));
	if (!f.n)
		return ERR_NOT_FOUND;
	*ret = f.list[0];
	return OK;
}

static enum err update(struct db *tx, void *arg)
{
	struct filter_op *op = arg;
	struct filter f;

	TRY(load_held(tx, op, &f));
	TRY(merge(op, &f));
	TRY(db_exec(tx, &filters_change,
		    BINDS(B_INT(op->owner.v), B_INT(op->id), B_TEXT(f.title), B_INT(f.action), B_INT(f.contexts),
			  B_INT_OR_NULL(f.expires_at)),
		    NULL));
	return put_keywords(tx, op);
}

enum err filter_update(struct core *c, struct account_id owner, int64_t id, const struct filter_change *change,
		       struct problem *problem)
{
	struct filter_op op = {.owner = owner, .id = id, .change = change, .problem = problem};

	return run(c, update, &op);
}

static enum err drop(struct db *tx, void *arg)
{
	struct filter_op *op = arg;
	int64_t gone;

	TRY(db_exec(tx, &filters_drop, BINDS(B_INT(op->owner.v), B_INT(op->id)), &gone));
	if (!gone)
		return ERR_NOT_FOUND;
	TRY(db_exec(tx, &filters_drop_keywords, BINDS(B_INT(op->owner.v), B_INT(op->id)), NULL));
	return db_exec(tx, &filters_drop_statuses, BINDS(B_INT(op->owner.v), B_INT(op->id)), NULL);
}

enum err filter_delete(struct core *c, struct account_id owner, int64_t id)
{
	return run(c, drop, &(struct filter_op){.owner = owner, .id = id});
}

static enum err write_keyword(struct db *tx, void *arg)
{
	struct filter_op *op = arg;
	struct filter f;

	if (!op->keyword->id)
		TRY(load_held(tx, op, &f));
	return put_keyword(tx, op, op->keyword);
}

enum err filter_keyword_put(struct core *c, struct account_id owner, int64_t filter,
			    const struct keyword_change *change, int64_t *ret_id, struct problem *problem)
{
	struct filter_op op = {.owner = owner, .id = filter, .keyword = change, .problem = problem};

	TRY(run(c, write_keyword, &op));
	*ret_id = op.part;
	return OK;
}

static enum err drop_part(struct db *tx, const struct sql *sql, const struct filter_op *op)
{
	int64_t gone;

	TRY(db_exec(tx, sql, BINDS(B_INT(op->owner.v), B_INT(op->part)), &gone));
	return gone ? OK : ERR_NOT_FOUND;
}

static enum err drop_keyword(struct db *tx, void *arg) { return drop_part(tx, &filters_drop_keyword, arg); }

static enum err drop_status(struct db *tx, void *arg) { return drop_part(tx, &filters_drop_status, arg); }

enum err filter_keyword_delete(struct core *c, struct account_id owner, int64_t id)
{
	return run(c, drop_keyword, &(struct filter_op){.owner = owner, .part = id});
}

static enum err add_status(struct db *tx, void *arg)
{
	struct filter_op *op = arg;
	struct filter f;
	struct filter_status had;

	TRY(load_held(tx, op, &f));
	enum err err =
		one_status(tx, &filters_status_of, BINDS(B_INT(op->owner.v), B_INT(op->id), B_INT(op->post.v)), &had);
	if (err != ERR_NOT_FOUND) {
		op->part = err == OK ? had.id : 0;
		return err;
	}
	TRY(check_room(tx, op, &filters_count_statuses, LIMIT_FILTER_STATUSES, "posts"));
	op->part = id_next();
	return db_exec(tx, &filters_insert_status,
		       BINDS(B_INT(op->part), B_INT(op->id), B_INT(op->owner.v), B_INT(op->post.v)), NULL);
}

enum err filter_status_add(struct core *c, struct account_id owner, int64_t filter, struct post_id post,
			   int64_t *ret_id, struct problem *problem)
{
	struct filter_op op = {.owner = owner, .id = filter, .post = post, .problem = problem};

	TRY(run(c, add_status, &op));
	*ret_id = op.part;
	return OK;
}

enum err filter_status_delete(struct core *c, struct account_id owner, int64_t id)
{
	return run(c, drop_status, &(struct filter_op){.owner = owner, .part = id});
}
