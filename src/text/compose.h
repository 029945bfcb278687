/*
 * compose.h - what is inside the plain text of a local post: mentions, hashtags and links, found as Mastodon finds
 * them (app/lib/extractor.rb, app/models/account.rb MENTION_RE, app/models/tag.rb HASHTAG_RE), so that a text counts
 * and links the same in its apps and here. Linear in the length of the text; text need not be valid UTF-8.
 */
#ifndef TEXT_COMPOSE_H
#define TEXT_COMPOSE_H

#include "base/arena.h"
#include "base/buf.h"

enum token_kind { TOKEN_MENTION, TOKEN_TAG, TOKEN_URL };

struct token {
	enum token_kind kind;
	size_t at, len;	    /* bytes of the text, with the sign */
	struct view name;   /* user name, tag without its sign, or the whole URL; a piece of the text */
	struct view domain; /* of a mention: as written, may be our own; empty without */
};

struct tokens {
	const struct token *v;
	size_t n;
};

/* The first token at or after *at; moves *at behind it. False, and *at at the end, when there is none. */
bool compose_next(struct view text, size_t *at, struct token *ret);

/* All tokens in order, without overlaps, at most max (see LIMIT_POST_TOKENS): what comes after is plain text. */
struct tokens compose_tokens(struct arena *a, struct view text, size_t max);

/*
 * Characters a post counts (Mastodon's StatusLengthValidator): grapheme clusters of spoiler and text together, a link
 * as COMPOSE_URL_CHARS, a mention without its domain. Both parts are at most LIMIT_POST_TEXT_BYTES.
 */
#define COMPOSE_URL_CHARS 23
size_t compose_length(struct view text, struct view spoiler);

/* Grapheme clusters, nothing more: for display names, poll options, descriptions. */
size_t compose_chars(struct view text);

/*
 * The name under which a tag is stored and found: #Cafe, #café and #ＣＡＦÉ are one (Mastodon's HashtagNormalizer).
 * name is without its sign. ERR_INVALID when nothing of it, or something that is no tag, is left; ERR_TOO_LARGE when
 * the key is over COMPOSE_TAG_BYTES.
 */
#define COMPOSE_TAG_BYTES 400
enum err compose_tag_key(struct buf *out, struct view name);

#endif
