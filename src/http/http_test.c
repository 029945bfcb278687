/*
 * http_test.c - the server as a client sees it: a real server on a port of its own, raw sockets, bytes as they are.
 */
#include "base/base.h"
#include "http/http.h"

#include "base/clock.h"
#include "base/metrics.h"
#include "base/secret.h"
#include "http/test_client.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <sys/resource.h>

#include <cmocka.h>

#define BODY_LIMIT ((size_t)64 * 1024)
#define HOST "Host: test\r\n"

static struct http_server *server;
static atomic_int streams_done, sockets_lost;
static _Atomic(struct http_stream *) open_stream;
static atomic_int taken_fd = -1;

/* The app under test: one path, one way to answer. */

static char *copy(struct view v)
{
	char *p = xmalloc(v.len + 1);
	memcpy(p, v.p, v.len);
	p[v.len] = '\0';
	return p;
}

static void answer(struct http_exchange *x, struct view v)
{
	http_reply(x, 200, "text/plain", copy(v), v.len);
}

static void on_hello(struct http_exchange *x)
{
	http_reply_static(x, 200, "text/plain", V("hello"));
}

static void on_echo(struct http_exchange *x)
{
	answer(x, x->body);
}

static void on_target(struct http_exchange *x)
{
	answer(x, arena_printf(&x->arena, "%s|%.*s|%.*s|%.*s", http_method_name(x->method), VIEW_ARG(x->target),
			       VIEW_ARG(x->path), VIEW_ARG(x->query)));
}

static void on_peer(struct http_exchange *x)
{
	struct view cookie = http_cookie(x, "b");
	answer(x, arena_printf(&x->arena, "%.*s %d %zu %.*s", VIEW_ARG(x->peer), x->https, strlen(x->id),
			       VIEW_ARG(cookie)));
}

static void on_headers(struct http_exchange *x)
{
	http_set_header(x, "X-Good", V("1"));
	http_set_header(x, "X-Good", V("2"));
	http_set_header(x, "X-Bad", V("1\r\nX-Injected: 1"));
	http_set_header(x, "Set-Cookie", V("a=1"));
	http_set_header(x, "Set-Cookie", V("b=2"));
	http_set_header(x, "Content-Type", V("text/css"));
	answer(x, V("x"));
}

static void *answer_later(void *arg)
{
	struct http_exchange *x = arg;
	usleep(20 * 1000);
	http_set_header(x, "X-Thread", V("other"));
	answer(x, x->body.len ? x->body : V("later"));
	return NULL;
}

static void on_defer(struct http_exchange *x)
{
	pthread_t thread;
	http_defer(x);
	assert_int_equal(pthread_create(&thread, NULL, answer_later, x), 0);
	pthread_detach(thread);
}

static void on_file(struct http_exchange *x)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	http_set_header(x, "ETag", V("\"v1\""));
	http_reply_file(x, 200, "application/octet-stream", fd, 1000, true);
}

static void taken(void *arg, int fd, const char *early, size_t early_len)
{
	(void)arg;
	if (fd < 0) {
		sockets_lost++;
		return;
	}
	if (early_len)
		assert_int_equal(send(fd, early, early_len, MSG_NOSIGNAL), early_len);
	taken_fd = fd;
}

static void on_websocket(struct http_exchange *x)
{
	if (http_websocket_ok(x))
		http_reply_websocket(x, V("chat"), taken, NULL);
	else
		http_reply_static(x, 400, "text/plain", V("no handshake"));
}

static atomic_int ticks;

static ssize_t more(void *arg, char *buf, size_t cap)
{
	(void)arg;
	if (ticks == 0)
		return 0;
	if (ticks-- == 100)
		return -1;
	return snprintf(buf, cap, "tick\n");
}

static void done(void *arg)
{
	(void)arg;
	open_stream = NULL;
	streams_done++;
}

static void opened(void *arg, struct http_stream *s)
{
	(void)arg;
	open_stream = s;
}

static void on_stream(struct http_exchange *x)
{
	static const struct http_stream_ops ops = {more, done};
	http_reply_stream(x, 200, "text/event-stream", 1024, &ops, NULL, opened);
}

