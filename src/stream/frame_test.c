/*
 * frame_test.c - headers at every length where they grow, and the two forms of an event.
 */
#include "base/base.h"
#include "stream/frame.h"

#include <setjmp.h>
#include <cmocka.h>
#include <jansson.h>

#include "base/limits.h"

static void headers_grow_with_the_length(void **state)
{
	static const struct {
		size_t len;
		unsigned char header[10];
		size_t header_len;
	} cases[] = {
		{0, {0x81, 0}, 2},
		{125, {0x81, 125}, 2},
		{126, {0x81, 126, 0, 126}, 4},
		{65535, {0x81, 126, 0xff, 0xff}, 4},
		{65536, {0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0}, 10},
	};
	char *text = xmalloc(65536);
	(void)state;
	memset(text, 'x', 65536);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct frame *f = frame_text_ws(view_make(text, cases[i].len));
		assert_int_equal(f->len, cases[i].header_len + cases[i].len);
		assert_memory_equal(f->bytes, cases[i].header, cases[i].header_len);
		frame_unref(f);
	}
	free(text);
}

static json_t *read_event(struct frame *f)
{
	assert_non_null(f);
	size_t header = (unsigned char)f->bytes[1] < 126 ? 2 : 4;
	json_t *o = json_loadb(f->bytes + header, f->len - header, 0, NULL);
	assert_non_null(o);
	frame_unref(f);
	return o;
}

static void events_for_websockets(void **state)
{
	(void)state;
	struct frame_event e = {.channel = V("hashtag"),
				.label = V("\"Jalak\"\n"),
				.name = "update",
				.payload = V("{\"content\":\"a \\\"b\\\" \\u000a\"}")};
	json_t *o = read_event(frame_event_ws(&e));
	assert_int_equal(json_array_size(json_object_get(o, "stream")), 2);
	assert_string_equal(json_string_value(json_array_get(json_object_get(o, "stream"), 1)), "\"Jalak\"\n");
	assert_string_equal(json_string_value(json_object_get(o, "event")), "update");
	assert_string_equal(json_string_value(json_object_get(o, "payload")), e.payload.p);
	json_decref(o);

	struct frame_event none = {.channel = V("user"), .name = "filters_changed"};
	o = read_event(frame_event_ws(&none));
	assert_int_equal(json_array_size(json_object_get(o, "stream")), 1);
	assert_null(json_object_get(o, "payload"));
	json_decref(o);
}

static void events_for_event_streams(void **state)
{
	static const struct {
		const char *payload, *text;
	} cases[] = {
		{"{\"id\":\"1\"}", "event: update\ndata: {\"id\":\"1\"}\n\n"},
		{"a\nevent: b\r\n\ndata: c", "event: update\ndata: a event: b   data: c\n\n"},
		{NULL, "event: update\ndata: undefined\n\n"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct frame_event e = {.channel = V("user"), .name = "update"};
		if (cases[i].payload)
			e.payload = view_of(cases[i].payload);
		struct frame *f = frame_event_sse(&e);
		assert_true(view_is(view_make(f->bytes, f->len), cases[i].text));
		frame_unref(f);
	}
}

static void closing_frames(void **state)
{
	char reason[200];
	(void)state;
	memset(reason, 'r', sizeof(reason));
	struct frame *f = frame_close_ws(1013, V("slow"));
	assert_int_equal(f->len, 8);
	assert_memory_equal(f->bytes, "\x88\x06\x03\xf5slow", 8);
	frame_unref(f);
	f = frame_close_ws(1001, view_make(reason, sizeof(reason)));
	assert_int_equal(f->len, 2 + 125); /* RFC 6455 5.5: control frames have at most 125 bytes */
	frame_unref(f);
	f = frame_ping_ws();
	assert_int_equal(f->len, 2);
	assert_memory_equal(f->bytes, "\x89\x00", 2);
	frame_unref(f);
}

static void what_is_too_large_is_no_frame(void **state)
{
	struct frame_event e = {.channel = V("user"), .name = "update"};
	char *payload = xmalloc(LIMIT_REPLY + 1);
	(void)state;
	memset(payload, 'x', LIMIT_REPLY + 1);
	e.payload = view_make(payload, LIMIT_REPLY + 1);
	assert_null(frame_event_ws(&e));
	assert_null(frame_event_sse(&e));
	free(payload);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_grow_with_the_length), cmocka_unit_test(events_for_websockets),
		cmocka_unit_test(events_for_event_streams),	cmocka_unit_test(closing_frames),
		cmocka_unit_test(what_is_too_large_is_no_frame),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
