#include "base/base.h"
#include "http/forwarded.h"

#include <setjmp.h>
#include <cmocka.h>

static void text_of(const char *in, char out[ADDRESS_TEXT])
{
	struct address a;
	out[0] = '\0';
	if (address_parse(view_of(in), &a))
		address_text(&a, out);
}

static void addresses(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"192.0.2.1", "192.0.2.1"},
		{" 192.0.2.1:80 ", "192.0.2.1"},
		{"2001:db8::1", "2001:db8::1"},
		{"[2001:DB8::1]:443", "2001:db8::1"},
		{"[2001:db8::1]", "2001:db8::1"},
		{"::ffff:192.0.2.1", "192.0.2.1"},
		{"", ""},
		{"unknown", ""},
		{"192.0.2", ""},
		{"[::1", ""},
		{"192.0.2.1.5", ""},
		{"1:2", ""},
		{"[]", ""},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[ADDRESS_TEXT];
		text_of(cases[i][0], text);
		assert_string_equal(text, cases[i][1]);
	}
}

static void networks(void **state)
{
	(void)state;
	struct network *list;
	size_t n;
	struct address a;
	struct problem p;
	assert_int_equal(networks_parse("10.0.0.0/8, 192.0.2.7 ,2001:db8::/33,", &list, &n, &p), OK);
	assert_int_equal(n, 3);
	static const struct {
		const char *text;
		bool has;
	} cases[] = {
		{"10.255.0.1", true},	    {"11.0.0.0", false},	 {"192.0.2.7", true}, {"192.0.2.6", false},
		{"2001:db8:7fff::1", true}, {"2001:db8:8000::1", false}, {"::1", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_true(address_parse(view_of(cases[i].text), &a));
		assert_int_equal(networks_have(list, n, &a), cases[i].has);
	}
	free(list);
	assert_int_equal(networks_parse("", &list, &n, &p), OK);
	assert_int_equal(n, 0);
	free(list);
	static const char *const bad[] = {"10.0.0.0/33", "nonsense", "::1/129", "10.0.0.1/", "1.2.3.4/-1"};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(networks_parse(bad[i], &list, &n, &p), ERR_INVALID);
}

static void walk(void **state)
{
	(void)state;
	static const char *const cases[][3] = {
		/* peer, header, client */
		{"10.0.0.1", "203.0.113.9", "203.0.113.9"},
		{"10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"}, /* 1.1.1.1 is the client's own word */
		{"10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"},
		{"203.0.113.1", "1.1.1.1", "203.0.113.1"}, /* not a proxy of ours */
		{"10.0.0.1", "1.1.1.1, unknown", "10.0.0.1"},
		{"10.0.0.1", "", "10.0.0.1"},
		{"10.0.0.1", ",,", "10.0.0.1"},
	};
	struct network *list;
	size_t n;
	assert_int_equal(networks_parse("10.0.0.0/8", &list, &n, NULL), OK);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct address client;
		char text[ADDRESS_TEXT];
		assert_true(address_parse(view_of(cases[i][0]), &client));
		forwarded_walk(list, n, view_of(cases[i][1]), &client);
		address_text(&client, text);
		assert_string_equal(text, cases[i][2]);
	}
	free(list);
	assert_true(forwarded_https(V("http, https")));
	assert_false(forwarded_https(V("https,http")));
	assert_false(forwarded_https(V("")));
}

static void sites(void **state)
{
	(void)state;
	struct address a, b;
	assert_true(address_parse(V("2001:db8::1"), &a));
	assert_true(address_parse(V("2001:db8::ffff:1"), &b));
	a = address_site(a);
	b = address_site(b);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_true(address_parse(V("192.0.2.1"), &a));
	b = address_site(a);
	assert_memory_equal(&a, &b, sizeof(a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),
		cmocka_unit_test(networks),
		cmocka_unit_test(walk),
		cmocka_unit_test(sites),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
