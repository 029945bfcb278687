/*
 * parse_test.c - what moderators type: networks, domains, mail addresses.
 */
#include "base/base.h"

#include "core/core_fixture.h"

#include "moderation/canonical_emails.h"
#include "moderation/ip_blocks.h"
#include "moderation/server_blocks.h"

static void networks_are_written_in_one_way(void **state)
{
	static const struct {
		const char *in, *out; /* out NULL: refused */
	} cases[] = {
		{"192.0.2.77/24", "192.0.2.0/24"},
		{"192.0.2.77", "192.0.2.77/32"},
		{" 10.1.2.3/8 ", "10.0.0.0/8"},
		{"0.0.0.0/0", "0.0.0.0/0"},
		{"2001:db8:1:2::3/33", "2001:db8::/33"},
		{"::1", "::1/128"},
		{"::/0", "::/0"},
		{"", NULL},
		{"192.0.2.1/33", NULL},
		{"192.0.2.1/-1", NULL},
		{"::1/129", NULL},
		{"192.0.2.1,192.0.2.2", NULL},
		{"example.org", NULL},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct network n;
		char text[NETWORK_TEXT] = "";
		enum err err = network_read(&f->arena, view_of(cases[i].in), &n, text, NULL);

		assert_int_equal(err, cases[i].out ? OK : ERR_UNPROCESSABLE);
		if (cases[i].out)
			assert_string_equal(text, cases[i].out);
	}
}

static void domains_are_names_of_hosts(void **state)
{
	static const char *const wrong[] = {"", ".", "a b", "a..b", "-a", "a-", "a/b", "a@b", "ä.example"};
	struct fixture *f = *state;
	struct view v;

	assert_int_equal(domain_normalise(&f->arena, V(" Example.ORG. "), &v, NULL), OK);
	assert_true(view_is(v, "example.org"));
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(domain_normalise(&f->arena, view_of(wrong[i]), &v, NULL), ERR_UNPROCESSABLE);
}

static void one_mailbox_has_one_hash(void **state)
{
	char one[CANONICAL_HASH_LEN + 1], other[CANONICAL_HASH_LEN + 1];

	(void)state;
	assert_int_equal(canonical_email_hash(V("some.one+tag@example.org"), one), OK);
	assert_int_equal(canonical_email_hash(V("SomeOne@Example.org"), other), OK);
	assert_string_equal(one, other);
	assert_int_equal(canonical_email_hash(V("someone@exam.ple.org"), other), OK);
	assert_string_not_equal(one, other);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(canonical_email_hash(view_of((const char *[]){"", "@", "a@", "@b"}[i]), one),
				 ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(networks_are_written_in_one_way),
		cmocka_unit_test(domains_are_names_of_hosts),
		cmocka_unit_test(one_mailbox_has_one_hash),
	};

	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
