/*
 * record_test.c - records come back as they were; one record has one encoding; no flipped or missing byte passes unseen.
 */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include "ledger/record.h"

static struct ledger_item items[LEDGER_ITEMS_MAX], back[LEDGER_ITEMS_MAX];
static unsigned char bytes[RECORD_MAX];

static uint64_t below(uint64_t n)
{
	return rand_u64() % n;
}

static struct ledger_record random_record(size_t n)
{
	struct ledger_record r = {.kind = 1 + below(7),
				  .endpoint = (uint8_t)below(256),
				  .time_ms = (int64_t)(rand_u64() >> (1 + below(63))),
				  .licensee = (int64_t)below(50),
				  .key = (int64_t)(rand_u64() >> 1),
				  .terms = (int64_t)below(3),
				  .cost_micro = (int64_t)rand_u64(),
				  .request = below(2) ? rand_u64() : 0,
				  .items = items,
				  .n_items = n,
				  .data = below(4) ? V("") : V("some\0bytes")};
	uint64_t charged = below(4), span = (uint64_t)1 << (1 + below(50));
	int64_t id = 0;

	for (size_t i = 0; i < n; i++) {
		id += 1 + (int64_t)below(span);
		items[i] =
			(struct ledger_item){.id = id,
					     .version = below(9) ? 0 : (uint32_t)rand_u64(),
					     .fingerprint = (uint16_t)rand_u64(),
					     .charged = charged == 0 || (charged > 1 && below(charged == 2 ? 2 : 40))};
	}
	return r;
}

static void assert_same(const struct ledger_record *a, const struct ledger_record *b, bool fingerprints)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->endpoint, b->endpoint);
	assert_int_equal(a->time_ms, b->time_ms);
	assert_int_equal(a->licensee, b->licensee);
	assert_int_equal(a->key, b->key);
	assert_int_equal(a->terms, b->terms);
	assert_int_equal(a->cost_micro, b->cost_micro);
	assert_int_equal(a->request, b->request);
	assert_true(view_eq(a->data, b->data));
	assert_int_equal(a->n_items, b->n_items);
	for (size_t i = 0; i < a->n_items; i++) {
		assert_int_equal(a->items[i].id, b->items[i].id);
		assert_int_equal(a->items[i].version, b->items[i].version);
		assert_int_equal(a->items[i].charged, b->items[i].charged);
		assert_int_equal(fingerprints ? a->items[i].fingerprint : 0, b->items[i].fingerprint);
	}
}

static struct view encode(struct ledger_record *r, bool fingerprints)
{
	assert_int_equal(record_check(r), OK);
	return view_make((const char *)bytes, record_encode(r, record_flags(r, fingerprints), bytes));
}

static void round_trips(void **state MAYBE_UNUSED)
{
	for (size_t i = 0; i < 3000; i++) {
		size_t n = i < 3 ? LEDGER_ITEMS_MAX - i : below(2) ? below(300) : below(4);
		bool fingerprints = i % 2;
		struct ledger_record r = random_record(n), got;
		unsigned flags;
		struct view v = encode(&r, fingerprints);

		assert_true(v.len <= RECORD_MAX);
		assert_int_equal(record_decode(v, back, &got, &flags), OK);
		assert_same(&r, &got, fingerprints && r.kind == LEDGER_POSTS);
	}
}

/* What decodes at all is what encoding it again gives: no two byte strings are one record. */
static void one_encoding(void **state MAYBE_UNUSED)
{
	static unsigned char wrong[RECORD_MAX], again[RECORD_MAX];

	for (size_t i = 0; i < 20000; i++) {
		struct ledger_record r = random_record(below(20)), got;
		unsigned flags;
		struct view v = encode(&r, i % 2);

		memcpy(wrong, v.p, v.len);
		for (size_t k = 0; k < 1 + below(2); k++)
			wrong[below(v.len)] ^= (unsigned char)(1 << below(8));
		struct view w = view_make((const char *)wrong, v.len);
		if (record_decode(w, back, &got, &flags) == OK)
			assert_true(view_eq(w, view_make((const char *)again, record_encode(&got, flags, again))));
	}
}

static void cut_short_or_longer(void **state MAYBE_UNUSED)
{
	struct ledger_record r = random_record(100), got;
	unsigned flags;
	struct view v = encode(&r, true);

	for (size_t n = 0; n < v.len; n++)
		assert_int_equal(record_decode(view_make(v.p, n), back, &got, &flags), ERR_CORRUPT);
	bytes[v.len] = 0;
	assert_int_equal(record_decode(view_make(v.p, v.len + 1), back, &got, &flags), ERR_CORRUPT);
}

static void no_records(void **state MAYBE_UNUSED)
{
	struct ledger_record r = random_record(3);

	items[2].id = items[0].id;
	assert_int_equal(record_check(&r), ERR_INVALID);
	items[2].id = 0;
	assert_int_equal(record_check(&r), ERR_INVALID);
	items[2].id = 1;
	items[0].id = 7, items[1].id = 5;
	assert_int_equal(record_check(&r), OK);
	assert_int_equal(items[0].id, 1);
	assert_int_equal(items[2].id, 7);
	items[0].id = 5, items[1].id = 7, items[2].id = 1;
	assert_int_equal(record_check(&r), OK);
	assert_int_equal(items[0].id, 1);
	assert_int_equal(items[1].id, 5);
	r.n_items = LEDGER_ITEMS_MAX + 1;
	assert_int_equal(record_check(&r), ERR_INVALID);
	r.n_items = 3;
	r.licensee = -1;
	assert_int_equal(record_check(&r), ERR_INVALID);
}

/* A fixed example, computed beside this program (python3: hashlib, hmac); docs/ledger.md has it as well. */
static void fixed_bytes(void **state MAYBE_UNUSED)
{
	struct ledger_item two[] = {{.id = 300, .charged = true, .fingerprint = 0x1234}, {.id = 301, .version = 2}};
	struct ledger_record r = {.kind = LEDGER_POSTS,
				  .endpoint = 1,
				  .time_ms = 1000,
				  .licensee = 7,
				  .key = 8,
				  .terms = 9,
				  .cost_micro = 5000,
				  .items = two,
				  .n_items = 2};
	unsigned char key[RECORD_SALT_KEY_LEN] = {1, 2, 3}, salt[RECEIPT_SALT_LEN];
	char hex[HEX_LEN(DIGEST_LEN) + 1], canonical[HEX_LEN(64) + 1];

	struct view v = encode(&r, true);
	hex_encode(v.p, v.len, canonical);
	assert_string_equal(canonical, "0101013ce807070809904e02ab02000101020134120000");
	record_salt(key, 258, salt);
	hex_encode(salt, sizeof(salt), hex);
	assert_string_equal(hex, "1facbe94e555d7b9d976df4c147065a4");
	struct digest d = record_entry(salt, v);
	hex_encode(d.b, DIGEST_LEN, hex);
	assert_string_equal(hex, "70e77d86043325e4f0a107122228e1ad2451f2ed0af5f851b98ff5a661b78247");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trips), cmocka_unit_test(one_encoding), cmocka_unit_test(cut_short_or_longer),
		cmocka_unit_test(no_records),  cmocka_unit_test(fixed_bytes),
	};

	if (secret_init() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
