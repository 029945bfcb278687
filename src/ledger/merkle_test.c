/*
 * merkle_test.c - the tree against the vectors of Certificate Transparency's own tests (RFC 6962's eight inputs), and
 * every proof of every size up to 300: it holds, and altered anywhere it does not.
 */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include "ledger/merkle.h"

#define SIZES 300

#define HEIGHTS 9

struct leaves {
	struct digest leaf[SIZES];
	uint64_t n;
	struct digest node[HEIGHTS][SIZES]; /* the complete subtrees */
};

static enum err fetch(void *arg, unsigned height, uint64_t index, struct digest *ret)
{
	const struct leaves *l = arg;

	if ((index + 1) << height > l->n)
		return ERR_NOT_FOUND;
	*ret = l->node[height][index];
	return OK;
}

/* MTH of RFC 9162 2.1.1, word by word. */
static struct digest slow_root(const struct digest *leaf, size_t n)
{
	size_t k = 1;

	if (n == 0)
		return digest_sha256(V(""));
	if (n == 1)
		return leaf[0];
	while (k * 2 < n)
		k *= 2;
	struct digest left = slow_root(leaf, k), right = slow_root(leaf + k, n - k);
	return merkle_node(&left, &right);
}

static void grow(struct leaves *l)
{
	memcpy(l->node[0], l->leaf, sizeof(l->leaf));
	for (unsigned h = 1; h < HEIGHTS; h++)
		for (size_t i = 0; i < l->n >> h; i++)
			l->node[h][i] = slow_root(l->leaf + (i << h), (size_t)1 << h);
}

static void fill(struct leaves *l, uint64_t n)
{
	l->n = n;
	for (uint64_t i = 0; i < n; i++) {
		struct digest entry = digest_sha256(view_make((const char *)&i, sizeof(i)));
		l->leaf[i] = merkle_leaf(&entry);
	}
	grow(l);
}

static struct digest from_hex(const char *hex)
{
	struct digest d;

	assert_true(hex_decode(view_of(hex), d.b, DIGEST_LEN));
	return d;
}

static void assert_digest(const struct digest *a, const char *hex)
{
	char text[TOKEN_HASH_LEN + 1];

	hex_encode(a->b, DIGEST_LEN, text);
	assert_string_equal(text, hex);
}

/* The inputs of certificate-transparency's merkle_tree_test: leaves of other lengths than ours, so hashed here. */
static struct digest ct_leaf(const char *hex)
{
	unsigned char bytes[17] = {0};
	size_t n = strlen(hex) / 2;

	if (n)
		assert_true(hex_decode(view_of(hex), bytes + 1, n));
	return digest_sha256(view_make((const char *)bytes, n + 1));
}

