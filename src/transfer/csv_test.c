#include "base/base.h"
#include "transfer/csv.h"

#include "base/limits.h"

#include <setjmp.h>
#include <cmocka.h>

/* "line:field|field;" of every record, "line!words;" of those that are wrong. */
static const char *read_all(struct arena *a, struct view text)
{
	static char out[2048];
	struct csv c = csv_of(text);
	struct csv_record r;
	size_t n = 0;

	out[0] = '\0';
	while (csv_next(&c, a, &r)) {
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%" PRId64 "%s%s", r.line, r.wrong ? "!" : ":",
				      r.wrong ? r.wrong : "");
		for (size_t i = 0; i < r.n; i++)
			n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%.*s", i ? "|" : "", VIEW_ARG(r.fields[i]));
		n += (size_t)snprintf(out + n, sizeof(out) - n, ";");
	}
	return out;
}

static void records(void **state)
{
	static const struct {
		struct view text;
		const char *read;
	} cases[] = {
		{V(""), ""},
		{V("\n\r\n\r"), ""},
		{V("a,b\nc"), "1:a|b;2:c;"},
		{V("\xef\xbb\xbf"
		   "a\r\nb\rc\n"),
		 "1:a;2:b;3:c;"},
		{V("a,,\n"), "1:a||;"},
		{V(",\n"), "1:|;"},
		{V("\"a,b\",\"c\"\"d\",\"\"\n"), "1:a,b|c\"d|;"},
		{V("\"two\nlines\",x\nnext\n"), "1:two\nlines|x;3:next;"},
		{V("\"a\r\nb\rc\"\nd"), "1:a\r\nb\rc;4:d;"},
		{V("\"never closed,x\nb,c\nd"), "1!a quote is not closed;2:b|c;3:d;"},
		{V("a\"b\nc"), "1!a quote stands in the middle of a field;2:c;"},
		{V("\"a\"b,c\nd"), "1!something stands behind a closing quote;2:d;"},
		{V("caf\xe9\ncaf\xc3\xa9"), "1!it is not UTF-8;2:caf\xc3\xa9;"},
		{V("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16\n1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17\nx"),
		 "1:1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16;2!it has too many fields;3:x;"},
	};
	struct arena a;

	(void)state;
	arena_init(&a, LIMIT_MIB);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(read_all(&a, cases[i].text), cases[i].read);
	arena_release(&a);
}

static void too_long(void **state)
{
	static char text[3 * CSV_RECORD_MAX];
	struct arena a;

	(void)state;
	arena_init(&a, LIMIT_MIB);
	memset(text, 'x', sizeof(text));
	memcpy(text + sizeof(text) - 3, "\nok", 3);
	assert_string_equal(read_all(&a, view_make(text, sizeof(text))), "1!it is too long;2:ok;");
	text[0] = '"';
	assert_string_equal(read_all(&a, view_make(text, sizeof(text))), "1!it is too long;2:ok;");
	memset(text, 'x', CSV_RECORD_MAX);
	text[CSV_RECORD_MAX] = '\n';
	assert_int_equal(strlen(read_all(&a, view_make(text, CSV_RECORD_MAX + 1))), 2047); /* read, and cut by us */
	arena_release(&a);
}

static void written(void **state)
{
	static const struct view fields[] = {V("plain"),      V("a,b"), V("say \"hi\""),
					     V("two\nlines"), V(""),	V(" edge ")};
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	struct csv_record r;
	struct arena a;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		if (i)
			fputc(',', f);
		csv_put(f, fields[i]);
	}
	fclose(f);
	arena_init(&a, LIMIT_MIB);
	struct csv c = csv_of(view_make(text, len));
	assert_true(csv_next(&c, &a, &r));
	assert_int_equal(r.n, ARRAY_LEN(fields));
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		assert_true(view_eq(r.fields[i], fields[i]));
	arena_release(&a);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records),
		cmocka_unit_test(too_long),
		cmocka_unit_test(written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
