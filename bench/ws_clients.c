/*
 * ws_clients.c - many people with the app open: WebSocket `user` streams on one epoll loop, posts by accounts they
 * follow, and a count of what arrived.
 *
 *   ws_clients PORT TOKENS ANNOUNCERS STREAMS POSTS_A_SECOND SECONDS
 *
 * TOKENS is seed's tokens.txt: the first ANNOUNCERS write, one after the other; the stream of the i-th of the others
 * hears the announcer i % ANNOUNCERS. Prints {"connected":…} once all streams stand, waits for a line on standard
 * input, posts, and prints {"expected":…,"received":…,"lost":…,"surplus":…,…} when everything has come or nothing has
 * for QUIET_NS. lost and surplus are counted stream by stream.
 */
#include "base/base.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

#define TOKEN_BYTES 64
#define POSTERS 16	      /* connections that post */
#define CONNECTING_MAX 200    /* handshakes under way at once */
#define QUIET_NS (5 * 1000000000LL)
#define HEAD_BYTES 96	      /* of a message: enough to know what it is */

enum state { CONNECTING, HANDSHAKE, STREAMING, IDLE, POSTING, CLOSED };

struct client {
	int fd;
	enum state state;
	bool poster;
	uint32_t received, expected;
	/* the frame that is being read */
	unsigned char head[10];
	uint8_t head_len, opcode;
	uint64_t rest; /* of the payload */
	char start[HEAD_BYTES];
	size_t start_len;
	/* the answer that is being read: end of its headers so far, and what is missing of the body */
	char answer[2048];
	size_t answer_len;
	size_t announcer;
};

struct bench {
	int epoll;
	uint16_t port;
	size_t announcers, streams, posts;
	int64_t rate;
	char (*tokens)[TOKEN_BYTES]; /* announcers + streams */
	struct client *clients;	     /* streams, then POSTERS */
	uint32_t *posted;	     /* by announcer */
	size_t connected, connecting, sent, answered, failed, received, closed;
	int64_t last_ns;
};

static void watch(struct bench *b, struct client *c, uint32_t events, int op)
{
	struct epoll_event ev = {.events = events, .data.ptr = c};

	if (epoll_ctl(b->epoll, op, c->fd, &ev) != 0)
		BUG("epoll_ctl: %s", strerror(errno));
}

static void start_connect(struct bench *b, struct client *c)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(b->port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int one = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		BUG("socket: %s", strerror(errno));
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0 && errno != EINPROGRESS)
		BUG("connect: %s", strerror(errno));
	c->state = CONNECTING;
	b->connecting++;
	watch(b, c, EPOLLOUT, EPOLL_CTL_ADD);
}

static void send_all(struct client *c, const char *bytes, size_t n)
{
	if (send(c->fd, bytes, n, MSG_NOSIGNAL) != (ssize_t)n)
		BUG("a request could not be sent at once");
}

static void close_client(struct bench *b, struct client *c)
{
	close(c->fd);
	if (c->state == POSTING)
		b->failed++;
	c->state = CLOSED;
	b->closed += !c->poster; /* the server may close those that never had to post */
}

/* ---- connecting ---- */

static size_t index_of(const struct bench *b, const struct client *c)
{
	return (size_t)(c - b->clients);
}

static void shake_hands(struct bench *b, struct client *c)
{
	char request[512];
	int n = snprintf(
		request, sizeof(request),
		"GET /api/v1/streaming?stream=user HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nAuthorization: Bearer %s\r\n"
		"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
		b->port, b->tokens[b->announcers + index_of(b, c)]);

	send_all(c, request, (size_t)n);
	c->state = HANDSHAKE;
}

static void on_connected(struct bench *b, struct client *c)
{
	watch(b, c, EPOLLIN, EPOLL_CTL_MOD);
	if (!c->poster) {
		shake_hands(b, c);
		return;
	}
	c->state = IDLE;
	b->connecting--;
}

/* ---- frames (RFC 6455 5.2), from a server: not masked ---- */

static void pong(struct client *c)
{
	size_t n = c->start_len < HEAD_BYTES ? c->start_len : HEAD_BYTES;
	char frame[6 + HEAD_BYTES] = {(char)0x8a, (char)(0x80 | n)}; /* the mask is 0 */

	memcpy(frame + 6, c->start, n);
	send_all(c, frame, 6 + n);
}

static void on_message(struct bench *b, struct client *c)
{
	static const char update[] = "\"event\":\"update\"";

	if (c->opcode == 9)
		pong(c);
	if (c->opcode != 1 || !memmem(c->start, c->start_len, update, sizeof(update) - 1))
		return;
	c->received++;
	b->received++;
	b->last_ns = clock_mono_ns();
}

