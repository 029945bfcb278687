#include "base/base.h"
#include "gate/fields.h"

#include "base/limits.h"
#include "gate/form.h"
#include "gate/tree.h"

#include <setjmp.h>
#include <cmocka.h>

static struct arena arena;

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, LIMIT_CALL_ARENA);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static const char *text(const struct fields *f, const char *name)
{
	struct view v;
	return fields_text(f, view_of(name), &v) ? arena_cstr(&arena, v) : "(absent)";
}

/* All values with commas behind. */
static const char *list(const struct fields *f, const char *name)
{
	static char out[256];
	const struct view *v;
	size_t count, n = 0;
	if (!fields_list(f, view_of(name), &v, &count))
		return "(absent)";
	out[0] = '\0';
	for (size_t i = 0; i < count; i++)
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%.*s,", VIEW_ARG(v[i]));
	return out;
}

static void json_is(const struct fields *f, const char *name, const char *expected)
{
	char *got = json_dumps(fields_node(f, view_of(name)), JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
	assert_string_equal(got ? got : "(absent)", expected);
	free(got);
}

static void plain_names(void **state)
{
	(void)state;
	struct fields f;
	fields_init(&f, &arena);
	assert_int_equal(fields_add_query(&f, V("a=1&b=x+y%21&&c&a=2&=e&d="), NULL), OK);
	assert_string_equal(text(&f, "a"), "2");
	assert_string_equal(text(&f, "b"), "x y!");
	assert_string_equal(text(&f, "c"), "");
	assert_string_equal(text(&f, "d"), "");
	assert_string_equal(text(&f, "e"), "(absent)");
	assert_string_equal(list(&f, "a[]"), "2,");
	assert_null(f.tree);
	/* What the body says goes before the query. */
	assert_int_equal(fields_add_body(&f, V("application/x-www-form-urlencoded; charset=UTF-8"), V("a=3"), NULL),
			 OK);
	assert_string_equal(text(&f, "a"), "3");
	assert_int_equal(
		fields_add_body(&f, V("application/json"), V(" {\"a\":4.5, \"b\":null, \"n\":12, \"t\":true}"), NULL),
		OK);
	assert_string_equal(text(&f, "a"), "4.5");
	assert_string_equal(text(&f, "b"), "(absent)");
	assert_string_equal(text(&f, "n"), "12");
	assert_string_equal(text(&f, "t"), "true");
	fields_release(&f);
}

static void bracket_names(void **state)
{
	(void)state;
	struct fields f;
	fields_init(&f, &arena);
	assert_int_equal(
		fields_add_query(&f,
				 V("ids[]=1&ids%5B%5D=2&poll[options][]=a&poll[options][]=b&poll[expires_in]=60&"
				   "fields[0][name]=x&fields[0][value]=y&fields[1][name]=z&"
				   "m[][id]=1&m[][d]=one&m[][id]=2"),
				 NULL),
		OK);
	assert_string_equal(list(&f, "ids"), "1,2,");
	assert_string_equal(list(&f, "ids[]"), "1,2,");
	assert_string_equal(list(&f, "poll[options]"), "a,b,");
	assert_string_equal(text(&f, "poll[expires_in]"), "60");
	assert_string_equal(text(&f, "poll[nothing]"), "(absent)");
	assert_string_equal(text(&f, "poll"), "(absent)");
	json_is(&f, "fields", "{\"0\":{\"name\":\"x\",\"value\":\"y\"},\"1\":{\"name\":\"z\"}}");
	json_is(&f, "m", "[{\"d\":\"one\",\"id\":\"1\"},{\"id\":\"2\"}]");
	json_is(&f, "nothing", "(absent)");
	fields_release(&f);
}

static void json_bodies(void **state)
{
	(void)state;
	struct fields f;
	fields_init(&f, &arena);
	assert_int_equal(fields_add_query(&f, V("poll[options][]=query&other[a]=1"), NULL), OK);
	assert_int_equal(fields_add_body(&f, V("application/json"),
					 V("{\"ids\":[1,\"2\",null,{}],\"poll\":{\"options\":[\"x\"]},"
					   "\"o\":{\"0\":\"a\",\"1\":\"b\"}}"),
					 NULL),
			 OK);
	assert_string_equal(list(&f, "ids[]"), "1,2,");
	assert_string_equal(list(&f, "poll[options][]"), "x,");
	assert_string_equal(list(&f, "o"), "a,b,");
	assert_string_equal(text(&f, "other[a]"), "1");
	fields_release(&f);
}

static void multipart_bodies(void **state)
{
	(void)state;
	struct fields f;
	fields_init(&f, &arena);
	assert_int_equal(
		fields_add_body(&f, V("multipart/form-data; boundary=X"),
				V("--X\r\nContent-Disposition: form-data; name=\"a[b]\"\r\n\r\n1\r\n"
				  "--X\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.png\"\r\n"
				  "Content-Type: image/png\r\n\r\ndata\r\n"
				  "--X\r\nContent-Disposition: form-data; name=\"g\"; filename=\"\"\r\n\r\n\r\n--X--"),
				NULL),
		OK);
	const struct upload *u = fields_file(&f, V("f"));
	assert_non_null(u);
	assert_true(view_is(u->data, "data") && view_is(u->file_name, "x.png") &&
		    view_is(u->content_type, "image/png"));
	assert_null(fields_file(&f, V("g")));
	assert_string_equal(text(&f, "a[b]"), "1");
	fields_release(&f);
}

static void malformed(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"", "a=%zz"},
		{"", "a=%"},
		{"", "a=%ff"},
		{"", "%00=1"},
		{"", "a[=1"},
		{"", "a]b[=1"},
		{"", "[a]=1"},
		{"", "a[b]x=1"},
		{"", "a[]=1&a[b]=2"},
		{"", "a[b]=1&a[]=2"},
		{"", "a[b]=1&a[b][c]=2"},
		{"", "a[][]=1"},
		{"application/json", "{"},
		{"application/json", "[1,2]"},
		{"application/json", "\"x\""},
		{"application/json", "{\"a\":\"\\u0000\"}"},
		{"application/json", "{\"a\":\"\xff\"}"},
		{"application/json", "{} x"},
		{"Application/JSON; x", "nonsense"},
		{"multipart/form-data; boundary=x", "--x\r\nnonsense"},
		{"multipart/form-data", "no boundary"},
		{"multipart/form-data; boundary=X",
		 "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\r\n--X--"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fields f;
		struct problem problem = {0};
		fields_init(&f, &arena);
		enum err err = cases[i][0][0]
				       ? fields_add_body(&f, view_of(cases[i][0]), view_of(cases[i][1]), &problem)
				       : fields_add_query(&f, view_of(cases[i][1]), &problem);
		if (err != ERR_INVALID || !problem.text[0])
			fail_msg("%s %s: %s \"%s\"", cases[i][0], cases[i][1], err_name(err), problem.text);
		fields_release(&f);
	}
	struct fields f;
	fields_init(&f, &arena);
	assert_int_equal(fields_add_body(&f, V("text/plain"), V("{"), NULL), OK);
	assert_int_equal(fields_add_body(&f, V(""), V("{"), NULL), OK);
	assert_int_equal(fields_add_body(&f, V("application/json"), V(" \n"), NULL), OK);
	fields_release(&f);
}

