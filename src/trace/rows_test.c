/* What readers make of each format, hostile ones too. */
#include "base/base.h"
#include "trace/rows.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/buf.h"
#include "trace/utf16.h"

struct text_source {
	struct view left;
	size_t step; /* bytes handed out at once */
};

static size_t read_text(void *arg, char *p, size_t cap)
{
	struct text_source *s = arg;
	size_t n = s->step < cap ? s->step : cap;

	n = n < s->left.len ? n : s->left.len;
	memcpy(p, s->left.p, n);
	s->left = view_sub(s->left, n, s->left.len);
	return n;
}

/* "id|url|text|counters;" of each row; "!" for one that is unreadable; "~" in front of one that was converted. */
static enum err put_row(void *arg, const struct leak_row *r)
{
	struct buf *out = arg;

	if (r->unreadable) {
		buf_add_str(out, "!;");
		return OK;
	}
	if (r->converted)
		buf_add_c(out, '~');
	if (r->id)
		buf_add_i64(out, r->id);
	buf_add_c(out, '|');
	buf_add(out, r->url);
	buf_add_c(out, '|');
	if (r->text.p)
		buf_printf(out, "\"%.*s\"", VIEW_ARG(r->text));
	for (size_t i = 0; i < COUNTERS; i++)
		if (r->counters.given & 1U << i)
			buf_printf(out, ",%c%" PRId64, "lrbqf"[i], r -> counters.v[i]);
	buf_add_c(out, ';');
	return OK;
}

static char *read_with(struct view text, enum leak_format *f, size_t step)
{
	struct buf out = {.max = 64 << 20};
	struct text_source s = {text, step};
	struct rows_to to = {.fn = put_row, .arg = &out};
	struct window w;

	window_init(&w, read_text, &s);
	if (*f == FORMAT_AUTO)
		*f = rows_detect(&w);
	assert_int_equal(rows_read(&w, *f, &to), OK);
	window_release(&w);
	buf_add_c(&out, '\0');
	return buf_detach(&out);
}

static void expect(struct view text, enum leak_format format, const char *rows)
{
	static const size_t steps[] = {SIZE_MAX, 1, 7};

	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		enum leak_format f = FORMAT_AUTO;
		char *got = read_with(text, &f, steps[i]);

		assert_string_equal(got, rows);
		assert_string_equal(leak_format_name(f), leak_format_name(format));
		free(got);
	}
}

static void jsonl(void **state)
{
	(void)state;
	expect(V("{\"id\":\"12\",\"text\":\"a b\"}\n{\"id\":13,\"text\":\"c\"}\r\n\n{\"text\":\"d\"}"), FORMAT_JSONL,
	       "12||\"a b\";13||\"c\";||\"d\";");
	expect(V("{\"content\":\"x\",\"full_text\":\"y\",\"body\":\"z\"}\nnot json\n{\"body\":\"z\"}\n{\"a\":1}\n"),
	       FORMAT_JSONL, "||\"y\";!;||\"z\";||;");
	/* One number too large for us is no reason to lose the row. */
	expect(V("{\"text\":\"t\",\"n\":99999999999999999999999}\n"), FORMAT_JSONL, "||\"t\";");
	expect(V("{\"text\":\"caf\xe9\"}\n"), FORMAT_JSONL, "~||\"caf\xc3\xa9\";");
	expect(V("{\"id\":\"77\"}\n{\"id\":\"https://a.example/users/x/statuses/5\"}\n"), FORMAT_JSONL,
	       "77||;|https://a.example/users/x/statuses/5|;");
}