/* Length of the frame's head as far as it is known: 2, 4 or 10 bytes. */
static size_t head_wanted(const struct client *c)
{
	unsigned length = c->head_len < 2 ? 0 : c->head[1] & 0x7f;

	return length == 126 ? 4 : length == 127 ? 10 : 2;
}

static void begin_payload(struct client *c)
{
	size_t n = head_wanted(c);

	c->rest = n == 2 ? c->head[1] & 0x7f : 0;
	for (size_t i = 2; i < n; i++)
		c->rest = c->rest << 8 | c->head[i];
	c->opcode = c->head[0] & 0x0f;
	c->start_len = 0;
}

static void on_frames(struct bench *b, struct client *c, const char *p, size_t n)
{
	while (n > 0) {
		if (c->head_len < head_wanted(c)) {
			c->head[c->head_len++] = (unsigned char)*p++;
			n--;
			if (c->head_len < head_wanted(c))
				continue;
			begin_payload(c);
		}
		size_t take = n < c->rest ? n : (size_t)c->rest;
		size_t keep = take < HEAD_BYTES - c->start_len ? take : HEAD_BYTES - c->start_len;
		memcpy(c->start + c->start_len, p, keep);
		c->start_len += keep;
		c->rest -= take;
		p += take;
		n -= take;
		if (c->rest == 0) {
			on_message(b, c);
			c->head_len = 0;
		}
	}
}

/* ---- answers ---- */

/* Bytes up to the end of the headers, or 0. */
static size_t headers_end(const struct client *c)
{
	const char *end = memmem(c->answer, c->answer_len, "\r\n\r\n", 4);

	return end ? (size_t)(end - c->answer) + 4 : 0;
}

static uint64_t content_length(const struct client *c, size_t headers)
{
	static const char name[] = "\r\nContent-Length: ";
	const char *at = memmem(c->answer, headers, name, sizeof(name) - 1);
	uint64_t n = 0;

	if (!at)
		BUG("an answer without Content-Length");
	at += sizeof(name) - 1;
	if (!parse_u64(view_make(at, view_find(view_make(at, (size_t)(c->answer + headers - at)), 0, '\r')), 1 << 20,
		       &n))
		BUG("an answer with a strange Content-Length");
	return n;
}

static void on_answered(struct bench *b, struct client *c)
{
	if (memcmp(c->answer, "HTTP/1.1 200", 12) == 0) {
		b->posted[c->announcer]++;
		b->answered++;
	} else {
		if (!b->failed)
			fprintf(stderr, "ws_clients: a post was refused: %.12s\n", c->answer);
		b->failed++;
	}
	c->state = IDLE;
	c->answer_len = 0;
}

static void on_answer(struct bench *b, struct client *c, const char *p, size_t n)
{
	if (c->state == POSTING && c->rest) { /* the body */
		c->rest -= n < c->rest ? n : c->rest;
		if (!c->rest)
			on_answered(b, c);
		return;
	}
	size_t keep = n < sizeof(c->answer) - c->answer_len ? n : sizeof(c->answer) - c->answer_len;
	memcpy(c->answer + c->answer_len, p, keep);
	c->answer_len += keep;
	size_t headers = headers_end(c);
	if (!headers)
		return;
	size_t behind = c->answer_len - headers + (n - keep);
	if (c->state == POSTING) {
		uint64_t body = content_length(c, headers);
		c->rest = body > behind ? body - behind : 0;
		if (!c->rest)
			on_answered(b, c);
		return;
	}
	if (memcmp(c->answer, "HTTP/1.1 101", 12) != 0)
		BUG("a stream was refused: %.*s", (int)c->answer_len, c->answer);
	c->state = STREAMING;
	b->connecting--;
	b->connected++;
	on_frames(b, c, c->answer + headers, behind);
}

static void on_readable(struct bench *b, struct client *c)
{
	static char bytes[256 * 1024];
	ssize_t n = recv(c->fd, bytes, sizeof(bytes), 0);

	if (n <= 0) {
		if (n == 0 || (errno != EAGAIN && errno != EINTR))
			close_client(b, c);
		return;
	}
	if (c->state == STREAMING)
		on_frames(b, c, bytes, (size_t)n);
	else
		on_answer(b, c, bytes, (size_t)n);
}

/* One round of the loop. */
static void turn(struct bench *b, int timeout_ms)
{
	struct epoll_event events[512];
	int n = epoll_wait(b->epoll, events, ARRAY_LEN(events), timeout_ms);

	for (int i = 0; i < n; i++) {
		struct client *c = events[i].data.ptr;

		if (c->state == CLOSED)
			continue;
		if (c->state == CONNECTING)
			on_connected(b, c);
		else
			on_readable(b, c);
	}
}

/* ---- posting ---- */

