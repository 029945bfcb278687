/*
 * passkeys.c - see passkeys.h.
 */
#include "base/base.h"

#include "core/passkeys.h"

#include "base/clock.h"
#include "base/secret.h"
#include "core/challenges.h"
#include "core/mail_queue.h"
#include "core/webauthn.h"
#include "text/compose.h"

#define COLUMNS "SELECT id, created_at, used_at, credential, name FROM passkeys "
SQL(passkeys_of, COLUMNS "WHERE account_id = $1 ORDER BY id LIMIT $2");
SQL(passkey_by_credential, "SELECT id, account_id, algorithm, public_key, counter FROM passkeys WHERE credential = $1");
SQL(passkey_count, "SELECT COUNT(*) FROM passkeys WHERE account_id = $1");
SQL(passkey_insert,
    "INSERT INTO passkeys (id, account_id, credential, algorithm, public_key, counter, name, created_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING");
/* A device that does not count says 0 for ever (level 2, 6.1.1). */
SQL(passkey_used,
    "UPDATE passkeys SET counter = $2, used_at = $3 WHERE id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0))");
SQL(passkey_delete, "DELETE FROM passkeys WHERE account_id = $1 AND id = $2");

enum err passkeys_load(struct db *db, struct arena *a, struct account_id who, struct passkey ret[LIMIT_PASSKEYS],
		       size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &passkeys_of, BINDS(B_INT(who.v), B_INT(LIMIT_PASSKEYS)));
	while (n < LIMIT_PASSKEYS && rows_next(&r))
		ret[n++] = (struct passkey){.id = row_int(&r, 0),
					    .created_at = row_int(&r, 1),
					    .used_at = row_int(&r, 2),
					    .credential = row_copy(&r, 3, a),
					    .name = row_copy(&r, 4, a)};
	TRY(rows_end(&r));
	*ret_n = n;
	return OK;
}

static struct webauthn_site site_of(const struct core *c)
{
	struct view domain = view_of(c->config.domain);

	return (struct webauthn_site){.origin = view_of(c->config.base_url),
				      .host = view_sub(domain, 0, view_find(domain, 0, ':'))};
}

/* At most max bytes; empty where it is none, or too long. */
static struct view decode(struct arena *a, struct view text, size_t max)
{
	char *bytes = arena_alloc(a, max);
	size_t len;

	return base64_decode(text, bytes, max, &len) ? view_make(bytes, len) : V("");
}

static struct view encode(struct arena *a, struct view bytes)
{
	char *text = arena_alloc(a, BASE64URL_LEN(bytes.len) + 1);

	base64url_encode(bytes.p, bytes.len, text);
	return view_of(text);
}

/* Looks at the question first: it is used up, whatever else is wrong. */
static enum err open_answer(struct core *c, struct arena *a, struct view client_data, enum challenge_kind kind,
			    const char *type, struct account_id *ret)
{
	const struct webauthn_site site = site_of(c);
	struct webauthn_client client;
	enum err err = webauthn_client_data(&site, a, client_data, type, &client);

	if (err == OK)
		err = challenge_take(c, kind, client.challenge, ret);
	return err == ERR_INVALID || err == ERR_NOT_FOUND ? ERR_UNAUTHORIZED : err;
}

/* --- a new one --- */

struct adding {
	struct core *core;
	struct account_id who;
	struct view credential, key, name;
	int algorithm;
	int64_t counter, now;
};

static enum err insert(struct db *tx, void *arg)
{
	const struct adding *w = arg;
	int64_t n;

	TRY(db_int(tx, &passkey_count, BINDS(B_INT(w->who.v)), &n));
	if (n >= LIMIT_PASSKEYS)
		return ERR_UNPROCESSABLE;
	TRY(db_exec(tx, &passkey_insert,
		    BINDS(B_INT(id_next()), B_INT(w->who.v), B_TEXT(w->credential), B_INT(w->algorithm), B_TEXT(w->key),
			  B_INT(w->counter), B_TEXT(w->name), B_INT(w->now)),
		    &n));
	return n ? mail_add(w->core, tx, MAIL_PASSKEY, w->who)
		 : ERR_UNAUTHORIZED; /* somebody else's, or here already */
}

