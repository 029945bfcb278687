/*
 * server.c - start and stop. libmicrohttpd runs one epoll loop for each thread over a listening socket of ours.
 */
#include "base/base.h"
#include "http/exchange.h"

#include "base/log.h"
#include "http/deadline.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* Of one connection: the head of a request, what libmicrohttpd notes about it, and the head of the answer. */
#define CONNECTION_BYTES ((size_t)32 * 1024)
#define DRAIN_MS 10000

/* "127.0.0.1:80", "[::1]:80", "name:80", ":80" */
static bool split_listen(struct view v, char host[256], char port[8])
{
	size_t colon = v.len;
	while (colon > 0 && v.p[colon - 1] != ':')
		colon--;
	if (colon == 0 || v.len - colon == 0 || v.len - colon >= 8)
		return false;
	struct view h = view_sub(v, 0, colon - 1), p = view_sub(v, colon, v.len);
	uint64_t number;
	if (h.len >= 2 && h.p[0] == '[' && h.p[h.len - 1] == ']')
		h = view_sub(h, 1, h.len - 2);
	if (h.len >= 256 || !parse_u64(p, 65535, &number))
		return false;
	snprintf(host, 256, "%.*s", VIEW_ARG(h));
	snprintf(port, 8, "%.*s", VIEW_ARG(p));
	return true;
}

static int open_socket(const struct addrinfo *a)
{
	int one = 1, zero = 0;
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (a->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof(zero));
	if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
		return fd;
	int error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* What to do about it, where that is not plain. */
static const char *listen_cure(int error)
{
	switch (error) {
	case EADDRINUSE:
		return "; another program serves there: end it, or choose another port with --listen";
	case EACCES:
		return "; ports below 1024 need a privilege: choose a higher one with --listen, behind a proxy";
	case EADDRNOTAVAIL:
		return "; this machine does not have that address";
	default:
		return "";
	}
}

static enum err open_listener(struct view listen_at, int *ret, struct problem *problem)
{
	char host[256], port[8];
	if (!split_listen(listen_at, host, port))
		return fail(problem, ERR_INVALID, "\"%.*s\" is not ADDRESS:PORT", VIEW_ARG(listen_at));
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *list;
	int error = getaddrinfo(host[0] ? host : NULL, port, &hints, &list);
	if (error)
		return fail(problem, ERR_INVALID, "%s: %s", host, gai_strerror(error));
	int fd = -1;
	for (const struct addrinfo *a = list; a && fd < 0; a = a->ai_next)
		fd = open_socket(a);
	error = errno;
	freeaddrinfo(list);
	if (fd < 0)
		return fail(problem, error == EADDRINUSE ? ERR_CONFLICT : ERR_INTERNAL, "cannot listen on %.*s: %s%s",
			    VIEW_ARG(listen_at), strerror(error), listen_cure(error));
	*ret = fd;
	return OK;
}

static uint16_t port_of(int fd)
{
	struct sockaddr_storage sa = {0};
	socklen_t len = sizeof(sa);
	if (getsockname(fd, (struct sockaddr *)&sa, &len) != 0)
		return 0;
	return ntohs(sa.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&sa)->sin6_port
					      : ((struct sockaddr_in *)&sa)->sin_port);
}

/* Targets stay as they were sent; who reads them decodes them once. */
static size_t keep_escapes(void *cls, struct MHD_Connection *mhd, char *s)
{
	(void)cls;
	(void)mhd;
	return strlen(s);
}

