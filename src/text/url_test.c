/*
 * url_test.c
 */
#include "base/base.h"
#include "text/url.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/limits.h"

static void parses(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *text;
		bool secure;
		const char *host;
		unsigned port;
		const char *path, *query, *fragment;
	} cases[] = {
		{"https://example.com", true, "example.com", 443, "", "", ""},
		{"http://example.com/", false, "example.com", 80, "/", "", ""},
		{"HTTPS://Example.com:8443/a/b?c=d&e#f?g", true, "Example.com", 8443, "/a/b", "c=d&e", "f?g"},
		{"https://example.com?q", true, "example.com", 443, "", "q", ""},
		{"https://example.com#f", true, "example.com", 443, "", "", "f"},
		{"http://127.0.0.1:3000/x", false, "127.0.0.1", 3000, "/x", "", ""},
		{"http://[::1]:80/", false, "::1", 80, "/", "", ""},
		{"http://localhost/", false, "localhost", 80, "/", "", ""},
		{"https://müller.example/ä?ö", true, "müller.example", 443, "/ä", "ö", ""},
		{"https://example.com./%20", true, "example.com.", 443, "/%20", "", ""},
		{"https://a_b.example/", true, "a_b.example", 443, "/", "", ""},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct url u;
		if (!url_parse(view_of(cases[i].text), &u))
			fail_msg("%s", cases[i].text);
		assert_int_equal(u.secure, cases[i].secure);
		assert_true(view_is(u.host, cases[i].host));
		assert_int_equal(u.port, cases[i].port);
		assert_true(view_is(u.path, cases[i].path));
		assert_true(view_is(u.query, cases[i].query));
		assert_true(view_is(u.fragment, cases[i].fragment));
	}
}

static void refuses(void **state MAYBE_UNUSED)
{
	static const char *const cases[] = {
		"",
		"example.com",
		"//example.com",
		"/x",
		"ftp://example.com",
		"javascript:alert(1)",
		"http:",
		"http://",
		"http:///x",
		"https:example.com",
		"http://:80/",
		"http://a:0/",
		"http://a:65536/",
		"http://a:/",
		"http://a:+1/",
		"http://a:1x/",
		"http://user@example.com/",
		"http://user:pw@example.com/",
		"http://a b/",
		"http://a/b c",
		" http://a/",
		"http://a/\n",
		"http://a\\b/",
		"http://a/\\",
		"http://a/<x>",
		"http://a/\"",
		"http://a/%",
		"http://a/%2",
		"http://a/%zz",
		"http://%61/",
		"http://a..b/",
		"http://.a/",
		"http://a/\xff",
		"http://a,b/",
		"http://[::1",
		"http://[]/",
		"http://[x]/",
		"http://[::1]x/",
		"http://[1.2.3.4]/",
		"http://a\xE2\x80\xAE/",
	};
	struct url u = {.port = 7};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (url_parse(view_of(cases[i]), &u))
			fail_msg("%s was taken", cases[i]);
	assert_false(url_parse(V("http://a/\0b"), &u));
	assert_false(url_parse(view_make(NULL, 0), &u));
	char big[LIMIT_URL_BYTES + 1];
	memset(big, 'a', sizeof(big));
	memcpy(big, "http://a/", 9);
	assert_false(url_parse(view_make(big, sizeof(big)), &u));
	assert_int_equal(u.port, 7);
	assert_true(url_parse(view_make(big, sizeof(big) - 1), &u));
}

static bool same(struct view a, struct view b)
{
	struct url ua, ub;
	assert_true(url_parse(a, &ua) && url_parse(b, &ub));
	return url_same_origin(&ua, &ub);
}

static void origins(void **state MAYBE_UNUSED)
{
	assert_true(same(V("https://a.b/x"), V("HTTPS://A.B:443/y")));
	assert_false(same(V("https://a.b/"), V("http://a.b/")));
	assert_false(same(V("https://a.b/"), V("https://a.b:444/")));
	assert_false(same(V("https://a.b/"), V("https://b.a/")));
	struct url base;
	assert_true(url_parse(V("https://k.example"), &base));
	assert_true(url_is_local(V("/x?y"), &base) && url_is_local(V("https://k.example/x"), &base));
	assert_false(url_is_local(V("//evil.example/"), &base) || url_is_local(V("/\\evil.example"), &base));
	assert_false(url_is_local(V("https://evil.example/"), &base) || url_is_local(V("x"), &base));
	assert_false(url_is_local(V(""), &base) || url_is_local(V("/\t/evil.example"), &base));
}

