/*
 * xpieces.h - the members of a JSON object, rendered once, of which an answer copies those it wants.
 */
#ifndef LICENSED_XPIECES_H
#define LICENSED_XPIECES_H

#include "base/json.h"

/* Piece i is `,"name":value`, from ends[i] to ends[i + 1] of text; nothing where the object has no such member. */
struct xpieces {
	const char *text;
	const uint32_t *ends;
};

/* Members (bits below 31) as runs of neighbours, each of which is one copy. */
struct xruns {
	size_t n;
	struct {
		uint8_t from, end;
	} v[16];
};
struct xruns xruns_of(uint32_t fields);
/* Bytes of the object of these members, and the object, appended. */
size_t xpieces_room(const struct xpieces *pieces, const struct xruns *runs);
void xpieces_write(const struct xpieces *pieces, const struct xruns *runs, struct buf *out);

/* Making: for each member in order one call of its function, which writes `"name":value` or nothing. */
typedef void xpiece_fn(const void *of, struct jw *j);
void xpieces_make(xpiece_fn *const *members, size_t n, const void *of, struct buf *out, uint32_t *ret_ends);

#endif