static void start_daemon(struct http_server *s, unsigned loops, unsigned connections)
{
	struct MHD_OptionItem options[] = {
		{MHD_OPTION_LISTEN_SOCKET, s->listen_fd, NULL},
		{MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES, NULL},
		{MHD_OPTION_CONNECTION_LIMIT, connections, NULL},
		{MHD_OPTION_CONNECTION_TIMEOUT, s->idle_seconds, NULL},
		{MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)exchange_on_completed, s},
		{MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)connection_on_change, s},
		{MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)exchange_on_target, s},
		{MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)keep_escapes, NULL},
		/* A pool of one is not a pool to libmicrohttpd. */
		{loops > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, loops, NULL},
		{MHD_OPTION_END, 0, NULL},
	};
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE;
	s->daemon = MHD_start_daemon(flags, 0, connection_on_accept, s, exchange_on_data, s, MHD_OPTION_ARRAY, options,
				     MHD_OPTION_END);
}

static void server_free(struct http_server *s)
{
	while (s->loops) {
		struct loop *next = s->loops->next;
		while (s->loops->n_spares)
			arena_release(&s->loops->spares[--s->loops->n_spares]);
		while (s->loops->n_bodies)
			free(s->loops->bodies[--s->loops->n_bodies]);
		free(s->loops);
		s->loops = next;
	}
	if (s->listen_fd >= 0)
		close(s->listen_fd);
	map_release(&s->per_ip);
	pthread_mutex_destroy(&s->lock);
	free(s->trusted);
	free(s);
}

static enum err server_open(struct http_server *s, const struct http_server_config *c, struct problem *problem)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned loops = c->loops ? c->loops : cores > 0 ? (unsigned)cores : 1;
	TRY(networks_parse(c->trusted_proxies ? c->trusted_proxies : "", &s->trusted, &s->n_trusted, problem));
	TRY(open_listener(c->listen, &s->listen_fd, problem));
	s->port = port_of(s->listen_fd);
	if (janitor_start(s) != OK)
		return fail(problem, ERR_INTERNAL, "cannot start the thread that closes late connections");
	start_daemon(s, loops, c->connections_max > loops ? c->connections_max : loops);
	if (s->daemon)
		return OK;
	janitor_stop(s);
	return fail(problem, ERR_INTERNAL, "cannot start the HTTP server");
}

enum err http_server_start(const struct http_server_config *c, const struct http_app *app, struct http_server **ret,
			   struct problem *problem)
{
	static _Atomic uint64_t serial;
	struct http_server *s = xcalloc(1, sizeof(*s));
	s->serial = ++serial;
	s->app = *app;
	s->listen_fd = -1;
	s->idle_seconds = c->idle_seconds ? c->idle_seconds : 75;
	s->request_seconds = c->request_seconds ? c->request_seconds : 15;
	s->connections_per_ip = c->connections_per_ip;
	pthread_mutex_init(&s->lock, NULL);
	map_init(&s->per_ip);
	enum err err = server_open(s, c, problem);
	if (err != OK) {
		server_free(s);
		return err;
	}
	*ret = s;
	return OK;
}

uint16_t http_server_port(const struct http_server *s)
{
	return s->port;
}

void http_server_drain(struct http_server *s)
{
	if (atomic_exchange(&s->draining, true))
		return;
	/*
	 * New clients are turned away by connection_on_accept(). Not MHD_quiesce_daemon(): in 0.9.75 it and a loop that
	 * wakes at the same time both take the listening socket out of epoll, and the second ends the program.
	 */
	for (int waited = 0; waited < DRAIN_MS && atomic_load(&s->busy) > 0; waited += 10)
		usleep(10 * 1000);
}

void http_server_stop(struct http_server *s)
{
	if (!s)
		return;
	http_server_drain(s);
	atomic_store(&s->stopping, true);
	stream_end_all(s);
	/* libmicrohttpd cannot stop while a suspended connection waits for an answer, so the app has to give them all. */
	for (int waited = 0; atomic_load(&s->inside) > 0; waited += 10) {
		if (waited % 5000 == 4990)
			log_warn("waiting for answers", F_INT("requests", atomic_load(&s->inside)));
		usleep(10 * 1000);
	}
	MHD_stop_daemon(s->daemon);
	s->listen_fd = -1; /* closed with it */
	janitor_stop(s);
	server_free(s);
}
