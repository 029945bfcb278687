/*
 * oauth_codes.c - making and redeeming authorization codes.
 */
#include "base/base.h"

#include "core/oauth_codes.h"

#include "base/clock.h"

#define CHALLENGE_LEN BASE64URL_LEN(DIGEST_LEN) /* RFC 7636 4.2 */
#define VERIFIER_MIN 43
#define VERIFIER_MAX 128
#define HASH_LEN TOKEN_HASH_LEN

SQL(code_insert, "INSERT INTO oauth_codes (code_hash, app_id, account_id, redirect_uri, scopes, challenge, expires_at) "
		 "VALUES ($1, $2, $3, $4, $5, $6, $7)");
SQL(code_take, "DELETE FROM oauth_codes WHERE code_hash = $1 AND app_id = $2 "
	       "RETURNING account_id, redirect_uri, scopes, challenge, expires_at");
SQL(codes_expire, "DELETE FROM oauth_codes WHERE expires_at <= $1");

struct creation {
	const struct new_code *nc;
	char hash[HASH_LEN + 1];
	int64_t expires_at;
};

static enum err insert(struct db *tx, void *arg)
{
	const struct creation *cr = arg;
	const struct new_code *nc = cr->nc;
	return db_exec(tx, &code_insert,
		       BINDS(B_TEXT(view_of(cr->hash)), B_INT(nc->app_id), B_INT(nc->account.v),
			     B_TEXT(nc->redirect_uri), B_TEXT(nc->scopes), B_TEXT(nc->challenge),
			     B_INT(cr->expires_at)),
		       NULL);
}

enum err oauth_code_create(struct core *c, const struct new_code *nc, char ret_code[TOKEN_LEN + 1])
{
	if (nc->challenge.len != 0 && nc->challenge.len != CHALLENGE_LEN)
		return ERR_INVALID;
	struct creation cr = {.nc = nc, .expires_at = clock_now() + OAUTH_CODE_MS};
	char code[TOKEN_LEN + 1];
	token_make(code);
	token_hash(view_of(code), cr.hash);
	TRY(store_write(c->store, insert, &cr));
	memcpy(ret_code, code, sizeof(code));
	return OK;
}

/* A verifier without a challenge is refused too: the challenge may have been taken off the request on its way. */
static bool verifier_fits(struct view challenge, struct view verifier)
{
	if (challenge.len == 0 || verifier.len == 0)
		return challenge.len == verifier.len;
	if (verifier.len < VERIFIER_MIN || verifier.len > VERIFIER_MAX)
		return false;
	struct digest d = digest_sha256(verifier);
	char text[CHALLENGE_LEN + 1];
	base64url_encode(d.b, DIGEST_LEN, text);
	return secret_eq(view_make(text, CHALLENGE_LEN), challenge);
}

struct redemption {
	struct arena *arena;
	char hash[HASH_LEN + 1];
	int64_t app_id, expires_at;
	struct view redirect_uri, challenge;
	struct oauth_grant grant;
};

static enum err take(struct db *tx, void *arg)
{
	struct redemption *rd = arg;
	struct rows r;
	rd->grant.account.v = 0;
	db_query(tx, &r, &code_take, BINDS(B_TEXT(view_of(rd->hash)), B_INT(rd->app_id)));
	if (rows_next(&r)) {
		rd->grant.account.v = row_int(&r, 0);
		rd->redirect_uri = row_copy(&r, 1, rd->arena);
		rd->grant.scopes_text = row_copy(&r, 2, rd->arena);
		rd->challenge = row_copy(&r, 3, rd->arena);
		rd->expires_at = row_int(&r, 4);
	}
	return rows_end(&r);
}

enum err oauth_code_redeem(struct core *c, struct arena *a, int64_t app_id, struct view code, struct view redirect_uri,
			   struct view verifier, struct oauth_grant *ret)
{
	struct redemption rd = {.arena = a, .app_id = app_id};
	token_hash(code, rd.hash);
	TRY(store_write(c->store, take, &rd));
	if (rd.grant.account.v == 0 || rd.expires_at <= clock_now() || !view_eq(rd.redirect_uri, redirect_uri) ||
	    !verifier_fits(rd.challenge, verifier))
		return ERR_UNAUTHORIZED;
	if (scope_parse(rd.grant.scopes_text, &rd.grant.scopes) != OK)
		return ERR_CORRUPT;
	*ret = rd.grant;
	return OK;
}

static enum err expire(struct db *tx, void *arg)
{
	return db_exec(tx, &codes_expire, BINDS(B_INT(*(int64_t *)arg)), NULL);
}

enum err oauth_codes_expire(struct core *c, int64_t now)
{
	return store_write(c->store, expire, &now);
}
