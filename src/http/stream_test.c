/*
 * stream_test.c - bodies without end, to a client that takes nothing: how long it may do so, and how much of the body is
 * out of the app's hands by then.
 */
#include "base/base.h"
#include "http/http.h"

#include "base/clock.h"
#include "base/secret.h"
#include "http/test_client.h"

#include <linux/filter.h>
#include <setjmp.h>
#include <stdatomic.h>

#include <cmocka.h>

#define BLOCK ((size_t)16 * 1024)
#define SECOND_NS INT64_C(1000000000)

static struct http_server *server;
static _Atomic(struct http_stream *) stream;
static atomic_size_t given;
static atomic_bool over;

static atomic_int blocks; /* that may be given; below 0: any number */

static ssize_t more(void *arg, char *buf, size_t cap)
{
	(void)arg;
	if (blocks == 0)
		return 0;
	if (blocks > 0)
		blocks--;
	memset(buf, 'x', cap);
	given += cap;
	return (ssize_t)cap;
}

static void done(void *arg)
{
	(void)arg;
	stream = NULL;
	over = true;
}

static void opened(void *arg, struct http_stream *s)
{
	(void)arg;
	stream = s;
}

static void handle(void *ctx, struct http_exchange *x)
{
	static const struct http_stream_ops patient = {more, done, 60}, other = {more, done, 0};

	(void)ctx;
	http_reply_stream(x, 200, "text/plain", BLOCK, view_is(x->path, "/patient") ? &patient : &other, NULL, opened);
}

static size_t body_limit(void *ctx, struct http_exchange *x)
{
	(void)ctx;
	(void)x;
	return 0;
}

static const char *refusal(void *ctx, struct http_exchange *x, int status, struct buf *out)
{
	(void)ctx, (void)x;
	buf_printf(out, "refused %d", status);
	return "text/plain";
}

static int set_up(void **state)
{
	static const struct http_app app = {.body_limit = body_limit, .handle = handle, .refusal = refusal};
	struct http_server_config c = {
		.listen = V("127.0.0.1:0"), .loops = 1, .connections_max = 64, .idle_seconds = 1};
	struct problem problem;

	(void)state;
	return http_server_start(&c, &app, &server, &problem) == OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	http_server_stop(server);
	return 0;
}

static bool is_over_within(int64_t ns)
{
	for (int64_t end = clock_mono_ns() + ns; !over && clock_mono_ns() < end;)
		usleep(10 * 1000);
	return over;
}

/* A client with little room, which reads nothing. */
static int flood(const char *path)
{
	int room = 32 * 1024, fd = client_dial(http_server_port(server));
	char request[64];

	given = 0;
	blocks = -1;
	over = false;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: test\r\n\r\n", path);
	say_str(fd, request);
	for (size_t before = 1; before != given; usleep(200 * 1000))
		before = given;
	return fd;
}

static void test_patience(void **state)
{
	int fd = flood("/other");

	(void)state;
	assert_true(is_over_within(4 * SECOND_NS)); /* as long as a connection may be idle */
	close(fd);
	fd = flood("/patient");
	assert_false(is_over_within(3 * SECOND_NS));
	/* Nothing of the client's: it reads nothing, and does not go. */
	http_stream_ends_in(stream, 1);
	assert_false(is_over_within(SECOND_NS / 2));
	assert_true(is_over_within(3 * SECOND_NS));
	close(fd);
}

/* What the client's side has taken, what the system may not have sent yet, and a block; left alone, it would keep megabytes. */
static void test_little_is_out_of_hand(void **state)
{
	int fd = flood("/patient");

	(void)state;
	if (given > 512 * 1024)
		fail_msg("%zu bytes were taken for a client that reads nothing", (size_t)given);
	close(fd);
	assert_true(is_over_within(3 * SECOND_NS));
}

/* A client whose machine is gone: what is sent to it gets lost, and it says nothing. */
static void go_silent(int fd)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = {1, &nothing};

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)), 0);
}

static bool is_unheard_within(int64_t ns)
{
	for (int64_t end = clock_mono_ns() + ns; clock_mono_ns() < end; usleep(50 * 1000))
		if (http_stream_is_unheard(stream))
			return true;
	return false;
}

static void test_unheard(void **state)
{
	char buf[4096];
	int fd = client_dial(http_server_port(server));

	(void)state;
	blocks = 0;
	over = false;
	say_str(fd, "GET /patient HTTP/1.1\r\nHost: test\r\n\r\n");
	hear(fd, buf, sizeof(buf), "\r\n\r\n");
	assert_false(http_stream_is_unheard(stream));
	go_silent(fd);
	assert_false(http_stream_is_unheard(stream)); /* it was not asked for anything */
	blocks = 1;
	http_stream_wake(stream);
	assert_false(is_unheard_within(SECOND_NS));
	assert_true(is_unheard_within(10 * SECOND_NS));
	http_stream_ends_in(stream, 1);
	assert_true(is_over_within(3 * SECOND_NS));
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_patience),
		cmocka_unit_test(test_little_is_out_of_hand),
		cmocka_unit_test(test_unheard),
	};

	if (secret_init() != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