static void hostile_json(void **state)
{
	struct buf deep = {.max = 4 << 20};

	(void)state;
	/* Names twice, values of other kinds, numbers that are none of ours, halves of characters, bytes of zero. */
	expect(V("{\"text\":\"a\",\"text\":\"b\"}\n{\"text\":1}\n{\"text\":{\"text\":\"in\"}}\n{\"text\":null,\"body\":"
		 "\"c\"}\n"),
	       FORMAT_JSONL, "||\"b\";||;||\"in\";||\"c\";");
	expect(V("{\"text\":\"x\",\"id\":-1}\n{\"text\":\"x\",\"id\":9223372036854775808}\n{\"text\":\"x\",\"id\":"
		 "1e999}\n"
		 "{\"text\":\"x\",\"id\":[1],\"like_count\":-5,\"retweet_count\":\"9\"}\n"),
	       FORMAT_JSONL, "||\"x\";||\"x\";!;||\"x\";");
	expect(V("{\"text\":\"\\ud83d\"}\n{\"text\":\"a\\u0000b\"}\n{\"text\":\"a\0b\"}\n{\"text\":\"ok\"}\n"),
	       FORMAT_JSONL, "!;!;!;||\"ok\";");
	/* Nested deeper than anybody writes, and never closed. */
	for (size_t i = 0; i < 200000; i++)
		buf_add_str(&deep, "{\"a\":");
	buf_add_str(&deep, "\n{\"text\":\"behind it\"}\n");
	enum leak_format f = FORMAT_JSONL;
	char *got = read_with(buf_view(&deep), &f, SIZE_MAX);
	assert_string_equal(got, "!;||\"behind it\";");
	free(got);
	f = FORMAT_JSON;
	free(read_with(buf_view(&deep), &f, SIZE_MAX));
	buf_release(&deep);
}

static void x_v2(void **state)
{
	(void)state;
	expect(V("{\"data\":[{\"id\":\"1\",\"text\":\"one\",\"author_id\":\"9\",\"public_metrics\":{\"like_count\":3,"
		 "\"reply_count\":2,"
		 "\"retweet_count\":1,\"quote_count\":0}},{\"id\":\"2\",\"text\":\"two\"}],\"includes\":{\"users\":[{"
		 "\"id\":\"9\",\"username\":"
		 "\"a\",\"public_metrics\":{\"followers_count\":40}}],\"tweets\":[{\"id\":\"3\",\"text\":\"three\"}]},"
		 "\"meta\":{\"result_count\":2}}"),
	       FORMAT_JSONL, "1||\"one\",l3,r2,b1,q0,f40;2||\"two\";3||\"three\";");
	expect(V("{\"data\":{\"id\":\"1\",\"text\":\"cut\",\"note_tweet\":{\"text\":\"the whole of it\"}}}\n"),
	       FORMAT_JSONL, "1||\"the whole of it\";");
}

static void x_v1(void **state)
{
	(void)state;
	expect(V("[{\"id\":5,\"id_str\":\"5\",\"text\":\"cut\xe2\x80\xa6\",\"extended_tweet\":{\"full_text\":\"whole\"}"
		 ",\"favorite_count\":1,"
		 "\"retweet_count\":2,\"user\":{\"id\":7,\"followers_count\":8}},\n{\"id_str\":\"6\",\"full_text\":"
		 "\"RT @a: x\","
		 "\"retweeted_status\":{\"id_str\":\"4\",\"full_text\":\"x\"}}]"),
	       FORMAT_JSON, "5||\"whole\",l1,b2,f8;6||\"RT @a: x\";4||\"x\";");
	expect(V("window.YTD.tweets.part0 = [ {\"tweet\":{\"id\":\"8\",\"full_text\":\"mine\"}} ]"), FORMAT_JSON,
	       "8||\"mine\";");
}

static void fediverse(void **state)
{
	(void)state;
	expect(V("[{\"id\":\"11\",\"uri\":\"https://a.example/users/b/statuses/11\",\"url\":\"https://a.example/@b/"
		 "11\",\"content\":\"<p>hi</p>\","
		 "\"replies_count\":1,\"reblogs_count\":2,\"favourites_count\":3,\"quotes_count\":4,\"account\":{"
		 "\"followers_count\":5},"
		 "\"reblog\":null}]"),
	       FORMAT_JSON, "11|https://a.example/@b/11|\"<p>hi</p>\",l3,r1,b2,q4,f5;");
	expect(V("{\"@context\":\"x\",\"orderedItems\":[{\"id\":\"https://a.example/1/"
		 "activity\",\"type\":\"Create\",\"object\":{\"id\":"
		 "\"https://a.example/"
		 "1\",\"type\":\"Note\",\"content\":\"note\"}},{\"type\":\"Announce\",\"object\":\"https://b.example/"
		 "2\"}]}"),
	       FORMAT_JSONL, "|https://a.example/1|\"note\";");
}

