/*
 * charged_test.c - the set against a plain table.
 */
#include "base/base.h"
#include "meter/charged.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define IDS 300
#define VERSIONS 3

static void test_a_thing_is_itself(void **state)
{
	struct charged c;
	(void)state;

	charged_init(&c);
	charged_remove(&c, 7, 0);
	assert_int_equal(charged_at(&c, 7, 0)->state, CHARGED_FREE);
	charged_at(&c, 7, 0)->state = CHARGED_PAID;
	assert_int_equal(charged_at(&c, 7, 1)->state, CHARGED_FREE);
	assert_int_equal(charged_at(&c, 7, 0)->state, CHARGED_PAID);
	assert_int_equal(c.count, 2);
	charged_release(&c);
}

static void test_like_a_table(void **state)
{
	struct charged c;
	uint8_t model[IDS][VERSIONS] = {{0}};
	size_t members = 0;
	unsigned seed = 1;
	(void)state;

	charged_init(&c);
	for (int round = 0; round < 60000; round++) {
		seed = seed * 1103515245u + 12345u;
		unsigned id = (seed >> 8) % IDS, version = (seed >> 20) % VERSIONS, what = (seed >> 24) & 3;
		uint8_t *m = &model[id][version];

		if (what == 0) {
			charged_remove(&c, id + 1, version);
			members -= *m != 0;
			*m = 0;
		} else if (what == 1 || *m) {
			struct charged_slot *s = charged_at(&c, id + 1, version);

			assert_int_equal(s->state, *m ? *m - 1 : CHARGED_FREE);
			members += *m == 0;
			s->state = what;
			*m = (uint8_t)(what + 1);
		}
		assert_int_equal(c.count, members);
	}
	charged_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_thing_is_itself),
		cmocka_unit_test(test_like_a_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
