/*
 * utf16.h - UTF-16 that says so by its mark (U+FEFF), to UTF-8, in pieces; and Windows-1252, which is what bytes that are no UTF-8 are
 * taken for. Both decode anything.
 */
#ifndef TRACE_UTF16_H
#define TRACE_UTF16_H

#include "base/buf.h"

#define UTF16_MARK 3		       /* bytes to look at */
#define UTF16_OUT(n) (((n) + 4) / 2 * 3 + 4) /* bytes that n may become, with what waited */

struct utf16 {
	bool on, big;
	bool odd; /* one byte waits */
	unsigned char waiting;
	uint32_t high; /* a surrogate that waits; 0 without */
};
/* Takes the mark off p, where it has one (UTF-8's too). */
struct utf16 utf16_begin(char *p, size_t *n);
/* Returns the bytes written, at most UTF16_OUT(n). Half a pair becomes U+FFFD; one at the very end is dropped. */
size_t utf16_decode(struct utf16 *u, const char *p, size_t n, char *out);

void cp1252_decode(struct buf *out, struct view v);

#endif
