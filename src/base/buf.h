/*
 * buf.h - a growable output buffer that cannot be made without its maximum (see base/limits.h). Once an append does
 * not fit, the buffer is `over` and stays so; the bytes before it are kept, and the one check is made at the end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/base.h"

struct buf {
	char *p; /* never NULL after the first append; NUL-terminated */
	size_t len, alloc, max;
	bool over;
};

void buf_init(struct buf *b, size_t max);
void buf_release(struct buf *b); /* frees; NULL-safe; reusable with the same max */
void buf_clear(struct buf *b);	 /* len = 0, no longer over; keeps memory */
char *buf_detach(struct buf *b); /* caller frees; NUL-terminated; b is empty again */

void buf_add(struct buf *b, struct view v);
void buf_add_c(struct buf *b, char c);
void buf_add_str(struct buf *b, const char *s);
void buf_add_u64(struct buf *b, uint64_t n);
void buf_add_i64(struct buf *b, int64_t n);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Room for n more bytes at the end: write them, then buf_grow(b, written). NULL (and over) when n does not fit. */
char *buf_reserve(struct buf *b, size_t n);
void buf_grow(struct buf *b, size_t n);

static inline struct view buf_view(const struct buf *b) { return (struct view){b->p ? b->p : "", b->len}; }
static inline enum err buf_err(const struct buf *b) { return b->over ? ERR_TOO_LARGE : OK; }

#endif
