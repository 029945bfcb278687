/*
 * arena.h - memory with the life of one call. Everything made while answering a request comes from its arena and is
 * gone with it; what must live longer has an owner of its own and copies in.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/base.h"

struct arena_block;

struct arena {
	struct arena_block *head; /* newest first */
	size_t used, cap;	  /* bytes */
};

/* An arena that may hand out cap bytes in all. Inputs are bounded before they reach it, so passing cap is a BUG(). */
void arena_init(struct arena *a, size_t cap);
void arena_release(struct arena *a); /* frees all; the arena may be used again with the same cap */
void arena_reset(struct arena *a);   /* as release, but keeps a block for reuse */

void *arena_alloc(struct arena *a, size_t size) __attribute__((returns_nonnull));	    /* zeroed, 16-aligned */
void *arena_array(struct arena *a, size_t n, size_t size) __attribute__((returns_nonnull)); /* overflow is a BUG() */
#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))

/* Copies; the copy is NUL-terminated (not counted in len). */
struct view arena_view(struct arena *a, struct view v);
char *arena_cstr(struct arena *a, struct view v);
struct view arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
