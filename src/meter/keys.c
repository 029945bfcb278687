/*
 * keys.c - see keys.h.
 */
#include "base/base.h"

#include "meter/keys.h"

#include "base/clock.h"
#include "base/secret.h"
#include "meter/licensee_store.h"
#include "meter/licensees.h"
#include "moderation/audit.h"

#define COLUMNS                                                                                                        \
	"SELECT k.id, k.licensee_id, k.app_id, a.project_id, l.name, a.name, d.name, k.hint, k.created_at, "           \
	"k.expires_at, k.revoked_at, k.last_used_at FROM data_keys k JOIN licensees l ON l.id = k.licensee_id "        \
	"JOIN data_apps a ON a.licensee_id = k.licensee_id AND a.id = k.app_id "                                       \
	"JOIN data_projects d ON d.licensee_id = k.licensee_id AND d.id = a.project_id "
SQL(keys_page,
    COLUMNS "WHERE (CAST($1 AS BIGINT) = 0 OR k.licensee_id = $1) AND k.id < $2 ORDER BY k.id DESC LIMIT $3");
SQL(key_one, COLUMNS "WHERE k.id = $1");
SQL(key_insert, "INSERT INTO data_keys (id, token_hash, hint, licensee_id, app_id, created_at, expires_at) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7)");
#define HOLDS "revoked_at = 0 AND (expires_at = 0 OR expires_at > $2)"
SQL(key_old, "SELECT licensee_id, app_id, expires_at FROM data_keys WHERE id = $1 AND " HOLDS);
SQL(keys_count, "SELECT COUNT(*) FROM data_keys WHERE licensee_id = $1 AND " HOLDS);
SQL(key_end, "UPDATE data_keys SET expires_at = $2 WHERE id = $1 AND (expires_at = 0 OR expires_at > $2)");
SQL(key_revoke_row,
    "UPDATE data_keys SET revoked_at = CASE WHEN revoked_at = 0 THEN $2 ELSE revoked_at END WHERE id = $1");
SQL(project_find, "SELECT id FROM data_projects WHERE licensee_id = $1 AND name = $2");
SQL(project_insert, "INSERT INTO data_projects (licensee_id, id, name, created_at) VALUES ($1, $2, $3, $4)");
SQL(app_find, "SELECT id FROM data_apps WHERE licensee_id = $1 AND project_id = $2 AND name = $3");
SQL(app_insert, "INSERT INTO data_apps (licensee_id, id, project_id, name, created_at) VALUES ($1, $2, $3, $4, $5)");
SQL(apps_count, "SELECT COUNT(*) FROM data_apps WHERE licensee_id = $1");

/* --- reading --- */

static struct data_key read_row(const struct rows *r, struct arena *a)
{
	return (struct data_key){
		.id = row_int(r, 0),
		.licensee = row_int(r, 1),
		.app = row_int(r, 2),
		.project = row_int(r, 3),
		.licensee_name = row_copy(r, 4, a),
		.app_name = row_copy(r, 5, a),
		.project_name = row_copy(r, 6, a),
		.hint = row_copy(r, 7, a),
		.created_ms = row_int(r, 8),
		.expires_ms = row_int(r, 9),
		.revoked_ms = row_int(r, 10),
		.last_used_ms = row_int(r, 11),
	};
}

enum err keys_load(struct db *db, struct arena *a, int64_t licensee, int64_t before, size_t max, struct data_key *ret,
		   size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &keys_page, BINDS(B_INT(licensee), B_INT(before ? before : INT64_MAX), B_INT(max)));
	while (n < max && rows_next(&r))
		ret[n++] = read_row(&r, a);
	TRY(rows_end(&r));
	*ret_n = n;
	return OK;
}

enum err key_load(struct db *db, struct arena *a, int64_t id, struct data_key *ret)
{
	enum err err = ERR_NOT_FOUND;
	struct rows r;

	db_query(db, &r, &key_one, BINDS(B_INT(id)));
	if (rows_next(&r)) {
		*ret = read_row(&r, a);
		err = OK;
	}
	TRY(rows_end(&r));
	return err;
}

/* --- writing --- */

struct making {
	struct account_id by;
	int64_t licensee, app, expires_ms;
	struct view project_name, app_name;
	int64_t old, overlap_ms; /* of a rotation */
	char token[KEY_TOKEN_LEN + 1];
	int64_t id, now;
	struct problem *problem;
};

static enum err project_obtain(struct db *tx, const struct making *m, int64_t *ret)
{
	enum err err = db_int(tx, &project_find, BINDS(B_INT(m->licensee), B_TEXT(m->project_name)), ret);

	if (err != ERR_NOT_FOUND)
		return err;
	*ret = id_next_round();
	return db_exec(tx, &project_insert,
		       BINDS(B_INT(m->licensee), B_INT(*ret), B_TEXT(m->project_name), B_INT(m->now)), NULL);
}

static enum err app_obtain(struct db *tx, struct making *m, const struct plan *plan)
{
	int64_t project, apps;

	TRY(project_obtain(tx, m, &project));
	enum err err = db_int(tx, &app_find, BINDS(B_INT(m->licensee), B_INT(project), B_TEXT(m->app_name)), &m->app);
	if (err != ERR_NOT_FOUND)
		return err;
	TRY(db_int(tx, &apps_count, BINDS(B_INT(m->licensee)), &apps));
	if (apps >= plan->apps)
		return fail(m->problem, ERR_FORBIDDEN, "the plan %s has room for %d app%s", plan->name, plan->apps,
			    plan->apps == 1 ? "" : "s");
	m->app = id_next_round();
	return db_exec(tx, &app_insert,
		       BINDS(B_INT(m->licensee), B_INT(m->app), B_INT(project), B_TEXT(m->app_name), B_INT(m->now)),
		       NULL);
}

