/*
 * pack_posts.c - the dictionary of a packed segment: its posts, sorted, in pages.
 */
#include "base/base.h"
#include "ledger/pack_private.h"

#define RADIX 256
#define SEEN_BITS 16

unsigned rice_best(const uint64_t *v, size_t n)
{
	uint64_t sum = 0, best_cost = UINT64_MAX;
	unsigned best = 0;

	for (size_t i = 0; i < n; i++)
		sum += v[i];
	unsigned guess = n ? bit_width(sum / n) : 0, from = guess > 2 ? guess - 3 : 0;
	for (unsigned k = from; k <= guess + 1 && k <= RICE_K_MAX; k++) {
		uint64_t cost = 0;
		for (size_t i = 0; i < n; i++)
			cost += rice_cost(v[i], k);
		if (cost < best_cost) {
			best_cost = cost;
			best = k;
		}
	}
	return best;
}

/* One pass over the byte at this shift. False when all have the same there. */
static bool sort_by_byte(const uint64_t *from, uint64_t *to, size_t n, unsigned shift)
{
	size_t at[RADIX] = {0}, sum = 0;

	for (size_t i = 0; i < n; i++)
		at[from[i] >> shift & (RADIX - 1)]++;
	if (at[from[0] >> shift & (RADIX - 1)] == n)
		return false;
	for (size_t b = 0; b < RADIX; b++) {
		size_t count = at[b];
		at[b] = sum;
		sum += count;
	}
	for (size_t i = 0; i < n; i++)
		to[at[from[i] >> shift & (RADIX - 1)]++] = from[i];
	return true;
}

void sort_u64(uint64_t *v, size_t n)
{
	uint64_t *other = n ? xcalloc(n, sizeof(*v)) : NULL, *from = v, *to = other;

	for (unsigned shift = 0; n && shift < 64; shift += 8)
		if (sort_by_byte(from, to, n, shift)) {
			uint64_t *was = from;
			from = to;
			to = was;
		}
	if (n && from != v)
		memcpy(v, from, n * sizeof(*v));
	free(other);
}

/*
 * What was read a moment ago need not be sorted again. In the place of its hash stands the post that was there last: most of what is
 * read again and again is found, and what is not only costs its sorting.
 */
static bool seen(uint64_t *last, uint64_t post)
{
	uint64_t *at = &last[post * UINT64_C(0x9e3779b97f4a7c15) >> (64 - SEEN_BITS)];
	bool same = *at == post;

	*at = post;
	return same;
}

static enum err gather(struct packing *p)
{
	struct VEC(uint64_t) all = {0};
	struct ledger_record r;
	unsigned flags;
	enum err err = OK;
	uint64_t *last = xcalloc((size_t)1 << SEEN_BITS, sizeof(*last));

	last[0] = UINT64_MAX; /* else 0, which a damaged record may name, would have been seen */
	for (uint32_t i = 0; i < p->in->n && err == OK; i++) {
		err = record_decode(p->in->record(p->in->arg, i), p->items, &r, &flags);
		if (err != OK || r.kind != LEDGER_POSTS)
			continue;
		p->head.reads += r.n_items;
		for (size_t k = 0; k < r.n_items; k++)
			if (!seen(last, (uint64_t)r.items[k].id))
				VEC_PUSH(&all, (uint64_t)r.items[k].id);
	}
	free(last);
	sort_u64(all.v, all.n);
	size_t n = 0;
	for (size_t i = 0; i < all.n; i++)
		if (!n || all.v[n - 1] != all.v[i])
			all.v[n++] = all.v[i];
	p->posts = all.v;
	p->head.posts = n;
	return err;
}

/* The gap from one post to the next: milliseconds, and what is left of the sequence number. */
static void split_gap(uint64_t before, uint64_t post, uint64_t *ret_ms, uint64_t *ret_rest)
{
	uint64_t mask = ((uint64_t)1 << SEQUENCE_BITS) - 1;

	*ret_ms = (post >> SEQUENCE_BITS) - (before >> SEQUENCE_BITS);
	*ret_rest = *ret_ms ? post & mask : post - before - 1;
}

static void pack_page(struct packing *p, const uint64_t *posts, size_t n)
{
	struct buf *out = &p->part[PART_POSTS];
	struct bit_writer w = {.out = out};
	uint64_t ms[PACKED_PAGE] = {0}, rest[PACKED_PAGE] = {0}, first = htole64(posts[0]);

	buf_add(&p->part[PART_PAGES], view_make((const char *)&first, sizeof(first)));
	buf_u32(&p->part[PART_PAGES], out->len);
	for (size_t i = 1; i < n; i++)
		split_gap(posts[i - 1], posts[i], &ms[i - 1], &rest[i - 1]);
	unsigned k_ms = rice_best(ms, n - 1), k_rest = rice_best(rest, n - 1);
	buf_add_c(out, (char)k_ms);
	buf_add_c(out, (char)k_rest);
	for (size_t i = 0; i + 1 < n; i++) {
		put_rice(&w, ms[i], k_ms);
		put_rice(&w, rest[i], k_rest);
	}
	put_bits_end(&w);
}

enum err pack_posts(struct packing *p)
{
	TRY(gather(p));
	size_t n = p->head.posts;
	if (n > UINT32_MAX)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < n; i += PACKED_PAGE)
		pack_page(p, p->posts + i, n - i < PACKED_PAGE ? n - i : PACKED_PAGE);
	if (n) {
		p->head.min_post = (int64_t)p->posts[0];
		p->head.max_post = (int64_t)p->posts[n - 1];
	}
	return OK;
}
