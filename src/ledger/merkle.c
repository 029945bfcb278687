/*
 * merkle.c - see merkle.h. Ranges are split as RFC 9162 2.1.1 has it: at the largest power of two below their length.
 */
#include "base/base.h"
#include "ledger/merkle.h"

#define LEAF_PREFIX 0
#define NODE_PREFIX 1

struct digest merkle_leaf(const struct digest *entry)
{
	unsigned char bytes[1 + DIGEST_LEN] = {LEAF_PREFIX};

	memcpy(bytes + 1, entry->b, DIGEST_LEN);
	return digest_sha256(view_make((const char *)bytes, sizeof(bytes)));
}

struct digest merkle_node(const struct digest *left, const struct digest *right)
{
	unsigned char bytes[1 + 2 * DIGEST_LEN] = {NODE_PREFIX};

	memcpy(bytes + 1, left->b, DIGEST_LEN);
	memcpy(bytes + 1 + DIGEST_LEN, right->b, DIGEST_LEN);
	return digest_sha256(view_make((const char *)bytes, sizeof(bytes)));
}

static bool has_bit(uint64_t v, unsigned bit)
{
	return v >> bit & 1;
}

/* ---- the right edge ---- */

void merkle_append(struct merkle_edge *e, const struct digest *leaf)
{
	struct digest d = *leaf;
	unsigned h = 0;

	for (; has_bit(e->size, h); h++)
		d = merkle_node(&e->full[h], &d);
	e->full[h] = d;
	e->size++;
}

struct digest merkle_edge_root(const struct merkle_edge *e)
{
	if (!e->size)
		return digest_sha256(V(""));
	unsigned h = (unsigned)__builtin_ctzll(e->size);
	struct digest root = e->full[h];
	while (++h < MERKLE_PROOF_MAX)
		if (has_bit(e->size, h))
			root = merkle_node(&e->full[h], &root);
	return root;
}

enum err merkle_edge_read(const struct merkle_source *s, uint64_t size, struct merkle_edge *ret)
{
	struct merkle_edge e = {.size = size};
	uint64_t at = 0;

	for (unsigned h = MERKLE_PROOF_MAX; h-- > 0;) {
		if (!has_bit(size, h))
			continue;
		TRY(s->fetch(s->arg, h, at >> h, &e.full[h]));
		at += (uint64_t)1 << h;
	}
	*ret = e;
	return OK;
}

/* ---- making proofs ---- */

/* The largest power of two smaller than n; n > 1. */
static uint64_t split_at(uint64_t n)
{
	return (uint64_t)1 << (63 - __builtin_clzll(n - 1));
}

/* The root over leaves [from, from + n). from is a multiple of the power of two at or above n. */
static enum err range_root(const struct merkle_source *s, uint64_t from, uint64_t n, struct digest *ret)
{
	struct digest left, right;

	if ((n & (n - 1)) == 0) {
		unsigned h = (unsigned)__builtin_ctzll(n);
		return s->fetch(s->arg, h, from >> h, ret);
	}
	uint64_t k = split_at(n);
	TRY(range_root(s, from, k, &left));
	TRY(range_root(s, from + k, n - k, &right));
	*ret = merkle_node(&left, &right);
	return OK;
}

/* Proofs are found from the root down, and written from the leaf up. */
static void reverse(struct merkle_proof *p)
{
	for (size_t i = 0; i < p->n / 2; i++) {
		struct digest d = p->hash[i];
		p->hash[i] = p->hash[p->n - 1 - i];
		p->hash[p->n - 1 - i] = d;
	}
}

enum err merkle_inclusion(const struct merkle_source *s, uint64_t index, uint64_t size, struct merkle_proof *ret)
{
	struct merkle_proof p = {0};
	uint64_t from = 0, n = size;

