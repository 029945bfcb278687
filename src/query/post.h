/*
 * post.h - what queries look at in a post, in the form it is compared in. Made by post.c, read by operators.c, the
 * index of rules and the search. Private to this folder.
 */
#ifndef QUERY_POST_H
#define QUERY_POST_H

#include "query/query.h"

enum query_flag {
	FLAG_REPLY = 1 << 0,
	FLAG_BOOST = 1 << 1,
	FLAG_QUOTE = 1 << 2,
	FLAG_VERIFIED = 1 << 3,
	FLAG_TAGS = 1 << 4,
	FLAG_CASHTAGS = 1 << 5,
	FLAG_LINKS = 1 << 6,
	FLAG_MENTIONS = 1 << 7,
	FLAG_MEDIA = 1 << 8,
	FLAG_IMAGES = 1 << 9,
	FLAG_VIDEOS = 1 << 10,
	FLAG_POLL = 1 << 11,
	FLAG_ADVERT = 1 << 12, /* is:nullcast: nothing is one */
};

struct views {
	const struct view *v;
	size_t n;
};

/*
 * Of a boost, what is written (words … flags of content) is that of the post that is boosted; who did it, when and what
 * it refers to is its own.
 */
struct query_post {
	int64_t id, author, reply_to, reply_author, thread, boost_of, boost_author, quote_of;
	int64_t created_ms;
	struct view author_name, reply_name, boost_name; /* lower case; empty without */
	struct view language;				 /* empty: not known */
	/* Tokens with a space before and behind each; two spaces where one piece of text ends, so no phrase spans two. */
	struct view words, urls;
	struct view symbols;   /* the text as it is, without variation selectors */
	struct views tags;     /* folded, in the order of their bytes */
	struct views names;    /* mentioned people of this server, lower case */
	struct views cashtags; /* lower case */
	unsigned flags;
	int64_t likes, replies, boosts;
};

/* Looks for " phrase " in tokens as above. */
bool query_has_phrase(struct view tokens, struct view phrase);

/*
 * The same from parts, for who has them already. boosted: NULL for what is not a boost. Names in any case.
 * author_fields: JSON of the author's fields (struct account).
 */
struct query_parts {
	const struct post *post, *boosted;
	struct view author_name, author_fields, reply_name, boost_name;
};
const struct query_post *query_post_build(struct arena *a, const struct query_parts *parts);

#endif
