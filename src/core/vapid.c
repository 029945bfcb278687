/*
 * vapid.c
 */
#include "base/base.h"

#include "core/vapid.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#define POINT_LEN 65 /* uncompressed: 0x04, x, y (SEC 1, 2.3.3) */
#define SCALAR_LEN 32
#define PUBLIC_SETTING V("vapid_public")
#define PRIVATE_SETTING V("vapid_private")

SQL(vapid_insert, "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING");
SQL(vapid_select, "SELECT value FROM settings WHERE key = $1");

static bool encode(EVP_PKEY *key, struct vapid_pair *ret)
{
	unsigned char point[POINT_LEN], scalar[SCALAR_LEN];
	size_t len = 0;
	BIGNUM *d = NULL;
	bool ok = EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point), &len) == 1 &&
		  len == POINT_LEN && EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &d) == 1 &&
		  BN_bn2binpad(d, scalar, SCALAR_LEN) == SCALAR_LEN;
	if (ok) {
		base64url_encode(point, POINT_LEN, ret->public);
		base64url_encode(scalar, SCALAR_LEN, ret->private);
	}
	secret_wipe(scalar, sizeof(scalar));
	BN_clear_free(d);
	return ok;
}

static enum err write(struct db *tx, void *arg)
{
	const struct vapid_pair *pair = arg;
	int64_t made = 0;
	TRY(db_exec(tx, &vapid_insert, BINDS(B_TEXT(PUBLIC_SETTING), B_TEXT(view_of(pair->public))), &made));
	if (made == 0) /* another process was quicker: its pair stays whole */
		return OK;
	return db_exec(tx, &vapid_insert, BINDS(B_TEXT(PRIVATE_SETTING), B_TEXT(view_of(pair->private))), NULL);
}

/* Empty when there is none. */
static enum err read_setting(struct db *db, struct view key, char *ret, size_t cap)
{
	struct rows r;

	ret[0] = '\0';
	db_query(db, &r, &vapid_select, BINDS(B_TEXT(key)));
	if (rows_next(&r))
		snprintf(ret, cap, "%.*s", VIEW_ARG(row_text(&r, 0)));
	return rows_end(&r);
}

enum err vapid_init(struct store *store)
{
	struct vapid_pair pair;
	TRY(read_setting(store_db(store), PUBLIC_SETTING, pair.public, sizeof(pair.public)));
	if (pair.public[0])
		return OK;
	EVP_PKEY *key = EVP_EC_gen("P-256");
	bool ok = key && encode(key, &pair);
	EVP_PKEY_free(key);
	enum err err = ok ? store_write(store, write, &pair) : ERR_INTERNAL;
	secret_wipe(&pair, sizeof(pair));
	return err;
}

enum err vapid_public_key(struct db *db, struct arena *a, struct view *ret)
{
	char key[BASE64URL_LEN(POINT_LEN) + 1];
	TRY(read_setting(db, PUBLIC_SETTING, key, sizeof(key)));
	*ret = arena_view(a, view_of(key));
	return OK;
}

enum err vapid_load(struct db *db, struct vapid_pair *ret)
{
	struct vapid_pair pair;

	TRY(read_setting(db, PUBLIC_SETTING, pair.public, sizeof(pair.public)));
	TRY(read_setting(db, PRIVATE_SETTING, pair.private, sizeof(pair.private)));
	if (!pair.public[0] || !pair.private[0])
		return ERR_NOT_FOUND;
	*ret = pair;
	secret_wipe(&pair, sizeof(pair));
	return OK;
}
