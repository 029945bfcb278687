/*
 * canonical_emails.c - see canonical_emails.h.
 */
#include "base/base.h"

#include "moderation/canonical_emails.h"

#include "moderation/audit.h"
#include "moderation/rows.h"
#include "text/utf8.h"

#define EMAIL_MAX 320

SQL(canonical_email_of, "SELECT email FROM users WHERE account_id = $1");
SQL(canonical_find, "SELECT id, hash FROM canonical_email_blocks WHERE hash = $1");
#define PAGE "SELECT id, hash FROM canonical_email_blocks WHERE id > $1 AND id < $2 "
SQL(canonical_down, PAGE "ORDER BY id DESC LIMIT $3");
SQL(canonical_up, PAGE "ORDER BY id ASC LIMIT $3");
SQL(canonical_insert,
    "INSERT INTO canonical_email_blocks (id, hash, account_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
SQL(canonical_delete, "DELETE FROM canonical_email_blocks WHERE id = $1");
SQL(canonical_delete_account, "DELETE FROM canonical_email_blocks WHERE account_id = $1");

enum err canonical_email_hash(struct view email, char ret[CANONICAL_HASH_LEN + 1])
{
	char text[EMAIL_MAX];
	size_t n = 0, at = view_find(email, 0, '@');

	if (at == 0 || at + 1 >= email.len || email.len > sizeof(text))
		return ERR_INVALID;
	for (size_t i = 0; i < at && email.p[i] != '+'; i++)
		if (email.p[i] != '.')
			text[n++] = ascii_lower(email.p[i]);
	for (size_t i = at; i < email.len; i++)
		text[n++] = ascii_lower(email.p[i]);
	struct digest d = digest_sha256(view_make(text, n));
	hex_encode(d.b, DIGEST_LEN, ret);
	return OK;
}

static void read_block(const struct rows *r, struct arena *a, void *ret)
{
	*(struct canonical_block *)ret = (struct canonical_block){row_int(r, 0), row_copy(r, 1, a)};
}

static const struct rows_of blocks = {&canonical_down, &canonical_up, sizeof(struct canonical_block), read_block};

enum err canonical_blocks_page(struct db *db, struct arena *a, const struct page *page, struct canonical_block *ret,
			       size_t *ret_n)
{
	return rows_page(db, a, &blocks, page, NULL, 0, ret, ret_n);
}

enum err canonical_block_load(struct db *db, struct arena *a, int64_t id, struct canonical_block *ret)
{
	return rows_one(db, a, &blocks, id, NULL, 0, ret);
}

enum err canonical_block_find(struct db *db, struct arena *a, struct view email, struct canonical_block *ret)
{
	char hash[CANONICAL_HASH_LEN + 1];
	struct rows r;

	if (canonical_email_hash(email, hash) != OK)
		return ERR_NOT_FOUND;
	db_query(db, &r, &canonical_find, BINDS(B_TEXT(view_of(hash))));
	bool found = rows_next(&r);
	if (found)
		read_block(&r, a, ret);
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

struct change {
	struct account_id by;
	int64_t id;
	struct view hash;
	struct problem *problem;
};

static enum err write_create(struct db *tx, void *arg)
{
	const struct change *w = arg;
	int64_t made;

	TRY(db_exec(tx, &canonical_insert, BINDS(B_INT(w->id), B_TEXT(w->hash), B_NULL), &made));
	if (!made)
		return fail(w->problem, ERR_UNPROCESSABLE,
			    "Validation failed: Canonical email hash has already been taken");
	return audit_add(tx, w->by, "create", "canonical_email_block", w->id, w->hash);
}

enum err canonical_block_create(struct core *c, struct account_id by, struct view hash, int64_t *ret,
				struct problem *problem)
{
	unsigned char bytes[DIGEST_LEN];
	char lower[CANONICAL_HASH_LEN + 1];

	if (!hex_decode(hash, bytes, sizeof(bytes)))
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Canonical email hash is invalid");
	hex_encode(bytes, sizeof(bytes), lower);
	struct change w = {.by = by, .id = id_next(), .hash = view_of(lower), .problem = problem};
	TRY(store_write(c->store, write_create, &w));
	*ret = w.id;
	return OK;
}

static enum err write_delete(struct db *tx, void *arg)
{
	const struct change *w = arg;

	return rows_delete(tx, &canonical_delete, w->by, "canonical_email_block", w->id);
}

enum err canonical_block_delete(struct core *c, struct account_id by, int64_t id)
{
	return store_write(c->store, write_delete, &(struct change){.by = by, .id = id});
}

/* What is blocked by hand already stays so when the account comes back. */
enum err canonical_email_block_account(struct db *tx, struct account_id id)
{
	char hash[CANONICAL_HASH_LEN + 1] = "";
	struct rows r;

	db_query(tx, &r, &canonical_email_of, BINDS(B_INT(id.v)));
	if (rows_next(&r) && canonical_email_hash(row_text(&r, 0), hash) != OK)
		hash[0] = '\0';
	TRY(rows_end(&r));
	if (!hash[0])
		return OK;
	return db_exec(tx, &canonical_insert, BINDS(B_INT(id_next()), B_TEXT(view_of(hash)), B_INT(id.v)), NULL);
}

enum err canonical_email_unblock_account(struct db *tx, struct account_id id)
{
	return db_exec(tx, &canonical_delete_account, BINDS(B_INT(id.v)), NULL);
}
