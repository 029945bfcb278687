#include "base/base.h"
#include "gate/route.h"

#include "base/limits.h"

#include <setjmp.h>
#include <cmocka.h>

static enum err nothing(struct call *c)
{
	(void)c;
	return OK;
}

#define POLICY                                                                                                         \
	.handle = nothing, .auth = AUTH_NONE, .rate = RATE_DEFAULT, .meter = METER_FREE, .reply = "{}",                \
	.doc = "Nothing."
#define ROW(m, p, ...)                                                                                                 \
	{                                                                                                              \
		.method = HTTP_##m, .path = (p), POLICY, .params = PARAMS(__VA_ARGS__)                                 \
	}
#define ID                                                                                                             \
	{                                                                                                              \
		.name = "id", .type = PARAM_ID                                                                         \
	}
#define NAME                                                                                                           \
	{                                                                                                              \
		.name = "name", .type = PARAM_STRING                                                                   \
	}
#define REST                                                                                                           \
	{                                                                                                              \
		.name = "rest", .type = PARAM_STRING                                                                   \
	}

static const struct endpoint rows[] = {
	ROW(GET, "/", ),
	ROW(GET, "/a", ),
	ROW(POST, "/a", ),
	ROW(GET, "/a/search", ),
	ROW(GET, "/a/:id", ID),
	ROW(DELETE, "/a/:id", ID),
	ROW(GET, "/a/:id/b", ID),
	ROW(GET, "/a/search/:name/d", NAME),
	ROW(GET, "/a/:id/:name/c", ID, NAME),
	ROW(GET, "/@:name", NAME),
	ROW(GET, "/@:name.rss", NAME),
	ROW(GET, "/@@:name", NAME),
	ROW(GET, "/a/:id.json", ID),
	ROW(GET, "/@:name/:id", NAME, ID),
	ROW(GET, "/:name", NAME),
	ROW(GET, "/files/:rest*", REST),
	ROW(GET, "/files/index", ),
	ENDPOINTS_END,
};
static const struct endpoint_group groups[] = {{"Test", rows}, {0}};

static struct arena arena;
static struct router *router;

static int set_up(void **state)
{
	struct problem problem;
	(void)state;
	arena_init(&arena, LIMIT_CALL_ARENA);
	if (router_build(groups, &router, &problem) != OK)
		fail_msg("%s", problem.text);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	router_free(router);
	arena_release(&arena);
	return 0;
}

static void matches(void **state)
{
	(void)state;
	static const struct {
		enum http_method method;
		const char *path, *row, *first, *second;
	} cases[] = {
		{HTTP_GET, "/", "/", "", ""},
		{HTTP_GET, "/a", "/a", "", ""},
		{HTTP_HEAD, "/a", "/a", "", ""},
		{HTTP_GET, "/a/search", "/a/search", "", ""},
		{HTTP_GET, "/a/7", "/a/:id", "7", ""},
		{HTTP_DELETE, "/a/search", "/a/:id", "search", ""}, /* the literal has no such method */
		{HTTP_GET, "/a/7/b", "/a/:id/b", "7", ""},
		{HTTP_GET, "/a/search/b", "/a/:id/b", "search", ""}, /* back out of the literal */
		{HTTP_GET, "/a/search/x/d", "/a/search/:name/d", "x", ""},
		{HTTP_GET, "/a/search/x/c", "/a/:id/:name/c", "search", "x"},
		{HTTP_GET, "/@bob", "/@:name", "bob", ""},
		{HTTP_GET, "/@bob.rss", "/@:name.rss", "bob", ""},
		{HTTP_GET, "/@bob.rss.rss", "/@:name.rss", "bob.rss", ""},
		{HTTP_GET, "/@bob.rss/9", "/@:name/:id", "bob.rss", "9"},
		{HTTP_GET, "/@.rss", "/@:name", ".rss", ""},
		{HTTP_GET, "/a/7.json", "/a/:id.json", "7", ""},
		{HTTP_GET, "/a/7.jso", "/a/:id", "7.jso", ""},
		{HTTP_GET, "/@@bob", "/@@:name", "bob", ""},
		{HTTP_GET, "/%40bob", "/@:name", "bob", ""},
		{HTTP_GET, "/@bob%40example.com/9", "/@:name/:id", "bob@example.com", "9"},
		{HTTP_GET, "/@", "/:name", "@", ""}, /* a capture is not empty */
		{HTTP_GET, "/caf%C3%A9", "/:name", "café", ""},
		{HTTP_GET, "/files/index", "/files/index", "", ""},
		{HTTP_GET, "/files/a", "/files/:rest*", "a", ""},
		{HTTP_GET, "/files/a/b%20c//d", "/files/:rest*", "a/b c//d", ""},
		{HTTP_GET, "/files/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", "/files/:rest*",
		 "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", ""},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct route_match m;
		enum err err = router_match(router, &arena, cases[i].method, view_of(cases[i].path), &m);
		if (err != OK)
			fail_msg("%s: %s", cases[i].path, err_name(err));
		assert_string_equal(m.route->row->path, cases[i].row);
		assert_true(m.route->n_captures < 1 || view_is(m.values[0], cases[i].first));
		assert_true(m.route->n_captures < 2 || view_is(m.values[1], cases[i].second));
	}
}