static void documents(void **state)
{
	(void)state;
	expect(V("[\"one\", \"two\"]"), FORMAT_JSON, "||\"one\";||\"two\";");
	expect(V("{\n \"posts\": [\n  {\"text\": \"a ] } \\\" b\"}\n ]\n}\n{\"text\":\"c\"}"), FORMAT_JSON,
	       "||\"a ] } \" b\";||\"c\";");
	expect(V("[{\"text\":\"a\"},{\"text\":\"never closed"), FORMAT_JSON, "||\"a\";!;");
	expect(V("[{\"text\":]},{\"text\":\"b\"}]"), FORMAT_JSON, "!;||\"b\";");
}

static void csv(void **state)
{
	(void)state;
	expect(V("id,text,likes\n1,\"a, \"\"b\"\"\nc\",3\r\n2,plain,x\n\n3\n"), FORMAT_CSV,
	       "1||\"a, \"b\"\nc\",l3;2||\"plain\";3||;");
	expect(V("tweet_id\tfull_text\n5\t\"quoted\"\n6\tit's 5\" long"), FORMAT_CSV,
	       "5||\"quoted\";6||\"it's 5\" long\";");
	expect(V("text\nmy \"own\" words\n\"never closed\nlast\n"), FORMAT_CSV, "||\"my \"own\" words\";!;||\"last\";");
	expect(V("url;content\nhttps://a.example/@b/1;caf\xe9\n"), FORMAT_CSV,
	       "~|https://a.example/@b/1|\"caf\xc3\xa9\";");
}

static void plain(void **state)
{
	(void)state;
	expect(V("one post\n\n  \nanother, with a comma\r\nlast"), FORMAT_TEXT,
	       "||\"one post\";||\"another, with a comma\";||\"last\";");
	expect(V(""), FORMAT_TEXT, "");
	expect(V("[deleted]\n<3 you\n"), FORMAT_TEXT, "||\"[deleted]\";||\"<3 you\";");
	expect(V("a\0b\nc\n"), FORMAT_TEXT, "!;||\"c\";");
	expect(V("na\xefve\n"), FORMAT_TEXT, "~||\"na\xc3\xafve\";");
}

static void html(void **state)
{
	(void)state;
	expect(V("<!doctype html><html><head><title>T</title><link rel=canonical "
		 "href=https://a.example/@b></head><body><nav>menu</nav>"
		 "<article class=\"post\"><header><a class=name href=\"/@b\">B</a><a class=when href=\"/@b/42\">1 "
		 "h</a></header><div class=\"text\">"
		 "<p>first</p><p>second</p></div><footer>3 likes</footer></article><script>no</script></body></html>"),
	       FORMAT_HTML, "||\"menu\";|https://a.example/@b/42|\"first\nsecond\";");
	expect(V("<p>one</p><p>two &amp; three<br>four</p>loose"), FORMAT_HTML,
	       "||\"one\";||\"two & three\nfour\";||\"loose\";");
	expect(V("<div class=\"h-entry\"><a href=\"https://a.example/users/b/statuses/7\">x</a><p>only rest</p></div>"),
	       FORMAT_HTML, "|https://a.example/users/b/statuses/7|\"x\nonly rest\";");
}

static void warc(void **state)
{
	static const char page[] = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>kept page</p>";
	static const char chunked[] =
		"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
		"8\r\n{\"text\":\r\n4\r\n\"c\"}\r\n0\r\n\r\n";
	static const char gone[] = "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>nothing</p>";
	char text[4096];

	(void)state;
	int n = snprintf(text, sizeof(text),
			 "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n"
			 "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http; "
			 "msgtype=response\r\nContent-Length: %zu\r\n\r\n%s\r\n\r\n"
			 "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: %zu\r\n\r\n%s\r\n\r\n"
			 "WARC/1.1\r\nWARC-Type: response\r\nContent-Length: %zu\r\n\r\n%s\r\n\r\n"
			 "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: "
			 "11\r\n\r\nline1\nline2\r\n\r\n",
			 sizeof(page) - 1, page, sizeof(chunked) - 1, chunked, sizeof(gone) - 1, gone);
	expect(view_make(text, (size_t)n), FORMAT_WARC, "||\"kept page\";||\"c\";||\"line1\";||\"line2\";");
	expect(V("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 500\r\n\r\nHTTP/1.1 200 OK\r\n\r\ncut"),
	       FORMAT_WARC, "!;");
	expect(V("WARC/1.0\r\nWARC-Type: response\r\n\r\n"), FORMAT_WARC, "!;");
}

