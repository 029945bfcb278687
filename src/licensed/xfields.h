/*
 * xfields.h - which members of posts, users, media and polls a caller asked for, and what that they refer to (X API v2:
 * fundamentals/fields, fundamentals/expansions, fundamentals/data-dictionary). The tables of names are in xfields.c;
 * members come in their order.
 *
 * X renames tweets to posts; both spellings are read (tweet.fields and post.fields, referenced_tweets.id and
 * referenced_posts), answers are written in the older one, which all clients of today read.
 */
#ifndef LICENSED_XFIELDS_H
#define LICENSED_XFIELDS_H

#include "base/buf.h"

/* The first three are what one gets without asking. Bits of struct xfields, places in a kept post. */
enum tweet_field {
	TWEET_ID,
	TWEET_TEXT,
	TWEET_EDIT_HISTORY,
	TWEET_ATTACHMENTS,
	TWEET_AUTHOR_ID,
	TWEET_CONVERSATION_ID,
	TWEET_CREATED_AT,
	TWEET_EDIT_CONTROLS,
	TWEET_ENTITIES,
	TWEET_IN_REPLY_TO,
	TWEET_LANG,
	TWEET_NOTE,
	TWEET_SENSITIVE,
	TWEET_METRICS, /* only on plans that have them */
	TWEET_REFERENCED,
	TWEET_REPLY_SETTINGS,
	TWEET_SOURCE,
	TWEET_KICAU, /* ours: {"url","edited_at","warning"} */
	TWEET_FIELDS
};
enum user_field {
	USER_ID,
	USER_NAME,
	USER_USERNAME,
	USER_CREATED_AT,
	USER_DESCRIPTION,
	USER_ENTITIES,
	USER_BANNER,
	USER_PINNED,
	USER_PICTURE,
	USER_PROTECTED,
	USER_METRICS, /* only on plans that have them */
	USER_URL,
	USER_VERIFIED,
	USER_VERIFIED_TYPE,
	USER_KICAU, /* ours: {"url","bot","uses"} */
	USER_FIELDS
};
enum media_field {
	XMEDIA_KEY,
	XMEDIA_TYPE,
	XMEDIA_ALT_TEXT,
	XMEDIA_DURATION,
	XMEDIA_HEIGHT,
	XMEDIA_PREVIEW,
	XMEDIA_URL,
	XMEDIA_VARIANTS,
	XMEDIA_WIDTH,
	XMEDIA_FIELDS
};
enum poll_field { XPOLL_ID, XPOLL_OPTIONS, XPOLL_DURATION, XPOLL_END, XPOLL_STATUS, XPOLL_FIELDS };
enum expansion {
	EXPAND_AUTHOR,
	EXPAND_REFERENCED,
	EXPAND_REFERENCED_AUTHOR,
	EXPAND_REFERENCED_MEDIA,
	EXPAND_IN_REPLY_TO,
	EXPAND_MENTIONS,
	EXPAND_MEDIA,
	EXPAND_POLL,
	EXPAND_HISTORY,
	EXPAND_PINNED, /* of users */
	EXPANSIONS
};
#define FIELD(f) (1u << (f))
#define TWEET_DEFAULTS (FIELD(TWEET_ID) | FIELD(TWEET_TEXT) | FIELD(TWEET_EDIT_HISTORY))
#define USER_DEFAULTS (FIELD(USER_ID) | FIELD(USER_NAME) | FIELD(USER_USERNAME))
#define MEDIA_DEFAULTS (FIELD(XMEDIA_KEY) | FIELD(XMEDIA_TYPE))
#define POLL_DEFAULTS (FIELD(XPOLL_ID) | FIELD(XPOLL_OPTIONS))

struct xfields {
	uint32_t tweet, user, media, poll; /* the defaults are always among them */
	uint32_t expansions;
};

/* Lists of names that a caller may give. */
enum xlist {
	XLIST_TWEET,
	XLIST_USER,
	XLIST_MEDIA,
	XLIST_POLL,
	XLIST_PLACE,
	XLIST_EXPANSIONS,      /* where posts are asked for */
	XLIST_USER_EXPANSIONS, /* where users are */
	XLISTS
};
/*
 * Adds the names of a list with commas between to *fields, which begins as xfields_none(). Names that X knows and we have
 * nothing for (geo, context_annotations, …) are taken and bring nothing, as on X for a post without them.
 * ERR_INVALID: *ret_unknown is the first that is none.
 */
struct xfields xfields_none(void);
enum err xfields_add(struct xfields *fields, enum xlist list, struct view names, struct view *ret_unknown);
/* "[id,text,…]" for the words of a refusal. */
void xfields_names(enum xlist list, struct buf *out);
const char *xfields_name(enum xlist list, size_t i); /* the i-th of them; NULL: behind the last */

#endif
