#include "base/base.h"
#include "transfer/items.h"

#include <setjmp.h>
#include <cmocka.h>

/* "entry;" of each, "!words;" of what is wrong; "none" without an array. */
static const char *read_all(struct view text, const char *key)
{
	static char out[1024];
	struct items items;
	struct item item;
	size_t n = 0;

	out[0] = '\0';
	if (items_begin(text, key, &items) != OK)
		return "none";
	while (items_next(&items, &item))
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%.*s%s%s;", VIEW_ARG(item.json), item.wrong ? "!" : "",
				      item.wrong ? item.wrong : "");
	return out;
}

static void entries(void **state)
{
	static const struct {
		struct view text;
		const char *key, *read;
	} cases[] = {
		{V("window.YTD.tweets.part0 = [ {\"a\":[1,2]} ,\n{\"b\":\"]}\"} ]"), NULL,
		 "{\"a\":[1,2]};{\"b\":\"]}\"};"},
		{V("[]"), NULL, ""},
		{V("[1, \"two\\\"\", null,]"), NULL, "1;\"two\\\"\";null;"},
		{V("nothing"), NULL, "none"},
		{V(""), NULL, "none"},
		{V("["), NULL, "!the file ends before its list does;"},
		{V("[{\"a\":1},"), NULL, "{\"a\":1};!the file ends before its list does;"},
		{V("[{\"a\":1},{\"b\":\"cut"), NULL, "{\"a\":1};!the file ends in the middle of it;"},
		{V("[{\"a\":1},{\"b\":\"cut\\"), NULL, "{\"a\":1};!the file ends in the middle of it;"},
		{V("{\"x\":[0],\"y\":{\"orderedItems\":[1]},\"orderedItems\":[2,3],\"z\":1}"), "orderedItems", "2;3;"},
		{V("\xef\xbb\xbf { \"orderedItems\" : [ \"a\" ] }"), "orderedItems", "\"a\";"},
		{V("{\"orderedItems\":{}}"), "orderedItems", "none"},
		{V("{\"orderedItems"), "orderedItems", "none"},
		{V("{\"a\":{\"b\":"), "orderedItems", "none"},
		{V("[1]"), "orderedItems", "none"},
		{V("[{]}]"), NULL, "{];"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(read_all(cases[i].text, cases[i].key), cases[i].read);
}

static void too_long(void **state)
{
	size_t len = ITEM_BYTES_MAX + 16;
	char *text = xmalloc(len);

	(void)state;
	memset(text, 'x', len);
	memcpy(text, "[\"", 2);
	memcpy(text + len - 5, "\",7]x", 5);
	assert_string_equal(read_all(view_make(text, len), NULL), "!it is too long;7;");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(entries), cmocka_unit_test(too_long)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
