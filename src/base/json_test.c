/*
 * json_test.c - the writer of base/json.h. jansson, written by others, reads what it writes.
 */
#include "base/base.h"
#include "base/json.h"

#include <setjmp.h>
#include <cmocka.h>
#include <jansson.h>
#include <math.h>

#include "base/limits.h"

#define assert_text(b, s) assert_string_equal((b)->len ? (b)->p : "", (s))

static int setup(void **state)
{
	struct buf *b = xmalloc(sizeof(*b));
	buf_init(b, LIMIT_MIB);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	buf_release(*state);
	free(*state);
	return 0;
}

static void puts_commas(void **state)
{
	struct jw j = jw_to(*state);
	jw_object(&j);
	jw_kv_id(&j, "id", INT64_MAX);
	jw_kv_id(&j, "none", 0);
	jw_key(&j, "list");
	jw_array(&j);
	jw_int(&j, INT64_MIN);
	jw_array(&j);
	jw_array_end(&j);
	jw_object(&j);
	jw_object_end(&j);
	jw_bool(&j, true);
	jw_array_end(&j);
	jw_kv_bool(&j, "b", false);
	jw_kv_null(&j, "n");
	jw_kv_cstr(&j, "c", NULL);
	jw_kv_str(&j, "s", V("x"));
	jw_kv_int(&j, "i", 0);
	jw_kv_raw(&j, "r", V("{\"a\":1}"));
	jw_object_end(&j);
	assert_text((struct buf *)*state,
		    "{\"id\":\"9223372036854775807\",\"none\":null,\"list\":[-9223372036854775808,"
		    "[],{},true],\"b\":false,\"n\":null,\"c\":null,\"s\":\"x\",\"i\":0,"
		    "\"r\":{\"a\":1}}");
}

static void writes_times(void **state)
{
	struct jw j = jw_to(*state);
	jw_array(&j);
	jw_time(&j, 1714979289123);
	jw_date(&j, 1714979289123);
	jw_time(&j, 0);
	jw_date(&j, 0);
	jw_array_end(&j);
	assert_text((struct buf *)*state, "[\"2024-05-06T07:08:09.123Z\",\"2024-05-06\",null,null]");
}

static void writes_doubles(void **state)
{
	struct jw j = jw_to(*state);
	jw_array(&j);
	jw_double(&j, 0.1);
	jw_double(&j, -1.5);
	jw_double(&j, 1.0 / 3);
	jw_double(&j, 1e300);
	jw_double(&j, NAN);
	jw_double(&j, -INFINITY);
	jw_array_end(&j);
	assert_text((struct buf *)*state, "[0.1,-1.5,0.33333333333333331,1e+300,null,null]");
}

static void escapes(void **state)
{
	struct buf *b = *state;
	jw_escape(b, V("plain text longer than eight \"quoted\" back\\slash\n\r\t\b\f\x01\x1f\x7f/\0end"));
	assert_text(b, "plain text longer than eight \\\"quoted\\\" back\\\\slash\\n\\r\\t\\b\\f\\u0001\\u001f\x7f/"
		       "\\u0000end");
	buf_clear(b);
	jw_escape(b, V("kicau \xf0\x9f\x90\xa6 \xe9\xb3\xa5"));
	assert_text(b, "kicau \xf0\x9f\x90\xa6 \xe9\xb3\xa5");
	buf_clear(b);
	jw_escape(b, V("a\xff"
		       "b\xed\xa0\x80\xc2"));
	assert_text(b, "a\xef\xbf\xbd"
		       "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	buf_clear(b);
	jw_escape(b, view_make(NULL, 0));
	assert_int_equal(b->len, 0);
}

/* Every byte at every place of a word, so that neither the fast nor the slow half of the scan misses one. */
static void escapes_at_every_place(void **state)
{
	struct buf *b = *state;
	for (unsigned c = 1; c < 0x80; c++) {
		for (size_t at = 0; at < 19; at++) {
			char text[19];
			memset(text, 'x', sizeof(text));
			text[at] = (char)c;
			buf_clear(b);
			struct jw j = jw_to(b);
			jw_str(&j, view_make(text, sizeof(text)));
			json_t *read = json_loadb(b->p, b->len, JSON_DECODE_ANY, NULL);
			assert_non_null(read);
			assert_int_equal(json_string_length(read), sizeof(text));
			assert_memory_equal(json_string_value(read), text, sizeof(text));
			json_decref(read);
		}
	}
}

static void stops_at_the_maximum(void **state MAYBE_UNUSED)
{
	struct buf b;
	buf_init(&b, 10);
	struct jw j = jw_to(&b);
	jw_object(&j);
	jw_kv_str(&j, "key", V("a value that does not fit"));
	jw_object_end(&j);
	assert_int_equal(buf_err(&b), ERR_TOO_LARGE);
	assert_true(b.len <= 10);
	buf_release(&b);
}

static void reopened(void **state)
{
	struct buf *out = *state;
	struct jw j = jw_to(out);

	jw_array(&j);
	jw_object(&j);
	jw_object_end(&j);
	jw_object_reopen(&j);
	jw_kv_int(&j, "a", 1);
	jw_object_end(&j);
	jw_object_reopen(&j);
	jw_kv_int(&j, "b", 2);
	jw_object_end(&j);
	jw_int(&j, 3);
	jw_array_end(&j);
	assert_string_equal(out->p, "[{\"a\":1,\"b\":2},3]");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {T(puts_commas), T(writes_times),	      T(writes_doubles),
					   T(escapes),	   T(escapes_at_every_place), T(stops_at_the_maximum),
					   T(reopened)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
