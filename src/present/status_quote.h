/*
 * status_quote.h - what becomes of a quote for one viewer, and whether they may quote a post (docs: entities/Quote,
 * entities/ShallowQuote, entities/QuoteApproval).
 */
#ifndef PRESENT_STATUS_QUOTE_H
#define PRESENT_STATUS_QUOTE_H

#include "present/present.h"

struct quote_shown {
	const char *state; /* Mastodon's name; NULL: the post quotes nothing */
	struct card *card; /* a reference to what it quotes, or NULL: it is not shown */
};

/* Whether it is shown is judged anew for each viewer: the quoted post may be theirs to see or not, or gone by now. */
enum err quote_find(const struct present *p, const struct post_meta *m, struct quote_shown *ret);

#define QUOTE_APPROVAL_MAX 128 /* bytes of what is written */
/* ,"quote_approval":{…} */
void quote_approval_write(const struct viewer *v, const struct post_meta *m, struct buf *out);

#endif