static void on_empty(struct http_exchange *x)
{
	http_reply(x, 204, NULL, NULL, 0);
}

static void handle(void *ctx, struct http_exchange *x)
{
	static const struct {
		const char *path;
		void (*fn)(struct http_exchange *x);
	} routes[] = {
		{"/hello", on_hello},	  {"/echo", on_echo},	  {"/peer", on_peer},
		{"/headers", on_headers}, {"/defer", on_defer},	  {"/file", on_file},
		{"/ws", on_websocket},	  {"/stream", on_stream}, {"/empty", on_empty},
	};
	(void)ctx;
	for (size_t i = 0; i < ARRAY_LEN(routes); i++)
		if (view_is(x->path, routes[i].path)) {
			routes[i].fn(x);
			return;
		}
	on_target(x);
}

static size_t body_limit(void *ctx, struct http_exchange *x)
{
	(void)ctx;
	return view_is(x->path, "/hello") ? 0 : BODY_LIMIT;
}

static const char *refusal(void *ctx, struct http_exchange *x, int status, struct buf *out)
{
	(void)ctx, (void)x;
	buf_printf(out, "refused %d", status);
	return "text/plain";
}

static const struct http_app app = {.body_limit = body_limit, .handle = handle, .refusal = refusal};

static void start(const char *listen_at, unsigned per_ip, unsigned seconds)
{
	struct http_server_config c = {
		.listen = view_of(listen_at),
		.loops = 2,
		.connections_max = 8192,
		.connections_per_ip = per_ip,
		.idle_seconds = seconds + 1,
		.request_seconds = seconds,
		.trusted_proxies = "127.0.0.1",
	};
	struct problem problem;
	if (http_server_start(&c, &app, &server, &problem) != OK)
		fail_msg("%s", problem.text);
}

