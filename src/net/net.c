/*
 * net.c - the thread that drives libcurl's multi handle. Others hand it requests through a list under a lock; all else
 * is its own.
 */
#include "base/base.h"
#include "net/net.h"

#include <pthread.h>

#include "net/transfer.h"

#define TURN_MS 1000	     /* the longest sleep; a request wakes it */
#define CONNECTIONS_KEPT 64L /* idle ones, for whom is asked again */

struct net {
	struct net_config config;
	CURLM *multi;
	struct transfer *running; /* the thread's own */
	pthread_t thread;
	pthread_mutex_t lock; /* of what follows */
	struct transfer *handed;
	size_t count; /* handed over or running */
	bool started, stopping, joined;
};

bool net_is_open(const struct net *n)
{
	return n && n->config.private_addresses;
}

const char *net_certificates(void)
{
	const curl_version_info_data *about = curl_version_info(CURLVERSION_NOW);

	return about->cainfo ? about->cainfo : "";
}

/* ---- the thread ---- */

static void running_add(struct net *n, struct transfer *t)
{
	t->prev = NULL;
	t->next = n->running;
	if (t->next)
		t->next->prev = t;
	n->running = t;
}

static void running_remove(struct net *n, struct transfer *t)
{
	if (t->next)
		t->next->prev = t->prev;
	*(t->prev ? &t->prev->next : &n->running) = t->next;
}

static void forget(struct net *n, struct transfer *t)
{
	transfer_free(t);
	pthread_mutex_lock(&n->lock);
	n->count--;
	pthread_mutex_unlock(&n->lock);
}

/* What was handed over since the last time. True when the end has come: nothing more is. */
static bool take_handed(struct net *n, struct transfer **ret)
{
	pthread_mutex_lock(&n->lock);
	*ret = n->handed;
	n->handed = NULL;
	bool stopping = n->stopping;
	pthread_mutex_unlock(&n->lock);
	return stopping;
}

static void cancel(struct net *n, struct transfer *t)
{
	transfer_cancel(t);
	forget(n, t);
}

static void begin(struct net *n, struct transfer *t)
{
	if (curl_multi_add_handle(n->multi, t->easy) == CURLM_OK)
		running_add(n, t);
	else
		cancel(n, t);
}

static struct transfer *transfer_of(CURL *easy)
{
	char *t = NULL;

	if (curl_easy_getinfo(easy, CURLINFO_PRIVATE, &t) != CURLE_OK || !t)
		BUG("a handle of nobody");
	return (struct transfer *)(void *)t;
}

static void finish_ended(struct net *n)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(n->multi, &left))) {
		if (message->msg != CURLMSG_DONE)
			continue;
		struct transfer *t = transfer_of(message->easy_handle);
		CURLcode code = message->data.result; /* the message goes with the handle */

		running_remove(n, t);
		curl_multi_remove_handle(n->multi, t->easy);
		transfer_finish(t, code);
		forget(n, t);
	}
}

static void *drive(void *arg)
{
	struct net *n = arg;
	struct transfer *t, *next;
	int left;

	pthread_setname_np(pthread_self(), "net");
	while (!take_handed(n, &t)) {
		for (; t; t = next) {
			next = t->next;
			begin(n, t);
		}
		if (curl_multi_perform(n->multi, &left) != CURLM_OK)
			BUG("libcurl does not perform");
		finish_ended(n);
		if (curl_multi_poll(n->multi, NULL, 0, TURN_MS, NULL) != CURLM_OK)
			BUG("libcurl does not wait");
	}
	for (; t; t = next) {
		next = t->next;
		cancel(n, t);
	}
	while ((t = n->running)) {
		running_remove(n, t);
		curl_multi_remove_handle(n->multi, t->easy);
		cancel(n, t);
	}
	return NULL;
}

/* ---- begin and end ---- */

struct net *net_open(const struct net_config *config)
{
	struct net *n = xcalloc(1, sizeof(*n));

	n->config = *config;
	pthread_mutex_init(&n->lock, NULL);
	return n;
}

static void start(struct net *n)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		BUG("libcurl cannot be used");
	n->multi = curl_multi_init();
	if (!n->multi || curl_multi_setopt(n->multi, CURLMOPT_MAXCONNECTS, CONNECTIONS_KEPT) != CURLM_OK)
		BUG("no handle of libcurl");
	if (pthread_create(&n->thread, NULL, drive, n) != 0)
		BUG("no thread for net");
	n->started = true;
}

/* False: it ends. */
static bool ensure_started(struct net *n)
{
	pthread_mutex_lock(&n->lock);
	bool stopping = n->stopping;
	if (!stopping && !n->started)
		start(n);
	pthread_mutex_unlock(&n->lock);
	return !stopping;
}

void net_stop(struct net *n)
{
	if (!n || n->joined)
		return;
	pthread_mutex_lock(&n->lock);
	n->stopping = true;
	pthread_mutex_unlock(&n->lock);
	n->joined = true;
	if (!n->started)
		return;
	curl_multi_wakeup(n->multi);
	pthread_join(n->thread, NULL);
}

void net_close(struct net *n)
{
	if (!n)
		return;
	net_stop(n);
	if (n->started) {
		curl_multi_cleanup(n->multi);
		curl_global_cleanup();
	}
	pthread_mutex_destroy(&n->lock);
	free(n);
}

/* ---- asking ---- */

static enum err hand_over(struct net *n, struct transfer *t)
{
	pthread_mutex_lock(&n->lock);
	bool room = !n->stopping && n->count < NET_TRANSFERS_MAX;
	if (room) {
		n->count++;
		t->next = n->handed;
		n->handed = t;
		curl_multi_wakeup(n->multi);
	}
	pthread_mutex_unlock(&n->lock);
	return room ? OK : ERR_BUSY;
}

enum err net_start(struct net *n, const struct net_request *rq, void (*done)(void *arg, const struct net_reply *reply),
		   void *arg)
{
	struct transfer *t;

	if (!ensure_started(n))
		return ERR_BUSY;
	TRY(transfer_new(&n->config, rq, &t));
	t->done = done;
	t->arg = arg;
	enum err err = hand_over(n, t);
	if (err)
		transfer_free(t);
	return err;
}

struct waiting {
	struct arena *arena;
	struct net_reply reply;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool done;
};

/* The arena is the waiting thread's, which does nothing meanwhile. */
static void wake(void *arg, const struct net_reply *reply)
{
	struct waiting *w = arg;

	pthread_mutex_lock(&w->lock);
	w->reply = *reply;
	w->reply.body = arena_view(w->arena, reply->body);
	w->reply.content_type = arena_view(w->arena, reply->content_type);
	w->reply.url = arena_view(w->arena, reply->url);
	w->done = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
}

enum err net_wait(struct net *n, struct arena *a, const struct net_request *rq, struct net_reply *ret)
{
	struct waiting w = {.arena = a, .lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

	enum err err = n ? net_start(n, rq, wake, &w) : ERR_UNAVAILABLE;
	if (err) {
		*ret = (struct net_reply){.err = err, .why = "it was not asked"};
		return err;
	}
	pthread_mutex_lock(&w.lock);
	while (!w.done)
		pthread_cond_wait(&w.wake, &w.lock);
	pthread_mutex_unlock(&w.lock);
	*ret = w.reply;
	return ret->err;
}