static enum err insert(struct db *tx, struct making *m)
{
	char hash[TOKEN_HASH_LEN + 1];
	struct view token = view_of(m->token), hint = view_sub(token, KEY_TOKEN_LEN - KEY_HINT_LEN, KEY_HINT_LEN);

	m->id = id_next_round();
	token_hash(token, hash);
	TRY(db_exec(tx, &key_insert,
		    BINDS(B_INT(m->id), B_TEXT(view_of(hash)), B_TEXT(hint), B_INT(m->licensee), B_INT(m->app),
			  B_INT(m->now), B_INT(m->expires_ms)),
		    NULL));
	return audit_add(tx, m->by, m->old ? "rotate" : "create", "licensee_key", m->id, hint);
}

static enum err create(struct db *tx, void *arg)
{
	struct making *m = arg;
	struct plan plan;
	int64_t keys;

	m->now = clock_now();
	TRY(licensee_hold(tx, m->licensee));
	TRY(licensee_plan(tx, m->licensee, &plan));
	TRY(db_int(tx, &keys_count, BINDS(B_INT(m->licensee), B_INT(m->now)), &keys));
	if (keys >= plan.keys)
		return fail(m->problem, ERR_FORBIDDEN, "the plan %s has room for %d key%s; revoke one before",
			    plan.name, plan.keys, plan.keys == 1 ? "" : "s");
	TRY(app_obtain(tx, m, &plan));
	return insert(tx, m);
}

static bool name_valid(struct view name)
{
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f)
			return false;
	return name.len > 0 && name.len <= DATA_NAME_MAX && utf8_valid(name);
}

enum err key_create(struct core *c, struct account_id by, const struct new_key *new, char ret_token[KEY_TOKEN_LEN + 1],
		    int64_t *ret_id, struct problem *problem)
{
	struct making m = {
		.by = by,
		.licensee = new->licensee,
		.project_name = new->project.len ? new->project : V(DATA_NAME_USUAL),
		.app_name = new->app.len ? new->app : V(DATA_NAME_USUAL),
		.expires_ms = new->expires_ms,
		.problem = problem,
	};

	if (!name_valid(m.project_name) || !name_valid(m.app_name))
		return fail(problem, ERR_UNPROCESSABLE, "names of projects and apps are 1 to %d bytes on one line",
			    DATA_NAME_MAX);
	if (m.expires_ms && m.expires_ms <= clock_now())
		return fail(problem, ERR_UNPROCESSABLE, "the key would have expired already");
	key_token_make(m.token);
	TRY(store_write(c->store, create, &m));
	memcpy(ret_token, m.token, sizeof(m.token));
	secret_wipe(m.token, sizeof(m.token));
	*ret_id = m.id;
	return OK;
}

static enum err read_old(struct db *tx, struct making *m)
{
	enum err err = ERR_NOT_FOUND;
	struct rows r;

	db_query(tx, &r, &key_old, BINDS(B_INT(m->old), B_INT(m->now)));
	if (rows_next(&r)) {
		m->licensee = row_int(&r, 0);
		m->app = row_int(&r, 1);
		m->expires_ms = row_int(&r, 2);
		err = OK;
	}
	TRY(rows_end(&r));
	return err == OK ? OK : fail(m->problem, err, "no key %" PRId64 " is in force", m->old);
}

static enum err rotate(struct db *tx, void *arg)
{
	struct making *m = arg;
	struct plan plan;
	int64_t keys;

	m->now = clock_now();
	TRY(read_old(tx, m));
	TRY(licensee_hold(tx, m->licensee));
	TRY(licensee_plan(tx, m->licensee, &plan));
	TRY(db_int(tx, &keys_count, BINDS(B_INT(m->licensee), B_INT(m->now)), &keys));
	if (m->overlap_ms && keys >= 2 * plan.keys)
		return fail(m->problem, ERR_FORBIDDEN, "too many old keys are still in force; revoke one before");
	TRY(db_exec(tx, &key_end, BINDS(B_INT(m->old), B_INT(m->now + m->overlap_ms)), NULL));
	return insert(tx, m);
}

enum err key_rotate(struct core *c, struct account_id by, int64_t id, int64_t overlap_ms,
		    char ret_token[KEY_TOKEN_LEN + 1], int64_t *ret_id, struct problem *problem)
{
	struct making m = {.by = by, .old = id, .overlap_ms = overlap_ms, .problem = problem};

	if (overlap_ms < 0 || overlap_ms > KEY_OVERLAP_MAX_MS)
		return fail(problem, ERR_UNPROCESSABLE, "two keys overlap for at most 30 days");
	key_token_make(m.token);
	TRY(store_write(c->store, rotate, &m));
	licences_forget(c->licences);
	memcpy(ret_token, m.token, sizeof(m.token));
	secret_wipe(m.token, sizeof(m.token));
	*ret_id = m.id;
	return OK;
}

struct revoking {
	struct account_id by;
	int64_t id;
};

static enum err revoke(struct db *tx, void *arg)
{
	const struct revoking *r = arg;
	int64_t n;

	TRY(db_exec(tx, &key_revoke_row, BINDS(B_INT(r->id), B_INT(clock_now())), &n));
	return n ? audit_add(tx, r->by, "revoke", "licensee_key", r->id, V("")) : ERR_NOT_FOUND;
}

enum err key_revoke(struct core *c, struct account_id by, int64_t id)
{
	TRY(store_write(c->store, revoke, &(struct revoking){.by = by, .id = id}));
	licences_forget(c->licences);
	return OK;
}
