/*
 * test_client.h - the other end of the wire, for tests: raw sockets, bytes as they are.
 */
#ifndef HTTP_TEST_CLIENT_H
#define HTTP_TEST_CLIENT_H

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/base.h"

static inline int client_dial(uint16_t port)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(port)};
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0)
		BUG("cannot connect to port %u", port);
	return fd;
}

static inline void say(int fd, struct view v)
{
	while (v.len) {
		ssize_t n = send(fd, v.p, v.len, MSG_NOSIGNAL);
		if (n <= 0)
			return;
		v = view_sub(v, (size_t)n, v.len);
	}
}

static inline void say_str(int fd, const char *s)
{
	say(fd, view_of(s));
}

/* Reads until `until` has been seen, the server closes, or five seconds have passed. Returns whether it closed. */
static inline bool hear(int fd, char *buf, size_t cap, const char *until)
{
	size_t n = 0;
	buf[0] = '\0';
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		if (n + 1 >= cap || (until && memmem(buf, n, until, strlen(until))) || poll(&p, 1, 5000) <= 0)
			return false;
		ssize_t got = recv(fd, buf + n, cap - n - 1, 0);
		if (got <= 0)
			return true;
		n += (size_t)got;
		buf[n] = '\0';
	}
}

static inline size_t count(const char *hay, const char *needle)
{
	size_t n = 0;
	for (const char *p = hay; (p = strstr(p, needle)); p += strlen(needle))
		n++;
	return n;
}

#endif
