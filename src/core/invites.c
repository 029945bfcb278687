/*
 * invites.c - see invites.h.
 */
#include "base/base.h"

#include "core/invites.h"

#include "base/clock.h"
#include "base/secret.h"

#define HOLDS "(max_uses = 0 OR uses < max_uses) AND (expires_at = 0 OR expires_at > $2)"
SQL(invite_insert, "INSERT INTO invites (id, code, account_id, max_uses, expires_at, created_at)"
		   " VALUES ($1, $2, $3, $4, $5, $6)");
SQL(invite_use, "UPDATE invites SET uses = uses + 1 WHERE code = $1 AND " HOLDS " RETURNING id");
SQL(invite_good, "SELECT 1 FROM invites WHERE code = $1 AND " HOLDS);
#define COLUMNS "SELECT id, code, account_id, max_uses, uses, expires_at FROM invites "
SQL(invites_of, COLUMNS "WHERE account_id = $1 AND " HOLDS " ORDER BY id DESC LIMIT $3");
SQL(invites_all, COLUMNS "WHERE id > $1 AND " HOLDS " ORDER BY id DESC LIMIT $3");
SQL(invite_count, "SELECT COUNT(*) FROM invites WHERE account_id = $1 AND " HOLDS);
SQL(invite_stop,
    "UPDATE invites SET expires_at = $2 WHERE code = $1 AND " HOLDS " AND (CAST($3 AS BIGINT) = 0 OR account_id = $3)");

bool invites_allowed(const struct core *c, enum role role)
{
	return c->config.invites_by_all || role != ROLE_USER;
}

struct making {
	const struct invite *new;
	char code[INVITE_CODE_LEN + 1];
	int64_t now;
	struct problem *problem;
};

static enum err insert(struct db *tx, void *arg)
{
	const struct making *m = arg;
	const struct invite *n = m->new;
	int64_t count;

	TRY(db_int(tx, &invite_count, BINDS(B_INT(n->by.v), B_INT(m->now)), &count));
	if (n->by.v && count >= LIMIT_INVITES)
		return fail(m->problem, ERR_UNPROCESSABLE, "You have as many invitations as one may have");
	return db_exec(tx, &invite_insert,
		       BINDS(B_INT(id_next()), B_TEXT(view_of(m->code)), B_INT(n->by.v), B_INT(n->max_uses),
			     B_INT(n->expires_at), B_INT(m->now)),
		       NULL);
}

enum err invite_create(struct core *c, const struct invite *new, char ret_code[INVITE_CODE_LEN + 1],
		       struct problem *problem)
{
	struct making m = {.new = new, .now = clock_now(), .problem = problem};
	unsigned char bytes[INVITE_CODE_LEN * 3 / 4];

	if (new->max_uses < 0 || new->max_uses > INVITE_USES_MAX || (new->expires_at &&new->expires_at <= m.now))
		return fail(problem, ERR_UNPROCESSABLE, "An invitation is for 1 to %d accounts, and ends in the future",
			    INVITE_USES_MAX);
	do {
		rand_bytes(bytes, sizeof(bytes));
		base64url_encode(bytes, sizeof(bytes), m.code);
	} while (m.code[0] == '-'); /* the command line would take it for an option */
	TRY(store_write(c->store, insert, &m));
	memcpy(ret_code, m.code, sizeof(m.code));
	return OK;
}

enum err invites_load(struct db *db, struct arena *a, struct account_id by, struct invite ret[LIMIT_INVITES],
		      size_t *ret_n)
{
	struct rows r;
	size_t n = 0;

	db_query(db, &r, by.v ? &invites_of : &invites_all,
		 BINDS(B_INT(by.v), B_INT(clock_now()), B_INT(LIMIT_INVITES)));
	while (n < LIMIT_INVITES && rows_next(&r))
		ret[n++] = (struct invite){.id = row_int(&r, 0),
					   .code = row_copy(&r, 1, a),
					   .by = {row_int(&r, 2)},
					   .max_uses = row_int(&r, 3),
					   .uses = row_int(&r, 4),
					   .expires_at = row_int(&r, 5)};
	TRY(rows_end(&r));
	*ret_n = n;
	return OK;
}

struct ending {
	struct account_id by;
	struct view code;
	int64_t now;
};

static enum err stop(struct db *tx, void *arg)
{
	const struct ending *e = arg;
	int64_t n;

	TRY(db_exec(tx, &invite_stop, BINDS(B_TEXT(e->code), B_INT(e->now), B_INT(e->by.v)), &n));
	return n ? OK : ERR_NOT_FOUND;
}

enum err invite_end(struct core *c, struct account_id by, struct view code)
{
	return store_write(c->store, stop, &(struct ending){by, code, clock_now()});
}

enum err invite_holds(struct db *db, struct view code, bool *ret)
{
	int64_t one;
	enum err err = ERR_NOT_FOUND;

	if (code.len && code.len <= 64)
		err = db_int(db, &invite_good, BINDS(B_TEXT(code), B_INT(clock_now())), &one);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	*ret = err == OK;
	return OK;
}

enum err invite_take(struct db *tx, struct view code, int64_t now, int64_t *ret_id)
{
	return db_int(tx, &invite_use, BINDS(B_TEXT(code), B_INT(now)), ret_id);
}
