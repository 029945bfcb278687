/*
 * sessions.c - bearer tokens and browser sessions: making, finding, revoking. What was found is kept in
 * core/session_cache.c.
 */
#include "base/base.h"

#include "core/sessions.h"

#include "base/clock.h"
#include "base/secret.h"
#include "core/accounts.h"
#include "core/active_days.h"
#include "core/events.h"
#include "core/known_browsers.h"
#include "core/login_history.h"
#include "core/push.h"
#include "core/session_cache.h"

#define HASH_LEN TOKEN_HASH_LEN
#define ACTIVE_STEP_MS ((int64_t)3600 * 1000) /* last_active_at is written at most this often, and each day */
#define RECHECK_MS 30000 /* the command line revokes in a process of its own, whose events do not reach this one */
#define CSRF_SETTING V("csrf_key")

struct sessions {
	struct session_cache *cache;
	char csrf_key[TOKEN_LEN + 1];
};

#define LOGIN_COLUMNS "u.role, u.disabled, u.confirmed_at, u.approved, a.suspended_at, u.last_active_at"
SQL(token_find, "SELECT t.id, t.app_id, t.account_id, t.scopes, t.revoked_at, " LOGIN_COLUMNS " FROM tokens t "
		"LEFT JOIN users u ON u.account_id = t.account_id LEFT JOIN accounts a ON a.id = t.account_id "
		"WHERE t.token_hash = $1");
SQL(session_find, "SELECT s.id, 0, s.account_id, '', s.expires_at, " LOGIN_COLUMNS " FROM sessions s "
		  "JOIN users u ON u.account_id = s.account_id JOIN accounts a ON a.id = s.account_id "
		  "WHERE s.token_hash = $1");
SQL(token_insert, "INSERT INTO tokens (id, token_hash, app_id, account_id, scopes, created_at) "
		  "VALUES ($1, $2, $3, $4, $5, $6)");
SQL(token_owner, "SELECT id, app_id, account_id FROM tokens WHERE token_hash = $1 AND revoked_at IS NULL");
SQL(token_revoke, "UPDATE tokens SET revoked_at = $2 WHERE id = $1");
SQL(tokens_revoke_all, "UPDATE tokens SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL");
SQL(sessions_delete_all, "DELETE FROM sessions WHERE account_id = $1");
SQL(codes_delete_all, "DELETE FROM oauth_codes WHERE account_id = $1");
SQL(session_insert, "INSERT INTO sessions (id, token_hash, account_id, ip, user_agent, created_at, expires_at) "
		    "VALUES ($1, $2, $3, $4, $5, $6, $7)");
SQL(session_delete, "DELETE FROM sessions WHERE id = $1 RETURNING account_id");
SQL(user_active, "UPDATE users SET last_active_at = $2 WHERE account_id = $1 AND "
		 "(last_active_at IS NULL OR last_active_at < $2)");
SQL(csrf_insert, "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING");
SQL(csrf_select, "SELECT value FROM settings WHERE key = $1");

/* The key of the CSRF fields is one for the installation, so that forms stay good over a restart and on any node. */
static enum err make_csrf_key(struct db *tx, void *arg)
{
	char fresh[TOKEN_LEN + 1];
	token_make(fresh);
	TRY(db_exec(tx, &csrf_insert, BINDS(B_TEXT(CSRF_SETTING), B_TEXT(view_of(fresh))), NULL));
	struct sessions *s = arg;
	struct rows r;
	db_query(tx, &r, &csrf_select, BINDS(B_TEXT(CSRF_SETTING)));
	if (rows_next(&r))
		snprintf(s->csrf_key, sizeof(s->csrf_key), "%.*s", VIEW_ARG(row_text(&r, 0)));
	return rows_end(&r);
}

void sessions_forget(struct core *c, struct account_id account)
{
	session_cache_forget(c->sessions->cache, account);
}

static void forget(void *arg, const struct event *ev)
{
	struct sessions *s = arg;
	if (ev->kind == EVENT_TOKEN_REVOKED || (ev->kind == EVENT_ACCOUNT_CHANGED && ev->other_id))
		session_cache_forget(s->cache, ev->account);
}

