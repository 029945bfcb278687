/*
 * withhold_memo.c - see withhold_memo.h. A word is a post's whole id and the verdict, so that whatever is read is true of the post it
 * names, whoever writes meanwhile. A post's words are those of one line of the processor's cache.
 */
#include "base/base.h"

#include "meter/withhold_memo.h"

#include <stdatomic.h>

#include "base/map.h"
#include "base/secret.h"

#define LINE 64
#define LINE_WORDS (LINE / sizeof(uint64_t))
#define LINES 8192
_Static_assert((LINES & (LINES - 1)) == 0, "a power of two");

struct withhold_memos {
	atomic_int refs, left;
};

struct withhold_memo {
	struct withhold_memos *all;
	_Alignas(LINE) _Atomic uint64_t words[LINES][LINE_WORDS]; /* id << 1 | withheld; 0: free */
};

struct withhold_memos *withhold_memos_new(size_t max)
{
	struct withhold_memos *all = xcalloc(1, sizeof(*all));

	all->refs = 1;
	all->left = (int)max;
	return all;
}

void withhold_memos_unref(struct withhold_memos *all)
{
	if (all && atomic_fetch_sub(&all->refs, 1) == 1)
		free(all);
}

struct withhold_memo *withhold_memo_new(struct withhold_memos *all)
{
	if (atomic_fetch_sub(&all->left, 1) <= 0) {
		atomic_fetch_add(&all->left, 1);
		return NULL;
	}
	struct withhold_memo *m = aligned_alloc(LINE, sizeof(*m));
	if (!m)
		BUG("no memory for %zu bytes", sizeof(*m));
	memset(m, 0, sizeof(*m));
	atomic_fetch_add(&all->refs, 1);
	m->all = all;
	return m;
}

void withhold_memo_free(struct withhold_memo *m)
{
	if (!m)
		return;
	struct withhold_memos *all = m->all;

	secret_wipe(m, sizeof(*m));
	free(m);
	atomic_fetch_add(&all->left, 1);
	withhold_memos_unref(all);
}

static size_t line_of(uint64_t hash)
{
	return hash % LINES;
}

void withhold_memo_prefetch(const struct withhold_memo *m, int64_t post)
{
	__builtin_prefetch((const void *)m->words[line_of(hash_u64((uint64_t)post))]);
}

bool withhold_memo_find(const struct withhold_memo *m, int64_t post, bool *ret_withheld)
{
	const _Atomic uint64_t *line = m->words[line_of(hash_u64((uint64_t)post))];

	for (size_t i = 0; i < LINE_WORDS; i++) {
		uint64_t word = atomic_load_explicit(&line[i], memory_order_relaxed);

		if (word >> 1 == (uint64_t)post) {
			*ret_withheld = word & 1;
			return true;
		}
	}
	return false;
}

void withhold_memo_keep(struct withhold_memo *m, int64_t post, bool withheld)
{
	uint64_t hash = hash_u64((uint64_t)post);
	_Atomic uint64_t *line = m->words[line_of(hash)];
	size_t at = 0;

	while (at < LINE_WORDS && atomic_load_explicit(&line[at], memory_order_relaxed))
		at++;
	if (at == LINE_WORDS)
		at = (hash >> 32) % LINE_WORDS;
	atomic_store_explicit(&line[at], (uint64_t)post << 1 | withheld, memory_order_relaxed);
}
