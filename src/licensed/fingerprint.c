/*
 * fingerprint.c - see fingerprint.h.
 */
#include "base/base.h"

#include "licensed/fingerprint.h"

#include <endian.h>
#include <sodium.h>

#include "base/secret.h"

#define SALT_SETTING V("fingerprint_salt")
#define SALT_BYTES sizeof(((struct fingerprint_salt *)0)->bytes)
_Static_assert(SALT_BYTES == crypto_shorthash_KEYBYTES, "the salt is SipHash's key");

SQL(salt_insert, "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING");
SQL(salt_select, "SELECT value FROM settings WHERE key = $1");

static enum err salt_load(struct db *db, struct fingerprint_salt *ret)
{
	struct rows r;
	bool found = false;

	db_query(db, &r, &salt_select, BINDS(B_TEXT(SALT_SETTING)));
	if (rows_next(&r))
		found = hex_decode(row_text(&r, 0), ret->bytes, sizeof(ret->bytes));
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

static enum err salt_write(struct db *tx, void *arg)
{
	return db_exec(tx, &salt_insert, BINDS(B_TEXT(SALT_SETTING), B_TEXT(view_of(arg))), NULL);
}

enum err fingerprint_salt_init(struct store *store, struct fingerprint_salt *ret)
{
	unsigned char bytes[SALT_BYTES];
	char hex[HEX_LEN(SALT_BYTES) + 1];
	enum err err = salt_load(store_db(store), ret);

	if (err != ERR_NOT_FOUND)
		return err;
	rand_bytes(bytes, sizeof(bytes));
	hex_encode(bytes, sizeof(bytes), hex);
	TRY(store_write(store, salt_write, hex));
	/* Another process may have been first. */
	return salt_load(store_db(store), ret);
}

uint16_t fingerprint(const struct fingerprint_salt *salt, const struct fingerprint_of *of)
{
	const uint64_t numbers[] = {
		htole64((uint64_t)of->post),    htole64(of->version),           htole64((uint64_t)of->likes),
		htole64((uint64_t)of->replies), htole64((uint64_t)of->boosts),  htole64((uint64_t)of->quotes),
		htole64((uint64_t)of->followers),
	};
	unsigned char hash[crypto_shorthash_BYTES];

	crypto_shorthash(hash, (const unsigned char *)numbers, sizeof(numbers), salt->bytes);
	return (uint16_t)(hash[0] | hash[1] << 8);
}
