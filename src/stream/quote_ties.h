/*
 * quote_ties.h - who of an event's receivers sees a quote otherwise than the rest: what is quoted is hidden from some,
 * and bears the marks of others. They get a rendering of their own (deliver_send.c).
 */
#ifndef STREAM_QUOTE_TIES_H
#define STREAM_QUOTE_TIES_H

#include "core/cards.h"
#include "stream/aversions.h"
#include "stream/registry.h"

#define QUOTE_LEVELS 2 /* what is quoted, and what that quotes in turn */

struct quote_ties {
	struct card *quoted; /* NULL: nothing */
	bool closed;	     /* one is not for everybody, or open to followers' quotes only: each sees it as they may */
	struct aversions *authors[QUOTE_LEVELS];
	size_t n_authors;
	struct idset marked; /* receivers with flags on what is quoted, or votes in it */
};

/* Of a post that is shown; without quotes everything is empty. Released also after an error. */
enum err quote_ties_load(struct quote_ties *q, struct core *c, struct cache *aversions, struct db *db, struct arena *a,
			 const struct post_meta *shown, const struct targets *receivers);
void quote_ties_release(struct quote_ties *q);

/* Does the account need a rendering of its own? personal: one that shows flags. */
bool quote_ties_differ(const struct quote_ties *q, struct account_id account, bool personal);

#endif
