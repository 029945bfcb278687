/*
 * plan_store.c - see plan_store.h.
 */
#include "base/base.h"

#include "meter/plan_store.h"

#include "base/clock.h"
#include "base/limits.h"
#include "meter/licensees.h"
#include "meter/plan_defaults.h"
#include "meter/plan_fields.h"
#include "moderation/audit.h"

#define COLUMNS "SELECT p.id, p.name, p.version, p.terms FROM plans p "
#define NEWEST "p.version = (SELECT MAX(q.version) FROM plans q WHERE q.name = p.name)"
SQL(plans_all, COLUMNS "WHERE " NEWEST " ORDER BY p.name LIMIT $1");
SQL(plan_by_name, COLUMNS "WHERE p.name = $1 ORDER BY p.version DESC LIMIT 1");
SQL(plan_by_version, COLUMNS "WHERE p.name = $1 AND p.version = $2");
SQL(plan_by_id, COLUMNS "WHERE p.id = $1");
SQL(plan_versions, "SELECT COUNT(*) FROM plans WHERE name = $1");
SQL(plan_insert, "INSERT INTO plans (id, name, version, terms, created_at) VALUES ($1, $2, $3, $4, $5)");
/* Who holds an older version now holds this one. */
SQL(plan_pass_on, "INSERT INTO licensee_plans (licensee_id, starts_at, plan_id, waits) "
		  "SELECT h.licensee_id, CAST($2 AS BIGINT), CAST($3 AS BIGINT), h.waits FROM licensee_plans h "
		  "JOIN plans p ON p.id = h.plan_id WHERE p.name = $1 AND h.starts_at = "
		  "(SELECT MAX(n.starts_at) FROM licensee_plans n WHERE n.licensee_id = h.licensee_id) "
		  "ON CONFLICT (licensee_id, starts_at) DO UPDATE SET plan_id = excluded.plan_id");

enum err plan_of_row(struct view name, int64_t id, int64_t version, struct view terms, struct plan *ret)
{
	struct plan p = {.id = id, .version = (int)version};
	json_t *object = json_loadb(terms.p, terms.len, JSON_REJECT_DUPLICATES, NULL);
	enum err err = object && name.len < sizeof(p.name) ? plan_read(object, &p, NULL) : ERR_CORRUPT;

	json_decref(object);
	if (err != OK)
		return ERR_CORRUPT;
	memcpy(p.name, name.p, name.len);
	*ret = p;
	return OK;
}

static enum err read_row(const struct rows *r, struct plan *ret)
{
	return plan_of_row(row_text(r, 1), row_int(r, 0), row_int(r, 2), row_text(r, 3), ret);
}

/* The one row of a query that has begun. */
static enum err read_one(struct rows *r, struct plan *ret, struct digest *ret_digest)
{
	enum err err = ERR_NOT_FOUND;

	if (rows_next(r)) {
		err = read_row(r, ret);
		if (ret_digest)
			*ret_digest = digest_sha256(row_text(r, 3));
	}
	TRY(rows_end(r));
	return err;
}

enum err plan_find(struct db *db, struct view name, struct plan *ret, struct problem *problem)
{
	struct rows r;

	db_query(db, &r, &plan_by_name, BINDS(B_TEXT(name)));
	enum err err = read_one(&r, ret, NULL);
	return err == ERR_NOT_FOUND ? fail(problem, err, "there is no plan \"%.*s\"", VIEW_ARG(view_sub(name, 0, 60)))
				    : err;
}

enum err plan_begin(struct db *db, struct view name, struct plan *ret, struct problem *problem)
{
	struct plan p = {.apps = 1, .keys = 2, .query_chars = 512, .uses = USE_SEARCH};
	enum err err = plan_find(db, name, ret, NULL);

	if (err != ERR_NOT_FOUND)
		return err;
	if (!plan_name_valid(name))
		return fail(problem, ERR_UNPROCESSABLE, "a plan's name is 1 to 32 of a-z, 0-9 and -");
	memcpy(p.name, name.p, name.len);
	*ret = p;
	return OK;
}

enum err plan_find_version(struct db *db, struct view name, int version, struct plan *ret, struct problem *problem)
{
	struct rows r;

