/*
 * arena.c - blocks in a list, newest first; an allocation is a step in the newest. A large allocation gets a block of
 * its own behind the newest, so that it does not cost the rest of the newest.
 */
#include "base/base.h"
#include "base/arena.h"

#define ALIGN ((size_t)16)
#define BLOCK_FIRST ((size_t)16 * 1024)
#define BLOCK_MAX ((size_t)1024 * 1024)
/* arena_reset keeps the largest up to it, so that what comes next needs no more of them; a larger one would tie up memory in every idle owner. */
#define BLOCK_KEEP ((size_t)64 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(16) unsigned char data[];
};

void arena_init(struct arena *a, size_t cap)
{
	*a = (struct arena){.cap = cap};
}

void arena_release(struct arena *a)
{
	if (!a)
		return;
	for (struct arena_block *b = a->head, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	a->head = NULL;
	a->used = 0;
}

void arena_reset(struct arena *a)
{
	struct arena_block *kept = NULL;
	for (struct arena_block *b = a->head, *next; b; b = next) {
		next = b->next;
		bool better = b->size <= BLOCK_KEEP && (!kept || b->size > kept->size);
		free(better ? kept : b);
		kept = better ? b : kept;
	}
	if (kept) {
		kept->next = NULL;
		kept->used = 0;
	}
	a->head = kept;
	a->used = 0;
}

static struct arena_block *block_new(size_t size)
{
	struct arena_block *b = xmalloc(sizeof(*b) + size);
	b->next = NULL;
	b->used = 0;
	b->size = size;
	return b;
}

/* A block with room for size bytes, linked into the arena. */
static struct arena_block *room_for(struct arena *a, size_t size)
{
	struct arena_block *head = a->head;
	if (head && head->size - head->used >= size)
		return head;
	size_t usual = head ? head->size * 2 : BLOCK_FIRST;
	if (usual > BLOCK_MAX)
		usual = BLOCK_MAX;
	if (head && size > usual / 4) {
		struct arena_block *own = block_new(size);
		own->next = head->next;
		head->next = own;
		return own;
	}
	struct arena_block *b = block_new(size > usual ? size : usual);
	b->next = head;
	a->head = b;
	return b;
}

static void *take(struct arena *a, size_t size)
{
	if (size > a->cap || a->cap - a->used < size)
		BUG("arena: %zu bytes asked, %zu of %zu used", size, a->used, a->cap);
	size_t rounded = ((size ? size : 1) + ALIGN - 1) & ~(ALIGN - 1);
	struct arena_block *b = room_for(a, rounded);
	void *p = b->data + b->used;
	b->used += rounded;
	/* The last allocation may round past the cap; used stays at or below it so that the subtraction above holds. */
	a->used = a->cap - a->used < rounded ? a->cap : a->used + rounded;
	return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
	return memset(take(a, size), 0, size);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(n, size, &bytes))
		BUG("arena: array of %zu elements of %zu bytes", n, size);
	return arena_alloc(a, bytes);
}

char *arena_cstr(struct arena *a, struct view v)
{
	if (v.len == SIZE_MAX)
		BUG("arena: copy of %zu bytes", v.len);
	char *p = take(a, v.len + 1);
	if (v.len)
		memcpy(p, v.p, v.len);
	p[v.len] = '\0';
	return p;
}

struct view arena_view(struct arena *a, struct view v)
{
	return view_make(arena_cstr(a, v), v.len);
}

struct view arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		BUG("arena: bad format");
	char *p = take(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return view_make(p, (size_t)n);
}