struct sessions *sessions_new(struct core *c)
{
	struct sessions *s = xcalloc(1, sizeof(*s));
	s->cache = session_cache_new();
	if (store_write(c->store, make_csrf_key, s) != OK) /* a store opened for reading: no forms then */
		token_make(s->csrf_key);
	events_subscribe(c->events, forget, s);
	return s;
}

void sessions_free(struct sessions *s)
{
	if (!s)
		return;
	session_cache_free(s->cache);
	secret_wipe(s, sizeof(*s));
	free(s);
}

struct touch {
	struct account_id account;
	int64_t now;
};

static enum err write_active(struct db *tx, void *arg)
{
	const struct touch *t = arg;
	TRY(active_day_note(tx, t->account, t->now));
	return db_exec(tx, &user_active, BINDS(B_INT(t->account.v), B_INT(t->now)), NULL);
}

static void touched(enum err err, void *arg)
{
	(void)err; /* the next hour tries again */
	free(arg);
}

static void touch(struct core *c, struct account_id account, int64_t now)
{
	struct touch *t = xcalloc(1, sizeof(*t));
	*t = (struct touch){.account = account, .now = now};
	if (store_write_async(c->store, write_active, t, touched) != OK)
		free(t);
}

/* Since when being here has been written down: an hour ago, or today's midnight. */
static int64_t noted_since(int64_t now)
{
	int64_t hour = now - ACTIVE_STEP_MS, today = clock_midnight(now);

	return hour > today ? hour : today;
}

/* Columns from 5 on: may this person be here at all? Words as Mastodon's ApplicationController has them. */
static enum err judge_login(const struct rows *r, bool waiting, struct problem *problem)
{
	if (row_int(r, 6) || row_int(r, 9))
		return fail(problem, ERR_FORBIDDEN, "Your login is currently disabled");
	if (waiting)
		return OK;
	if (row_is_null(r, 7))
		return fail(problem, ERR_FORBIDDEN, "Your login is missing a confirmed e-mail address");
	if (!row_int(r, 8))
		return fail(problem, ERR_FORBIDDEN, "Your login is currently pending approval");
	return OK;
}

static enum err read_token(const struct rows *r, bool waiting, struct session_entry *e, struct problem *problem)
{
	e->info.token_id = row_int(r, 0);
	e->info.app_id = row_int(r, 1);
	e->info.account.v = row_int(r, 2);
	if (!row_is_null(r, 4))
		return fail(problem, ERR_UNAUTHORIZED, "The access token was revoked");
	if (scope_parse(row_text(r, 3), &e->info.scopes) != OK)
		return ERR_CORRUPT;
	if (e->info.account.v == 0)
		return OK;
	if (row_is_null(r, 5) || !role_parse(row_text(r, 5), &e->info.role)) /* the account was deleted */
		return fail(problem, ERR_UNAUTHORIZED, "The access token was revoked");
	e->active_at = row_int(r, 10);
	return judge_login(r, waiting, problem);
}

static enum err read_session(const struct rows *r, struct session_entry *e)
{
	e->info.session_id = row_int(r, 0);
	e->info.account.v = row_int(r, 2);
	e->info.scopes = ~(scope_set)0;
	e->expires_at = row_int(r, 4);
	e->active_at = row_int(r, 10);
	if (!role_parse(row_text(r, 5), &e->info.role) || judge_login(r, false, NULL) != OK)
		return ERR_UNAUTHORIZED;
	return OK;
}

static enum err load(struct db *db, enum session_kind kind, const char *hash, bool waiting, struct session_entry *ret,
		     struct problem *problem)
{
	struct session_entry e = {0};
	struct rows r;
	enum err err = ERR_UNAUTHORIZED;
	db_query(db, &r, kind == SESSION_TOKEN ? &token_find : &session_find, BINDS(B_TEXT(view_of(hash))));
	bool found = rows_next(&r);
	if (found)
		err = kind == SESSION_TOKEN ? read_token(&r, waiting, &e, problem) : read_session(&r, &e);
	TRY(rows_end(&r));
	if (!found)
		return fail(problem, ERR_UNAUTHORIZED, "The access token is invalid");
	if (err == OK)
		*ret = e;
	return err;
}

