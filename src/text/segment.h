/*
 * segment.h - texts and queries as search tokens. Both databases index and look for exactly these tokens, which is
 * why they agree; neither may cut or fold them again (FTS5: tokenize='ascii'; PostgreSQL: a tsvector made from the
 * tokens, not to_tsvector). A token is folded (text/fold.h), has ASCII letters and digits and characters beyond ASCII
 * only, and at most SEGMENT_TOKEN_BYTES; longer ones are cut.
 */
#ifndef TEXT_SEGMENT_H
#define TEXT_SEGMENT_H

#include "base/arena.h"
#include "base/buf.h"

#define SEGMENT_TOKEN_BYTES 120

/*
 * Appends the tokens of text, separated by one space: runs of letters and digits; in scripts written without spaces
 * (Han, kana, Thai, Lao, Khmer, Myanmar …) each character with its marks. Korean is cut into words.
 * ERR_INVALID when text is not UTF-8, ERR_TOO_LARGE when out is full; 36 bytes for each byte of text are always enough.
 */
enum err segment(struct buf *out, struct view text);

struct segment_term {
	struct view phrase;    /* tokens that follow each other, separated by one space; empty only with op */
	struct view op, value; /* "from" and "alice" of from:alice, as written; empty without */
	bool negated;	       /* -word */
	bool prefix;	       /* the last token is the beginning of a word: wor*, and Korean words outside quotes */
};

/*
 * A person's query: words, "phrases", -not, beginnings*, and Mastodon's operators (has: is: language: from: before:
 * after: during: in:). All terms must hold. Anything is a query: what has no tokens is left out, what comes after
 * max terms or LIMIT_QUERY_BYTES is ignored. Returns the number of terms; views live in a or in query.
 */
size_t segment_query(struct arena *a, struct view query, size_t max, struct segment_term *ret_terms);

#endif
