/*
 * mail_queue.c - see mail_queue.h.
 */
#include "base/base.h"

#include "core/mail_queue.h"

#include "base/clock.h"
#include "core/account_rules.h"

#define PAUSE_MS ((int64_t)10 * 1000) /* before the second attempt; doubles */
#define PAUSE_MAX_MS ((int64_t)6 * 3600 * 1000)
#define GIVEN_UP_MS ((int64_t)30 * 24 * 3600 * 1000) /* what was given up is kept so long, for whoever asks */

/* Stored: never change. */
static const char *const kind_names[MAIL_KINDS] = {
	[MAIL_CONFIRM] = "confirm",
	[MAIL_RESET] = "reset",
	[MAIL_APPROVED] = "approved",
	[MAIL_PASSWORD] = "password",
	[MAIL_PASSKEY] = "passkey",
	[MAIL_SECOND] = "second",
	[MAIL_NEW_BROWSER] = "new-browser",
	[MAIL_NEW_ADDRESS] = "new-address",
	[MAIL_ADDRESS] = "address",
	[MAIL_INVOICE] = "invoice",
};
/* Once an hour. A changed address is told each time: it cannot change again without a mail that was. */
static const bool hourly[MAIL_KINDS] = {[MAIL_PASSWORD] = true,
					[MAIL_PASSKEY] = true,
					[MAIL_SECOND] = true,
					[MAIL_NEW_BROWSER] = true,
					[MAIL_NEW_ADDRESS] = true};
#define HOUR_MS ((int64_t)3600 * 1000)
static const struct {
	const char *name; /* stored */
	int64_t life_ms;
} links[] = {
	[LINK_CONFIRM] = {"confirm", (int64_t)48 * 3600 * 1000},
	[LINK_RESET] = {"reset", (int64_t)6 * 3600 * 1000},
	[LINK_ADDRESS] = {"address", (int64_t)48 * 3600 * 1000},
};

SQL(mail_insert, "INSERT INTO mails (id, kind, account_id, address, locale, run_at, created_at) "
		 "SELECT $1, $2, u.account_id, CASE WHEN CAST($5 AS TEXT) = '' THEN u.email ELSE $5 END, u.locale,"
		 " $4, $4 FROM users u WHERE u.account_id = $3");
SQL(mail_insert_about, "INSERT INTO mails (id, kind, account_id, address, locale, run_at, created_at, about)"
		       " VALUES ($1, $2, 0, $3, $4, $5, $5, $6)");
SQL(mail_tell, "INSERT INTO mail_told (account_id, kind, at) VALUES ($1, $2, $3) ON CONFLICT (account_id, kind)"
	       " DO UPDATE SET at = excluded.at WHERE mail_told.at <= $4");
SQL(mail_is_due, "SELECT 1 FROM mails WHERE run_at <= $1 AND lease_until <= $1 LIMIT 1");
SQL(mail_lease, "UPDATE mails SET lease_until = $2, attempts = attempts + 1 WHERE id = (SELECT id FROM mails "
		"WHERE run_at <= $1 AND lease_until <= $1 ORDER BY run_at LIMIT 1) AND lease_until <= $1 "
		"RETURNING id, attempts, kind, account_id, address, locale, about");
/* Whoever comes back after the lease has ended, and it was taken by another, has nothing to say any more. */
SQL(mail_done, "DELETE FROM mails WHERE id = $1 AND attempts = $2");
SQL(mail_later, "UPDATE mails SET run_at = $3, lease_until = 0, error = $4 WHERE id = $1 AND attempts = $2");
SQL(mail_release_all, "UPDATE mails SET lease_until = 0 WHERE lease_until > 0");
SQL(mail_asked_for,
    "INSERT INTO mails (id, kind, account_id, address, locale, run_at, created_at) "
    "SELECT $1, $2, u.account_id, u.email, u.locale, $4, $4 FROM users u WHERE u.email_key = $3 AND u.disabled = 0 "
    "AND (u.confirmed_at IS NULL OR $5 = 0) "
    "AND NOT EXISTS (SELECT 1 FROM mails m WHERE m.account_id = u.account_id AND m.kind = $2 AND m.address = u.email "
    "AND m.created_at > $6) "
    "AND NOT EXISTS (SELECT 1 FROM mail_links l WHERE l.account_id = u.account_id AND l.kind = $2 "
    "AND l.address = u.email AND l.expires_at > $7)");
SQL(mail_count_waiting, "SELECT COUNT(*) FROM mails WHERE run_at < $1");
SQL(mail_count_given_up, "SELECT COUNT(*) FROM mails WHERE run_at >= $1");
SQL(link_insert,
    "INSERT INTO mail_links (token_hash, kind, account_id, address, expires_at) VALUES ($1, $2, $3, $4, $5)");
