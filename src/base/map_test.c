/*
 * map_test.c - the maps against plain arrays that do the same slowly.
 */
#include "base/base.h"
#include "base/map.h"

#include <setjmp.h>
#include <cmocka.h>

#define KEYS 500
#define STEPS 20000

/* A repeatable sequence, so that a failure can be found again. */
static uint32_t step(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static void follows_a_plain_array(void **state MAYBE_UNUSED)
{
	static char values[KEYS];
	void *model[KEYS] = {0};
	size_t live = 0;
	uint32_t rng = 1;
	struct map m;
	map_init(&m);
	assert_null(map_get(&m, 0));
	assert_null(map_del(&m, 0));
	for (size_t i = 0; i < STEPS; i++) {
		uint32_t k = step(&rng) % KEYS;
		uint64_t key = (uint64_t)k << 48;
		if (step(&rng) % 5 < 3) {
			void *value = &values[step(&rng) % KEYS];
			assert_ptr_equal(map_put(&m, key, value), model[k]);
			live += !model[k];
			model[k] = value;
		} else {
			assert_ptr_equal(map_del(&m, key), model[k]);
			live -= model[k] != NULL;
			model[k] = NULL;
		}
		assert_int_equal(m.count, live);
	}
	for (uint32_t k = 0; k < KEYS; k++)
		assert_ptr_equal(map_get(&m, (uint64_t)k << 48), model[k]);
	assert_true(m.mask < 4 * KEYS);
	map_release(&m);
	map_release(NULL);
}

static void deletes_while_iterating(void **state MAYBE_UNUSED)
{
	struct map m;
	map_init(&m);
	static char value;
	for (uint64_t key = 0; key < KEYS; key++)
		map_put(&m, key, &value);
	size_t at = 0, seen = 0;
	uint64_t key, sum = 0;
	void *found;
	while (map_next(&m, &at, &key, &found)) {
		assert_ptr_equal(found, &value);
		seen++;
		sum += key;
		if (key % 2)
			map_del(&m, key);
	}
	assert_int_equal(seen, KEYS);
	assert_int_equal(sum, KEYS * (KEYS - 1) / 2);
	assert_int_equal(m.count, KEYS / 2);
	map_release(&m);
	at = 0;
	assert_false(map_next(&m, &at, &key, &found));
}

static void does_not_fill_with_gravestones(void **state MAYBE_UNUSED)
{
	struct map m;
	map_init(&m);
	static char value;
	for (uint64_t key = 0; key < 100000; key++) {
		map_put(&m, key, &value);
		if (key >= 10)
			assert_ptr_equal(map_del(&m, key - 10), &value);
	}
	assert_int_equal(m.count, 10);
	assert_true(m.mask < 64);
	map_release(&m);
}

static void copies_string_keys(void **state MAYBE_UNUSED)
{
	static char values[KEYS];
	char key[32];
	struct strmap m;
	strmap_init(&m);
	assert_null(strmap_get(&m, V("x")));
	for (int i = 0; i < KEYS; i++) {
		int n = snprintf(key, sizeof(key), "key %d", i);
		assert_null(strmap_put(&m, view_make(key, (size_t)n), &values[i]));
	}
	assert_ptr_equal(strmap_get(&m, V("key 0")), &values[0]);
	assert_ptr_equal(strmap_put(&m, V("key 7"), &values[8]), &values[7]);
	assert_ptr_equal(strmap_del(&m, V("key 7")), &values[8]);
	assert_null(strmap_get(&m, V("key 7")));
	assert_null(strmap_del(&m, V("key 7")));
	assert_null(strmap_put(&m, V(""), &values[0]));
	assert_null(strmap_put(&m, V("a\0b"), &values[1]));
	assert_null(strmap_get(&m, V("a")));
	assert_ptr_equal(strmap_get(&m, view_make(NULL, 0)), &values[0]);

	size_t at = 0, seen = 0;
	struct view found;
	void *value;
	while (strmap_next(&m, &at, &found, &value)) {
		assert_ptr_equal(strmap_get(&m, found), value);
		seen++;
		strmap_del(&m, found);
	}
	assert_int_equal(seen, KEYS + 1);
	assert_int_equal(m.count, 0);
	strmap_put(&m, V("left"), &values[0]);
	strmap_release(&m);
}

static void holds_ids(void **state MAYBE_UNUSED)
{
	struct idset s;
	idset_init(&s);
	assert_false(idset_has(&s, 0) || idset_has(&s, 1));
	for (uint64_t id = 1; id <= KEYS; id++)
		assert_true(idset_add(&s, id << 16));
	for (uint64_t id = 1; id <= KEYS; id++) {
		assert_false(idset_add(&s, id << 16));
		assert_true(idset_has(&s, id << 16));
		assert_false(idset_has(&s, (id << 16) + 1));
	}
	assert_false(idset_has(&s, 0));
	assert_int_equal(s.count, KEYS);
	idset_release(&s);
}

/* Ids differ in few bits and share many: the low bits of the hash, which choose the slot, must still spread. */
static void spreads_ids(void **state MAYBE_UNUSED)
{
	unsigned hits[256] = {0};
	for (uint64_t i = 0; i < 256 * 100; i++)
		hits[hash_u64((UINT64_C(1714979289123) + i) << 16) & 255]++;
	for (size_t i = 0; i < ARRAY_LEN(hits); i++)
		assert_in_range(hits[i], 40, 180);
	assert_true(hash_bytes(V("a")) == hash_bytes(V("a")) && hash_bytes(V("a")) != hash_bytes(V("b")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_a_plain_array),	  cmocka_unit_test(deletes_while_iterating),
		cmocka_unit_test(does_not_fill_with_gravestones), cmocka_unit_test(copies_string_keys),
		cmocka_unit_test(holds_ids),			  cmocka_unit_test(spreads_ids),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
