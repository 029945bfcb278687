/*
 * filter_set.h - an account's filters that are in force, made ready to be looked for in cards, and kept in memory.
 * Most people have none: a look-up then costs one look into a cache. Own posts are never filtered.
 *
 * "hide" is done here, by leaving the post out wherever the filter counts; warn and blur are left to the app, which is
 * told by Status.filtered (docs: entities/FilterResult) of every filter that matches, wherever it counts.
 */
#ifndef CORE_FILTER_SET_H
#define CORE_FILTER_SET_H

#include "core/cards.h"
#include "core/filters.h"
#include "text/needle.h"

struct set_keyword {
	struct needle needle;
	struct view text; /* as written */
};

struct set_filter {
	struct filter filter;
	const struct set_keyword *keywords;
	const int64_t *posts;
	size_t n_keywords, n_posts;
};

struct filter_set {
	struct cached cached;
	struct account_id owner;
	int64_t stale_at; /* when the first of them expires; 0: none does */
	const struct set_filter *filters;
	size_t n;
	unsigned hides; /* contexts in which some filter hides */
	/* Texts, by their hashes, in which no keyword is: most posts of a page have been looked at before. */
	_Atomic uint64_t *without;
	struct arena arena;
};

/* Nobody, and who has no filters, has an empty set. Never NULL. */
enum err filter_set_get(struct core *c, struct db *db, struct account_id owner, struct filter_set **ret);
void filter_set_put(struct filter_set *s); /* NULL-safe */

/* What is looked at: a post, or a boost with the post it is of. */
struct filtered {
	const struct card *card, *boosted; /* boosted: NULL when it is no boost */
};
bool filter_set_spares(const struct filter_set *s, const struct filtered *f); /* there is nothing to look for in it */
bool filter_keyword_matches(const struct set_keyword *k, const struct filtered *f);
bool filter_post_matches(int64_t post, const struct filtered *f);
bool filter_matches(const struct set_filter *filter, const struct filtered *f);
/* Some filter does. */
bool filter_set_matches(const struct filter_set *s, const struct filtered *f);
/* Some filter that hides, in this context, does. */
bool filter_set_hides(const struct filter_set *s, enum filter_context context, const struct filtered *f);
/* The same of a post by its id; a post that is gone is not hidden. Free where nothing hides in the context. */
enum err filter_set_hides_post(struct core *c, struct db *db, struct arena *a, const struct filter_set *s,
			       enum filter_context context, struct post_id id, bool *ret);

struct filter_sets *filter_sets_new(struct core *c, size_t bytes); /* subscribes to events */
void filter_sets_free(struct filter_sets *s);			   /* NULL-safe */

#endif
