/*
 * ws.c - the threads, and the life of a socket: made on an HTTP thread, given to a loop, closed by that loop alone.
 */
#include "base/base.h"

#include "stream/ws_private.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"

#define PING_SECONDS 30
#define DEAD_SECONDS 75
#define EVENTS_AT_ONCE 256

static uint32_t ws_now(void)
{
	return (uint32_t)(clock_mono_ns() / 1000000000);
}

/* --- waking a loop --- */

static void poke(struct ws_loop *loop)
{
	const uint64_t one = 1;

	if (write(loop->wake_fd, &one, sizeof(one)) != (ssize_t)sizeof(one) && errno != EAGAIN)
		BUG("an eventfd cannot be written (%d)", errno);
}

static void awaken_locked(struct ws_loop *loop, struct ws_socket *s)
{
	if (s->awake)
		return;
	bool first = !loop->awake;
	s->awake = true;
	s->next_awake = NULL;
	listener_ref(&s->listener);
	*loop->awake_end = s;
	loop->awake_end = &s->next_awake;
	if (first && !pthread_equal(pthread_self(), loop->thread)) /* the loop's own thread looks before it sleeps */
		poke(loop);
}

static void on_wake(struct listener *l)
{
	struct ws_socket *s = (struct ws_socket *)l;

	pthread_mutex_lock(&s->loop->lock);
	awaken_locked(s->loop, s);
	pthread_mutex_unlock(&s->loop->lock);
}

static void on_release(struct listener *l)
{
	struct ws_socket *s = (struct ws_socket *)l;

	frame_unref(s->last);
	free(s->early);
	free(s);
}

/* --- making --- */

enum err ws_socket_new(struct ws *ws, const struct auth_info *auth, struct view address, struct ws_socket **ret,
		       struct problem *problem)
{
	static const struct listener_ops ops = {on_wake, on_release};
	struct ws_socket *s = xcalloc(1, sizeof(*s));

	listener_init(&s->listener, &ops, TRANSPORT_WS, auth);
	s->loop = &ws->loops[atomic_fetch_add(&ws->next, 1) % ws->n_loops];
	s->fd = s->handed_fd = -1;
	enum err err = registry_add(ws->registry, &s->listener, address, problem);
	if (err) {
		listener_unref(&s->listener);
		return err;
	}
	pthread_mutex_lock(&s->loop->lock);
	s->loop->n_made++;
	pthread_mutex_unlock(&s->loop->lock);
	*ret = s;
	return OK;
}

void ws_taken(void *arg, int fd, const char *early, size_t early_len)
{
	struct ws_socket *s = arg;

	pthread_mutex_lock(&s->loop->lock);
	s->handed = fd < 0 ? HANDED_NOTHING : HANDED_SOCKET;
	s->handed_fd = fd;
	if (fd >= 0 && early_len) {
		s->early = xmalloc(early_len);
		memcpy(s->early, early, early_len);
		s->early_len = (uint32_t)early_len;
	}
	awaken_locked(s->loop, s);
	pthread_mutex_unlock(&s->loop->lock);
}

/* --- on the loop's thread --- */

static void forget(struct ws_loop *loop, struct ws_socket *s)
{
	if (s->fd < 0)
		return;
	struct ws_socket *last = loop->sockets.v[--loop->sockets.n];
	loop->sockets.v[s->index] = last;
	last->index = s->index;
	/* close() alone would do so only where no copy is open: libmicrohttpd may still have the one ours was made from. */
	if (epoll_ctl(loop->epoll, EPOLL_CTL_DEL, s->fd, NULL) != 0)
		BUG("epoll has lost a socket (%d)", errno);
	close(s->fd);
	s->fd = -1;
}

static void socket_close(struct ws_socket *s)
{
	struct ws_loop *loop = s->loop;

	registry_remove(loop->ws->registry, &s->listener);
	listener_gone(&s->listener);
	ws_input_free(s->input);
	s->input = NULL;
	forget(loop, s);
	pthread_mutex_lock(&loop->lock);
	loop->n_made--;
	pthread_mutex_unlock(&loop->lock);
	listener_unref(&s->listener);
}

static bool adopt(struct ws_loop *loop, struct ws_socket *s, int fd)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = s};
	const int on = 1;

	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0)
		log_debug("TCP_NODELAY is not to be had"); /* a test's socketpair */
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &ev) != 0) {
		log_error("epoll takes no more sockets", F_INT("errno", errno));
		close(fd);
		return false;
	}
	s->fd = fd;
	s->state = WS_OPEN;
	s->heard = loop->now;
	s->ping_at = loop->now + PING_SECONDS;
	s->index = (uint32_t)loop->sockets.n;
	VEC_PUSH(&loop->sockets, s);
	return true;
}

/* New, or with something to send. False: it is to be closed. */
static bool attend(struct ws_loop *loop, struct ws_socket *s, enum handed handed)
{
	if (s->state == WS_NEW && handed == HANDED_NOTHING)
		return false;
	if (s->state == WS_NEW && handed == HANDED_SOCKET) {
		if (!adopt(loop, s, s->handed_fd))
			return false;
		if (s->early && !ws_receive(s))
			return false;
	}
	return ws_flush(s);
}

