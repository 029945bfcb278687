/*
 * utf8.h - reading text one character at a time, and the classes of characters the rest of text/ asks about. Bytes
 * that are not UTF-8 read as U+FFFD, so a loop over hostile text always ends.
 */
#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H

#include <unistr.h>

#include "base/base.h"

/* The character at byte offset at < v.len; returns its length, at least 1 and never past the end of v. */
static inline size_t utf8_at(struct view v, size_t at, ucs4_t *ret)
{
	unsigned char c = (unsigned char)v.p[at];
	if (c < 0x80) {
		*ret = c;
		return 1;
	}
	return (size_t)u8_mbtouc(ret, (const uint8_t *)v.p + at, v.len - at);
}

/* The character that ends at byte offset at; 0 at the beginning. */
ucs4_t utf8_before(struct view v, size_t at);

bool utf8_is_word(ucs4_t c);  /* letter, mark, decimal digit or connector punctuation: Ruby's [[:word:]] */
bool utf8_is_alpha(ucs4_t c); /* the Alphabetic property: Ruby's [[:alpha:]] */
bool utf8_is_alnum(ucs4_t c); /* Alphabetic, or a decimal digit */
bool utf8_is_space(ucs4_t c); /* the White_Space property */
bool utf8_is_mark(ucs4_t c);
/* Control characters and those that reorder text: never part of a link. */
bool utf8_is_control(ucs4_t c);

static inline bool ascii_is_alpha(ucs4_t c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
static inline bool ascii_is_digit(ucs4_t c) { return c >= '0' && c <= '9'; }
static inline bool ascii_is_alnum(ucs4_t c) { return ascii_is_alpha(c) || ascii_is_digit(c); }
static inline char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c; }

#endif
