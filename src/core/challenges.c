/*
 * challenges.c - see challenges.h.
 */
#include "base/base.h"

#include "core/challenges.h"

#include "base/clock.h"

static const char *const names[] = {
	[CHALLENGE_SECOND] = "second",
	[CHALLENGE_PASSKEY_LOGIN] = "passkey-login",
	[CHALLENGE_PASSKEY_ADD] = "passkey-add",
};

SQL(challenge_insert, "INSERT INTO challenges (token_hash, kind, account_id, expires_at) VALUES ($1, $2, $3, $4)");
SQL(challenge_use,
    "DELETE FROM challenges WHERE token_hash = $1 AND kind = $2 AND expires_at > $3 RETURNING account_id");
SQL(challenges_old, "DELETE FROM challenges WHERE expires_at <= $1");

struct change {
	char hash[TOKEN_HASH_LEN + 1];
	enum challenge_kind kind;
	struct account_id account;
	int64_t now;
};

static enum err insert(struct db *tx, void *arg)
{
	const struct change *ch = arg;

	return db_exec(tx, &challenge_insert,
		       BINDS(B_TEXT(view_of(ch->hash)), B_TEXT(view_of(names[ch->kind])), B_INT(ch->account.v),
			     B_INT(ch->now + CHALLENGE_MS)),
		       NULL);
}

enum err challenge_make(struct core *c, enum challenge_kind kind, struct account_id account, char ret[])
{
	struct change ch = {.kind = kind, .account = account, .now = clock_now()};
	char secret[TOKEN_LEN + 1];

	token_make(secret);
	token_hash(view_of(secret), ch.hash);
	TRY(store_write(c->store, insert, &ch));
	memcpy(ret, secret, sizeof(secret));
	return OK;
}

static enum err take(struct db *tx, void *arg)
{
	struct change *ch = arg;

	return db_int(tx, &challenge_use,
		      BINDS(B_TEXT(view_of(ch->hash)), B_TEXT(view_of(names[ch->kind])), B_INT(ch->now)),
		      &ch->account.v);
}

enum err challenge_take(struct core *c, enum challenge_kind kind, struct view secret, struct account_id *ret)
{
	struct change ch = {.kind = kind, .now = clock_now()};

	if (secret.len != TOKEN_LEN)
		return ERR_NOT_FOUND;
	token_hash(secret, ch.hash);
	TRY(store_write(c->store, take, &ch));
	*ret = ch.account;
	return OK;
}

static enum err sweep(struct db *tx, void *arg)
{
	return db_exec(tx, &challenges_old, BINDS(B_INT(*(const int64_t *)arg)), NULL);
}

enum err challenge_sweep(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	(void)db, (void)a;
	return store_write(c->store, sweep, &now);
}