static enum err find(struct core *c, struct db *db, enum session_kind kind, struct view secret, struct auth_info *ret,
		     struct problem *problem)
{
	if (secret.len != TOKEN_LEN)
		return fail(problem, ERR_UNAUTHORIZED, "The access token is invalid");
	struct session_cache *cache = c->sessions->cache;
	struct digest d = digest_token(secret);
	struct session_entry e;
	int64_t now = clock_now();
	struct session_mark mark = session_cache_mark(cache);
	if (!session_cache_find(cache, kind, &d, &e) || e.read_at + RECHECK_MS < now) {
		char hash[HASH_LEN + 1];
		hex_encode(d.b, DIGEST_LEN, hash);
		TRY(load(db, kind, hash, false, &e, problem));
		e.read_at = now;
		session_cache_keep(cache, kind, &d, &e, mark);
	}
	if (e.expires_at && e.expires_at <= now)
		return ERR_UNAUTHORIZED;
	if (e.info.account.v && e.active_at < noted_since(now) &&
	    session_cache_touch(cache, kind, &d, noted_since(now), now))
		touch(c, e.info.account, now);
	*ret = e.info;
	return OK;
}

enum err sessions_token(struct core *c, struct db *db, struct view token, struct auth_info *ret,
			struct problem *problem)
{
	return find(c, db, SESSION_TOKEN, token, ret, problem);
}

/* Not kept: there it would count for every call. */
enum err sessions_token_waiting(struct core *c, struct db *db, struct view token, struct auth_info *ret,
				struct problem *problem)
{
	char hash[HASH_LEN + 1];
	struct session_entry e;

	(void)c;
	token_hash(token, hash);
	TRY(load(db, SESSION_TOKEN, hash, true, &e, problem));
	*ret = e.info;
	return OK;
}

enum err sessions_cookie(struct core *c, struct db *db, struct view cookie, struct auth_info *ret)
{
	return find(c, db, SESSION_COOKIE, cookie, ret, NULL);
}

/* --- making and revoking --- */

struct change {
	char hash[HASH_LEN + 1];
	int64_t id, app_id, now;
	struct account_id account;
	struct view scopes, ip, user_agent, how, browser;
	struct core *core;
};

static void hash_into(struct change *ch, struct view secret)
{
	token_hash(secret, ch->hash);
}

static void announce_revoked(struct core *c, int64_t id, struct account_id account)
{
	events_announce(c->events, &(struct event){.kind = EVENT_TOKEN_REVOKED, .account = account, .other_id = id});
}

static enum err insert_token(struct db *tx, void *arg)
{
	const struct change *ch = arg;
	return db_exec(tx, &token_insert,
		       BINDS(B_INT(ch->id), B_TEXT(view_of(ch->hash)), B_INT_OR_NULL(ch->app_id),
			     B_INT_OR_NULL(ch->account.v), B_TEXT(ch->scopes), B_INT(ch->now)),
		       NULL);
}

enum err sessions_token_create(struct core *c, int64_t app_id, struct account_id account, scope_set scopes,
			       struct view scopes_text, char ret_token[], int64_t *ret_id)
{
	scope_set check;
	if (scope_parse(scopes_text, &check) != OK || check != scopes)
		BUG("scopes and their text differ");
	struct change ch = {
		.id = id_next(), .app_id = app_id, .now = clock_now(), .account = account, .scopes = scopes_text};
	char token[TOKEN_LEN + 1];
	token_make(token);
	hash_into(&ch, view_of(token));
	TRY(store_write(c->store, insert_token, &ch));
	memcpy(ret_token, token, sizeof(token));
	if (ret_id)
		*ret_id = ch.id;
	return OK;
}

static enum err revoke_token(struct db *tx, void *arg)
{
	struct change *ch = arg;
	struct rows r;
	int64_t owner = 0;
	ch->id = 0;
	db_query(tx, &r, &token_owner, BINDS(B_TEXT(view_of(ch->hash))));
	if (rows_next(&r)) {
		ch->id = row_int(&r, 0);
		owner = row_int(&r, 1);
		ch->account.v = row_int(&r, 2);
	}
	TRY(rows_end(&r));
	if (ch->id == 0)
		return OK;
	if (ch->app_id != 0 && ch->app_id != owner)
		return ERR_FORBIDDEN;
	TRY(push_forget_token(tx, ch->account, ch->id));
	return db_exec(tx, &token_revoke, BINDS(B_INT(ch->id), B_INT(ch->now)), NULL);
}