/* Ten thousand parameters, and other ways to ask for much work with few bytes. */
static void too_many(void **state)
{
	(void)state;
	static char body[LIMIT_MIB];
	static const struct {
		const char *type, *head, *piece, *tail;
		size_t times;
		enum err err;
	} cases[] = {
		{"application/x-www-form-urlencoded", "", "a=1&", "", 10000, ERR_INVALID},
		{"application/x-www-form-urlencoded", "", "a[]=1&", "", 10000, ERR_INVALID},
		{"application/x-www-form-urlencoded", "", "a=1&", "", LIMIT_PARAMS, OK},
		{"application/x-www-form-urlencoded", "a", "[b]", "=1", 1000, ERR_INVALID},
		{"application/x-www-form-urlencoded", "a", "[b]", "=1", LIMIT_JSON_DEPTH, OK},
		{"application/json", "{\"a\":[1", ",1", "]}", 10000, ERR_INVALID},
		{"application/json", "{\"a\":[1", ",1", "]}", 900, OK},
		{"application/json", "{\"a\":", "[", "", 100000, ERR_INVALID},
		{"application/json", "{\"a\":[{}", ",{}", "]}", 900, OK},
		{"application/json", "{\"a\":\"", ",[{", "\"}", 10000, OK},
		{"application/json", "{\"a\":\"\\\"", ",[{", "\"}", 10000, OK},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fields f;
		size_t n = (size_t)snprintf(body, sizeof(body), "%s", cases[i].head);
		for (size_t k = 0; k < cases[i].times; k++)
			n += (size_t)snprintf(body + n, sizeof(body) - n, "%s", cases[i].piece);
		snprintf(body + n, sizeof(body) - n, "%s", cases[i].tail);
		fields_init(&f, &arena);
		enum err err = fields_add_body(&f, view_of(cases[i].type), view_of(body), NULL);
		if (err != cases[i].err)
			fail_msg("%zu: %s", i, err_name(err));
		fields_release(&f);
		assert_true(arena.used < 8 * LIMIT_MIB);
	}
}

static void escapes(void **state)
{
	(void)state;
	struct view out;
	struct buf b;
	buf_init(&b, 256);
	percent_encode(&b, V("a b/\xc3\xa9~"));
	assert_string_equal(b.p, "a%20b%2F%C3%A9~");
	assert_int_equal(percent_decode(&arena, buf_view(&b), false, &out), OK);
	assert_true(view_is(out, "a b/\xc3\xa9~"));
	assert_int_equal(percent_decode(&arena, V("a+b"), false, &out), OK);
	assert_true(view_is(out, "a+b"));
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_names),	    cmocka_unit_test(bracket_names), cmocka_unit_test(json_bodies),
		cmocka_unit_test(multipart_bodies), cmocka_unit_test(malformed),     cmocka_unit_test(too_many),
		cmocka_unit_test(escapes),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
