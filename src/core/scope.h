/*
 * scope.h - OAuth scopes as Mastodon has them (docs: "OAuth scopes"): read, write, follow, push, profile and the
 * granular read:x / write:x, and the same of admin:read and admin:write. A token carries a set of bits; a broad scope contains its narrow ones.
 */
#ifndef CORE_SCOPE_H
#define CORE_SCOPE_H

#include "base/base.h"

/* One table row in scope.c each, in this order. SCOPE_NONE asks for nothing. */
enum scope {
	SCOPE_NONE,
	SCOPE_PROFILE,
	SCOPE_READ,
	SCOPE_READ_ACCOUNTS,
	SCOPE_READ_BLOCKS,
	SCOPE_READ_BOOKMARKS,
	SCOPE_READ_FAVOURITES,
	SCOPE_READ_FILTERS,
	SCOPE_READ_FOLLOWS,
	SCOPE_READ_LISTS,
	SCOPE_READ_MUTES,
	SCOPE_READ_NOTIFICATIONS,
	SCOPE_READ_SEARCH,
	SCOPE_READ_STATUSES,
	SCOPE_READ_COLLECTIONS,
	SCOPE_WRITE,
	SCOPE_WRITE_ACCOUNTS,
	SCOPE_WRITE_BLOCKS,
	SCOPE_WRITE_BOOKMARKS,
	SCOPE_WRITE_CONVERSATIONS,
	SCOPE_WRITE_FAVOURITES,
	SCOPE_WRITE_FILTERS,
	SCOPE_WRITE_FOLLOWS,
	SCOPE_WRITE_LISTS,
	SCOPE_WRITE_MEDIA,
	SCOPE_WRITE_MUTES,
	SCOPE_WRITE_NOTIFICATIONS,
	SCOPE_WRITE_REPORTS,
	SCOPE_WRITE_STATUSES,
	SCOPE_WRITE_COLLECTIONS,
	SCOPE_FOLLOW, /* old: read and write of blocks, follows, mutes */
	SCOPE_PUSH,
	SCOPE_ADMIN_READ,
	SCOPE_ADMIN_READ_ACCOUNTS,
	SCOPE_ADMIN_READ_REPORTS,
	SCOPE_ADMIN_READ_DOMAIN_ALLOWS,
	SCOPE_ADMIN_READ_DOMAIN_BLOCKS,
	SCOPE_ADMIN_READ_IP_BLOCKS,
	SCOPE_ADMIN_READ_EMAIL_DOMAIN_BLOCKS,
	SCOPE_ADMIN_READ_CANONICAL_EMAIL_BLOCKS,
	SCOPE_ADMIN_WRITE,
	SCOPE_ADMIN_WRITE_ACCOUNTS,
	SCOPE_ADMIN_WRITE_REPORTS,
	SCOPE_ADMIN_WRITE_DOMAIN_ALLOWS,
	SCOPE_ADMIN_WRITE_DOMAIN_BLOCKS,
	SCOPE_ADMIN_WRITE_IP_BLOCKS,
	SCOPE_ADMIN_WRITE_EMAIL_DOMAIN_BLOCKS,
	SCOPE_ADMIN_WRITE_CANONICAL_EMAIL_BLOCKS,
	SCOPE_COUNT
};

typedef uint64_t scope_set; /* the one typedef: a bit per enum scope, closed under "contains" */

/* "read write:statuses" → set. Unknown words are ERR_INVALID. Separators: spaces or '+'. */
enum err scope_parse(struct view text, scope_set *ret);
bool scope_has(scope_set have, enum scope need); /* SCOPE_NONE is always had */
bool scope_subset(scope_set inner, scope_set outer);
const char *scope_name(enum scope s); /* "write:statuses" */
/* Mastodon's error text for a missing scope names nothing: "This action is outside the authorized scopes". */

#endif