SQL(link_by_hash, "SELECT account_id, address FROM mail_links WHERE token_hash = $1 AND kind = $2 AND expires_at > $3");
SQL(link_delete, "DELETE FROM mail_links WHERE account_id = $1 AND kind = $2");
SQL(link_delete_old, "DELETE FROM mail_links WHERE expires_at <= $1");
SQL(mail_delete_old, "DELETE FROM mails WHERE run_at >= $1 AND created_at < $2");

/* ERR_TOO_MANY: told within the hour. */
static enum err tell(struct db *tx, enum mail_kind kind, struct account_id account, int64_t now)
{
	int64_t n;

	if (!hourly[kind])
		return OK;
	TRY(db_exec(tx, &mail_tell,
		    BINDS(B_INT(account.v), B_TEXT(view_of(kind_names[kind])), B_INT(now), B_INT(now - HOUR_MS)), &n));
	return n ? OK : ERR_TOO_MANY;
}

enum err mail_add_to(struct core *c, struct db *tx, enum mail_kind kind, struct account_id account, struct view address)
{
	int64_t now = clock_now();

	if (!c->config.mail)
		return OK;
	TRY(tell(tx, kind, account, now));
	return db_exec(tx, &mail_insert,
		       BINDS(B_INT(id_next()), B_TEXT(view_of(kind_names[kind])), B_INT(account.v), B_INT(now),
			     B_TEXT(address)),
		       NULL);
}

enum err mail_add(struct core *c, struct db *tx, enum mail_kind kind, struct account_id account)
{
	enum err err = mail_add_to(c, tx, kind, account, V(""));

	return err == ERR_TOO_MANY ? OK : err;
}

enum err mail_add_about(struct core *c, struct db *tx, enum mail_kind kind, struct view address, struct view locale,
			int64_t about)
{
	if (!c->config.mail)
		return OK;
	return db_exec(tx, &mail_insert_about,
		       BINDS(B_INT(id_next()), B_TEXT(view_of(kind_names[kind])), B_TEXT(address), B_TEXT(locale),
			     B_INT(clock_now()), B_INT(about)),
		       NULL);
}

struct asking {
	enum mail_kind kind;
	struct view key;
	int64_t now;
};

/* A mail that was sent is gone; its link tells when it was made. */
static enum err ask(struct db *tx, void *arg)
{
	const struct asking *q = arg;
	enum link_kind link = q->kind == MAIL_RESET ? LINK_RESET : LINK_CONFIRM;
	int64_t since = q->now - MAIL_ASK_MS;

	return db_exec(tx, &mail_asked_for,
		       BINDS(B_INT(id_next()), B_TEXT(view_of(kind_names[q->kind])), B_TEXT(q->key), B_INT(q->now),
			     B_INT(q->kind == MAIL_CONFIRM), B_INT(since), B_INT(since + links[link].life_ms)),
		       NULL);
}

enum err mail_ask(struct core *c, struct arena *a, enum mail_kind kind, struct view address)
{
	struct asking q = {.kind = kind, .key = lower_key(a, view_trim(address)), .now = clock_now()};

	if (!c->config.mail || !q.key.len || q.key.len > 254 || !utf8_valid(q.key))
		return OK;
	return store_write(c->store, ask, &q);
}

/* --- taking and settling --- */

struct claim {
	struct arena *arena;
	int64_t now;
	struct mail mail;
	bool known;
};

static bool kind_of(struct view name, enum mail_kind *ret)
{
	for (size_t i = 0; i < MAIL_KINDS; i++) {
		if (!view_is(name, kind_names[i]))
			continue;
		*ret = (enum mail_kind)i;
		return true;
	}
	return false;
}

static enum err take(struct db *tx, void *arg)
{
	struct claim *cl = arg;
	struct rows r;

	cl->mail = (struct mail){0};
	db_query(tx, &r, &mail_lease, BINDS(B_INT(cl->now), B_INT(cl->now + MAIL_LEASE_MS)));
	if (rows_next(&r)) {
		cl->mail.id = row_int(&r, 0);
		cl->mail.attempts = row_int(&r, 1);
		cl->known = kind_of(row_text(&r, 2), &cl->mail.kind);
		cl->mail.account.v = row_int(&r, 3);
		cl->mail.address = row_copy(&r, 4, cl->arena);
		cl->mail.locale = row_copy(&r, 5, cl->arena);
		cl->mail.about = row_int(&r, 6);
	}
	return rows_end(&r);
}

enum err mail_claim(struct store *s, struct arena *a, int64_t now, struct mail *ret)
{
	struct claim cl = {.arena = a, .now = now};
	int64_t one;

	TRY(db_int(store_db(s), &mail_is_due, BINDS(B_INT(now)), &one));
	TRY(store_write(s, take, &cl));
	if (!cl.mail.id)
		return ERR_NOT_FOUND;
	if (!cl.known) {
		TRY(mail_failed(s, &cl.mail, true, V("this version of kicau does not know this kind of mail")));
		return ERR_NOT_FOUND;
	}
	*ret = cl.mail;
	return OK;
}

