/*
 * post_html.h - the HTML of texts written here: posts, account notes, values of profile fields. The shape is that of
 * Mastodon's TextFormatter to the byte, because apps and other servers read its classes.
 */
#ifndef TEXT_POST_HTML_H
#define TEXT_POST_HTML_H

#include "text/compose.h"
#include "text/html.h"

/* Whom a mention means, as the caller found out. */
struct post_link {
	struct view url;   /* of the profile; empty: nobody, the mention stays plain text */
	struct view shown; /* after the '@': "user", or "user@domain" where two in the text have one name */
};

struct post_style {
	struct view base_url; /* "https://example.com", without a slash at the end */
	bool paragraphs;      /* false: one line, for profile fields */
	bool rel_me;	      /* links say rel="… me", for profile fields */
};

/*
 * Appends the HTML of text; nothing for a text of white space only. tokens are compose_tokens() of the same text;
 * links has one entry for each of them, of which those of mentions are read (NULL: none is resolved).
 * ret is valid until out next changes. ERR_TOO_LARGE when out is full: POST_HTML_BYTES(text.len, tokens.n) is always
 * enough as long as base_url, and url and shown of each link, escaped, are at most 512 bytes together.
 */
#define POST_HTML_BYTES(text_bytes, tokens) (12 * (text_bytes) + 768 * (tokens) + 64)
enum err post_html(struct buf *out, struct view text, struct tokens tokens, const struct post_link *links,
		   const struct post_style *style, struct safe_html *ret);

#endif
