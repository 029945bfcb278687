/*
 * receipt_test.c - receipts of commits of every size: each holds with the public key alone; no flipped bit does.
 */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include <sodium.h>

#include "ledger/receipt.h"

static struct note_signer signer = {.key = {.name = "example.org/log", .type = NOTE_ED25519}};
static struct receipt_batch batch;
static struct digest entries[RECEIPT_BATCH_MAX];
static const unsigned char salt[RECEIPT_SALT_LEN] = "sixteen bytes…";

static void setup(void)
{
	unsigned char seed[32] = {3};

	crypto_sign_seed_keypair(signer.key.public, signer.secret, seed);
	for (uint64_t i = 0; i < RECEIPT_BATCH_MAX; i++)
		entries[i] = digest_sha256(view_make((const char *)&i, sizeof(i)));
}

static void assert_good(size_t i)
{
	char text[RECEIPT_TEXT_MAX + 1];
	struct receipt r;
	size_t n = receipt_write(&batch, i, salt, text);

	assert_int_equal(n, strlen(text));
	assert_int_equal(receipt_parse(view_of(text), &r), OK);
	assert_int_equal(r.index, batch.first + i);
	assert_int_equal(r.first, batch.first);
	assert_int_equal(r.count, batch.n);
	assert_int_equal(r.time_ms, batch.time_ms);
	assert_memory_equal(r.salt, salt, sizeof(salt));
	assert_true(digest_eq(&r.entry, &entries[i]));
	assert_true(digest_eq(&r.root, &batch.root));
	assert_int_equal(receipt_verify(&r, &signer.key), OK);
}

/* The signed root is that of the whole tree, whatever the commits were. */
static void every_size(void **state MAYBE_UNUSED)
{
	struct merkle_edge edge = {0}, all = {0};

	for (size_t n = 1; n <= 70; n++) {
		receipt_sign(&batch, &signer, &edge, entries, n, 1700000000000 + (int64_t)n);
		for (size_t i = 0; i < n; i++) {
			struct digest leaf = merkle_leaf(&entries[i]);
			merkle_append(&all, &leaf);
			assert_good(i);
		}
		struct digest root = merkle_edge_root(&all);
		assert_true(digest_eq(&root, &batch.root));
	}
}

static void largest(void **state MAYBE_UNUSED)
{
	struct merkle_edge edge = {.size = MERKLE_SIZE_MAX - RECEIPT_BATCH_MAX};
	char text[RECEIPT_TEXT_MAX + 1];

	receipt_sign(&batch, &signer, &edge, entries, RECEIPT_BATCH_MAX, INT64_MAX);
	assert_good(0);
	assert_good(RECEIPT_BATCH_MAX - 1);
	assert_int_equal(receipt_write(&batch, 77, salt, text), RECEIPT_TEXT_MAX);
	assert_true(RECEIPT_TEXT_MAX < 1024);
}

static void every_flipped_bit(void **state MAYBE_UNUSED)
{
	struct merkle_edge edge = {0};
	char text[RECEIPT_TEXT_MAX + 1], forged[RECEIPT_TEXT_MAX + 1];
	unsigned char bytes[RECEIPT_BYTES_MAX];
	size_t n, salted = 0;
	struct receipt r;

	receipt_sign(&batch, &signer, &edge, entries, 11, 1700000000000);
	receipt_write(&batch, 10, salt, text);
	assert_true(base64_decode(view_of(text), bytes, sizeof(bytes), &n));
	for (size_t i = 0; i < 8 * n; i++) {
		bytes[i / 8] = (unsigned char)(bytes[i / 8] ^ 1 << i % 8);
		base64url_encode(bytes, n, forged);
		if (receipt_parse(view_of(forged), &r) == OK && receipt_verify(&r, &signer.key) == OK)
			salted++;
		bytes[i / 8] = (unsigned char)(bytes[i / 8] ^ 1 << i % 8);
	}
	/* The salt opens the entry, which is signed; by itself it is not. */
	assert_int_equal(salted, 8 * RECEIPT_SALT_LEN);
}

static void not_receipts(void **state MAYBE_UNUSED)
{
	struct merkle_edge edge = {0};
	char text[RECEIPT_TEXT_MAX + 8];
	struct note_key other = signer.key;
	struct receipt r;

	receipt_sign(&batch, &signer, &edge, entries, 3, 5);
	size_t n = receipt_write(&batch, 1, salt, text);
	for (size_t i = 0; i < n; i++)
		assert_true(receipt_parse(view_make(text, i), &r) != OK || receipt_verify(&r, &signer.key) != OK);
	assert_int_equal(receipt_parse(view_of(text), &r), OK);
	other.name[0] = 'E';
	assert_int_equal(receipt_verify(&r, &other), ERR_FORBIDDEN);
	text[n] = '=';
	text[n + 1] = 0;
	assert_int_equal(receipt_parse(view_of(text), &r), ERR_INVALID);
	assert_int_equal(receipt_parse(V(""), &r), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_size),
		cmocka_unit_test(largest),
		cmocka_unit_test(every_flipped_bit),
		cmocka_unit_test(not_receipts),
	};

	if (secret_init() != OK)
		return 1;
	setup();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