enum err sessions_token_revoke(struct core *c, struct view token, int64_t app_id)
{
	struct change ch = {.app_id = app_id, .now = clock_now()};
	hash_into(&ch, token);
	TRY(store_write(c->store, revoke_token, &ch));
	if (ch.id)
		announce_revoked(c, ch.id, ch.account);
	return OK;
}

static enum err revoke_all(struct db *tx, void *arg)
{
	const struct change *ch = arg;
	TRY(db_exec(tx, &tokens_revoke_all, BINDS(B_INT(ch->account.v), B_INT(ch->now)), NULL));
	TRY(push_forget_token(tx, ch->account, 0));
	TRY(db_exec(tx, &codes_delete_all, BINDS(B_INT(ch->account.v)), NULL)); /* tokens still to come */
	return db_exec(tx, &sessions_delete_all, BINDS(B_INT(ch->account.v)), NULL);
}

enum err sessions_revoke_in(struct db *tx, struct event_list *list, struct account_id account)
{
	TRY(revoke_all(tx, &(struct change){.account = account, .now = clock_now()}));
	events_pend(list, (struct event){.kind = EVENT_TOKEN_REVOKED, .account = account});
	return OK;
}

enum err sessions_revoke_all(struct core *c, struct account_id account)
{
	struct change ch = {.account = account, .now = clock_now()};
	TRY(store_write(c->store, revoke_all, &ch));
	announce_revoked(c, 0, account);
	return OK;
}

static enum err insert_session(struct db *tx, void *arg)
{
	const struct change *ch = arg;
	TRY(browser_note(ch->core, tx, ch->account, ch->browser, ch->now));
	TRY(login_note(tx, ch->id, ch->account, ch->how, ch->ip, ch->user_agent, ch->now));
	return db_exec(tx, &session_insert,
		       BINDS(B_INT(ch->id), B_TEXT(view_of(ch->hash)), B_INT(ch->account.v), B_TEXT(ch->ip),
			     B_TEXT(ch->user_agent), B_INT(ch->now), B_INT(ch->now + SESSION_MS)),
		       NULL);
}

enum err sessions_login(struct core *c, struct account_id account, const struct login_from *from, char ret_cookie[])
{
	struct change ch = {.id = id_next(), .now = clock_now(), .account = account, .ip = view_sub(from->ip, 0, 64)};
	ch.user_agent = utf8_valid(from->user_agent) && from->user_agent.len <= 500 ? from->user_agent : V("");
	ch.how = view_of(login_how_name(from->how));
	ch.browser = from->browser;
	ch.core = c;
	char cookie[TOKEN_LEN + 1];
	token_make(cookie);
	hash_into(&ch, view_of(cookie));
	TRY(store_write(c->store, insert_session, &ch));
	memcpy(ret_cookie, cookie, sizeof(cookie));
	return OK;
}

static enum err delete_session(struct db *tx, void *arg)
{
	struct change *ch = arg;
	enum err err = db_int(tx, &session_delete, BINDS(B_INT(ch->id)), &ch->account.v);
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err sessions_logout(struct core *c, int64_t session_id)
{
	struct change ch = {.id = session_id};
	TRY(store_write(c->store, delete_session, &ch));
	if (ch.account.v)
		announce_revoked(c, session_id, ch.account);
	return OK;
}

void sessions_csrf(struct core *c, struct view cookie, char ret[])
{
	/* BLAKE2b with the key in front is a MAC: it has no length extension (RFC 7693). */
	char text[TOKEN_LEN + 1 + 128 + 1];
	int n = snprintf(text, sizeof(text), "%s:%.*s", c->sessions->csrf_key, VIEW_ARG(view_sub(cookie, 0, 128)));
	struct digest d = digest_token(view_make(text, (size_t)n));
	secret_wipe(text, sizeof(text));
	base64url_encode(d.b, DIGEST_LEN, ret);
}
