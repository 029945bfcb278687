/*
 * login_history.c - see login_history.h.
 */
#include "base/base.h"

#include "core/login_history.h"

#include "base/clock.h"
#include "core/events.h"

static const char *const hows[LOGIN_HOWS] = {
	[LOGIN_PASSWORD] = "password",
	[LOGIN_CODE] = "totp",
	[LOGIN_RECOVERY] = "recovery",
	[LOGIN_PASSKEY] = "passkey",
};

SQL(login_insert,
    "INSERT INTO logins (id, account_id, how, ip, user_agent, created_at) VALUES ($1, $2, $3, $4, $5, $6)");
SQL(logins_of,
    "SELECT id, created_at, how, ip, user_agent FROM logins WHERE account_id = $1 ORDER BY id DESC LIMIT $2");
SQL(sessions_of, "SELECT id, created_at, '', ip, user_agent FROM sessions WHERE account_id = $1 AND expires_at > $3"
		 " ORDER BY id DESC LIMIT $2");
SQL(session_end, "DELETE FROM sessions WHERE account_id = $1 AND id <> $3 AND (CAST($2 AS BIGINT) = 0 OR id = $2)");
SQL(logins_old, "DELETE FROM logins WHERE created_at < $1");
SQL(apps_of, "SELECT t.app_id, p.name, MIN(t.created_at) FROM tokens t JOIN apps p ON p.id = t.app_id"
	     " WHERE t.account_id = $1 AND t.revoked_at IS NULL GROUP BY t.app_id, p.name ORDER BY 3 DESC LIMIT $2");
SQL(app_end, "UPDATE tokens SET revoked_at = $3 WHERE account_id = $1 AND app_id = $2 AND revoked_at IS NULL");

const char *login_how_name(enum login_how how)
{
	return hows[how];
}

static enum login_how how_of(struct view name)
{
	for (size_t i = 0; i < LOGIN_HOWS; i++)
		if (view_is(name, hows[i]))
			return (enum login_how)i;
	return LOGIN_HOWS;
}

enum err login_note(struct db *tx, int64_t id, struct account_id who, struct view how, struct view ip,
		    struct view user_agent, int64_t now)
{
	return db_exec(tx, &login_insert,
		       BINDS(B_INT(id), B_INT(who.v), B_TEXT(how), B_TEXT(ip), B_TEXT(user_agent), B_INT(now)), NULL);
}

static enum err read_entries(struct rows *r, struct arena *a, struct login_entry *ret, size_t max, size_t *ret_n)
{
	size_t n = 0;

	while (n < max && rows_next(r))
		ret[n++] = (struct login_entry){.id = row_int(r, 0),
						.at = row_int(r, 1),
						.how = how_of(row_text(r, 2)),
						.ip = row_copy(r, 3, a),
						.user_agent = row_copy(r, 4, a)};
	TRY(rows_end(r));
	*ret_n = n;
	return OK;
}

enum err login_history(struct db *db, struct arena *a, struct account_id who, struct login_entry ret[LOGINS_SHOWN],
		       size_t *ret_n)
{
	struct rows r;

	db_query(db, &r, &logins_of, BINDS(B_INT(who.v), B_INT(LOGINS_SHOWN)));
	return read_entries(&r, a, ret, LOGINS_SHOWN, ret_n);
}

enum err sessions_list(struct db *db, struct arena *a, struct account_id who, struct login_entry ret[SESSIONS_SHOWN],
		       size_t *ret_n)
{
	struct rows r;

	db_query(db, &r, &sessions_of, BINDS(B_INT(who.v), B_INT(SESSIONS_SHOWN), B_INT(clock_now())));
	return read_entries(&r, a, ret, SESSIONS_SHOWN, ret_n);
}

struct ending {
	const struct sql *sql;
	struct account_id who;
	int64_t id, third, n;
};

static enum err end(struct db *tx, void *arg)
{
	struct ending *e = arg;

	return db_exec(tx, e->sql, BINDS(B_INT(e->who.v), B_INT(e->id), B_INT(e->third)), &e->n);
}

static enum err run_end(struct core *c, struct ending *e)
{
	TRY(store_write(c->store, end, e));
	if (!e->n)
		return ERR_NOT_FOUND;
	events_announce(c->events, &(struct event){.kind = EVENT_TOKEN_REVOKED, .account = e->who, .other_id = e->id});
	return OK;
}

enum err sessions_end(struct core *c, struct account_id who, int64_t id, int64_t but)
{
	return run_end(c, &(struct ending){.sql = &session_end, .who = who, .id = id, .third = but});
}

enum err allowed_apps(struct db *db, struct arena *a, struct account_id who, struct allowed_app ret[APPS_SHOWN],
		      size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &apps_of, BINDS(B_INT(who.v), B_INT(APPS_SHOWN)));
	while (n < APPS_SHOWN && rows_next(&r))
		ret[n++] =
			(struct allowed_app){.id = row_int(&r, 0), .name = row_copy(&r, 1, a), .since = row_int(&r, 2)};
	TRY(rows_end(&r));
	*ret_n = n;
	return OK;
}

enum err allowed_app_end(struct core *c, struct account_id who, int64_t app)
{
	struct ending e = {.sql = &app_end, .who = who, .id = app, .third = clock_now()};

	TRY(store_write(c->store, end, &e));
	if (!e.n)
		return ERR_NOT_FOUND;
	/* Any of its streams may be one of theirs: all are looked at anew. */
	events_announce(c->events, &(struct event){.kind = EVENT_TOKEN_REVOKED, .account = who});
	return OK;
}

static enum err sweep(struct db *tx, void *arg)
{
	return db_exec(tx, &logins_old, BINDS(B_INT(*(const int64_t *)arg)), NULL);
}

enum err login_history_sweep(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	int64_t before = now - LOGINS_KEPT_MS;

	(void)db, (void)a;
	return store_write(c->store, sweep, &before);
}
