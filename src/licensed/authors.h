/*
 * authors.h - what is asked of an author for each post that goes out: may it, for which uses, and how many follow them.
 * One word for each author, changed in place by events, to which all kept posts of the author point: asking costs a
 * load from memory, and nothing has to be looked for when somebody withdraws.
 */
#ifndef LICENSED_AUTHORS_H
#define LICENSED_AUTHORS_H

#include "core/core.h"
#include "meter/licensees.h"

struct licensed_author;
#define AUTHOR_FOLLOWERS_MAX ((INT64_C(1) << 40) - 1) /* more are as many */

/* What a word says. */
struct author_terms {
	bool sold;     /* of this server, neither suspended nor limited, and there */
	uint32_t uses; /* that hold; 0 when not sold */
	int64_t followers;
};

struct licensed_authors;
struct licensed_authors *licensed_authors_new(struct core *c); /* subscribes to events */
void licensed_authors_free(struct licensed_authors *a);	       /* NULL-safe; when no post is kept any more */

/* The author's word, made when nobody has it; reads nothing. licensed_author_put gives it back. Any thread. */
struct licensed_author *licensed_author_get(struct licensed_authors *a, struct account_id id);
void licensed_author_put(struct licensed_author *author); /* NULL-safe */
void licensed_author_prefetch(
	const struct licensed_author *author); /* its terms are about to be asked for; NULL-safe */
/* Reads the database only when something of the author has changed since. */
enum err licensed_author_terms(struct core *c, struct db *db, struct licensed_author *author, struct author_terms *ret);

/* The author allows every use that the licence is for. */
static inline bool author_allows(const struct author_terms *terms, const struct licence *licence)
{
	uint32_t uses = licence->plan.uses;

	return terms->sold && uses && (uses & ~terms->uses) == 0;
}

#endif
