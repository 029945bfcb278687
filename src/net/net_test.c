/*
 * net_test.c - the client against a server of a few lines, that answers what the path asks for: with raw bytes, slowly,
 * for ever or not at all.
 */
#include "base/base.h"
#include "net/net.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/limits.h"

#define SECOND_NS INT64_C(1000000000)

static int listener;
static uint16_t port;
static atomic_int accepted;
static struct net *open_net, *guarded_net;
static struct arena arena;

/* ---- the server ---- */

static void say(int fd, const char *text)
{
	(void)!write(fd, text, strlen(text));
}

static void say_for_ever(int fd, const char *text)
{
	while (write(fd, text, strlen(text)) > 0)
		;
}

static void answer(int fd, const char *request)
{
	char text[512];

	if (strstr(request, " /plain "))
		say(fd, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=x\r\nContent-Length: 5\r\n\r\nhello");
	else if (strstr(request, " /gone "))
		say(fd, "HTTP/1.1 410 Gone\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n");
	else if (strstr(request, " /long "))
		say(fd, "HTTP/1.1 200 OK\r\n\r\n"), say_for_ever(fd, "0123456789");
	else if (strstr(request, " /heads "))
		say(fd, "HTTP/1.1 200 OK\r\n"), say_for_ever(fd, "X-More: 0123456789\r\n");
	else if (strstr(request, " /silent "))
		sleep(5);
	else if (strstr(request, " /loop "))
		say(fd, "HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n");
	else if (strstr(request, " /file "))
		say(fd, "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n");
	else if (strstr(request, " /moved "))
		say(fd, "HTTP/1.1 302 Found\r\nLocation: /plain\r\nContent-Length: 0\r\n\r\n");
	else {
		snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", strlen(request));
		say(fd, text), say(fd, request);
	}
}

static void *serve_one(void *arg)
{
	int fd = (int)(intptr_t)arg;
	char request[4096];
	ssize_t n = read(fd, request, sizeof(request) - 1);

	if (n > 0) {
		request[n] = '\0';
		answer(fd, request);
	}
	close(fd);
	return NULL;
}

static void *serve(void *arg MAYBE_UNUSED)
{
	for (;;) {
		pthread_t thread;
		int fd = accept(listener, NULL, NULL);
		if (fd < 0)
			return NULL;
		atomic_fetch_add(&accepted, 1);
		if (pthread_create(&thread, NULL, serve_one, (void *)(intptr_t)fd) == 0)
			pthread_detach(thread);
	}
}

static int setup(void **state MAYBE_UNUSED)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof(at);
	pthread_t thread;

	signal(SIGPIPE, SIG_IGN);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&at, sizeof(at)) || listen(listener, 64) ||
	    getsockname(listener, (struct sockaddr *)&at, &len) || pthread_create(&thread, NULL, serve, NULL))
		return -1;
	pthread_detach(thread);
	port = ntohs(at.sin_port);
	arena_init(&arena, 8 * LIMIT_MIB);
	const struct net_config open = {.user_agent = "test", .private_addresses = true},
				guarded = {.user_agent = "test"};
	open_net = net_open(&open);
	guarded_net = net_open(&guarded);
	return 0;
}

static int teardown(void **state MAYBE_UNUSED)
{
	net_close(open_net);
	net_close(guarded_net);
	arena_release(&arena);
	return 0;
}

static struct net_request request_for(const char *host, const char *path)
{
	return (struct net_request){
		.url = arena_printf(&arena, "http://%s:%u%s", host, port, path), .ms = 3000, .max_bytes = LIMIT_KIB};
}

static struct net_reply get(struct net *n, const char *host, const char *path)
{
	struct net_request rq = request_for(host, path);
	struct net_reply reply;

	if (net_wait(n, &arena, &rq, &reply) != reply.err)
		fail_msg("two errors");
	return reply;
}

/* ---- tests ---- */

static void an_answer_comes_whole(void **state MAYBE_UNUSED)
{
	struct net_reply reply = get(open_net, "127.0.0.1", "/plain");

	assert_int_equal(reply.err, OK);
	assert_int_equal(reply.status, 200);
	assert_true(view_is(reply.body, "hello"));
	assert_true(view_is(reply.content_type, "text/html; charset=x"));
	reply = get(open_net, "localhost", "/gone");
	assert_int_equal(reply.err, OK);
	assert_int_equal(reply.status, 410);
	assert_int_equal(reply.retry_after_s, 7);
}

static void a_post_carries_its_headers_and_body(void **state MAYBE_UNUSED)
{
	struct net_request rq = request_for("127.0.0.1", "/echo");
	struct net_reply reply;

	rq.method = NET_POST;
	rq.headers[0] = (struct net_header){"TTL", V("60")};
	rq.body = view_make("a\0b", 3);
	assert_int_equal(net_wait(open_net, &arena, &rq, &reply), OK);
	assert_non_null(strstr(reply.body.p, "POST /echo HTTP/1.1\r\n"));
	assert_non_null(strstr(reply.body.p, "\r\nTTL: 60\r\n"));
	assert_non_null(strstr(reply.body.p, "\r\nUser-Agent: test\r\n"));
	assert_null(strstr(reply.body.p, "Expect"));
	assert_true(view_ends(view_of(reply.body.p), V("a"))); /* the server's text ends at the NUL */
}

