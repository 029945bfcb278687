/*
 * scope.c - names of scopes, and which contain which.
 */
#include "base/base.h"

#include "core/scope.h"

#define BIT(s) ((scope_set)1 << (s))

struct scope_row {
	const char *name;
	enum scope from, to; /* what else it contains: this run of rows (both 0: nothing) */
};

static const struct scope_row rows[SCOPE_COUNT] = {
	[SCOPE_NONE] = {""},
	[SCOPE_PROFILE] = {"profile"},
	[SCOPE_READ] = {"read", SCOPE_READ_ACCOUNTS, SCOPE_READ_COLLECTIONS},
	/* GET accounts/verify_credentials asks for either of the two; so the wider one contains the narrower. */
	[SCOPE_READ_ACCOUNTS] = {"read:accounts", SCOPE_PROFILE, SCOPE_PROFILE},
	[SCOPE_READ_BLOCKS] = {"read:blocks"},
	[SCOPE_READ_BOOKMARKS] = {"read:bookmarks"},
	[SCOPE_READ_FAVOURITES] = {"read:favourites"},
	[SCOPE_READ_FILTERS] = {"read:filters"},
	[SCOPE_READ_FOLLOWS] = {"read:follows"},
	[SCOPE_READ_LISTS] = {"read:lists"},
	[SCOPE_READ_MUTES] = {"read:mutes"},
	[SCOPE_READ_NOTIFICATIONS] = {"read:notifications"},
	[SCOPE_READ_SEARCH] = {"read:search"},
	[SCOPE_READ_STATUSES] = {"read:statuses"},
	[SCOPE_READ_COLLECTIONS] = {"read:collections"},
	[SCOPE_WRITE] = {"write", SCOPE_WRITE_ACCOUNTS, SCOPE_WRITE_COLLECTIONS},
	[SCOPE_WRITE_ACCOUNTS] = {"write:accounts"},
	[SCOPE_WRITE_BLOCKS] = {"write:blocks"},
	[SCOPE_WRITE_BOOKMARKS] = {"write:bookmarks"},
	[SCOPE_WRITE_CONVERSATIONS] = {"write:conversations"},
	[SCOPE_WRITE_FAVOURITES] = {"write:favourites"},
	[SCOPE_WRITE_FILTERS] = {"write:filters"},
	[SCOPE_WRITE_FOLLOWS] = {"write:follows"},
	[SCOPE_WRITE_LISTS] = {"write:lists"},
	[SCOPE_WRITE_MEDIA] = {"write:media"},
	[SCOPE_WRITE_MUTES] = {"write:mutes"},
	[SCOPE_WRITE_NOTIFICATIONS] = {"write:notifications"},
	[SCOPE_WRITE_REPORTS] = {"write:reports"},
	[SCOPE_WRITE_STATUSES] = {"write:statuses"},
	[SCOPE_WRITE_COLLECTIONS] = {"write:collections"},
	[SCOPE_FOLLOW] = {"follow"},
	[SCOPE_PUSH] = {"push"},
	[SCOPE_ADMIN_READ] = {"admin:read", SCOPE_ADMIN_READ_ACCOUNTS, SCOPE_ADMIN_READ_CANONICAL_EMAIL_BLOCKS},
	[SCOPE_ADMIN_READ_ACCOUNTS] = {"admin:read:accounts"},
	[SCOPE_ADMIN_READ_REPORTS] = {"admin:read:reports"},
	[SCOPE_ADMIN_READ_DOMAIN_ALLOWS] = {"admin:read:domain_allows"},
	[SCOPE_ADMIN_READ_DOMAIN_BLOCKS] = {"admin:read:domain_blocks"},
	[SCOPE_ADMIN_READ_IP_BLOCKS] = {"admin:read:ip_blocks"},
	[SCOPE_ADMIN_READ_EMAIL_DOMAIN_BLOCKS] = {"admin:read:email_domain_blocks"},
	[SCOPE_ADMIN_READ_CANONICAL_EMAIL_BLOCKS] = {"admin:read:canonical_email_blocks"},
	[SCOPE_ADMIN_WRITE] = {"admin:write", SCOPE_ADMIN_WRITE_ACCOUNTS, SCOPE_ADMIN_WRITE_CANONICAL_EMAIL_BLOCKS},
	[SCOPE_ADMIN_WRITE_ACCOUNTS] = {"admin:write:accounts"},
	[SCOPE_ADMIN_WRITE_REPORTS] = {"admin:write:reports"},
	[SCOPE_ADMIN_WRITE_DOMAIN_ALLOWS] = {"admin:write:domain_allows"},
	[SCOPE_ADMIN_WRITE_DOMAIN_BLOCKS] = {"admin:write:domain_blocks"},
	[SCOPE_ADMIN_WRITE_IP_BLOCKS] = {"admin:write:ip_blocks"},
	[SCOPE_ADMIN_WRITE_EMAIL_DOMAIN_BLOCKS] = {"admin:write:email_domain_blocks"},
	[SCOPE_ADMIN_WRITE_CANONICAL_EMAIL_BLOCKS] = {"admin:write:canonical_email_blocks"},
};

#define FOLLOW_CONTAINS                                                                                                \
	(BIT(SCOPE_READ_BLOCKS) | BIT(SCOPE_READ_FOLLOWS) | BIT(SCOPE_READ_MUTES) | BIT(SCOPE_WRITE_BLOCKS) |          \
	 BIT(SCOPE_WRITE_FOLLOWS) | BIT(SCOPE_WRITE_MUTES))

static scope_set closed(enum scope s)
{
	scope_set set = BIT(s);
	if (s == SCOPE_FOLLOW)
		return set | FOLLOW_CONTAINS;
	for (enum scope i = rows[s].from; i != SCOPE_NONE && i <= rows[s].to; i++)
		set |= closed(i);
	return set;
}

static bool add_word(struct view word, scope_set *set)
{
	for (enum scope s = SCOPE_NONE + 1; s < SCOPE_COUNT; s++) {
		if (view_is(word, rows[s].name)) {
			*set |= closed(s);
			return true;
		}
	}
	return false;
}

enum err scope_parse(struct view text, scope_set *ret)
{
	scope_set set = 0;
	for (size_t at = 0, from = 0; at <= text.len; at++) {
		if (at < text.len && text.p[at] != ' ' && text.p[at] != '+')
			continue;
		struct view word = view_sub(text, from, at - from);
		from = at + 1;
		if (word.len > 0 && !add_word(word, &set))
			return ERR_INVALID;
	}
	*ret = set;
	return OK;
}

bool scope_has(scope_set have, enum scope need)
{
	return need == SCOPE_NONE || (have & BIT(need)) != 0;
}

bool scope_subset(scope_set inner, scope_set outer)
{
	return (inner & ~outer) == 0;
}

const char *scope_name(enum scope s)
{
	return s < SCOPE_COUNT ? rows[s].name : "";
}
