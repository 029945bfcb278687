#include "base/base.h"
#include "gate/multipart.h"

#include "base/limits.h"

#include <setjmp.h>
#include <cmocka.h>

#define TYPE "multipart/form-data; boundary=XX"
#define FIELD(name) "Content-Disposition: form-data; name=\"" name "\"\r\n"

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

/* "name=data;" of every part, then how it ended. */
static const char *read_all(struct view type, struct view body)
{
	static char out[1024];
	struct multipart m;
	struct part part;
	size_t n = 0;
	out[0] = '\0';
	enum err err = multipart_begin(&m, &arena, type, body);
	while (err == OK && (err = multipart_next(&m, &part)) == OK) {
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%.*s=%.*s", VIEW_ARG(part.name), VIEW_ARG(part.data));
		if (part.is_file)
			n += (size_t)snprintf(out + n, sizeof(out) - n, "(%.*s %.*s)", VIEW_ARG(part.file_name),
					      VIEW_ARG(part.content_type));
		n += (size_t)snprintf(out + n, sizeof(out) - n, ";");
	}
	snprintf(out + n, sizeof(out) - n, "%s",
		 err == ERR_NOT_FOUND ? "end"
		 : err == ERR_INVALID ? "invalid"
				      : "too large");
	return out;
}

static void parts(void **state)
{
	(void)state;
	static const struct {
		struct view body;
		const char *result;
	} cases[] = {
		{V("--XX\r\n" FIELD("a") "\r\n1\r\n--XX--\r\n"), "a=1;end"},
		{V("--XX\r\n" FIELD("a") "\r\n1\r\n--XX\r\n" FIELD("b[]") "\r\n2\r\n3\r\n--XX--"),
		 "a=1;b[]=2\r\n3;end"},
		{V("preamble\r\n--XX\r\n" FIELD("a") "\r\n\r\n--XX--\r\nepilogue"), "a=;end"},
		{V("--XX\r\n" FIELD("a") "\r\n--XX--"), "a=;end"},
		{V("--XX\r\n" FIELD("a") "\r\n--X\r\n-XX\r\n--XX--"), "a=--X\r\n-XX;end"},
		{V("--XX\r\ncontent-disposition:form-data;name=a\r\nX: y\r\n\r\n1\r\n--XX--"), "a=1;end"},
		{V("--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"C:\\dir\\a b.png\"\r\nContent-Type: "
		   "image/png"
		   "\r\n\r\n\x89PNG\r\n--XX--"),
		 "f=\x89PNG(a b.png image/png);end"},
		{V("--XX\r\nContent-Disposition: form-data; name=\"q\\\"q\"; filename=\"\"\r\n\r\n\r\n--XX--"),
		 "q\"q=( );end"},
		{V("--XX\r\nContent-Disposition: form-data; filename=\"x;name=y\"; name=\"z\"\r\n\r\n1\r\n--XX--"),
		 "z=1(x;name=y );end"},
		{V("--XX--\r\n"), "end"},
		{V(""), "invalid"},
		{V("--YY\r\n" FIELD("a") "\r\n1\r\n--YY--"), "invalid"},
		{V("--XX\r\nnonsense"), "invalid"},
		{V("--XX\r\n" FIELD("a") "\r\n1"), "invalid"},
		{V("--XX\r\n" FIELD("a") "\r\n1\r\n--XX"), "a=1;invalid"},
		{V("--XX\n" FIELD("a") "\r\n1\r\n--XX--"), "invalid"},
		{V("--XX\r\nContent-Type: text/plain\r\n\r\n1\r\n--XX--"), "invalid"},
		{V("--XX\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--XX--"), "invalid"},
		{V("--XX\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XX--"), "invalid"},
		{V("--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--XX--"), "invalid"},
		{V("--XX\r\n" FIELD("a") FIELD("b") "\r\n1\r\n--XX--"), "invalid"},
		{V("--XX\r\n" FIELD("\xff") "\r\n1\r\n--XX--"), "invalid"},
		{V("--XX\r\n: no name\r\n" FIELD("a") "\r\n1\r\n--XX--"), "invalid"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *got = read_all(V(TYPE), cases[i].body);
		if (strcmp(got, cases[i].result) != 0)
			fail_msg("%zu: expected \"%s\", got \"%s\"", i, cases[i].result, got);
	}
}

static void boundaries(void **state)
{
	(void)state;
	struct view body = V("--a b\r\n" FIELD("a") "\r\n1\r\n--a b--");
	assert_string_equal(read_all(V("multipart/form-data; charset=utf-8; Boundary=\"a b\""), body), "a=1;end");
	static const char *const bad[] = {
		"multipart/form-data",
		"multipart/form-data; boundary=",
		"multipart/form-data; boundary=\"\"",
		"multipart/form-data; boundary=\"a b",
		"multipart/form-data; boundary=\"a \"",
		"multipart/form-data; boundary=a\x01",
		"multipart/form-data; boundary=1234567890123456789012345678901234567890123456789012345678901234567890x",
	};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_string_equal(read_all(view_of(bad[i]), body), "invalid");
}

static void limits(void **state)
{
	(void)state;
	static char body[200 * 1024];
	struct multipart m;
	struct part part;
	size_t n = 0, parts_read = 0;
	for (size_t i = 0; i <= MULTIPART_PARTS_MAX; i++)
		n += (size_t)snprintf(body + n, sizeof(body) - n, "--XX\r\n" FIELD("a") "\r\n1\r\n");
	snprintf(body + n, sizeof(body) - n, "--XX--");
	assert_int_equal(multipart_begin(&m, &arena, V(TYPE), view_of(body)), OK);
	enum err err;
	while ((err = multipart_next(&m, &part)) == OK)
		parts_read++;
	assert_int_equal(err, ERR_TOO_LARGE);
	assert_int_equal(parts_read, MULTIPART_PARTS_MAX);

	n = (size_t)snprintf(body, sizeof(body), "--XX\r\n" FIELD("a") "X: ");
	memset(body + n, 'x', 5000);
	snprintf(body + n + 5000, sizeof(body) - n - 5000, "\r\n\r\n1\r\n--XX--");
	assert_string_equal(read_all(V(TYPE), view_of(body)), "too large");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts),
		cmocka_unit_test(boundaries),
		cmocka_unit_test(limits),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