static void misses(void **state)
{
	(void)state;
	static const struct {
		enum http_method method;
		const char *path;
		enum err err;
		unsigned allow;
	} cases[] = {
		{HTTP_GET, "/a//b", ERR_NOT_FOUND, 0},
		{HTTP_GET, "/a/1/2/3/4", ERR_NOT_FOUND, 0},
		{HTTP_GET, "", ERR_NOT_FOUND, 0},
		{HTTP_GET, "*", ERR_NOT_FOUND, 0},
		{HTTP_GET, "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18", ERR_NOT_FOUND, 0},
		{HTTP_PUT, "/a", ERR_METHOD, 1u << HTTP_GET | 1u << HTTP_POST},
		{HTTP_POST, "/a/search", ERR_METHOD, 1u << HTTP_GET | 1u << HTTP_DELETE},
		{HTTP_OTHER, "/a", ERR_METHOD, 0},
		{HTTP_GET, "/a/%", ERR_INVALID, 0},
		{HTTP_GET, "/a/%zz", ERR_INVALID, 0},
		{HTTP_GET, "/a/%00", ERR_INVALID, 0},
		{HTTP_GET, "/a/%ff", ERR_INVALID, 0},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct route_match m;
		enum err err = router_match(router, &arena, cases[i].method, view_of(cases[i].path), &m);
		if (err != cases[i].err || m.allow != cases[i].allow)
			fail_msg("%s: %s, allow %x", cases[i].path, err_name(err), m.allow);
	}
}

static void refused(const struct endpoint *bad, const char *words)
{
	struct endpoint list[3] = {ROW(GET, "/x/:id", ID), *bad, ENDPOINTS_END};
	struct endpoint_group one[] = {{"Test", list}, {0}};
	struct router *r = NULL;
	struct problem problem;
	if (router_build(one, &r, &problem) != ERR_INVALID || !strstr(problem.text, words))
		fail_msg("expected \"%s\", got \"%s\"", words, problem.text);
}

/* A row that leaves a question of policy open does not start the server. */
static void incomplete_rows(void **state)
{
	(void)state;
	static const char *const none[] = {NULL};
	const struct endpoint good = ROW(GET, "/y/:id", ID);
	const struct {
		struct endpoint row;
		const char *words;
	} cases[] = {
		{ROW(GET, "/x/:name", NAME), "never be reached: /x/:id"},
		{ROW(GET, "/y/:id", NAME), "\":id\" is captured"},
		{ROW(GET, "y", ), "begin with a slash"},
		{ROW(GET, "/y/", ), "not end with one"},
		{ROW(GET, "/y//z", ), "empty segment"},
		{ROW(GET, "/y/:", ), "captures nothing"},
		{ROW(GET, "/y/:rest*/z", REST), "not a last segment"},
		{ROW(GET, "/y/x:rest*", REST), "not a last segment"},
		{ROW(GET, "/y/:rest*.rss", REST), "not a last segment"},
		{ROW(HEAD, "/y", ), "no method"},
		{ROW(GET, "/y", {.name = "c", .type = PARAM_CHOICE}), "c has no choices"},
		{ROW(GET, "/y", {.name = "c", .type = PARAM_CHOICE, .choices = none}), "c has no choices"},
		{ROW(GET, "/y", {.name = "f", .type = PARAM_FILE}), "does not take uploads"},
		{ROW(GET, "/y", {.name = "n", .type = PARAM_INT, .min = 2, .max = 1}), "minimum above"},
		{ROW(GET, "/y", NAME, NAME), "name stands twice"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		refused(&cases[i].row, cases[i].words);

	struct endpoint row = good;
	row.handle = NULL;
	refused(&row, "has no handler");
	row = good;
	row.auth = AUTH_UNSET;
	refused(&row, "(auth)");
	row = good;
	row.rate = RATE_UNSET;
	refused(&row, "(rate)");
	row = good;
	row.meter = METER_UNSET;
	refused(&row, "(meter)");
	row = good;
	row.doc = NULL;
	refused(&row, "no doc");
	row = good;
	row.reply = "";
	refused(&row, "(reply)");
	row = good;
	row.scope = SCOPE_READ;
	refused(&row, "no token is looked at");
	row = good;
	row.auth = AUTH_SESSION;
	row.method = HTTP_POST;
	refused(&row, "CSRF");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matches),
		cmocka_unit_test(misses),
		cmocka_unit_test(incomplete_rows),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