static void post(struct bench *b, struct client *c)
{
	char body[400], request[1024];
	int n, len = snprintf(
		       body, sizeof(body),
		       "{\"status\":\"Post %zu of the announcers: the tide is in, the boats are out, and whoever has "
		       "the app open reads this line a moment after it was written. #harbour "
		       "https://example.org/%zu\"}",
		       b->sent, b->sent);

	c->announcer = b->sent % b->announcers;
	n = snprintf(request, sizeof(request),
		     "POST /api/v1/statuses HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nAuthorization: Bearer %s\r\n"
		     "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		     b->port, b->tokens[c->announcer], len, body);
	send_all(c, request, (size_t)n);
	c->state = POSTING;
	c->rest = 0;
	c->answer_len = 0;
	b->sent++;
}

static void post_due(struct bench *b, int64_t began)
{
	size_t due = (size_t)((clock_mono_ns() - began) * b->rate / 1000000000) + 1;

	for (size_t i = 0; i < POSTERS && b->sent < due && b->sent < b->posts; i++) {
		struct client *c = &b->clients[b->streams + i];

		if (c->state == IDLE)
			post(b, c);
	}
}

static size_t expected(struct bench *b)
{
	size_t sum = 0;

	for (size_t i = 0; i < b->streams; i++)
		sum += b->clients[i].expected = b->posted[i % b->announcers];
	return sum;
}

static double run_posts(struct bench *b)
{
	int64_t began = clock_mono_ns();
	double seconds;

	while (b->answered + b->failed < b->posts) {
		post_due(b, began);
		turn(b, 1);
	}
	seconds = (double)(clock_mono_ns() - began) / 1e9;
	b->last_ns = clock_mono_ns();
	while (b->received < expected(b) && clock_mono_ns() - b->last_ns < QUIET_NS)
		turn(b, 100);
	turn(b, 300); /* what nobody expects */
	return seconds;
}

static void print_result(struct bench *b, double seconds)
{
	size_t lost = 0, surplus = 0, sum = expected(b);

	for (size_t i = 0; i < b->streams; i++) {
		const struct client *c = &b->clients[i];

		lost += c->expected > c->received ? c->expected - c->received : 0;
		surplus += c->received > c->expected ? c->received - c->expected : 0;
	}
	printf("{\"posts\": %zu, \"refused\": %zu, \"seconds\": %.2f, \"expected\": %zu, \"received\": %zu, \"lost\": "
	       "%zu, "
	       "\"surplus\": %zu, \"closed\": %zu}\n",
	       b->answered, b->failed, seconds, sum, b->received, lost, surplus, b->closed);
}

/* ---- the run ---- */

static void connect_all(struct bench *b)
{
	for (size_t i = 0; i < b->streams + POSTERS; i++) {
		b->clients[i].poster = i >= b->streams;
		while (b->connecting >= CONNECTING_MAX)
			turn(b, 100);
		start_connect(b, &b->clients[i]);
	}
	while (b->connecting)
		turn(b, 100);
}

static void read_tokens(struct bench *b, const char *path)
{
	FILE *f = fopen(path, "r");
	char line[256];
	size_t n = 0;

	for (; f && n < b->announcers + b->streams && fgets(line, sizeof(line), f); n++)
		snprintf(b->tokens[n], TOKEN_BYTES, "%.*s", (int)view_find(view_of(line), 0, ' '), line);
	if (n < b->announcers + b->streams)
		BUG("%s has too few tokens", path);
	fclose(f);
}

static void raise_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
}

int main(int argc, char **argv)
{
	struct bench b = {.epoll = epoll_create1(EPOLL_CLOEXEC)};
	uint64_t numbers[7] = {0};
	char line[16];

	for (int i = 1; i < argc && argc == 7; i++)
		if (i != 2 && (!parse_u64(view_of(argv[i]), 1000000, &numbers[i]) || numbers[i] == 0))
			argc = 0;
	if (argc != 7) {
		fputs("usage: ws_clients PORT TOKENS ANNOUNCERS STREAMS POSTS_A_SECOND SECONDS\n", stderr);
		return 2;
	}
	b.port = (uint16_t)numbers[1];
	b.announcers = numbers[3];
	b.streams = numbers[4];
	b.rate = (int64_t)numbers[5];
	b.posts = numbers[5] * numbers[6];
	b.tokens = xcalloc(b.announcers + b.streams, TOKEN_BYTES);
	b.clients = xcalloc(b.streams + POSTERS, sizeof(*b.clients));
	b.posted = xcalloc(b.announcers, sizeof(*b.posted));
	raise_files();
	read_tokens(&b, argv[2]);
	int64_t began = clock_mono_ns();
	connect_all(&b);
	printf("{\"connected\": %zu, \"seconds\": %.2f}\n", b.connected, (double)(clock_mono_ns() - began) / 1e9);
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return 1;
	print_result(&b, run_posts(&b));
	return 0;
}
