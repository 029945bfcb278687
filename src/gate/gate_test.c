/*
 * gate_test.c - rows of every kind behind a real server: who gets in, what the parameters become, how refusals look.
 */
#include "base/base.h"
#include "gate/gate.h"

#include "base/secret.h"
#include "core/core_fixture.h"
#include "core/page.h"
#include "core/posts.h"
#include "http/test_client.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>

#define HOST "Host: kicau.example\r\n"

static struct fixture *net;
static struct gate *gate;
static struct http_server *server;
static char read_token[TOKEN_LEN + 1], write_token[TOKEN_LEN + 1], app_token[TOKEN_LEN + 1];
static struct account_id alice;
static struct post_id public_post, direct_post;

/* Handlers. */

static enum err who(struct call *c)
{
	jw_object(&c->json);
	jw_kv_id(&c->json, "account", c->auth.account.v);
	jw_kv_int(&c->json, "viewer", c->viewer->account.v);
	jw_object_end(&c->json);
	return OK;
}

static void write_list(struct call *c)
{
	const struct view *texts;
	const int64_t *ids;
	size_t n = arg_strings(c, "words", &texts);
	jw_key(&c->json, "words");
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		jw_str(&c->json, texts[i]);
	jw_array_end(&c->json);
	n = arg_ids(c, "ids", &ids);
	jw_key(&c->json, "ids");
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		jw_int(&c->json, ids[i]);
	jw_array_end(&c->json);
}

static enum err args(struct call *c)
{
	struct upload u;
	jw_object(&c->json);
	jw_kv_str(&c->json, "text", arg_str(c, "text"));
	jw_kv_int(&c->json, "number", arg_int(c, "number"));
	jw_kv_int(&c->json, "limit", arg_int(c, "limit"));
	jw_kv_bool(&c->json, "flag", arg_bool(c, "flag"));
	jw_kv_int(&c->json, "choice", (int64_t)arg_choice(c, "choice"));
	jw_kv_id(&c->json, "id", arg_id(c, "id"));
	jw_kv_int(&c->json, "time", arg_int(c, "time"));
	jw_kv_int(&c->json, "tenth", (int64_t)(arg_double(c, "real") * 10));
	jw_kv_bool(&c->json, "tree", arg_tree(c, "tree") != NULL);
	jw_kv_bool(&c->json, "given", arg_given(c, "flag"));
	if (arg_file(c, "file", &u))
		jw_kv_str(&c->json, "file", u.data);
	write_list(c);
	jw_object_end(&c->json);
	return OK;
}

static enum err post(struct call *c)
{
	jw_id(&c->json, arg_post(c, "id").v);
	return OK;
}

static enum err page(struct call *c)
{
	struct page p = call_page(c);
	jw_array(&c->json);
	jw_array_end(&c->json);
	call_link(c, 200, 100, p.limit < 20);
	return OK;
}

static enum err fails(struct call *c)
{
	size_t which = (size_t)arg_int(c, "err");
	buf_add_str(&c->out, "half an answer");
	return call_fail(c, (enum err)which, "in so many words");
}

static enum err big(struct call *c)
{
	static const char block[64 * 1024];
	while (!c->out.over)
		buf_add(&c->out, view_make(block, sizeof(block)));
	return OK;
}

static atomic_int sleeping;

static enum err slow(struct call *c)
{
	sleeping++;
	usleep(300 * 1000);
	sleeping--;
	jw_bool(&c->json, true);
	return OK;
}

static enum err form(struct call *c)
{
	char token[TOKEN_LEN + 1];
	call_csrf(c, token);
	buf_printf(&c->out, "csrf %s %" PRId64, token, c->auth.account.v);
	return OK;
}

static enum err sent(struct call *c)
{
	buf_add_str(&c->out, "sent");
	return OK;
}

static enum err file(struct call *c)
{
	return call_file(c, open("/proc/self/exe", O_RDONLY | O_CLOEXEC), 100, "application/octet-stream", true);
}

static enum err redirect(struct call *c)
{
	return call_redirect(c, 302, V("/elsewhere"));
}

static const char *const choices[] = {"public", "private", NULL};

#define BASE(m, p, h)                                                                                                  \
	.method = HTTP_##m, .path = (p), .handle = (h), .rate = RATE_DEFAULT, .meter = METER_FREE, .reply = "{}",      \
	.doc = "A row."

