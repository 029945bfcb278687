/*
 * quotes.h - posts that quote another (docs: Mastodon 4.5, methods/statuses, entities/Quote). Who may is visibility.h's
 * quotable_by(); a quote that was made may be taken back by the author of what it quotes.
 */
#ifndef CORE_QUOTES_H
#define CORE_QUOTES_H

#include "core/events.h"
#include "core/page_read.h"
#include "core/post_text.h"
#include "core/post.h"

/* What a new post quotes: of.v 0 is nothing. */
struct quote {
	struct post_id of;
	struct account_id author; /* of that post */
	bool closed;		  /* for followers only */
};

/* Before the transaction. A boost is quoted as its post. ERR_NOT_FOUND, with words: not there, or not for this author. */
enum err quote_prepare(struct core *c, struct db *db, struct arena *a, struct account_id author, struct post_id of,
		       struct quote *ret, struct problem *problem);
/* Who is quoted in a direct post has to be one of those it is for: ERR_UNPROCESSABLE. */
enum err quote_check_audience(const struct quote *q, struct account_id author, enum visibility v,
			      const struct post_text *made, struct problem *problem);
/* Inside the transaction, before the row: counts the quote, and holds the quoted post. */
enum err quote_write(struct db *tx, struct event_list *events, const struct quote *q, enum visibility v,
		     struct problem *problem);
/* Inside the transaction that deletes a quoting post. */
enum err quote_drop(struct db *tx, struct event_list *events, struct post_id of, enum quote_state state,
		    enum visibility v);

static inline enum quote_state quote_state_of(const struct quote *q) { return q->of.v ? QUOTE_ACCEPTED : QUOTE_NONE; }
/* Posts for followers and direct ones are nobody's to quote, whatever was chosen. */
static inline enum quote_policy quote_policy_of(enum quote_policy chosen, enum visibility v)
{
	return v >= VISIBILITY_PRIVATE ? QUOTE_NOBODY : chosen;
}

/* Quotes of a post that everybody may see, without those that are replies when no_replies; not judged. Cursor and id are
 * the quoting post's. */
enum err post_quotes(struct db *db, struct post_id post, bool no_replies, const struct page *page,
		     struct page_item *ret, size_t *ret_n);
/*
 * who, the author of `post`, takes back that `quoting` quotes it. Idempotent. ERR_NOT_FOUND: it does not, or post is
 * somebody else's. Pends EVENT_POST_EDITED of the quoting post.
 */
enum err quote_revoke(struct core *c, struct account_id who, struct post_id post, struct post_id quoting);
/* Who may quote a post of one's own from now on; quotes that are there stay. ERR_NOT_FOUND: not one's own. */
enum err quote_policy_set(struct core *c, struct account_id who, struct post_id post, enum quote_policy policy);

#endif