static const char *const ct_inputs[8] = {
	"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
};
static const char *const ct_roots[9] = {
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static void test_known_roots(void **state)
{
	struct merkle_edge e = {0};
	struct digest root = merkle_edge_root(&e);

	(void)state;
	assert_digest(&root, ct_roots[0]);
	for (size_t i = 0; i < ARRAY_LEN(ct_inputs); i++) {
		struct digest leaf = ct_leaf(ct_inputs[i]);
		merkle_append(&e, &leaf);
		root = merkle_edge_root(&e);
		assert_digest(&root, ct_roots[i + 1]);
	}
}

static void test_known_proofs(void **state)
{
	static struct leaves l = {.n = 8};
	struct merkle_source s = {fetch, &l};
	struct merkle_proof p;

	(void)state;
	for (size_t i = 0; i < 8; i++)
		l.leaf[i] = ct_leaf(ct_inputs[i]);
	grow(&l);
	assert_int_equal(merkle_inclusion(&s, 0, 8, &p), OK);
	assert_int_equal(p.n, 3);
	assert_digest(&p.hash[0], "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
	assert_digest(&p.hash[1], "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e");
	assert_digest(&p.hash[2], "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
	struct digest root = from_hex(ct_roots[8]);
	assert_true(merkle_included(&l.leaf[0], 0, 8, &p, &root));
	assert_int_equal(merkle_consistency(&s, 6, 8, &p), OK);
	assert_int_equal(p.n, 3);
	assert_digest(&p.hash[0], "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a");
	assert_digest(&p.hash[1], "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0");
	assert_digest(&p.hash[2], "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
	struct digest old = from_hex(ct_roots[6]);
	assert_true(merkle_consistent(6, &old, 8, &root, &p));
}

static void test_edge(void **state)
{
	static struct leaves l;
	struct merkle_source s = {fetch, &l};
	struct merkle_edge e = {0}, read;

	(void)state;
	fill(&l, SIZES);
	for (size_t n = 0; n <= SIZES; n++) {
		struct digest root = merkle_edge_root(&e), wanted = slow_root(l.leaf, n);
		assert_true(digest_eq(&root, &wanted));
		assert_int_equal(merkle_edge_read(&s, n, &read), OK);
		root = merkle_edge_root(&read);
		assert_true(digest_eq(&root, &wanted));
		if (n < SIZES)
			merkle_append(&e, &l.leaf[n]);
	}
}

/* One bit of each hash flipped, one hash fewer, one more: none of it holds. check() says whether the proof does. */
static void assert_no_other(struct merkle_proof *p, bool (*check)(const void *, const struct merkle_proof *),
			    const void *arg)
{
	assert_true(check(arg, p));
	for (size_t i = 0; i < p->n; i++) {
		p->hash[i].b[i % DIGEST_LEN] ^= 1;
		assert_false(check(arg, p));
		p->hash[i].b[i % DIGEST_LEN] ^= 1;
	}
	if (p->n) {
		p->n--;
		assert_false(check(arg, p));
		p->n++;
	}
	if (p->n < MERKLE_PROOF_MAX) {
		p->hash[p->n++] = (struct digest){{0}};
		assert_false(check(arg, p));
		p->n--;
	}
}

struct claim {
	uint64_t a, size; /* index or old size */
	struct digest first, root;
};

static bool included(const void *arg, const struct merkle_proof *p)
{
	const struct claim *c = arg;

	return merkle_included(&c->first, c->a, c->size, p, &c->root);
}

static bool consistent(const void *arg, const struct merkle_proof *p)
{
	const struct claim *c = arg;

	return merkle_consistent(c->a, &c->first, c->size, &c->root, p);
}

static void test_inclusion(void **state)
{
	static struct leaves l;
	struct merkle_source s = {fetch, &l};
	struct merkle_proof p;

	(void)state;
	fill(&l, SIZES);
	for (uint64_t n = 1; n <= SIZES; n++) {
		struct digest root = slow_root(l.leaf, n);
		assert_int_equal(merkle_inclusion(&s, n, n, &p), ERR_NOT_FOUND);
		for (uint64_t i = 0; i < n; i++) {
			struct claim c = {i, n, l.leaf[i], root};
			assert_int_equal(merkle_inclusion(&s, i, n, &p), OK);
			assert_no_other(&p, included, &c);
			c.a = i ^ 1; /* its neighbour's place */
			assert_false(included(&c, &p));
			c.a = n;
			assert_false(included(&c, &p));
		}
	}
}

static void test_consistency(void **state)
{
	static struct leaves l;
	struct merkle_source s = {fetch, &l};
	struct merkle_proof p;
	static struct digest roots[SIZES + 1];

	(void)state;
	fill(&l, SIZES);
	for (uint64_t n = 0; n <= SIZES; n++)
		roots[n] = slow_root(l.leaf, n);
	for (uint64_t n = 1; n <= SIZES; n++) {
		assert_int_equal(merkle_consistency(&s, n + 1, n, &p), ERR_NOT_FOUND);
		for (uint64_t m = 0; m <= n; m++) {
			struct claim c = {m, n, roots[m], roots[n]};
			assert_int_equal(merkle_consistency(&s, m, n, &p), OK);
			assert_no_other(&p, consistent, &c);
			c.first.b[3] ^= 8;
			assert_false(consistent(&c, &p));
			c.first.b[3] ^= 8;
			if (m == 0)
				continue; /* nothing is claimed of the root */
			c.root.b[5] ^= 2;
			assert_false(consistent(&c, &p));
		}
	}
}

static void test_hostile_sizes(void **state)
{
	struct merkle_proof p = {.n = MERKLE_PROOF_MAX};
	struct digest d = {{0}};

	(void)state;
	assert_false(merkle_included(&d, 0, 0, &p, &d));
	assert_false(merkle_included(&d, UINT64_MAX, UINT64_MAX, &p, &d));
	assert_false(merkle_included(&d, UINT64_MAX - 1, UINT64_MAX, &p, &d));
	assert_false(merkle_consistent(UINT64_MAX - 1, &d, UINT64_MAX, &d, &p));
	assert_false(merkle_consistent(2, &d, 1, &d, &p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_roots),  cmocka_unit_test(test_known_proofs),
		cmocka_unit_test(test_edge),	     cmocka_unit_test(test_inclusion),
		cmocka_unit_test(test_consistency),  cmocka_unit_test(test_hostile_sizes),
	};

	return secret_init() == OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