static const struct endpoint rows[] = {
	{BASE(GET, "/api/v1/open", who), .auth = AUTH_NONE},
	{BASE(GET, "/api/v1/optional", who), .auth = AUTH_OPTIONAL, .scope = SCOPE_READ_STATUSES},
	{BASE(GET, "/api/v1/app", who), .auth = AUTH_APP},
	{BASE(GET, "/api/v1/user", who), .auth = AUTH_USER, .scope = SCOPE_READ_ACCOUNTS},
	{BASE(POST, "/api/v1/user", who), .auth = AUTH_USER, .scope = SCOPE_WRITE_STATUSES, .run = RUN_WORKER},
	{BASE(POST, "/api/v1/args", args), .auth = AUTH_OPTIONAL, .run = RUN_WORKER, .body = BODY_UPLOAD,
	 .params =
		 PARAMS({.name = "text", .type = PARAM_STRING, .max = 10},
			{.name = "number", .type = PARAM_INT, .min = 1, .max = 5},
			{.name = "limit", .type = PARAM_INT, .clamp = true, .min = 1, .max = 40, .fallback = 20},
			{.name = "flag", .type = PARAM_BOOL, .fallback = 1},
			{.name = "choice", .type = PARAM_CHOICE, .choices = choices}, {.name = "id", .type = PARAM_ID},
			{.name = "time", .type = PARAM_TIME}, {.name = "real", .type = PARAM_DOUBLE},
			{.name = "words[]", .type = PARAM_STRINGS}, {.name = "ids", .type = PARAM_IDS},
			{.name = "tree", .type = PARAM_TREE}, {.name = "file", .type = PARAM_FILE})},
	{BASE(POST, "/api/v1/needs", sent), .auth = AUTH_NONE, .body = BODY_FIELDS,
	 .params = PARAMS({.name = "poll[expires_in]", .type = PARAM_INT, .required = true})},
	{BASE(GET, "/api/v1/posts/:id", post), .auth = AUTH_OPTIONAL,
	 .params = PARAMS({.name = "id", .type = PARAM_POST})},
	{BASE(GET, "/api/v1/page", page), .auth = AUTH_NONE, .params = PARAMS(PAGE_PARAMS(20, 40))},
	{BASE(GET, "/api/v1/fails", fails), .auth = AUTH_NONE, .params = PARAMS({.name = "err", .type = PARAM_INT})},
	{BASE(GET, "/api/v1/big", big), .auth = AUTH_NONE},
	{BASE(GET, "/api/v1/slow", slow), .auth = AUTH_NONE, .run = RUN_WORKER},
	{BASE(GET, "/api/v1/file", file), .auth = AUTH_NONE, .run = RUN_WORKER, .kind = REPLY_OTHER},
	{BASE(GET, "/form", form), .auth = AUTH_SESSION, .kind = REPLY_HTML},
	{BASE(POST, "/form", sent), .auth = AUTH_SESSION, .kind = REPLY_HTML, .body = BODY_FIELDS, .run = RUN_WORKER},
	{BASE(GET, "/redirect", redirect), .auth = AUTH_NONE, .kind = REPLY_HTML},
	ENDPOINTS_END,
};
static const struct endpoint_group groups[] = {{"Test", rows}, {0}};

static void html_error(struct call *c, int status, struct view text)
{
	buf_printf(&c->out, "<h1>%d %.*s</h1>", status, VIEW_ARG(text));
}

static void start(bool rate_limits, size_t workers, size_t queue)
{
	const struct gate_config config = {
		.workers = workers, .queue_max = queue, .rate_limits = rate_limits, .html_error = html_error};
	const struct http_server_config http = {.listen = V("127.0.0.1:0"), .loops = 2, .connections_max = 1000};
	struct problem problem;
	if (gate_open(net->core, groups, &config, &gate, &problem) != OK)
		fail_msg("%s", problem.text);
	if (http_server_start(&http, gate_app(gate), &server, &problem) != OK)
		fail_msg("%s", problem.text);
}

static void stop(void)
{
	http_server_stop(server);
	gate_close(gate);
}

static void make_token(struct account_id account, struct view scopes, char ret[TOKEN_LEN + 1])
{
	scope_set set;
	assert_int_equal(scope_parse(scopes, &set), OK);
	assert_int_equal(sessions_token_create(net->core, 1, account, set, scopes, ret, NULL), OK);
}

