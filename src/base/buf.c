/*
 * buf.c - the output buffer. Everything that leaves the program goes through buf_add, so it is a bounds check and a
 * memcpy; numbers are written without printf.
 */
#include "base/base.h"
#include "base/buf.h"

#define BUF_FIRST ((size_t)256)
#define DIGITS_MAX 20 /* of UINT64_MAX */

void buf_init(struct buf *b, size_t max)
{
	if (max > PTRDIFF_MAX / 2)
		BUG("buffer with a maximum of %zu", max);
	*b = (struct buf){.max = max};
}

void buf_release(struct buf *b)
{
	if (!b)
		return;
	free(b->p);
	*b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->over = false;
	if (b->p)
		b->p[0] = '\0';
}

char *buf_detach(struct buf *b)
{
	char *p = b->p ? b->p : xcalloc(1, 1);
	*b = (struct buf){.max = b->max};
	return p;
}

static __attribute__((noinline)) void enlarge(struct buf *b, size_t need)
{
	size_t size = b->alloc ? b->alloc * 2 : BUF_FIRST;
	if (size < need)
		size = need;
	if (size > b->max + 1)
		size = b->max + 1;
	b->p = xrealloc(b->p, size);
	b->alloc = size;
}

/* Where n bytes may be written, with room for the NUL behind them; NULL when they do not fit. */
static inline char *room(struct buf *b, size_t n)
{
	if (b->over || n > b->max - b->len) {
		b->over = true;
		return NULL;
	}
	if (b->alloc - b->len <= n)
		enlarge(b, b->len + n + 1);
	return b->p + b->len;
}

static inline void wrote(struct buf *b, size_t n)
{
	b->len += n;
	b->p[b->len] = '\0';
}

char *buf_reserve(struct buf *b, size_t n)
{
	return room(b, n);
}

void buf_grow(struct buf *b, size_t n)
{
	if (n >= b->alloc - b->len)
		BUG("buffer grown by %zu, only %zu reserved", n, b->alloc - b->len);
	wrote(b, n);
}

void buf_add(struct buf *b, struct view v)
{
	char *p = room(b, v.len);
	if (!p)
		return;
	if (v.len)
		memcpy(p, v.p, v.len);
	wrote(b, v.len);
}

void buf_add_c(struct buf *b, char c)
{
	char *p = room(b, 1);
	if (!p)
		return;
	*p = c;
	wrote(b, 1);
}

void buf_add_str(struct buf *b, const char *s)
{
	buf_add(b, view_of(s));
}

/* Writes n's digits so that they end before end; returns where they start. */
static char *digits(uint64_t n, char *end)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
				    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
				    "8081828384858687888990919293949596979899";
	while (n >= 100) {
		end -= 2;
		memcpy(end, pairs + n % 100 * 2, 2);
		n /= 100;
	}
	if (n >= 10) {
		end -= 2;
		memcpy(end, pairs + n * 2, 2);
	} else {
		*--end = (char)('0' + n);
	}
	return end;
}

void buf_add_u64(struct buf *b, uint64_t n)
{
	char text[DIGITS_MAX];
	char *p = digits(n, text + sizeof(text));
	buf_add(b, view_make(p, (size_t)(text + sizeof(text) - p)));
}

void buf_add_i64(struct buf *b, int64_t n)
{
	char text[1 + DIGITS_MAX];
	char *p = digits(n < 0 ? 0 - (uint64_t)n : (uint64_t)n, text + sizeof(text));
	if (n < 0)
		*--p = '-';
	buf_add(b, view_make(p, (size_t)(text + sizeof(text) - p)));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		BUG("buffer: bad format");
	char *p = room(b, (size_t)n);
	if (p) {
		vsnprintf(p, (size_t)n + 1, fmt, again);
		wrote(b, (size_t)n);
	}
	va_end(again);
}
