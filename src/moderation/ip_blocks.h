/*
 * ip_blocks.h - addresses and networks from where one may not sign up, only past a moderator, or do nothing at all
 * (docs: methods/admin/ip_blocks).
 */
#ifndef MODERATION_IP_BLOCKS_H
#define MODERATION_IP_BLOCKS_H

#include "core/core.h"
#include "core/page.h"
#include "http/forwarded.h"

#define LIMIT_IP_BLOCKS 10000 /* they are looked through one by one */

/* Stored numbers; a larger one is stricter. */
enum ip_severity { IP_APPROVAL, IP_NO_SIGN_UP, IP_NO_ACCESS };
extern const char *const ip_severities[]; /* "sign_up_requires_approval", …; ended by NULL */

struct ip_block {
	int64_t id, created_at, expires_at; /* expires_at 0: never */
	struct view network;		    /* "192.0.2.0/24" */
	enum ip_severity severity;
	struct view comment;
};
enum err ip_blocks_page(struct db *db, struct arena *a, const struct page *page, struct ip_block *ret, size_t *ret_n);
enum err ip_block_load(struct db *db, struct arena *a, int64_t id, struct ip_block *ret);

/*
 * "192.0.2.77/24" → "192.0.2.0/24", "::1" → "::1/128". ERR_UNPROCESSABLE with words: neither an address nor a network.
 */
#define NETWORK_TEXT (ADDRESS_TEXT + 4)
enum err network_read(struct arena *a, struct view text, struct network *ret, char ret_text[NETWORK_TEXT],
		      struct problem *problem);

/* Nobody locks themselves out: ERR_UNPROCESSABLE with words where the block would deny everything to this address. */
enum err ip_block_check_own(const struct ip_block *b, const struct network *net, struct view own,
			    struct problem *problem);

/*
 * All but id and created_at; network as network_read has it. ERR_UNPROCESSABLE with words: there is one already, or too
 * many.
 */
enum err ip_block_create(struct core *c, struct account_id by, const struct ip_block *b, int64_t *ret,
			 struct problem *problem);
enum err ip_block_update(struct core *c, struct account_id by, const struct ip_block *b, struct problem *problem);
enum err ip_block_delete(struct core *c, struct account_id by, int64_t id);

/* The strictest one an address falls under; ERR_NOT_FOUND: none. */
enum err ip_block_severity(struct db *db, struct view ip, enum ip_severity *ret);

/* --- IP_NO_ACCESS, in memory: every request asks --- */

struct denied;
struct denied *denied_new(struct core *c); /* subscribes to events, at boot */
void denied_free(struct denied *d);	   /* NULL-safe */
bool denied_has(struct denied *d, struct db *db, struct view ip);

#endif