static struct post_id make_post(enum visibility visibility)
{
	struct new_post np = {.author = alice, .text = V("hello"), .has_visibility = true, .visibility = visibility};
	struct post_id id = {0};
	struct problem problem = {0};
	if (post_create(net->core, net->db, &net->arena, &np, &id, &problem) != OK)
		fail_msg("%s", problem.text);
	return id;
}

static int set_up(void **state)
{
	(void)state;
	net = fixture_open();
	alice = fixture_account(net, "alice");
	make_token(alice, V("read"), read_token);
	make_token(alice, V("write"), write_token);
	make_token((struct account_id){0}, V("read write"), app_token);
	public_post = make_post(VISIBILITY_PUBLIC);
	direct_post = make_post(VISIBILITY_DIRECT);
	start(false, 2, 16);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	stop();
	fixture_close(net);
	return 0;
}

/* Sends METHOD TARGET with headers and a body; what comes back stays until the next call. */
static const char *call_with(const char *method, const char *target, const char *headers, const char *body)
{
	static char buf[64 * 1024], request[64 * 1024];
	int fd = client_dial(http_server_port(server));
	snprintf(request, sizeof(request),
		 "%s %s HTTP/1.1\r\n" HOST "%sConnection: close\r\nContent-Length: %zu\r\n\r\n%s", method, target,
		 headers, strlen(body), body);
	say_str(fd, request);
	hear(fd, buf, sizeof(buf), NULL);
	close(fd);
	return buf;
}

static const char *bearer(const char *token)
{
	static char header[128];
	snprintf(header, sizeof(header), "Authorization: Bearer %s\r\n", token);
	return header;
}

static void expect(const char *got, int status, const char *part)
{
	char head[32];
	snprintf(head, sizeof(head), "HTTP/1.1 %d ", status);
	if (strncmp(got, head, strlen(head)) != 0 || (part && !strstr(got, part)))
		fail_msg("expected %d and \"%s\", got:\n%s", status, part ? part : "", got);
}

static const char *get(const char *target, const char *headers)
{
	return call_with("GET", target, headers, "");
}

static void who_gets_in(void **state)
{
	(void)state;
	char account[64], target[128];
	snprintf(account, sizeof(account), "{\"account\":\"%" PRId64 "\",\"viewer\":%" PRId64 "}", alice.v, alice.v);
#define NOBODY "{\"account\":null,\"viewer\":0}"
#define BAD_TOKEN "{\"error\":\"The access token is invalid\"}"
	expect(get("/api/v1/open", ""), 200, NOBODY);
	expect(get("/api/v1/open", bearer("bad")), 200, NOBODY);
	expect(get("/api/v1/optional", ""), 200, NOBODY);
	expect(get("/api/v1/optional", bearer(read_token)), 200, account);
	expect(get("/api/v1/optional", bearer("bad")), 401, BAD_TOKEN);
	expect(get("/api/v1/optional", bearer(write_token)), 403,
	       "{\"error\":\"This action is outside the authorized scopes\"}");
	expect(get("/api/v1/user", ""), 401, BAD_TOKEN);
	expect(get("/api/v1/user", ""), 401, "WWW-Authenticate: Bearer");
	expect(get("/api/v1/user", "Authorization: Basic eDp5\r\n"), 401, BAD_TOKEN);
	expect(get("/api/v1/user", bearer(read_token)), 200, account);
	expect(get("/api/v1/user/", bearer(read_token)), 200, account);
	expect(get("/api/v1/user", bearer(app_token)), 422,
	       "{\"error\":\"This method requires an authenticated user\"}");
	expect(get("/api/v1/app", bearer(app_token)), 200, NOBODY);
	expect(get("/api/v1/app", ""), 401, BAD_TOKEN);
	expect(call_with("POST", "/api/v1/user", bearer(read_token), ""), 403, "outside the authorized scopes");
	expect(call_with("POST", "/api/v1/user", bearer(write_token), ""), 200, account);
	snprintf(target, sizeof(target), "/api/v1/user?x=1&access_token=%s", read_token);
	expect(get(target, ""), 200, account);
}

