/*
 * alloc.c - memory that is there or ends the program. Every size that a client can influence is bounded before it
 * gets here, so running out means the machine is too small for its configuration, not that a request was too large.
 */
#include "base/base.h"
#include "base/vec.h"

#define VEC_FIRST 8

static void *checked(void *p, size_t size)
{
	if (!p)
		BUG("out of memory (%zu bytes)", size);
	return p;
}

void *xmalloc(size_t size)
{
	return checked(malloc(size ? size : 1), size);
}

void *xcalloc(size_t n, size_t size)
{
	return checked(calloc(n ? n : 1, size ? size : 1), size);
}

void *xrealloc(void *p, size_t size)
{
	return checked(realloc(p, size ? size : 1), size);
}

char *xstrdup(const char *s)
{
	size_t size = strlen(s) + 1;
	return memcpy(xmalloc(size), s, size);
}

void *vec_grow(void *v, size_t *alloc, size_t size)
{
	size_t n = *alloc ? *alloc * 2 : VEC_FIRST;
	size_t bytes;
	if (n < *alloc || __builtin_mul_overflow(n, size, &bytes))
		BUG("vector of %zu elements of %zu bytes", *alloc, size);
	v = xrealloc(v, bytes);
	*alloc = n;
	return v;
}
