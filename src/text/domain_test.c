/*
 * domain_test.c - what is a name of a server, and how it is written.
 */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>

#include "text/domain.h"

static void reads(void **state)
{
	static const struct {
		const char *in, *out; /* out NULL: refused */
	} cases[] = {
		{" Example.ORG. ", "example.org"},
		{"localhost", "localhost"},
		{"a-b.c_d.example", "a-b.c_d.example"},
		{"xn--bcher-kva.example", "xn--bcher-kva.example"},
		{"192.0.2.1", "192.0.2.1"},
		{"", NULL},
		{".", NULL},
		{"..", NULL},
		{"a b", NULL},
		{"a..b", NULL},
		{"-a", NULL},
		{"a-", NULL},
		{"a-.b", NULL},
		{"a.-b", NULL},
		{"a/b", NULL},
		{"a@b", NULL},
		{"a:80", NULL},
		{"[::1]", NULL},
		{"ä.example", NULL},
	};
	char ret[LIMIT_DOMAIN_BYTES + 1], long_name[LIMIT_DOMAIN_BYTES + 2];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(domain_read(view_of(cases[i].in), ret), cases[i].out != NULL);
		if (cases[i].out)
			assert_string_equal(ret, cases[i].out);
	}
	memset(long_name, 'a', sizeof(long_name));
	assert_true(domain_read(view_make(long_name, LIMIT_DOMAIN_BYTES), ret));
	assert_false(domain_read(view_make(long_name, LIMIT_DOMAIN_BYTES + 1), ret));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(reads)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