static int set_up(void **state)
{
	(void)state;
	start("127.0.0.1:0", 0, 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	http_server_stop(server);
	server = NULL;
	return 0;
}

/* The client. */

static int dial(void)
{
	return client_dial(http_server_port(server));
}

static bool ask(const char *request, char *buf, size_t cap, const char *until)
{
	int fd = dial();
	say_str(fd, request);
	bool closed = hear(fd, buf, cap, until);
	close(fd);
	return closed;
}

static void expect(const char *request, const char *status, const char *part)
{
	char buf[8192], head[32];
	snprintf(head, sizeof(head), "HTTP/1.1 %s ", status);
	ask(request, buf, sizeof(buf), part);
	if (strncmp(buf, head, strlen(head)) != 0 || (part && !strstr(buf, part)))
		fail_msg("asked:\n%s\nexpected %s and \"%s\", got:\n%s", request, status, part ? part : "", buf);
}

static bool wait_for(bool (*condition)(void))
{
	for (int i = 0; i < 500; i++) {
		if (condition())
			return true;
		usleep(10 * 1000);
	}
	return false;
}

/* Tests. */

static void answers(void **state)
{
	(void)state;
	expect("GET /hello HTTP/1.1\r\n" HOST "\r\n", "200", "\r\n\r\nhello");
	expect("GET /hello HTTP/1.1\r\n" HOST "\r\n", "200", "Content-Length: 5\r\n");
	expect("GET /hello HTTP/1.0\r\n\r\n", "200", "\r\n\r\nhello");
	expect("GET /a%20b/?q=%41&x HTTP/1.1\r\n" HOST "\r\n", "200", "GET|/a%20b/?q=%41&x|/a%20b|q=%41&x");
	expect("GET http://test/x?y HTTP/1.1\r\n" HOST "\r\n", "200", "GET|http://test/x?y|/x|y");
	expect("GET http://test HTTP/1.1\r\n" HOST "\r\n", "200", "GET|http://test|/|");
	expect("GET /? HTTP/1.1\r\n" HOST "\r\n", "200", "GET|/?|/|");
	expect("OPTIONS * HTTP/1.1\r\n" HOST "\r\n", "200", "OPTIONS|*|*|");
	expect("BREW /x HTTP/1.1\r\n" HOST "\r\n", "200", "OTHER|/x|/x|");
	expect("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", "200", "\r\n\r\nabc");
	expect("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
	       "200", "\r\n\r\nabcde");
	expect("POST /echo HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc", "100",
	       "\r\n\r\nabc");
	expect("GET /defer HTTP/1.1\r\n" HOST "\r\n", "200", "\r\n\r\nlater");
	expect("GET /empty HTTP/1.1\r\n" HOST "\r\n", "204", "\r\n\r\n");
}

static void headers(void **state)
{
	(void)state;
	char buf[4096];
	ask("GET /headers HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", buf, sizeof(buf), NULL);
	assert_non_null(strstr(buf, "X-Good: 2\r\n"));
	assert_null(strstr(buf, "X-Good: 1"));
	assert_null(strstr(buf, "X-Injected"));
	assert_int_equal(count(buf, "Set-Cookie: "), 2);
	assert_int_equal(count(buf, "Content-Type: text/css"), 1);
	assert_int_equal(count(buf, "Content-Type: "), 1);
	expect("GET /defer HTTP/1.1\r\n" HOST "\r\n", "200", "X-Thread: other");
}

static void head_has_no_body(void **state)
{
	(void)state;
	char buf[4096];
	int fd = dial();
	say_str(fd, "HEAD /hello HTTP/1.1\r\n" HOST "\r\nGET /empty HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
	hear(fd, buf, sizeof(buf), NULL);
	close(fd);
	assert_non_null(strstr(buf, "Content-Length: 5"));
	assert_null(strstr(buf, "hello"));
	assert_non_null(strstr(buf, "HTTP/1.1 204"));
}

static void pipelined(void **state)
{
	(void)state;
	char buf[8192];
	int fd = dial();
	say_str(fd, "GET /1 HTTP/1.1\r\n" HOST "\r\nPOST /defer HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n-2"
		    "GET /3 HTTP/1.1\r\n" HOST "\r\nGET /4 HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
	assert_true(hear(fd, buf, sizeof(buf), NULL));
	close(fd);
	const char *one = strstr(buf, "|/1|"), *two = strstr(buf, "-2"), *three = strstr(buf, "|/3|"),
		   *four = strstr(buf, "|/4|");
	assert_true(one && one < two && two < three && three < four);
	assert_int_equal(count(buf, "HTTP/1.1 200"), 4);
}

static void byte_by_byte(void **state)
{
	(void)state;
	static const char request[] = "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello";
	char buf[4096];
	int fd = dial();
	for (size_t i = 0; i < sizeof(request) - 1; i++) {
		say(fd, view_make(&request[i], 1));
		usleep(500);
	}
	hear(fd, buf, sizeof(buf), "\r\n\r\nhello");
	close(fd);
	assert_non_null(strstr(buf, "\r\n\r\nhello"));
}

/* Each is refused with its status, and the connection closed: nothing behind it is read as a request. */
static void contradictions(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"400",
		 "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
		{"400",
		 "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"},
		{"400", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"},
		{"400", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"},
		{"400", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3, 3\r\n\r\nabc"},
		{"400", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n"},
		{"400", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: +3\r\n\r\nabc"},
		{"400", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 0x3\r\n\r\nabc"},
		{"400", "POST /echo HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n"},
		{"413", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999999\r\n\r\n"},
		{"501", "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\n"},
		{"501", "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n"},
		{"400",
		 "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n"},
		{"400", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
		{"400", "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nzz\r\n"},
		{"400", "GET /hello HTTP/1.1\r\n\r\n"},
		{"400", "GET /hello HTTP/1.1\r\n" HOST "Host: other\r\n\r\n"},
		{"400", "GET /hello HTTP/1.1\r\nHost: a b\r\n\r\n"},
		{"400", "GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n"},
		{"400", "GET /hel\x01lo HTTP/1.1\r\n" HOST "\r\n"},
		{"400", "GET /hello/hello/hel\x7f" "lo HTTP/1.1\r\n" HOST "\r\n"},
		{"400", "GET /hello world HTTP/1.1\r\n" HOST "\r\n"},
		{"400", "GET  /hello HTTP/1.1\r\n" HOST "\r\n"},
		{"400", "GET /hello#part HTTP/1.1\r\n" HOST "\r\n"},
		{"400", "GET hello HTTP/1.1\r\n" HOST "\r\n"},
		{"400", "CONNECT test:443 HTTP/1.1\r\n" HOST "\r\n"},
		{"400", "G(T /hello HTTP/1.1\r\n" HOST "\r\n"},
		{"400", "GET /hello HTTP/1.1\r\n" HOST "X-A: a\x01b\r\n\r\n"},
		{"400", "GET /hello HTTP/1.1\r\n" HOST "X A: b\r\n\r\n"},
		{"400", "GET /hello HTTP/1.1\r\n" HOST "X-A : b\r\n\r\n"},
		{"400", "GET /hello HTTP/1.1\r\n" HOST "X-A: a\r\n folded: b\r\n\r\n"},
		{"400", "POST /hello HTTP/1.1\r\n" HOST "Content-Le: 3\r\n ngth\r\n\r\nabc"},
		{"400", "GET /hello HTTP/1.1\nHost: test\n\n"},
		{"400", "GET /hello HTTP/1.1\r\n" HOST "no colon\r\n\r\n"},
		{"400", "GET /hello HTTP/1.1\r\n" HOST ": empty\r\n\r\n"},
		{"505", "GET /hello HTTP/2.0\r\n" HOST "\r\n"},
		{"400", "GET /hello HTTP/1.1x\r\n" HOST "\r\n"},
		{"400", "GET /hello\r\n\r\n"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char buf[8192], request[1024], status[16];
		snprintf(request, sizeof(request), "%sGET /smuggled HTTP/1.1\r\n" HOST "\r\n", cases[i][1]);
		snprintf(status, sizeof(status), "HTTP/1.1 %s ", cases[i][0]);
		bool closed = ask(request, buf, sizeof(buf), NULL);
		/* libmicrohttpd 0.9.75 writes its own refusal of a Content-Length twice over; then it closes as it should. */
		size_t heads = strstr(buf, "<b>Content-Length</b>") ? 2 : 1;
		if (!closed || strncmp(buf, status, strlen(status)) != 0 || count(buf, "HTTP/1.1 ") > heads ||
		    strstr(buf, "smuggled"))
			fail_msg("%zu: %s\nclosed %d, got:\n%s", i, request, closed, buf);
	}
}

static void nul_bytes(void **state)
{
	(void)state;
	static const struct view cases[] = {
		V("GET /hello\0x HTTP/1.1\r\n" HOST "\r\n"),
		V("GET /hello HTTP/1.1\r\n" HOST "X-A: a\0b\r\n\r\n"),
		V("GET /hello HTTP/1.1\r\n" HOST "X-\0A: b\r\n\r\n"),
		V("G\0ET /hello HTTP/1.1\r\n" HOST "\r\n"),
		V("GET /hello HTTP/1.1\0\r\n" HOST "\r\n"),
		V("GET /hello HTTP/1.1\r\n" HOST "X-A: last\0\r\n\r\n"),
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char buf[4096];
		int fd = dial();
		say(fd, cases[i]);
		assert_true(hear(fd, buf, sizeof(buf), NULL));
		if (strncmp(buf, "HTTP/1.1 400 ", 13) != 0)
			fail_msg("%zu: %s", i, buf);
		close(fd);
	}
}

static char *long_request(const char *head, const char *piece, size_t times, const char *tail)
{
	size_t n = strlen(piece);
	char *p = xmalloc(strlen(head) + n * times + strlen(tail) + 1), *at = p;
	at += snprintf(at, strlen(head) + 1, "%s", head);
	for (size_t i = 0; i < times; i++, at += n)
		memcpy(at, piece, n);
	snprintf(at, strlen(tail) + 1, "%s", tail);
	return p;
}

static void oversized(void **state)
{
	(void)state;
	static const struct {
		const char *status, *head, *piece;
		size_t times;
		const char *tail;
	} cases[] = {
		{"414", "GET /", "x", 8192, " HTTP/1.1\r\n" HOST "\r\n"},
		{"200", "GET /", "x", 8000, " HTTP/1.1\r\n" HOST "\r\n"},
		{"414", "GET /", "x", 100000, " HTTP/1.1\r\n" HOST "\r\n"},
		{"200", "GET /x?", "a=1&", 2000, " HTTP/1.1\r\n" HOST "\r\n"},
		{"200", "GET /hello HTTP/1.1\r\n" HOST, "X-A: b\r\n", 99, "\r\n"},
		{"431", "GET /hello HTTP/1.1\r\n" HOST, "X-A: b\r\n", 100, "\r\n"},
		{"431", "GET /hello HTTP/1.1\r\n" HOST "X-A: ", "x", 17000, "\r\n\r\n"},
		{"200", "GET /hello HTTP/1.1\r\n" HOST "X-A: ", "x", 15000, "\r\n\r\n"},
		{"431", "GET /hello HTTP/1.1\r\n" HOST "X-A: ", "x", 1000000, "\r\n\r\n"},
		{"200", "GET /hello HTTP/1.1\r\n" HOST, "X-Aaaaaaaaaaaaaaaaaaa: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n",
		 99, "\r\n"},
		{"431", "GET /hello HTTP/1.1\r\n" HOST "Cookie: ", "a=b; ", 3300, "\r\n\r\n"},
		{"200", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 65536\r\n\r\n", "x", 65536, ""},
		{"413", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 65537\r\n\r\n", "x", 65537, ""},
		{"413", "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 50000000\r\n\r\n", "x", 3000000, ""},
		{"413", "POST /hello HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\n", "x", 1, ""},
		{"200", "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", "1000\r\n", 0,
		 "4\r\nabcd\r\n0\r\n\r\n"},
		{"413", "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", "9\r\n123456789\r\n",
		 10000, "0\r\n\r\n"},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		static char buf[256 * 1024];
		char status[16];
		char *request = long_request(cases[i].head, cases[i].piece, cases[i].times, cases[i].tail);
		snprintf(status, sizeof(status), "HTTP/1.1 %s ", cases[i].status);
		ask(request, buf, sizeof(buf), "\r\n\r\n");
		if (strncmp(buf, status, strlen(status)) != 0)
			fail_msg("case %zu: expected %s, got %.200s", i, cases[i].status, buf);
		free(request);
	}
}

/* Trickles `rest` behind `head`; returns what came back before the server closed, within three seconds. */
static void trickle(const char *head, const char *rest, char *buf, size_t cap)
{
	int fd = dial();
	say_str(fd, head);
	int64_t began = clock_mono_ns();
	for (; *rest; rest++) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		say(fd, view_make(rest, 1));
		if (poll(&p, 1, 100) > 0)
			break;
		if (clock_mono_ns() - began > INT64_C(3000000000))
			fail_msg("still open: %s", head);
	}
	hear(fd, buf, cap, NULL);
	assert_true(clock_mono_ns() - began < INT64_C(3500000000));
	close(fd);
}

static void slow_clients(void **state)
{
	(void)state;
	char buf[4096], many[200];
	memset(many, 'x', sizeof(many));
	many[sizeof(many) - 1] = '\0';
	trickle("GET /", many, buf, sizeof(buf));
	assert_string_equal(buf, "");
	trickle("GET /hello HTTP/1.1\r\nX-A: ", many, buf, sizeof(buf));
	assert_non_null(strstr(buf, "HTTP/1.1 408 "));
	trickle("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 1000\r\n\r\n", many, buf, sizeof(buf));
	assert_non_null(strstr(buf, "HTTP/1.1 408 "));
	/* Says nothing at all, or nothing more. */
	int fd = dial();
	assert_true(hear(fd, buf, sizeof(buf), NULL));
	close(fd);
	fd = dial();
	say_str(fd, "GET /hello HTTP/1.1\r\n" HOST "\r\n");
	assert_true(hear(fd, buf, sizeof(buf), NULL));
	assert_int_equal(count(buf, "HTTP/1.1"), 1);
	close(fd);
}

static void truncated(void **state)
{
	(void)state;
	static const char *const cases[] = {
		"",
		"G",
		"GET /hello HTTP/1.1\r\n",
		"GET /hello HTTP/1.1\r\n" HOST,
		"POST /echo HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\nabc",
		"POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n5\r\nab",
		"GET /defer HTTP/1.1\r\n" HOST "\r\n",
		"GET /file HTTP/1.1\r\n" HOST "\r\n",
	};
	for (size_t round = 0; round < 20; round++)
		for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
			struct linger reset = {.l_onoff = 1};
			int fd = dial();
			say_str(fd, cases[i]);
			if (round % 2)
				setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
			close(fd);
		}
	usleep(100 * 1000);
	expect("GET /hello HTTP/1.1\r\n" HOST "\r\n", "200", "hello");
}

static void ranges(void **state)
{
	(void)state;
	char buf[8192];
	expect("GET /file HTTP/1.1\r\n" HOST "\r\n", "200", "Content-Length: 1000\r\n");
	expect("GET /file HTTP/1.1\r\n" HOST "Range: bytes=1-3\r\n\r\n", "206", "Content-Range: bytes 1-3/1000\r\n");
	expect("GET /file HTTP/1.1\r\n" HOST "Range: bytes=1-3\r\n\r\n", "206", "\r\n\r\nELF");
	expect("GET /file HTTP/1.1\r\n" HOST "Range: bytes=1000-\r\n\r\n", "416", "Content-Range: bytes */1000\r\n");
	expect("GET /file HTTP/1.1\r\n" HOST "Range: bytes=1-3\r\nIf-Range: \"v1\"\r\n\r\n", "206", NULL);
	expect("GET /file HTTP/1.1\r\n" HOST "Range: bytes=1-3\r\nIf-Range: \"v0\"\r\n\r\n", "200", NULL);
	ask("HEAD /file HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", buf, sizeof(buf), NULL);
	assert_non_null(strstr(buf, "Content-Length: 1000\r\n"));
	assert_null(strstr(buf, "ELF"));
}

static void forwarded(void **state)
{
	(void)state;
	expect("GET /peer HTTP/1.1\r\n" HOST "\r\n", "200", "\r\n\r\n127.0.0.1 0 16 ");
	expect("GET /peer HTTP/1.1\r\n" HOST
	       "X-Forwarded-For: 1.2.3.4, 203.0.113.5\r\nX-Forwarded-Proto: https\r\n\r\n",
	       "200", "\r\n\r\n203.0.113.5 1 16 ");
	expect("GET /peer HTTP/1.1\r\n" HOST "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 2001:db8::5\r\n\r\n", "200",
	       "\r\n\r\n2001:db8::5 0 16 ");
	expect("GET /peer HTTP/1.1\r\n" HOST "Cookie: ab=1; b=\"two\"; b=3\r\n\r\n", "200", " 16 two");
}

#define HANDSHAKE(extra)                                                                                               \
	"GET /ws HTTP/1.1\r\n" HOST                                                                                    \
	"Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"                       \
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" extra

static bool is_taken(void)
{
	return taken_fd >= 0;
}

/* Opens one and returns the client's end; *ret_fd is the server's. */
static int open_websocket(const char *request, int *ret_fd)
{
	char buf[4096];
	taken_fd = -1;
	int fd = dial();
	say_str(fd, request);
	hear(fd, buf, sizeof(buf), "\r\n\r\n");
	assert_non_null(strstr(buf, "HTTP/1.1 101 "));
	assert_non_null(strstr(buf, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")); /* RFC 6455 1.3 */
	assert_non_null(strstr(buf, "Sec-WebSocket-Protocol: chat\r\n"));
	assert_true(wait_for(is_taken));
	*ret_fd = taken_fd;
	return fd;
}

static void websocket(void **state)
{
	(void)state;
	char buf[4096];
	int theirs;
	int64_t before = metric_get(METRIC_HTTP_CONNECTIONS);
	int fd = open_websocket(HANDSHAKE(""), &theirs);
	usleep(300 * 1000);
	assert_true(metric_get(METRIC_HTTP_CONNECTIONS) <= before);
	/* Both directions work after libmicrohttpd has closed its own descriptor. */
	say_str(fd, "ping");
	usleep(50 * 1000);
	assert_int_equal(recv(theirs, buf, sizeof(buf), MSG_DONTWAIT), 4);
	assert_int_equal(send(theirs, "pong", 4, MSG_NOSIGNAL), 4);
	assert_int_equal(recv(fd, buf, 4, MSG_WAITALL), 4);
	assert_true(fcntl(theirs, F_GETFL) & O_NONBLOCK);
	assert_true(fcntl(theirs, F_GETFD) & FD_CLOEXEC);
	close(theirs);
	assert_true(hear(fd, buf, sizeof(buf), NULL));
	close(fd);

	fd = open_websocket(HANDSHAKE("early"), &theirs);
	hear(fd, buf, sizeof(buf), "early");
	close(fd);
	close(theirs);
	expect("GET /ws HTTP/1.1\r\n" HOST "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
	       "Sec-WebSocket-Key: short\r\n\r\n",
	       "400", "no handshake");
	expect("GET /ws HTTP/1.1\r\n" HOST "\r\n", "400", "no handshake");
}

static long resident_kb(void)
{
	char buf[4096];
	FILE *f = fopen("/proc/self/status", "re");
	size_t n = fread(buf, 1, sizeof(buf) - 1, f);
	fclose(f);
	buf[n] = '\0';
	uint64_t kb = 0;
	struct view line = view_of(strstr(buf, "VmRSS:") + 6);
	line = view_trim(view_sub(line, 0, view_find(line, 0, 'k')));
	assert_true(parse_u64(line, UINT64_MAX, &kb));
	return (long)kb;
}

/* A WebSocket must not cost the memory of an HTTP connection. */
static void websockets_are_small(void **state)
{
	enum { N = 1000 };
	static int ours[N], theirs[N];
	(void)state;
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	if (files.rlim_cur < 3 * N)
		skip();
	for (size_t i = 0; i < 50; i++)
		ours[i] = open_websocket(HANDSHAKE(""), &theirs[i]);
	long before = resident_kb();
	for (size_t i = 50; i < N; i++)
		ours[i] = open_websocket(HANDSHAKE(""), &theirs[i]);
	long grown = resident_kb() - before;
	for (size_t i = 0; i < N; i++) {
		close(ours[i]);
		close(theirs[i]);
	}
#ifndef __SANITIZE_ADDRESS__
	if (grown / (N - 50) >= 2)
		fail_msg("%ld KB for %d WebSockets", grown, N - 50);
#else
	(void)grown;
#endif
}

static bool stream_is_open(void)
{
	return open_stream != NULL;
}

static bool stream_is_done(void)
{
	return streams_done > 0;
}

static void streams(void **state)
{
	(void)state;
	char buf[4096];
	ticks = 2;
	streams_done = 0;
	int fd = dial();
	say_str(fd, "GET /stream HTTP/1.1\r\n" HOST "\r\n");
	hear(fd, buf, sizeof(buf), "tick\n\r\n5\r\ntick\n");
	assert_non_null(strstr(buf, "Transfer-Encoding: chunked"));
	assert_int_equal(count(buf, "tick\n"), 2);
	for (size_t i = 0; i < 50; i++) {
		ticks = 1;
		http_stream_wake(open_stream);
		hear(fd, buf, sizeof(buf), "tick\n\r\n");
		assert_int_equal(count(buf, "tick\n"), 1);
	}
	/* The client goes; that is noticed when the next bytes cannot be sent. */
	close(fd);
	for (int i = 0; i < 100 && !streams_done; i++) {
		ticks = 1;
		if (open_stream)
			http_stream_wake(open_stream);
		usleep(10 * 1000);
	}
	assert_int_equal(streams_done, 1);

	/* The server ends it. */
	ticks = 100;
	streams_done = 0;
	ask("GET /stream HTTP/1.1\r\n" HOST "\r\n", buf, sizeof(buf), "0\r\n\r\n");
	assert_true(wait_for(stream_is_done));
}

static void per_address(void **state)
{
	(void)state;
	int fds[4];
	char buf[4096];
	/* The other end of the loopback network is no trusted proxy. */
	http_server_stop(server);
	start("127.0.0.2:0", 3, 1);
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(http_server_port(server))},
			   from = {.sin_family = AF_INET};
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
	from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 2);
	for (size_t i = 0; i < 4; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM, 0);
		assert_int_equal(bind(fds[i], (struct sockaddr *)&from, sizeof(from)), 0);
		assert_int_equal(connect(fds[i], (struct sockaddr *)&sa, sizeof(sa)), 0);
		say_str(fds[i], "GET /peer HTTP/1.1\r\n" HOST "X-Forwarded-For: 9.9.9.9\r\n\r\n");
		hear(fds[i], buf, sizeof(buf), " 16 ");
		assert_string_equal(i < 3 ? strstr(buf, "127.0.0.3") : buf, i < 3 ? "127.0.0.3 0 16 " : "");
	}
	for (size_t i = 0; i < 4; i++)
		close(fds[i]);
}

static void stops_cleanly(void **state)
{
	(void)state;
	char buf[4096];
	ticks = 1;
	streams_done = 0;
	int stream = dial(), deferred = dial(), idle = dial();
	say_str(stream, "GET /stream HTTP/1.1\r\n" HOST "\r\n");
	assert_true(wait_for(stream_is_open));
	say_str(deferred, "GET /defer HTTP/1.1\r\n" HOST "\r\n");
	usleep(10 * 1000);
	http_server_stop(server);
	assert_true(hear(deferred, buf, sizeof(buf), NULL));
	assert_non_null(strstr(buf, "later"));
	assert_true(hear(stream, buf, sizeof(buf), NULL));
	assert_true(hear(idle, buf, sizeof(buf), NULL));
	assert_int_equal(streams_done, 1);
	assert_int_equal(metric_get(METRIC_HTTP_CONNECTIONS), 0);
	close(stream);
	close(deferred);
	close(idle);
	start("127.0.0.1:0", 0, 1);
}

static void listens(void **state)
{
	(void)state;
	struct http_server *other;
	struct problem problem;
	static const char *const bad[] = {"", "nonsense", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000"};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct http_server_config c = {.listen = view_of(bad[i])};
		assert_int_equal(http_server_start(&c, &app, &other, &problem), ERR_INVALID);
	}
	char taken_port[32];
	snprintf(taken_port, sizeof(taken_port), "127.0.0.1:%u", http_server_port(server));
	struct http_server_config c = {.listen = view_of(taken_port)};
	assert_int_equal(http_server_start(&c, &app, &other, &problem), ERR_CONFLICT);
	c = (struct http_server_config){.listen = V("[::]:0"), .loops = 1};
	assert_int_equal(http_server_start(&c, &app, &other, &problem), OK);
	struct http_server *first = server;
	server = other;
	c = (struct http_server_config){0};
	expect("GET /hello HTTP/1.1\r\n" HOST "\r\n", "200", "hello");
	expect("GET /peer HTTP/1.1\r\n" HOST "\r\n", "200", "127.0.0.1 0");
	http_server_stop(other);
	server = first;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),	    cmocka_unit_test(headers),
		cmocka_unit_test(head_has_no_body), cmocka_unit_test(pipelined),
		cmocka_unit_test(byte_by_byte),	    cmocka_unit_test(contradictions),
		cmocka_unit_test(nul_bytes),	    cmocka_unit_test(oversized),
		cmocka_unit_test(slow_clients),	    cmocka_unit_test(truncated),
		cmocka_unit_test(ranges),	    cmocka_unit_test(forwarded),
		cmocka_unit_test(websocket),	    cmocka_unit_test(websockets_are_small),
		cmocka_unit_test(streams),	    cmocka_unit_test(stops_cleanly),
		cmocka_unit_test(listens),	    cmocka_unit_test(per_address),
	};
	if (secret_init() != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
