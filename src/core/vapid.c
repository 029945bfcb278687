/*
 * vapid.c
 */
#include "base/base.h"

#include "core/vapid.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <sodium.h>

#include "base/log.h"

#define POINT_LEN 65 /* uncompressed: 0x04, x, y (SEC 1, 2.3.3) */
#define SCALAR_LEN 32
#define TRIES_MAX 8
#define PUBLIC_SETTING V("vapid_public")
#define PRIVATE_SETTING V("vapid_private")

SQL(vapid_insert, "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING");
SQL(vapid_select, "SELECT value FROM settings WHERE key = $1");

/* The point of a scalar; false when the scalar is 0 or not below the order (one of 2^32). */
static bool point_of(const EC_GROUP *group, const unsigned char scalar[SCALAR_LEN], unsigned char ret[POINT_LEN])
{
	BIGNUM *d = BN_bin2bn(scalar, SCALAR_LEN, NULL);
	EC_POINT *point = EC_POINT_new(group);
	bool ok = d && point && !BN_is_zero(d) && BN_cmp(d, EC_GROUP_get0_order(group)) < 0 &&
		  EC_POINT_mul(group, point, d, NULL, NULL, NULL) == 1 &&
		  EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, ret, POINT_LEN, NULL) == POINT_LEN;

	EC_POINT_free(point);
	BN_clear_free(d);
	return ok;
}

/* FIPS 186-5, A.2.2. By hand: OpenSSL's own way brings up its providers, some 2 MB in a server that may never push. */
static bool make(struct vapid_pair *ret)
{
	unsigned char point[POINT_LEN], scalar[SCALAR_LEN];
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	bool ok = false;

	for (int tries = 0; group && !ok && tries < TRIES_MAX; tries++) {
		randombytes_buf(scalar, SCALAR_LEN);
		ok = point_of(group, scalar, point);
	}
	if (ok) {
		base64url_encode(point, POINT_LEN, ret->public);
		base64url_encode(scalar, SCALAR_LEN, ret->private);
	}
	secret_wipe(scalar, sizeof(scalar));
	EC_GROUP_free(group);
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

static enum err read_pair(struct db *db, struct vapid_pair *ret)
{
	TRY(read_setting(db, PUBLIC_SETTING, ret->public, sizeof(ret->public)));
	return read_setting(db, PRIVATE_SETTING, ret->private, sizeof(ret->private));
}

/* What stands there in the end may be another process's. */
static enum err make_and_write(struct store *store, struct vapid_pair *ret)
{
	enum err err = make(ret) ? store_write(store, write, ret) : ERR_INTERNAL;

	if (err == OK)
		err = read_pair(store_db(store), ret);
	if (err != OK)
		log_warn("there is no key for Web Push, and none could be made",
			 F_STR("error", view_of(err_name(err))));
	return err;
}

enum err vapid_load(struct store *store, struct vapid_pair *ret)
{
	enum err err = read_pair(store_db(store), ret);

	if (err == OK && !ret->public[0])
		err = make_and_write(store, ret);
	if (err != OK)
		secret_wipe(ret, sizeof(*ret));
	return err;
}

enum err vapid_public_key(struct store *store, struct arena *a, struct view *ret)
{
	char key[BASE64URL_LEN(POINT_LEN) + 1];
	struct vapid_pair pair;

	TRY(read_setting(store_db(store), PUBLIC_SETTING, key, sizeof(key)));
	if (!key[0] && vapid_load(store, &pair) == OK) {
		memcpy(key, pair.public, sizeof(key));
		secret_wipe(&pair, sizeof(pair));
	}
	*ret = arena_view(a, view_of(key));
	return OK;
}
