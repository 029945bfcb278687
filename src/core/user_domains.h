/*
 * user_domains.h - servers that one account has blocked for itself (docs: methods/domain_blocks). Who is there neither
 * follows it nor is followed by it from then on, and it is not told of what they do.
 */
#ifndef CORE_USER_DOMAINS_H
#define CORE_USER_DOMAINS_H

#include "base/arena.h"
#include "core/core.h"
#include "core/page.h"

struct user_domain {
	int64_t id; /* the cursor */
	struct view domain;
};

/* How many follows a block would end. A domain that is none of another server has none. */
struct user_domain_ties {
	int64_t following, followers;
};
enum err user_domain_ties_count(struct db *db, struct account_id who, struct view domain, struct user_domain_ties *ret);
/* Idempotent. ERR_UNPROCESSABLE: it is no name of a server, it is this one, or LIMIT_USER_DOMAINS are blocked. */
enum err user_domain_block(struct core *c, struct account_id who, struct view domain, struct problem *problem);
/* Idempotent; anything may be unblocked. */
enum err user_domain_unblock(struct core *c, struct account_id who, struct view domain);
/* Newest first; texts in the arena, ret has page->limit. */
enum err user_domains_page(struct db *db, struct arena *a, struct account_id who, const struct page *page,
			   struct user_domain *ret, size_t *ret_n);

#endif