static struct ws_socket *next_awake(struct ws_loop *loop, enum handed *ret)
{
	pthread_mutex_lock(&loop->lock);
	struct ws_socket *s = loop->awake;
	if (s) {
		loop->awake = s->next_awake;
		if (!loop->awake)
			loop->awake_end = &loop->awake;
		s->awake = false;
		*ret = (enum handed)s->handed;
	}
	pthread_mutex_unlock(&loop->lock);
	return s;
}

static void attend_all(struct ws_loop *loop)
{
	struct ws_socket *s;
	enum handed handed;

	while ((s = next_awake(loop, &handed))) {
		if (!s->listener.gone && !attend(loop, s, handed)) /* `gone` is set by this thread only */
			socket_close(s);
		listener_unref(&s->listener);
	}
}

static void on_event(struct ws_socket *s, uint32_t events)
{
	bool ok = true;

	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		ok = ws_receive(s);
	if (ok && (events & EPOLLOUT))
		ok = ws_flush(s);
	if (!ok)
		socket_close(s);
}

/* Once a second. False: it is to be closed. */
static bool tick_one(struct ws_loop *loop, struct ws_socket *s)
{
	if (s->state != WS_OPEN)
		return s->close_by > loop->now;
	if (loop->now - s->heard >= DEAD_SECONDS)
		return false;
	if (s->ping_at <= loop->now) {
		s->ping_at = loop->now + PING_SECONDS;
		s->messages = 0;
		listener_trim(&s->listener);
		listener_push(&s->listener, loop->ping);
	}
	return true;
}

static void tick(struct ws_loop *loop)
{
	for (size_t i = loop->sockets.n; i-- > 0;) /* backwards: the last takes a closed one's place */
		if (!tick_one(loop, loop->sockets.v[i]))
			socket_close(loop->sockets.v[i]);
}

static void drain_wake(struct ws_loop *loop)
{
	uint64_t n;

	while (read(loop->wake_fd, &n, sizeof(n)) == (ssize_t)sizeof(n))
		;
}

static bool goes_on(struct ws_loop *loop)
{
	pthread_mutex_lock(&loop->lock);
	bool more = !loop->stopping || loop->n_made;
	pthread_mutex_unlock(&loop->lock);
	return more;
}

static void close_if_stopping(struct ws_loop *loop)
{
	pthread_mutex_lock(&loop->lock);
	bool stopping = loop->stopping;
	pthread_mutex_unlock(&loop->lock);
	while (stopping && loop->sockets.n)
		socket_close(loop->sockets.v[loop->sockets.n - 1]);
}

static void *run(void *arg)
{
	struct ws_loop *loop = arg;
	struct epoll_event events[EVENTS_AT_ONCE];

	pthread_setname_np(pthread_self(), "stream-ws");
	while (goes_on(loop)) {
		int n = epoll_wait(loop->epoll, events, EVENTS_AT_ONCE, 1000);
		uint32_t now = ws_now(), before = loop->now;

		loop->now = now;
		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr)
				on_event(events[i].data.ptr, events[i].events);
			else
				drain_wake(loop);
		}
		if (now != before) /* behind the events: it closes sockets they may name */
			tick(loop);
		attend_all(loop);
		close_if_stopping(loop);
	}
	store_thread_done(loop->ws->core->store);
	return NULL;
}

/* --- threads --- */

static void loop_start(struct ws *ws, struct ws_loop *loop)
{
	struct epoll_event ev = {.events = EPOLLIN};

	loop->ws = ws;
	loop->now = ws_now();
	loop->awake_end = &loop->awake;
	loop->ping = frame_ping_ws();
	arena_init(&loop->arena, LIMIT_MIB);
	pthread_mutex_init(&loop->lock, NULL);
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	loop->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop->epoll < 0 || loop->wake_fd < 0 || epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->wake_fd, &ev) != 0 ||
	    pthread_create(&loop->thread, NULL, run, loop) != 0)
		BUG("no thread for WebSockets (%d)", errno);
}

static void loop_stop(struct ws_loop *loop)
{
	pthread_mutex_lock(&loop->lock);
	loop->stopping = true;
	pthread_mutex_unlock(&loop->lock);
	poke(loop);
	pthread_join(loop->thread, NULL);
	attend_all(loop); /* references of sockets that were closed while they were awake */
	close(loop->epoll);
	close(loop->wake_fd);
	VEC_FREE(&loop->sockets);
	arena_release(&loop->arena);
	frame_unref(loop->ping);
	pthread_mutex_destroy(&loop->lock);
}

struct ws *ws_start(struct core *c, struct registry *r, size_t threads)
{
	struct ws *ws = xcalloc(1, sizeof(*ws) + threads * sizeof(ws->loops[0]));

	ws->core = c;
	ws->registry = r;
	ws->n_loops = threads;
	for (size_t i = 0; i < threads; i++)
		loop_start(ws, &ws->loops[i]);
	return ws;
}

void ws_stop(struct ws *ws)
{
	if (!ws)
		return;
	for (size_t i = 0; i < ws->n_loops; i++)
		loop_stop(&ws->loops[i]);
	free(ws);
}
