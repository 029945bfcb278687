/*
 * deadline.c - the janitor. The deadline is one atomic word, so that setting it costs a request next to nothing:
 * 0 none, otherwise nanoseconds on the monotonic clock with the kind in the lowest bit, LATE once the janitor acted.
 */
#include "base/base.h"
#include "http/deadline.h"

#include "base/clock.h"
#include "base/log.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define LATE INT64_C(-1)
#define TICK_MS 250
#define LINGER_NS (2 * NS_PER_SECOND)
#define LINGER_BYTES (4 * LIMIT_MIB)

bool deadline_set(struct conn *c, int64_t at_ns, enum late late)
{
	int64_t word = (at_ns & ~INT64_C(1)) | (late == LATE_408);
	if (atomic_exchange(&c->deadline, word) != LATE)
		return true;
	atomic_store(&c->deadline, LATE);
	return false;
}

bool deadline_clear(struct conn *c)
{
	return atomic_exchange(&c->deadline, 0) != LATE;
}

static void close_late(struct conn *c, int64_t word)
{
	if (!atomic_compare_exchange_strong(&c->deadline, &word, LATE))
		return;
	/* The body of the refusal does not depend on the method: a HEAD that is late gets one too, then the end. */
	if (word & 1)
		refuse(c, NULL, 408);
	shutdown(c->fd, SHUT_RDWR);
	if (c->stream)
		stream_end_now(c->stream);
}

static void close_all_late(struct http_server *s)
{
	int64_t now = clock_mono_ns();
	pthread_mutex_lock(&s->lock);
	for (struct conn *c = s->conns; c; c = c->next) {
		int64_t word = atomic_load_explicit(&c->deadline, memory_order_relaxed);
		if (word > 0 && word < now)
			close_late(c, word);
	}
	pthread_mutex_unlock(&s->lock);
}

void linger_add(struct http_server *s, int fd)
{
	pthread_mutex_lock(&s->lock);
	bool room = s->n_lingers < LINGERS_MAX && !s->stopping;
	if (room)
		s->lingers[s->n_lingers++] = (struct lingering){fd, clock_mono_ns() + LINGER_NS, LINGER_BYTES};
	pthread_mutex_unlock(&s->lock);
	if (!room)
		close(fd);
}

/* False when there is nothing more to wait for. */
static bool read_out(struct lingering *l)
{
	char waste[16 * 1024];
	ssize_t n;
	while ((n = recv(l->fd, waste, sizeof(waste), MSG_DONTWAIT)) > 0) {
		if ((size_t)n >= l->budget)
			return false;
		l->budget -= (size_t)n;
	}
	return n < 0 && clock_mono_ns() < l->until_ns;
}

static void read_out_all(struct http_server *s)
{
	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->n_lingers;) {
		if (read_out(&s->lingers[i])) {
			i++;
			continue;
		}
		close(s->lingers[i].fd);
		s->lingers[i] = s->lingers[--s->n_lingers];
	}
	pthread_mutex_unlock(&s->lock);
}

static size_t poll_set(struct http_server *s, struct pollfd *ret)
{
	ret[0] = (struct pollfd){.fd = s->janitor_wake, .events = POLLIN};
	pthread_mutex_lock(&s->lock);
	size_t n = s->n_lingers;
	for (size_t i = 0; i < n; i++)
		ret[i + 1] = (struct pollfd){.fd = s->lingers[i].fd, .events = POLLIN};
	pthread_mutex_unlock(&s->lock);
	return n + 1;
}

static void *janitor(void *arg)
{
	struct http_server *s = arg;
	struct pollfd fds[LINGERS_MAX + 1];
	pthread_setname_np(pthread_self(), "http-janitor");
	int64_t next = 0;
	while (!atomic_load(&s->janitor_ends)) {
		poll(fds, poll_set(s, fds), TICK_MS);
		read_out_all(s);
		if (clock_mono_ns() < next)
			continue;
		close_all_late(s);
		next = clock_mono_ns() + TICK_MS * INT64_C(1000000);
	}
	return NULL;
}

enum err janitor_start(struct http_server *s)
{
	s->janitor_wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->janitor_wake < 0)
		return ERR_INTERNAL;
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int failed = pthread_create(&s->janitor, NULL, janitor, s);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!failed)
		return OK;
	close(s->janitor_wake);
	return ERR_INTERNAL;
}

void janitor_stop(struct http_server *s)
{
	atomic_store(&s->janitor_ends, true);
	eventfd_t one = 1;
	if (eventfd_write(s->janitor_wake, one) != 0)
		log_warn("the janitor could not be woken");
	pthread_join(s->janitor, NULL);
	close(s->janitor_wake);
	for (size_t i = 0; i < s->n_lingers; i++)
		close(s->lingers[i].fd);
	s->n_lingers = 0;
}
