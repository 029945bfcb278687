/*
 * stream_readers.c - fast consumers of a stream of the data API: blocking sockets, a thread each, every line counted.
 *
 *   stream_readers PORT TOKENS PATH LINES
 *
 * One consumer for each line of the file TOKENS asks for PATH and reads until it has LINES lines; with LINES 0, until
 * nothing has come for QUIET_MS. Prints {"consumers":…,"lines":…,"bytes":…,"slowest_s":…,"slowest_per_s":…,"all_per_s":…}:
 * the fewest lines and bytes that any of them got, and the time from the first request to the last line of the slowest.
 */
#include "base/base.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"

#define READERS_MAX 100
#define TOKEN_BYTES 128
#define BUFFER_BYTES (256 * 1024)
#define QUIET_MS 1000

/* RFC 9112 7.1, as far as a server sends it: a size in hex, CRLF, so many bytes, CRLF. */
enum part { HEADERS, SIZE, BYTES, BYTES_END };

struct reader {
	pthread_t thread;
	char token[TOKEN_BYTES];
	uint16_t port;
	const char *path;
	uint64_t wanted;
	enum part part;
	char status[16]; /* the first bytes of the answer */
	size_t status_len;
	uint32_t last4;	   /* of the headers */
	uint64_t chunk;	   /* its size, then what is missing of it */
	size_t line_bytes; /* of the line under way, without its end */
	uint64_t lines, bytes;
	int64_t end_ns;
};

static int connect_to(const struct reader *r)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(r->port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct timeval quiet = {.tv_sec = QUIET_MS / 1000};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		BUG("connect: %s", strerror(errno));
	if (r->wanted == 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &quiet, sizeof(quiet));
	return fd;
}

static void ask(const struct reader *r, int fd)
{
	char request[1024];
	int n = snprintf(request, sizeof(request),
			 "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nAuthorization: Bearer %s\r\n\r\n", r->path, r->port,
			 r->token);

	if (send(fd, request, (size_t)n, MSG_NOSIGNAL) != n)
		BUG("a request could not be sent at once");
}

/* Empty lines say that the stream lives; they are no posts. */
static void count_lines(struct reader *r, const char *p, size_t n)
{
	while (n > 0) {
		const char *end = memchr(p, '\n', n);
		size_t part = end ? (size_t)(end - p) + 1 : n;

		r->line_bytes += part;
		if (end) {
			r->lines += r->line_bytes > 2;
			r->line_bytes = 0;
		}
		p += part;
		n -= part;
	}
}

static void on_header(struct reader *r, char c)
{
	static const char ok[] = "HTTP/1.1 200";

	if (r->status_len < sizeof(ok) - 1)
		r->status[r->status_len++] = c;
	if (r->status_len == sizeof(ok) - 1 && memcmp(r->status, ok, sizeof(ok) - 1) != 0)
		BUG("%s answered %.*s", r->path, (int)r->status_len, r->status);
	r->last4 = r->last4 << 8 | (unsigned char)c;
	if (r->last4 == 0x0d0a0d0a)
		r->part = SIZE;
}

static void on_size(struct reader *r, char c)
{
	if (c == '\n')
		r->part = BYTES;
	else if (c != '\r')
		r->chunk = r->chunk << 4 | (uint64_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

static void on_bytes(struct reader *r, const char *p, size_t n)
{
	while (n > 0) {
		size_t part = r->part == BYTES && n > r->chunk ? (size_t)r->chunk : n;

		if (r->part != BYTES) {
			part = 1;
			if (r->part == HEADERS)
				on_header(r, *p);
			else if (r->part == SIZE)
				on_size(r, *p);
			else if (*p == '\n')
				r->part = SIZE;
		} else {
			count_lines(r, p, part);
			r->bytes += part;
			r->chunk -= part;
			if (r->chunk == 0)
				r->part = BYTES_END;
		}
		p += part;
		n -= part;
	}
}

static void *read_on(void *arg)
{
	struct reader *r = arg;
	char *buffer = xmalloc(BUFFER_BYTES);
	int fd = connect_to(r);

	ask(r, fd);
	while (r->wanted == 0 || r->lines < r->wanted) {
		ssize_t n = recv(fd, buffer, BUFFER_BYTES, 0);

		if (n < 0 && errno == EAGAIN)
			break;
		if (n <= 0)
			BUG("%s ended after %" PRIu64 " lines", r->path, r->lines);
		on_bytes(r, buffer, (size_t)n);
	}
	r->end_ns = clock_mono_ns();
	close(fd);
	free(buffer);
	return NULL;
}

static size_t read_tokens(const char *file, struct reader *readers)
{
	FILE *f = fopen(file, "re");
	size_t n = 0;

	if (!f)
		BUG("%s: %s", file, strerror(errno));
	while (n < READERS_MAX && fgets(readers[n].token, TOKEN_BYTES, f)) {
		readers[n].token[strcspn(readers[n].token, "\r\n")] = 0;
		n += readers[n].token[0] != 0;
	}
	fclose(f);
	return n;
}

static void print(const struct reader *readers, size_t n, int64_t began_ns)
{
	uint64_t lines = UINT64_MAX, bytes = UINT64_MAX, all = 0;
	int64_t last_ns = 0;

	for (size_t i = 0; i < n; i++) {
		lines = readers[i].lines < lines ? readers[i].lines : lines;
		bytes = readers[i].bytes < bytes ? readers[i].bytes : bytes;
		all += readers[i].lines;
		last_ns = readers[i].end_ns > last_ns ? readers[i].end_ns : last_ns;
	}
	double seconds = (double)(last_ns - began_ns) / 1e9;
	printf("{\"consumers\":%zu,\"lines\":%" PRIu64 ",\"bytes\":%" PRIu64
	       ",\"slowest_s\":%.4f,\"slowest_per_s\":%.0f,\"all_per_s\":%.0f}\n",
	       n, lines, bytes, seconds, (double)lines / seconds, (double)all / seconds);
}

int main(int argc, char **argv)
{
	static struct reader readers[READERS_MAX];
	int64_t port, wanted;

	if (argc != 5 || !parse_i64(view_of(argv[1]), 1, 65535, &port) ||
	    !parse_i64(view_of(argv[4]), 0, INT64_MAX, &wanted))
		BUG("stream_readers PORT TOKENS PATH LINES");
	size_t n = read_tokens(argv[2], readers);
	int64_t began_ns = clock_mono_ns();

	for (size_t i = 0; i < n; i++) {
		readers[i].port = (uint16_t)port;
		readers[i].path = argv[3];
		readers[i].wanted = (uint64_t)wanted;
		if (pthread_create(&readers[i].thread, NULL, read_on, &readers[i]) != 0)
			BUG("no thread");
	}
	for (size_t i = 0; i < n; i++)
		pthread_join(readers[i].thread, NULL);
	print(readers, n, began_ns);
	return 0;
}
