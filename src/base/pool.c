/*
 * pool.c - the queue is a ring made once; threads sleep on a condition until there is work or the end. A thread begins when more
 * waits than others are free for, so that a server that has little to do has few.
 */
#include "base/base.h"
#include "base/pool.h"

#include <pthread.h>
#include <signal.h>

struct task {
	void (*fn)(void *);
	void *arg;
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct task *ring;
	size_t first, waiting, max;
	bool stopping;
	void (*on_exit)(void *);
	void *on_exit_arg;
	char name[16];
	size_t threads, threads_max, idle;
	pthread_t thread[]; /* threads_max */
};

/* False when the pool is stopping and nothing is left. */
static bool next_task(struct pool *p, struct task *ret)
{
	pthread_mutex_lock(&p->lock);
	while (!p->waiting && !p->stopping) {
		p->idle++;
		pthread_cond_wait(&p->wake, &p->lock);
		p->idle--;
	}
	bool found = p->waiting > 0;
	if (found) {
		*ret = p->ring[p->first];
		p->first = (p->first + 1) % p->max;
		p->waiting--;
	}
	pthread_mutex_unlock(&p->lock);
	return found;
}

static void *work(void *arg)
{
	struct pool *p = arg;
	struct task t;
	pthread_setname_np(pthread_self(), p->name);
	while (next_task(p, &t))
		t.fn(t.arg);
	if (p->on_exit)
		p->on_exit(p->on_exit_arg);
	return NULL;
}

/* Signals belong to the main thread; those that mean a fault in the thread itself stay with it. */
static void block_signals(sigset_t *ret_before)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
	sigset_t set;
	sigfillset(&set);
	for (size_t i = 0; i < ARRAY_LEN(faults); i++)
		sigdelset(&set, faults[i]);
	pthread_sigmask(SIG_BLOCK, &set, ret_before);
}

static bool start_thread(struct pool *p)
{
	sigset_t before;

	block_signals(&before);
	bool started = pthread_create(&p->thread[p->threads], NULL, work, p) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	p->threads += started;
	return started;
}

struct pool *pool_start(const char *name, size_t threads, size_t queue_max, void (*on_exit)(void *), void *on_exit_arg)
{
	if (threads == 0 || queue_max == 0)
		BUG("pool %s: %zu threads, queue of %zu", name, threads, queue_max);
	struct pool *p = xcalloc(1, sizeof(*p) + threads * sizeof(p->thread[0]));
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->wake, NULL);
	p->ring = xcalloc(queue_max, sizeof(*p->ring));
	p->max = queue_max;
	p->threads_max = threads;
	p->on_exit = on_exit;
	p->on_exit_arg = on_exit_arg;
	snprintf(p->name, sizeof(p->name), "%s", name);
	if (!start_thread(p))
		BUG("pool %s: no thread can be started", name);
	return p;
}

enum err pool_submit(struct pool *p, void (*fn)(void *), void *arg)
{
	pthread_mutex_lock(&p->lock);
	bool accepted = !p->stopping && p->waiting < p->max;
	if (accepted) {
		p->ring[(p->first + p->waiting) % p->max] = (struct task){fn, arg};
		p->waiting++;
		/* Where the system has no thread left, those that are there do it later. */
		if (p->idle < p->waiting && p->threads < p->threads_max)
			start_thread(p);
		pthread_cond_signal(&p->wake);
	}
	pthread_mutex_unlock(&p->lock);
	return accepted ? OK : ERR_BUSY;
}

size_t pool_waiting(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	size_t n = p->waiting;
	pthread_mutex_unlock(&p->lock);
	return n;
}

void pool_stop(struct pool *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stopping = true;
	pthread_cond_broadcast(&p->wake);
	pthread_mutex_unlock(&p->lock);
	for (size_t i = 0; i < p->threads; i++)
		pthread_join(p->thread[i], NULL);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	free(p->ring);
	free(p);
}
