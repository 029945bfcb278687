/*
 * known_browsers.c - see known_browsers.h.
 */
#include "base/base.h"

#include "core/known_browsers.h"

#include "core/mail_queue.h"

SQL(browser_find, "SELECT 1 FROM known_browsers WHERE account_id = $1 AND browser_hash = $2");
SQL(browser_put, "INSERT INTO known_browsers (account_id, browser_hash, seen_at) VALUES ($1, $2, $3)"
		 " ON CONFLICT (account_id, browser_hash) DO UPDATE SET seen_at = excluded.seen_at");
SQL(browser_any_login, "SELECT 1 FROM logins WHERE account_id = $1 LIMIT 1");
SQL(browsers_old, "SELECT 1 FROM known_browsers WHERE seen_at < $1 LIMIT 1");
SQL(browsers_forget, "DELETE FROM known_browsers WHERE seen_at < $1");

/* ERR_NOT_FOUND is an answer here. */
static enum err is_there(enum err err, bool *ret)
{
	*ret = err == OK;
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err browser_note(struct core *c, struct db *tx, struct account_id who, struct view browser, int64_t now)
{
	char text[24 + TOKEN_LEN + 1], hash[TOKEN_HASH_LEN + 1];
	bool known, before;
	int64_t one;

	if (browser.len != TOKEN_LEN)
		return OK;
	int n = snprintf(text, sizeof(text), "%" PRId64 ":%.*s", who.v, VIEW_ARG(browser));
	token_hash(view_make(text, (size_t)n), hash);
	secret_wipe(text, sizeof(text));
	TRY(is_there(db_int(tx, &browser_find, BINDS(B_INT(who.v), B_TEXT(view_of(hash))), &one), &known));
	TRY(is_there(db_int(tx, &browser_any_login, BINDS(B_INT(who.v)), &one), &before));
	TRY(db_exec(tx, &browser_put, BINDS(B_INT(who.v), B_TEXT(view_of(hash)), B_INT(now)), NULL));
	return !known && before ? mail_add(c, tx, MAIL_NEW_BROWSER, who) : OK;
}

static enum err forget(struct db *tx, void *arg)
{
	return db_exec(tx, &browsers_forget, BINDS(B_INT(*(const int64_t *)arg)), NULL);
}

enum err browsers_sweep(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	int64_t before = now - BROWSER_MS, one;
	bool any;

	(void)a;
	TRY(is_there(db_int(db, &browsers_old, BINDS(B_INT(before)), &one), &any));
	return any ? store_write(c->store, forget, &before) : OK;
}