enum err passkey_add(struct core *c, struct arena *a, struct account_id who, const struct passkey_answer *answer,
		     struct view name)
{
	const struct webauthn_site site = site_of(c);
	struct account_id asked;
	struct webauthn_key key;

	TRY(open_answer(c, a, decode(a, answer->client_data, WEBAUTHN_CLIENT_DATA_MAX), CHALLENGE_PASSKEY_ADD,
			"webauthn.create", &asked));
	if (asked.v != who.v ||
	    webauthn_register(&site, a, decode(a, answer->auth_data, WEBAUTHN_AUTH_DATA_MAX), &key) != OK)
		return ERR_UNAUTHORIZED;
	struct adding w = {.core = c,
			   .who = who,
			   .credential = encode(a, key.credential),
			   .key = encode(a, key.key),
			   .algorithm = key.algorithm,
			   .counter = key.counter,
			   .now = clock_now(),
			   .name = compose_chars(name) <= PASSKEY_NAME_CHARS ? view_trim(name) : V("")};
	return store_write(c->store, insert, &w);
}

/* --- logging in --- */

struct stored {
	int64_t id, counter;
	struct account_id who;
	struct webauthn_key key;
};

static enum err find(struct db *db, struct arena *a, struct view credential, struct stored *ret)
{
	struct rows r;

	db_query(db, &r, &passkey_by_credential, BINDS(B_TEXT(credential)));
	bool found = rows_next(&r);
	if (found)
		*ret = (struct stored){.id = row_int(&r, 0),
				       .who = {row_int(&r, 1)},
				       .key = {.algorithm = (int)row_int(&r, 2),
					       .key = decode(a, row_text(&r, 3), WEBAUTHN_AUTH_DATA_MAX)},
				       .counter = row_int(&r, 4)};
	TRY(rows_end(&r));
	return found ? OK : ERR_UNAUTHORIZED;
}

static enum err note_use(struct db *tx, void *arg)
{
	const struct stored *s = arg;
	int64_t n;

	TRY(db_exec(tx, &passkey_used, BINDS(B_INT(s->id), B_INT(s->counter), B_INT(clock_now())), &n));
	return n ? OK : ERR_UNAUTHORIZED; /* a copy of the key was used elsewhere (level 2, 7.2, 21) */
}

enum err passkey_login(struct core *c, struct db *db, struct arena *a, const struct passkey_answer *answer,
		       struct account_id *ret)
{
	const struct webauthn_site site = site_of(c);
	struct view client_data = decode(a, answer->client_data, WEBAUTHN_CLIENT_DATA_MAX);
	struct view auth_data = decode(a, answer->auth_data, WEBAUTHN_AUTH_DATA_MAX);
	struct account_id nobody;
	struct stored s;
	uint32_t counter;

	TRY(open_answer(c, a, client_data, CHALLENGE_PASSKEY_LOGIN, "webauthn.get", &nobody));
	TRY(find(db, a, answer->credential, &s));
	TRY(webauthn_verify(&site, &s.key, client_data, auth_data, decode(a, answer->signature, WEBAUTHN_AUTH_DATA_MAX),
			    &counter));
	s.counter = counter;
	TRY(store_write(c->store, note_use, &s));
	*ret = s.who;
	return OK;
}

struct removal {
	struct account_id who;
	int64_t id;
};

static enum err delete_key(struct db *tx, void *arg)
{
	const struct removal *r = arg;
	int64_t n;

	TRY(db_exec(tx, &passkey_delete, BINDS(B_INT(r->who.v), B_INT(r->id)), &n));
	return n ? OK : ERR_NOT_FOUND;
}

enum err passkey_remove(struct core *c, struct account_id who, int64_t id)
{
	return store_write(c->store, delete_key, &(struct removal){who, id});
}
