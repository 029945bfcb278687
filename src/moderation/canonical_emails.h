/*
 * canonical_emails.h - mail addresses nobody may sign up with, kept as a hash of what is left of them without what mail
 * providers ignore (docs: methods/admin/canonical_email_blocks): lower case, no dots, nothing behind a '+'.
 */
#ifndef MODERATION_CANONICAL_EMAILS_H
#define MODERATION_CANONICAL_EMAILS_H

#include "base/secret.h"
#include "core/core.h"
#include "core/page.h"

#define CANONICAL_HASH_LEN 64 /* SHA-256, hexadecimal */

struct canonical_block {
	int64_t id;
	struct view hash;
};

/* ERR_INVALID: no address. */
enum err canonical_email_hash(struct view email, char ret[CANONICAL_HASH_LEN + 1]);

enum err canonical_blocks_page(struct db *db, struct arena *a, const struct page *page, struct canonical_block *ret,
			       size_t *ret_n);
enum err canonical_block_load(struct db *db, struct arena *a, int64_t id, struct canonical_block *ret);
/* Of this address, or ERR_NOT_FOUND. */
enum err canonical_block_find(struct db *db, struct arena *a, struct view email, struct canonical_block *ret);
/* hash: 64 hexadecimal digits. Blocked already: ERR_UNPROCESSABLE with words. */
enum err canonical_block_create(struct core *c, struct account_id by, struct view hash, int64_t *ret,
				struct problem *problem);
enum err canonical_block_delete(struct core *c, struct account_id by, int64_t id);

/* Inside a store_write: the address of an account of this server, and back. Nothing happens where there is none. */
enum err canonical_email_block_account(struct db *tx, struct account_id id);
enum err canonical_email_unblock_account(struct db *tx, struct account_id id);

#endif
