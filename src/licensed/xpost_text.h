/*
 * xpost_text.h - the text of a post as X gives it, and what is in it. Private to licensed/.
 */
#ifndef LICENSED_XPOST_TEXT_H
#define LICENSED_XPOST_TEXT_H

#include "base/json.h"
#include "core/post.h"
#include "text/compose.h"

/* Somebody a text may name. */
struct xnamed {
	struct account_id id;
	struct view username, domain; /* domain empty: of this server */
};

struct xtext {
	struct view text;
	struct tokens tokens;
	const struct xnamed *named; /* whom its mentions can mean */
	size_t n_named;
	struct view domain;	    /* ours */
	const struct preview *card; /* of one of its links; NULL without */
};

/* Whom a mention means; NULL: nobody, then it is no entity. */
const struct xnamed *xtext_named(const struct xtext *t, const struct token *mention);
/*
 * {"urls":[…],"mentions":[…],"hashtags":[…]}, those that hold something; false, and nothing, when none does. start and
 * end are counted in characters (Unicode code points), end is behind the last (X: data dictionary, "entities").
 */
bool xtext_entities(const struct xtext *t, struct jw *j);

#endif
