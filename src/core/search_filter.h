/*
 * search_filter.h - what the operators of a search ask of posts (Mastodon: user/network, "Search"). All of them must
 * hold, each may be negated, and dates are days in UTC:
 *
 *   from:NAME from:me           who wrote it
 *   has:media has:image has:video has:audio has:poll has:link has:embed   embed: a card with a film in it
 *   is:reply is:sensitive
 *   language:CODE
 *   in:library in:public        what one wrote, is named in, favourited, boosted or bookmarked; what everybody may find
 *   before:DAY after:DAY during:DAY
 */
#ifndef CORE_SEARCH_FILTER_H
#define CORE_SEARCH_FILTER_H

#include "base/arena.h"
#include "base/limits.h"
#include "core/core.h"
#include "text/segment.h"

/* What a post may have, as bits of care and want; search_posts.c says in SQL when it has it. */
enum search_has {
	SEARCH_MEDIA = 1,
	SEARCH_POLL = 2,
	SEARCH_SENSITIVE = 4,
	SEARCH_REPLY = 8,
	SEARCH_IMAGE = 16,
	SEARCH_VIDEO = 32,
	SEARCH_AUDIO = 64,
	SEARCH_LINK = 128,
	SEARCH_EMBED = 256,
};

/* Where a post may be found: open to everybody and not in the viewer's library, in the library and not open, both. */
enum search_where { SEARCH_OPEN_ONLY = 1, SEARCH_LIBRARY_ONLY = 2, SEARCH_OPEN_IN_LIBRARY = 4, SEARCH_ANYWHERE = 7 };

struct search_range {
	int64_t from, to; /* ids; to is not in it */
};

struct search_language {
	struct view code;
	bool negated;
};

struct search_filter {
	struct account_id from; /* 0: whoever */
	int64_t where;		/* enum search_where */
	int64_t care, want;	/* enum search_has: which matter, and which of those a post must have */
	int64_t max_id, min_id; /* exclusive; 0: no bound */
	struct account_id not_from[LIMIT_QUERY_TERMS];
	struct search_range not_during[LIMIT_QUERY_TERMS];
	struct search_language languages[LIMIT_QUERY_TERMS];
	size_t n_not_from, n_not_during, n_languages;
	bool impossible; /* no post is like this */
};

/* What asks for nothing: every member but `where` may be set before operators are added. */
#define SEARCH_FILTER_ALL ((struct search_filter){.where = SEARCH_ANYWHERE})

/* Adds an operator (t->op is not empty) to what a search by me asks for. Texts are kept in a. */
enum err search_filter_add(struct core *c, struct db *db, struct arena *a, struct account_id me,
			   const struct segment_term *t, struct search_filter *f);

/* From now on only posts of this account. */
void search_filter_from(struct search_filter *f, struct account_id who);

/* Whether the lists allow a post: authors, languages and days that are left out. The rest is asked in SQL. */
bool search_filter_allows(const struct search_filter *f, int64_t id, struct account_id author, struct view language);

#endif