static void private_addresses_are_refused_however_they_are_written(void **state MAYBE_UNUSED)
{
	static const char *const hosts[] = {"127.0.0.1", "localhost",	       "127.1",	  "0x7f000001",	 "2130706433",
					    "[::1]",	 "[::ffff:127.0.0.1]", "0.0.0.0", "017700000001"};
	int before = atomic_load(&accepted);

	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		struct net_reply reply = get(guarded_net, hosts[i], "/plain");
		if (reply.err != ERR_FORBIDDEN && reply.err != ERR_INVALID)
			fail_msg("%s: %s", hosts[i], err_name(reply.err));
	}
	assert_int_equal(get(guarded_net, "127.0.0.1", "/plain").err, ERR_FORBIDDEN);
	assert_int_equal(atomic_load(&accepted), before);
}

static void only_web_addresses_are_asked(void **state MAYBE_UNUSED)
{
	static const char *const urls[] = {"", "file:///etc/passwd", "gopher://127.0.0.1/", "http://a:b@127.0.0.1/",
					   "//127.0.0.1/"};
	struct net_reply reply;

	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		struct net_request rq = {.url = view_of(urls[i]), .ms = 1000};
		assert_int_equal(net_wait(open_net, &arena, &rq, &reply), ERR_INVALID);
	}
	struct net_request plain = request_for("127.0.0.1", "/plain");
	plain.https_only = true;
	assert_int_equal(net_wait(guarded_net, &arena, &plain, &reply), ERR_INVALID);
}

static void redirects_are_counted_and_stay_on_the_web(void **state MAYBE_UNUSED)
{
	struct net_request rq = request_for("127.0.0.1", "/moved");
	struct net_reply reply;

	assert_int_equal(net_wait(open_net, &arena, &rq, &reply), OK);
	assert_int_equal(reply.status, 302);
	rq.redirects = 3;
	assert_int_equal(net_wait(open_net, &arena, &rq, &reply), OK);
	assert_int_equal(reply.status, 200);
	assert_true(view_ends(reply.url, V("/plain")));
	rq.url = request_for("127.0.0.1", "/loop").url;
	assert_int_equal(net_wait(open_net, &arena, &rq, &reply), ERR_UNAVAILABLE);
	rq.url = request_for("127.0.0.1", "/file").url;
	assert_int_not_equal(net_wait(open_net, &arena, &rq, &reply), OK);
	assert_int_equal(reply.body.len, 0);
}

static void endless_answers_are_cut(void **state MAYBE_UNUSED)
{
	struct net_request rq = request_for("127.0.0.1", "/long");
	struct net_reply reply;

	assert_int_equal(net_wait(open_net, &arena, &rq, &reply), ERR_TOO_LARGE);
	rq.cut = true;
	assert_int_equal(net_wait(open_net, &arena, &rq, &reply), OK);
	assert_true(reply.cut);
	assert_int_equal(reply.body.len, LIMIT_KIB);
	assert_int_equal(get(open_net, "127.0.0.1", "/heads").err, ERR_TOO_LARGE);
}

static void silence_ends_and_holds_nobody_up(void **state MAYBE_UNUSED)
{
	struct net_request rq = request_for("127.0.0.1", "/silent");
	struct net_reply reply;
	int64_t begin = clock_mono_ns();

	rq.ms = 500;
	assert_int_equal(net_wait(open_net, &arena, &rq, &reply), ERR_TIMEOUT);
	assert_true(clock_mono_ns() - begin < 3 * SECOND_NS);
	rq = request_for("127.0.0.1", "/plain");
	rq.url = V("http://127.0.0.1:1/");
	assert_int_equal(net_wait(open_net, &arena, &rq, &reply), ERR_UNAVAILABLE);
	assert_int_equal(net_wait(NULL, &arena, &rq, &reply), ERR_UNAVAILABLE);
}

static atomic_int ended_busy, ended_other;

static void count_end(void *arg MAYBE_UNUSED, const struct net_reply *reply)
{
	atomic_fetch_add(reply->err == ERR_BUSY ? &ended_busy : &ended_other, 1);
}

static void there_is_a_maximum_and_an_end(void **state MAYBE_UNUSED)
{
	const struct net_config config = {.user_agent = "test", .private_addresses = true};
	struct net_request rq = request_for("127.0.0.1", "/silent");
	struct net *n = net_open(&config);

	for (int i = 0; i < NET_TRANSFERS_MAX; i++)
		assert_int_equal(net_start(n, &rq, count_end, NULL), OK);
	assert_int_equal(net_start(n, &rq, count_end, NULL), ERR_BUSY);
	net_stop(n);
	assert_int_equal(atomic_load(&ended_busy), NET_TRANSFERS_MAX);
	assert_int_equal(atomic_load(&ended_other), 0);
	assert_int_equal(net_start(n, &rq, count_end, NULL), ERR_BUSY);
	net_close(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_comes_whole),
		cmocka_unit_test(a_post_carries_its_headers_and_body),
		cmocka_unit_test(private_addresses_are_refused_however_they_are_written),
		cmocka_unit_test(only_web_addresses_are_asked),
		cmocka_unit_test(redirects_are_counted_and_stay_on_the_web),
		cmocka_unit_test(endless_answers_are_cut),
		cmocka_unit_test(silence_ends_and_holds_nobody_up),
		cmocka_unit_test(there_is_a_maximum_and_an_end),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