	db_query(db, &r, &plan_by_version, BINDS(B_TEXT(name), B_INT(version)));
	enum err err = read_one(&r, ret, NULL);
	return err == ERR_NOT_FOUND ? fail(problem, err, "the plan \"%.*s\" has no version %d",
					   VIEW_ARG(view_sub(name, 0, 60)), version)
				    : err;
}

enum err plan_load(struct db *db, int64_t id, struct plan *ret, struct digest *ret_digest)
{
	struct rows r;

	db_query(db, &r, &plan_by_id, BINDS(B_INT(id)));
	return read_one(&r, ret, ret_digest);
}

enum err plans_load(struct db *db, struct arena *a, struct plan **ret, size_t *ret_n)
{
	struct plan *list = ARENA_ARRAY(a, PLANS_MAX, struct plan);
	enum err err = OK;
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &plans_all, BINDS(B_INT(PLANS_MAX)));
	while (!err && n < PLANS_MAX && rows_next(&r))
		err = read_row(&r, &list[n++]);
	TRY(rows_end(&r));
	TRY(err);
	*ret = list;
	*ret_n = n;
	return OK;
}

/* --- writing --- */

static enum err insert(struct db *tx, struct plan *p, int64_t now)
{
	struct buf text;
	struct jw j = jw_to(&text);

	buf_init(&text, 8 * LIMIT_KIB);
	p->id = id_next();
	jw_object(&j);
	plan_write(p, &j);
	jw_object_end(&j);
	enum err err = buf_err(&text);
	if (err == OK)
		err = db_exec(tx, &plan_insert,
			      BINDS(B_INT(p->id), B_TEXT(view_of(p->name)), B_INT(p->version), B_TEXT(buf_view(&text)),
				    B_INT(now)),
			      NULL);
	buf_release(&text);
	return err;
}

static bool same_terms(const struct plan *a, const struct plan *b)
{
	for (const struct plan_field *f = plan_fields; f->name; f++)
		if (plan_field_get(a, f) != plan_field_get(b, f))
			return false;
	return true;
}

struct saving {
	struct account_id by;
	const struct plan *plan;
	struct plan new;
};

static enum err save(struct db *tx, void *arg)
{
	struct saving *s = arg;
	struct plan old = {0};
	int64_t now = clock_now();

	s->new = *s->plan;
	enum err err = plan_find(tx, view_of(s->plan->name), &old, NULL);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	if (err == OK && same_terms(&old, &s->new)) {
		s->new = old;
		return OK;
	}
	s->new.version = old.version + 1;
	TRY(insert(tx, &s->new, now));
	TRY(audit_add(tx, s->by, old.version ? "update" : "create", "plan", s->new.id, view_of(s->new.name)));
	return db_exec(tx, &plan_pass_on, BINDS(B_TEXT(view_of(s->new.name)), B_INT(now), B_INT(s->new.id)), NULL);
}

enum err plan_save(struct core *c, struct account_id by, const struct plan *p, struct plan *ret,
		   struct problem *problem)
{
	struct saving s = {.by = by, .plan = p};

	TRY(plan_check(p, problem));
	TRY(store_write(c->store, save, &s));
	licences_forget(c->licences);
	*ret = s.new;
	return OK;
}

static enum err missing(struct db *db, const struct plan *p, bool *ret)
{
	int64_t n;

	TRY(db_int(db, &plan_versions, BINDS(B_TEXT(view_of(p->name))), &n));
	*ret = n == 0;
	return OK;
}

static enum err install(struct db *tx, void *arg)
{
	(void)arg;
	for (size_t i = 0; i < plan_defaults_n; i++) {
		struct plan p = plan_defaults[i];
		bool new;

		TRY(missing(tx, &p, &new));
		p.version = 1;
		if (new)
			TRY(insert(tx, &p, clock_now()));
	}
	return OK;
}

enum err plans_install(struct core *c)
{
	bool new = false;

	for (size_t i = 0; i < plan_defaults_n && !new; i++)
		TRY(missing(store_db(c->store), &plan_defaults[i], &new));
	return new ? store_write(c->store, install, NULL) : OK;
}
