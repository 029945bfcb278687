/*
 * message_test.c - what clients say, and things that are no message.
 */
#include "base/base.h"
#include "stream/message.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/limits.h"

static void messages_are_read(void **state)
{
	static const struct {
		const char *text;
		enum message_type type;
		const char *stream, *tag, *list;
	} cases[] = {
		{"{\"type\":\"subscribe\",\"stream\":\"user\"}", MESSAGE_SUBSCRIBE, "user", "", ""},
		{"{\"type\":\"unsubscribe\",\"stream\":\"list\",\"list\":\"12\"}", MESSAGE_UNSUBSCRIBE, "list", "",
		 "12"},
		{"{\"type\":\"subscribe\",\"stream\":\"list\",\"list\":12}", MESSAGE_SUBSCRIBE, "list", "", "12"},
		{"{\"type\":\"subscribe\",\"stream\":[\"hashtag\",\"x\"],\"tag\":[\"a\"]}", MESSAGE_SUBSCRIBE,
		 "hashtag", "a", ""},
		{"{\"type\":\"subscribe\"}", MESSAGE_SUBSCRIBE, "", "", ""},
		{"{\"type\":\"subscribe\",\"stream\":{},\"tag\":[],\"list\":null}", MESSAGE_SUBSCRIBE, "", "", ""},
		{"{\"type\":\"publish\",\"stream\":\"user\"}", MESSAGE_OTHER, "", "", ""},
		{"{\"stream\":\"user\"}", MESSAGE_OTHER, "", "", ""},
		{"[\"subscribe\"]", MESSAGE_OTHER, "", "", ""},
		{"\"subscribe\"", MESSAGE_OTHER, "", "", ""},
		{"not json", MESSAGE_OTHER, "", "", ""},
		{"", MESSAGE_OTHER, "", "", ""},
		{"{\"type\":\"subscribe\",\"stream\":\"user\"} {}", MESSAGE_OTHER, "", "", ""},
	};
	struct arena a;
	(void)state;
	arena_init(&a, LIMIT_MIB);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct wish w = {.stream = V(""), .tag = V(""), .list = V("")};
		assert_int_equal(message_parse(&a, view_of(cases[i].text), &w), cases[i].type);
		assert_true(view_is(w.stream, cases[i].stream));
		assert_true(view_is(w.tag, cases[i].tag));
		assert_true(view_is(w.list, cases[i].list));
	}
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(messages_are_read)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