static void parameters(void **state)
{
	(void)state;
#define JSON "Content-Type: application/json\r\n"
#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
	static const struct {
		const char *target, *headers, *body;
		int status;
		const char *part;
	} cases[] = {
		{"", "", "", 200,
		 "{\"text\":\"\",\"number\":0,\"limit\":20,\"flag\":true,\"choice\":0,\"id\":null,\"time\":0,\"tenth\":"
		 "0,"
		 "\"tree\":false,\"given\":false,\"words\":[],\"ids\":[]}"},
		{"?text=a%20b", "", "", 200, "\"text\":\"a b\""},
		{"?text=query", FORM, "text=body", 200, "\"text\":\"body\""},
		{"?text=query", JSON, "{\"text\":\"json\"}", 200, "\"text\":\"json\""},
		{"", JSON, "{\"text\":12,\"flag\":false,\"number\":3}", 200,
		 "\"text\":\"12\",\"number\":3,\"limit\":20,\"flag\":false"},
		{"?text=12345678901", "", "", 422, "{\"error\":\"Validation failed: Text is too long\"}"},
		{"?text=%ff", "", "", 400, "{\"error\":\"Invalid query parameters\"}"},
		{"?number=6", "", "", 422, "Number is too large"},
		{"?number=x", "", "", 422, "Number is not a number"},
		{"?number=", "", "", 200, "\"number\":0"},
		{"?limit=1000", "", "", 200, "\"limit\":40"},
		{"?limit=x", "", "", 200, "\"limit\":20"},
		{"?limit=-5", "", "", 200, "\"limit\":1,"},
		{"?flag=0", "", "", 200, "\"flag\":false"},
		{"?flag=off", "", "", 200, "\"flag\":false"},
		{"?flag=banana", "", "", 200, "\"flag\":true"},
		{"?flag=", "", "", 200, "\"given\":false"},
		{"?choice=private", "", "", 200, "\"choice\":1"},
		{"?choice=secret", "", "", 422, "Choice is not included in the list"},
		{"?id=7", "", "", 200, "\"id\":\"7\""},
		{"?id=x", "", "", 200, "\"id\":null"},
		{"?id=99999999999999999999", "", "", 200, "\"id\":null"},
		{"?time=2024-05-06T07:08:09Z", "", "", 200, "\"time\":1714979289000"},
		{"?time=soon", "", "", 422, "Time is not a time"},
		{"?real=-0.5", "", "", 200, "\"tenth\":-5"},
		{"?words[]=a&words[]=b&ids[]=1&ids[]=x&ids[]=2", "", "", 200, "\"words\":[\"a\",\"b\"],\"ids\":[1,2]"},
		{"", JSON, "{\"words\":[\"a\"],\"ids\":[\"5\",6],\"tree\":{\"0\":{}}}", 200,
		 "\"tree\":true,\"given\":false,\"words\":[\"a\"],\"ids\":[5,6]"},
		{"", "Content-Type: multipart/form-data; boundary=X\r\n",
		 "--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\ndata\r\n--X--", 200,
		 "\"file\":\"data\""},
		{"", JSON, "{\"text\":", 400, "{\"error\":\"The JSON is malformed, line 1"},
		{"", JSON, "[]", 400, "must be an object"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char target[256];
		snprintf(target, sizeof(target), "/api/v1/args%s", cases[i].target);
		expect(call_with("POST", target, cases[i].headers, cases[i].body), cases[i].status, cases[i].part);
	}
	expect(call_with("POST", "/api/v1/needs", "", ""), 422,
	       "{\"error\":\"Validation failed: Poll expires in can't be blank\"}");
	expect(call_with("POST", "/api/v1/needs?poll[expires_in]=5", "", ""), 200, NULL);
}

static void posts(void **state)
{
	(void)state;
	char target[64], id[40];
	snprintf(target, sizeof(target), "/api/v1/posts/%" PRId64, public_post.v);
	snprintf(id, sizeof(id), "\r\n\r\n\"%" PRId64 "\"", public_post.v);
	expect(get(target, ""), 200, id);
	snprintf(target, sizeof(target), "/api/v1/posts/%" PRId64, direct_post.v);
	expect(get(target, ""), 404, "{\"error\":\"Record not found\"}");
	expect(get(target, bearer(read_token)), 200, NULL);
	expect(get("/api/v1/posts/1", ""), 404, "{\"error\":\"Record not found\"}");
	expect(get("/api/v1/posts/nonsense", ""), 404, "{\"error\":\"Record not found\"}");
	expect(get("/api/v1/posts/99999999999999999999999", ""), 404, "{\"error\":\"Record not found\"}");
	expect(get("/api/v1/posts/%00", ""), 400, "{\"error\":\"Bad request\"}");
}

static void refusals(void **state)
{
	(void)state;
	static const struct {
		enum err err;
		int status;
		const char *part;
	} cases[] = {
		{ERR_INVALID, 400, "in so many words"},	    {ERR_FORBIDDEN, 403, "in so many words"},
		{ERR_NOT_FOUND, 404, "in so many words"},   {ERR_UNPROCESSABLE, 422, "in so many words"},
		{ERR_GONE, 410, "in so many words"},	    {ERR_UNAVAILABLE, 503, "Retry-After: 5"},
		{ERR_NO_SPACE, 507, "no room left"},	    {ERR_INTERNAL, 500, "Something went wrong"},
		{ERR_CORRUPT, 500, "Something went wrong"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char target[64];
		snprintf(target, sizeof(target), "/api/v1/fails?err=%d", (int)cases[i].err);
		const char *got = get(target, "");
		expect(got, cases[i].status, cases[i].part);
		assert_null(strstr(got, "half an answer"));
		assert_true(cases[i].status != 500 || !strstr(got, "in so many words"));
	}
	expect(get("/api/v1/big", ""), 500, "Something went wrong");
	expect(get("/api/v1/nonsense", "Accept: text/html\r\n"), 404, "application/json");
	expect(get("/nonsense", "Accept: text/html,*/*\r\n"), 404, "<h1>404 Record not found</h1>");
	expect(get("/nonsense", ""), 404, "application/json");
	expect(call_with("PUT", "/api/v1/user", "", ""), 405, "Allow: GET, HEAD, POST, OPTIONS");
	expect(call_with("BREW", "/api/v1/user", "", ""), 405, NULL);
	expect(get("/redirect", ""), 302, "Location: /elsewhere");
}

static void what_every_answer_has(void **state)
{
	(void)state;
	static const char *const targets[] = {"/api/v1/open", "/api/v1/nonsense", "/api/v1/file", "/form"};
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		const char *got = get(targets[i], "");
		assert_int_equal(count(got, "X-Request-Id: "), 1);
		assert_int_equal(count(got, "X-Content-Type-Options: nosniff"), 1);
		assert_int_equal(count(got, "Cache-Control: "), 1);
		assert_int_equal(count(got, "Access-Control-Allow-Origin: *"), strncmp(targets[i], "/api", 4) == 0);
		assert_int_equal(count(got, "Content-Security-Policy: "), targets[i][1] == 'f');
	}
	expect(get("/api/v1/open", "Origin: https://x.example\r\n"), 200,
	       "Access-Control-Expose-Headers: Link, X-RateLimit-Limit");
	expect(get("/api/v1/open", ""), 200, "Content-Type: application/json; charset=utf-8");
	expect(call_with("HEAD", "/api/v1/open", "", ""), 200, "Content-Length: 27");
	expect(get("/api/v1/file", "Range: bytes=0-3\r\n"), 206, "Content-Range: bytes 0-3/100");
}

static void preflights(void **state)
{
	(void)state;
#define ASKS "Origin: https://x.example\r\nAccess-Control-Request-Method: POST\r\n"
	const char *got = call_with("OPTIONS", "/api/v1/args", ASKS, "");
	expect(got, 204, "Access-Control-Allow-Origin: *");
	expect(got, 204, "Access-Control-Allow-Headers: Authorization, Content-Type, Idempotency-Key");
	expect(got, 204, "Access-Control-Allow-Methods: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
	assert_null(strstr(got, "Allow-Credentials"));
	got = call_with("OPTIONS", "/form", ASKS, "");
	expect(got, 204, "Allow: GET, HEAD, POST, OPTIONS");
	assert_null(strstr(got, "Access-Control"));
}

static void links(void **state)
{
	(void)state;
	expect(get("/api/v1/page?limit=30&x[]=a%20b&max_id=9&access_token=secret&q=<\xc3\xa9>", ""), 200,
	       "Link: <http://kicau.example/api/v1/page?limit=30&x[]=a%20b&q=%3C%C3%A9%3E&max_id=100>; rel=\"next\", "
	       "<http://kicau.example/api/v1/page?limit=30&x[]=a%20b&q=%3C%C3%A9%3E&min_id=200>; rel=\"prev\"\r\n");
	const char *got = get("/api/v1/page?limit=5", "");
	expect(got, 200, "Link: <http://kicau.example/api/v1/page?limit=5&min_id=200>; rel=\"prev\"\r\n");
	assert_null(strstr(got, "next"));
}

/* Copies what stands behind `mark`, up to a blank or ';'. */
static void take(const char *got, const char *mark, char *ret, size_t cap)
{
	const char *p = strstr(got, mark);
	if (!p)
		fail_msg("no \"%s\" in:\n%s", mark, got);
	p += strlen(mark);
	snprintf(ret, cap, "%.*s", (int)strcspn(p, " ;\r\n"), p);
}

static void forms(void **state)
{
	(void)state;
	char csrf[64], cookie[64], headers[512], body[256], session[TOKEN_LEN + 1];
	const char *got = get("/form", "");
	expect(got, 200, "Set-Cookie: kicau_visitor=");
	expect(got, 200, "HttpOnly; SameSite=Lax");
	take(got, "csrf ", csrf, sizeof(csrf));
	take(got, "kicau_visitor=", cookie, sizeof(cookie));
	snprintf(headers, sizeof(headers), FORM "Cookie: kicau_visitor=%s\r\n", cookie);
	snprintf(body, sizeof(body), GATE_CSRF_FIELD "=%s", csrf);
	assert_null(strstr(get("/form", headers), "Set-Cookie"));
	expect(call_with("POST", "/form", headers, body), 200, "sent");
	expect(call_with("POST", "/form", headers, ""), 422, "<h1>422 This form is too old");
	expect(call_with("POST", "/form", headers, GATE_CSRF_FIELD "=x"), 422, NULL);
	expect(call_with("POST", "/form", FORM, body), 422, NULL);
	snprintf(headers, sizeof(headers), FORM "Cookie: kicau_visitor=%s\r\nOrigin: http://kicau.example\r\n", cookie);
	expect(call_with("POST", "/form", headers, body), 200, "sent");
	snprintf(headers, sizeof(headers), FORM "Cookie: kicau_visitor=%s\r\nOrigin: http://evil.example\r\n", cookie);
	expect(call_with("POST", "/form", headers, body), 422, NULL);

	/* A session has a value of its own; a visitor's does not count any more. */
	assert_int_equal(sessions_login(net->core, alice,
					&(struct login_from){LOGIN_PASSWORD, V("127.0.0.1"), V("test")}, session),
			 OK);
	snprintf(headers, sizeof(headers), FORM "Cookie: kicau_visitor=%s; kicau_session=%s\r\n", cookie, session);
	expect(call_with("POST", "/form", headers, body), 422, NULL);
	take(get("/form", headers), "csrf ", csrf, sizeof(csrf));
	snprintf(body, sizeof(body), GATE_CSRF_FIELD "=%s", csrf);
	expect(call_with("POST", "/form", headers, body), 200, "sent");
	/* A session's cookie is nothing to the API, and a token nothing to pages. */
	expect(get("/api/v1/user", headers), 401, NULL);
	take(get("/form", bearer(read_token)), "csrf ", csrf, sizeof(csrf));
	expect(get("/form", bearer(read_token)), 200, " 0");
}

static void body_sizes(void **state)
{
	(void)state;
	static const size_t sizes[] = {60000, 70000, 1000000, 2000000};
	static const int without[] = {200, 413, 413, 413}, with[] = {200, 200, 200, 200};
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		for (int signed_in = 0; signed_in < 2; signed_in++) {
			char buf[4096], head[512];
			char *body = xcalloc(1, sizes[i]);
			int fd = client_dial(http_server_port(server));
			memset(body, ' ', sizes[i]);
			snprintf(head, sizeof(head),
				 "POST /api/v1/args HTTP/1.1\r\n" HOST
				 "Connection: close\r\n%sContent-Length: %zu\r\n\r\n",
				 signed_in ? bearer(read_token) : "", sizes[i]);
			say_str(fd, head);
			say(fd, view_make(body, sizes[i]));
			hear(fd, buf, sizeof(buf), NULL);
			expect(buf, signed_in ? with[i] : without[i], NULL);
			free(body);
			close(fd);
		}
}

static void limits(void **state)
{
	(void)state;
	stop();
	start(true, 2, 16);
	const char *got = get("/api/v1/open", "");
	expect(got, 200, "X-RateLimit-Limit: 300\r\n");
	expect(got, 200, "X-RateLimit-Remaining: 299\r\n");
	expect(got, 200, "X-RateLimit-Reset: 20");
	for (int i = 0; i < 299; i++)
		got = get(i % 2 ? "/api/v1/user" : "/api/v1/open", bearer("bad"));
	got = get("/api/v1/open", "");
	expect(got, 429, "{\"error\":\"Too many requests\"}");
	expect(got, 429, "X-RateLimit-Remaining: 0\r\n");
	expect(got, 429, "Retry-After: ");
	expect(get("/api/v1/user", bearer(read_token)), 200, "X-RateLimit-Remaining: 299\r\n");
	stop();
	start(false, 2, 16);
}

static void *call_slow(void *ret)
{
	char buf[1024];
	int fd = client_dial(http_server_port(server));
	say_str(fd, "GET /api/v1/slow HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
	hear(fd, buf, sizeof(buf), NULL);
	close(fd);
	*(int *)ret = strncmp(buf, "HTTP/1.1 200 ", 13) == 0 ? 200 : strncmp(buf, "HTTP/1.1 503 ", 13) == 0 ? 503 : 0;
	return NULL;
}

/* One worker and room for one: what is more is told to come back, at once, and loops go on. */
static void full_queue(void **state)
{
	enum { N = 8 };
	(void)state;
	pthread_t threads[N];
	int results[N], ok = 0, busy = 0;
	stop();
	start(false, 1, 1);
	for (size_t i = 0; i < N; i++)
		pthread_create(&threads[i], NULL, call_slow, &results[i]);
	while (!sleeping)
		usleep(1000);
	expect(get("/api/v1/open", ""), 200, NULL);
	for (size_t i = 0; i < N; i++) {
		pthread_join(threads[i], NULL);
		ok += results[i] == 200;
		busy += results[i] == 503;
	}
	assert_true(ok >= 1 && ok <= 3 && ok + busy == N);
	stop();
	start(false, 2, 16);
}

/* Clients that leave while a worker is busy for them. */
static void gone_clients(void **state)
{
	(void)state;
	for (size_t i = 0; i < 10; i++) {
		int fd = client_dial(http_server_port(server));
		say_str(fd, "GET /api/v1/slow HTTP/1.1\r\n" HOST "\r\n");
		close(fd);
	}
	usleep(100 * 1000);
	expect(get("/api/v1/open", ""), 200, NULL);
	stop();
	start(false, 2, 16);
}

static void documents(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, LIMIT_MIB);
	spec_routes_json(groups, &b);
	json_t *j = json_loadb(b.p, b.len, 0, NULL);
	assert_int_equal(json_array_size(j), ARRAY_LEN(rows) - 1);
	const json_t *row = json_array_get(j, 3);
	assert_string_equal(json_string_value(json_object_get(row, "scope")), "read:accounts");
	assert_string_equal(json_string_value(json_object_get(row, "auth")), "user");
	json_decref(j);
	buf_clear(&b);
	spec_openapi(groups, NULL, "http://kicau.example", &b);
	j = json_loadb(b.p, b.len, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(j);
	const json_t *paths = json_object_get(j, "paths");
	assert_non_null(json_object_get(json_object_get(paths, "/api/v1/posts/{id}"), "get"));
	assert_non_null(json_object_get(json_object_get(paths, "/api/v1/user"), "post"));
	json_decref(j);
	buf_clear(&b);
	spec_markdown(groups, &b);
	assert_non_null(strstr(b.p, "### POST `/api/v1/user`"));
	assert_non_null(strstr(b.p, "| `limit` | integer | How many. 1 to 40, 20 when absent. |"));
	buf_clear(&b);
	spec_routes_text(groups, &b);
	assert_int_equal(count(b.p, "\n"), ARRAY_LEN(rows) - 1);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_gets_in),
		cmocka_unit_test(parameters),
		cmocka_unit_test(posts),
		cmocka_unit_test(refusals),
		cmocka_unit_test(what_every_answer_has),
		cmocka_unit_test(preflights),
		cmocka_unit_test(links),
		cmocka_unit_test(forms),
		cmocka_unit_test(body_sizes),
		cmocka_unit_test(limits),
		cmocka_unit_test(full_queue),
		cmocka_unit_test(gone_clients),
		cmocka_unit_test(documents),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