struct outcome {
	const struct mail *mail;
	int64_t run_at; /* 0: it was sent */
	struct view words;
};

static enum err settle(struct db *tx, void *arg)
{
	const struct outcome *o = arg;

	if (!o->run_at)
		return db_exec(tx, &mail_done, BINDS(B_INT(o->mail->id), B_INT(o->mail->attempts)), NULL);
	return db_exec(tx, &mail_later,
		       BINDS(B_INT(o->mail->id), B_INT(o->mail->attempts), B_INT(o->run_at), B_TEXT(o->words)), NULL);
}

enum err mail_sent(struct store *s, const struct mail *m)
{
	return store_write(s, settle, &(struct outcome){.mail = m});
}

/* 10 s, 20 s, 40 s … 6 h, each up to a quarter longer. */
static int64_t pause_after(int64_t attempts)
{
	int64_t ms = PAUSE_MS << (attempts > 16 ? 16 : attempts - 1);

	ms = ms > PAUSE_MAX_MS ? PAUSE_MAX_MS : ms;
	return ms + (int64_t)(rand_u64() % (uint64_t)(ms / 4));
}

enum err mail_failed(struct store *s, const struct mail *m, bool final, struct view words)
{
	struct outcome o = {.mail = m, .words = words, .run_at = MAIL_NEVER};

	if (!final && m->attempts < MAIL_ATTEMPTS)
		o.run_at = clock_now() + pause_after(m->attempts);
	return store_write(s, settle, &o);
}

static enum err release_all(struct db *tx, void *arg)
{
	(void)arg;
	return db_exec(tx, &mail_release_all, NO_BINDS, NULL);
}

enum err mail_free_leases(struct store *s)
{
	return store_write(s, release_all, NULL);
}

enum err mail_count(struct db *db, int64_t *ret_waiting, int64_t *ret_given_up)
{
	int64_t waiting, given_up;

	TRY(db_int(db, &mail_count_waiting, BINDS(B_INT(MAIL_NEVER)), &waiting));
	TRY(db_int(db, &mail_count_given_up, BINDS(B_INT(MAIL_NEVER)), &given_up));
	*ret_waiting = waiting;
	*ret_given_up = given_up;
	return OK;
}

/* --- links --- */

struct linking {
	char hash[TOKEN_HASH_LEN + 1];
	enum link_kind kind;
	const struct mail *mail;
	int64_t now;
};

static enum err insert_link(struct db *tx, void *arg)
{
	const struct linking *l = arg;

	return db_exec(tx, &link_insert,
		       BINDS(B_TEXT(view_of(l->hash)), B_TEXT(view_of(links[l->kind].name)), B_INT(l->mail->account.v),
			     B_TEXT(l->mail->address), B_INT(l->now + links[l->kind].life_ms)),
		       NULL);
}

enum err link_make(struct store *s, enum link_kind kind, const struct mail *m, char ret[])
{
	struct linking l = {.kind = kind, .mail = m, .now = clock_now()};
	char secret[TOKEN_LEN + 1];

	token_make(secret);
	token_hash(view_of(secret), l.hash);
	TRY(store_write(s, insert_link, &l));
	memcpy(ret, secret, sizeof(secret));
	secret_wipe(secret, sizeof(secret));
	return OK;
}

enum err link_find(struct db *db, struct arena *a, enum link_kind kind, struct view secret, struct link *ret)
{
	char hash[TOKEN_HASH_LEN + 1];
	struct rows r;

	if (secret.len != TOKEN_LEN)
		return ERR_NOT_FOUND;
	token_hash(secret, hash);
	db_query(db, &r, &link_by_hash,
		 BINDS(B_TEXT(view_of(hash)), B_TEXT(view_of(links[kind].name)), B_INT(clock_now())));
	bool found = rows_next(&r);
	struct link l = {0};
	if (found)
		l = (struct link){.account = {row_int(&r, 0)}, .address = row_copy(&r, 1, a)};
	TRY(rows_end(&r));
	if (!found)
		return ERR_NOT_FOUND;
	*ret = l;
	return OK;
}

enum err link_use(struct db *tx, enum link_kind kind, struct account_id account)
{
	return db_exec(tx, &link_delete, BINDS(B_INT(account.v), B_TEXT(view_of(links[kind].name))), NULL);
}

static enum err sweep(struct db *tx, void *arg)
{
	int64_t now = *(const int64_t *)arg;

	TRY(db_exec(tx, &mail_delete_old, BINDS(B_INT(MAIL_NEVER), B_INT(now - GIVEN_UP_MS)), NULL));
	return db_exec(tx, &link_delete_old, BINDS(B_INT(now)), NULL);
}

enum err link_sweep(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	(void)db, (void)a;
	return store_write(c->store, sweep, &now);
}