static void hosts(void **state MAYBE_UNUSED)
{
	struct buf out;
	buf_init(&out, 100);
	assert_int_equal(url_host_lower(&out, V("EXAMPLE.Com")), OK);
	assert_int_equal(url_host_lower(&out, V("")), OK);
	assert_int_equal(url_host_lower(&out, V(" MU\xCC\x88LLER.ÄB")), OK);
	assert_true(view_is(buf_view(&out), "example.com müller.äb"));
	assert_int_equal(url_host_lower(&out, V("\xff")), ERR_INVALID);
	buf_release(&out);
}

static void escapes(void **state MAYBE_UNUSED)
{
	struct buf out;
	buf_init(&out, 100);
	url_encode(&out, V("a b+~*é/\0"));
	assert_true(view_is(buf_view(&out), "a%20b%2B~%2A%C3%A9%2F%00"));
	buf_clear(&out);
	url_encode_form(&out, V("a b+~*"));
	assert_true(view_is(buf_view(&out), "a+b%2B%7E*"));
	buf_clear(&out);
	assert_int_equal(url_decode(&out, V("a+%20%c3%A9")), OK);
	assert_int_equal(url_decode_form(&out, V("b+%2B")), OK);
	assert_true(view_is(buf_view(&out), "a+ éb +"));
	static const char *const bad[] = {"%", "%2", "a%g0", "%0g", "%%20"};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(url_decode(&out, view_of(bad[i])), ERR_INVALID);
	buf_release(&out);
	buf_init(&out, 2);
	assert_int_equal(url_decode(&out, V("abc")), ERR_TOO_LARGE);
	buf_release(&out);
}

static void params(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *base, *url;
	} cases[] = {
		{"https://a.b/cb", "https://a.b/cb?code=x%26+y&state="},
		{"https://a.b/cb?z=1", "https://a.b/cb?z=1&code=x%26+y&state="},
		{"https://a.b/cb?", "https://a.b/cb?code=x%26+y&state="},
		{"app://cb?z&", "app://cb?z&code=x%26+y&state="},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out;
		buf_init(&out, 100);
		buf_add_str(&out, "Location? ");
		size_t begin = out.len;
		buf_add_str(&out, cases[i].base);
		url_add_param(&out, begin, V("code"), V("x& y"));
		url_add_param(&out, begin, V("state"), V(""));
		assert_string_equal(out.p + begin, cases[i].url);
		buf_release(&out);
	}
}

static void redirects(void **state MAYBE_UNUSED)
{
	static const char *const good[] = {
		"https://app.example/cb",
		"http://localhost:1234/cb?x=y",
		"urn:ietf:wg:oauth:2.0:oob",
		"com.example.app://cb",
		"com.example.app:/oauth2redirect",
		"tusky://oauth",
		"mastodon-ios:cb",
		"icecubesapp://",
	};
	static const char *const bad[] = {
		"",
		"/cb",
		"cb",
		":",
		"://x",
		"app:",
		"1app://x",
		"https://",
		"https://a/#f",
		"app://x#f",
		"javascript:alert(1)",
		"JAVASCRIPT://x",
		"data:text/html,x",
		"vbscript:x",
		"file:///etc/passwd",
		"blob:x",
		"about:blank",
		"urn:x",
		"app://x y",
		"app://x\n",
		"app://\xff",
		"app://\"",
		"https://user@a.b/",
		"http:app",
		" app://x",
		"app://x\\",
	};
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		if (!url_redirect_valid(view_of(good[i])))
			fail_msg("%s was refused", good[i]);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (url_redirect_valid(view_of(bad[i])))
			fail_msg("%s was taken", bad[i]);
	struct view registered = V("https://a.b/cb\nurn:ietf:wg:oauth:2.0:oob  app://x\r\n");
	assert_true(url_redirect_registered(registered, V("https://a.b/cb")));
	assert_true(url_redirect_registered(registered, V(URL_OOB)));
	assert_true(url_redirect_registered(registered, V("app://x")));
	assert_false(url_redirect_registered(registered, V("https://a.b/cb/")));
	assert_false(url_redirect_registered(registered, V("https://a.b/c")));
	assert_false(url_redirect_registered(registered, V("HTTPS://a.b/cb")));
	assert_false(url_redirect_registered(registered, V("")));
	assert_false(url_redirect_registered(V(""), V("app://x")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses),    cmocka_unit_test(refuses), cmocka_unit_test(origins),
		cmocka_unit_test(hosts),     cmocka_unit_test(escapes), cmocka_unit_test(params),
		cmocka_unit_test(redirects),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