	if (index >= size)
		return ERR_NOT_FOUND;
	while (n > 1) {
		uint64_t k = split_at(n);
		bool left = index - from < k;

		TRY(left ? range_root(s, from + k, n - k, &p.hash[p.n]) : range_root(s, from, k, &p.hash[p.n]));
		p.n++;
		from += left ? 0 : k;
		n = left ? k : n - k;
	}
	reverse(&p);
	*ret = p;
	return OK;
}

/* SUBPROOF of RFC 9162 2.1.4.1 without its recursion: left_edge is its argument b. */
enum err merkle_consistency(const struct merkle_source *s, uint64_t old, uint64_t size, struct merkle_proof *ret)
{
	struct merkle_proof p = {0};
	uint64_t from = 0, n = size, m = old;
	bool left_edge = true;

	if (old > size)
		return ERR_NOT_FOUND;
	while (m != 0 && m != n) {
		uint64_t k = split_at(n);
		bool left = m <= k;

		TRY(left ? range_root(s, from + k, n - k, &p.hash[p.n]) : range_root(s, from, k, &p.hash[p.n]));
		p.n++;
		from += left ? 0 : k;
		m -= left ? 0 : k;
		n = left ? k : n - k;
		left_edge &= left;
	}
	if (m != 0 && !left_edge)
		TRY(range_root(s, from, n, &p.hash[p.n++]));
	reverse(&p);
	*ret = p;
	return OK;
}

/* ---- checking them ---- */

/* Where a proof stands: the node it has come to, and the last node of that level. Names of the RFC. */
struct climb {
	uint64_t fn, sn;
};

/* Whether the next hash stands to the left; moves up behind nodes that have no sibling. */
static bool is_right(struct climb *c)
{
	if (!(c->fn & 1) && c->fn != c->sn)
		return false;
	while (!(c->fn & 1) && c->fn != 0) {
		c->fn >>= 1;
		c->sn >>= 1;
	}
	return true;
}

static void go_up(struct climb *c)
{
	c->fn >>= 1;
	c->sn >>= 1;
}

bool merkle_climb(const struct digest *leaf, uint64_t index, uint64_t size, const struct merkle_proof *proof,
		  struct digest *ret_root)
{
	struct climb c = {index, size - 1};
	struct digest r = *leaf;

	if (index >= size)
		return false;
	for (size_t i = 0; i < proof->n; i++) {
		if (c.sn == 0)
			return false;
		r = is_right(&c) ? merkle_node(&proof->hash[i], &r) : merkle_node(&r, &proof->hash[i]);
		go_up(&c);
	}
	if (c.sn != 0)
		return false;
	*ret_root = r;
	return true;
}

bool merkle_included(const struct digest *leaf, uint64_t index, uint64_t size, const struct merkle_proof *proof,
		     const struct digest *root)
{
	struct digest found;

	return merkle_climb(leaf, index, size, proof, &found) && digest_eq(&found, root);
}

bool merkle_consistent(uint64_t old, const struct digest *old_root, uint64_t size, const struct digest *root,
		       const struct merkle_proof *proof)
{
	struct climb c = {old - 1, size - 1};
	size_t next = 0;

	if (old == size)
		return proof->n == 0 && digest_eq(old_root, root);
	if (old > size)
		return false;
	if (old == 0) {
		struct digest empty = digest_sha256(V(""));
		return proof->n == 0 && digest_eq(old_root, &empty);
	}
	if (proof->n == 0)
		return false;
	struct digest fr = (old & (old - 1)) == 0 ? *old_root : proof->hash[next++], sr = fr;
	while (c.fn & 1)
		go_up(&c);
	for (; next < proof->n; next++) {
		const struct digest *h = &proof->hash[next];

		if (c.sn == 0)
			return false;
		if (is_right(&c)) {
			fr = merkle_node(h, &fr);
			sr = merkle_node(h, &sr);
		} else {
			sr = merkle_node(&sr, h);
		}
		go_up(&c);
	}
	return c.sn == 0 && digest_eq(&fr, old_root) && digest_eq(&sr, root);
}