/* Hostile sizes: each is told once, and what stands behind it is read. */
static void large(void **state)
{
	size_t n = WINDOW_MAX + (WINDOW_MAX / 2);
	char *text = xmalloc(n + 64);
	enum leak_format f;

	(void)state;
	memset(text, 'x', n);
	memcpy(text + n, "\nafter\n", 7);
	f = FORMAT_TEXT;
	char *got = read_with(view_make(text, n + 7), &f, SIZE_MAX);
	assert_string_equal(got, "!;||\"after\";");
	free(got);
	memcpy(text, "{\"text\":\"", 9);
	memcpy(text + n, "\"}\n{\"text\":\"b\"}\n", 16);
	f = FORMAT_JSONL;
	got = read_with(view_make(text, n + 16), &f, SIZE_MAX);
	assert_string_equal(got, "!;||\"b\";");
	free(got);
	/* An object that is too large is gone through. */
	memset(text, ' ', n);
	memcpy(text, "{\"items\":[{\"text\":\"a\"},", 23);
	memcpy(text + n, "{\"text\":\"b\"}]}", 14);
	f = FORMAT_JSON;
	got = read_with(view_make(text, n + 14), &f, SIZE_MAX);
	assert_string_equal(got, "||\"a\";||\"b\";");
	free(got);
	memset(text, '[', n);
	f = FORMAT_JSON;
	got = read_with(view_make(text, n), &f, SIZE_MAX);
	assert_string_equal(got, "!;");
	free(got);
	memset(text, '{', 100000);
	got = read_with(view_make(text, 100000), &f, SIZE_MAX);
	assert_string_equal(got, "!;");
	free(got);
	memset(text, 'y', n);
	memcpy(text, "text\n\"", 6);
	memcpy(text + n, "\nok\n", 4);
	f = FORMAT_CSV;
	got = read_with(view_make(text, n + 4), &f, SIZE_MAX);
	assert_string_equal(got, "!;||\"ok\";");
	free(got);
	free(text);
}

static void utf16(void **state)
{
	static const struct {
		struct view bytes;
		const char *text;
	} cases[] = {
		{V("\xff\xfeh\0i\0"), "hi"},
		{V("\xfe\xff\0h\0i"), "hi"},
		{V("\xff\xfe\x3d\xd8\x00\xde"), "\xf0\x9f\x98\x80"},
		{V("\xff\xfe\x3d\xd8x\0"), "\xef\xbf\xbdx"},
		{V("\xff\xfe\x00\xde\xe9\0"), "\xef\xbf\xbd\xc3\xa9"},
		{V("\xef\xbb\xbfhi"), NULL},
	};
	char raw[32], out[UTF16_OUT(32)];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		size_t n = cases[i].bytes.len, len = 0;

		memcpy(raw, cases[i].bytes.p, n);
		struct utf16 u = utf16_begin(raw, &n);
		assert_int_equal(u.on, cases[i].text != NULL);
		for (size_t j = 0; u.on && j < n; j++)
			len += utf16_decode(&u, raw + j, 1, out + len);
		if (u.on)
			assert_true(view_is(view_make(out, len), cases[i].text));
		else
			assert_true(view_is(view_make(raw, n), "hi"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jsonl), cmocka_unit_test(hostile_json), cmocka_unit_test(x_v2),  cmocka_unit_test(x_v1), cmocka_unit_test(fediverse),
		cmocka_unit_test(documents), cmocka_unit_test(csv), cmocka_unit_test(plain), cmocka_unit_test(html),
		cmocka_unit_test(warc),  cmocka_unit_test(large), cmocka_unit_test(utf16),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
