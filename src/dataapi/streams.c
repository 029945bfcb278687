/*
 * streams.c - the open streams, and the threads that make their batches: each reader belongs to one of them.
 */
#include "base/base.h"
#include "dataapi/pump.h"

#include <errno.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/wait.h"
#include "core/compliance.h"
#include "core/events.h"

#define PUMPS 2
#define PAUSE_MS 1000
#define ARENA_BYTES (64 * LIMIT_MIB)
#define GOODBYE_MS 3000
#define COMPLIANCE_STREAMS 2 /* of any plan */

struct pump {
	struct data_streams *streams;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool woken, stopping;
	struct reader *readers;
	size_t n;
};

struct data_streams {
	struct core *core;
	struct feed *feed;
	struct pump pumps[PUMPS];
	pthread_mutex_t starting;
	bool started; /* under starting */
	_Atomic uint64_t changes;
};

static void wake_pump(struct pump *p)
{
	pthread_mutex_lock(&p->lock);
	p->woken = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
}

void streams_wake(struct data_streams *s)
{
	for (size_t i = 0; i < PUMPS; i++)
		wake_pump(&s->pumps[i]);
}

static void feed_has_grown(void *arg)
{
	streams_wake(arg);
}

/*
 * Behind the caches of licensed/, which have subscribed before: who sees the new number is judged by what is new. An account's event
 * without other_id is about its profile or its counts.
 */
static void on_event(void *arg, const struct event *ev)
{
	struct data_streams *s = arg;

	if (ev->kind == EVENT_POST_EDITED || ev->kind == EVENT_POST_DELETED || ev->kind == EVENT_ACCOUNT_LICENCE ||
	    (ev->kind == EVENT_ACCOUNT_CHANGED && ev->other_id))
		atomic_fetch_add(&s->changes, 1);
}

uint64_t streams_changes(struct data_streams *s)
{
	return atomic_load(&s->changes);
}

/* ---- the threads ---- */

/* The readers of this moment, each held. */
static struct reader **hold_readers(struct pump *p, size_t *ret_n)
{
	size_t n = 0;

	pthread_mutex_lock(&p->lock);
	struct reader **list = xcalloc(p->n + 1, sizeof(*list));

	for (struct reader *r = p->readers; r; r = r->next) {
		reader_ref(r);
		list[n++] = r;
	}
	pthread_mutex_unlock(&p->lock);
	*ret_n = n;
	return list;
}

static bool round_of(struct pump *p, struct arena *a)
{
	struct core *c = p->streams->core;
	bool more = false;
	size_t n;
	struct reader **list = hold_readers(p, &n);

	for (size_t i = 0; i < n; i++) {
		more |= pump_reader(c, store_db(c->store), p->streams->feed, a, list[i]);
		arena_reset(a);
		reader_unref(list[i]);
	}
	free(list);
	return more;
}

static bool rest(struct pump *p)
{
	pthread_mutex_lock(&p->lock);
	if (!p->woken && !p->stopping)
		wait_ms(&p->wake, &p->lock, PAUSE_MS);
	p->woken = false;
	bool go_on = !p->stopping;
	pthread_mutex_unlock(&p->lock);
	return go_on;
}

static void *pump_on(void *arg)
{
	struct pump *p = arg;
	struct arena a;

	arena_init(&a, ARENA_BYTES);
	while (rest(p))
		while (round_of(p, &a))
			;
	arena_release(&a);
	store_thread_done(p->streams->core->store);
	return NULL;
}

/* ---- readers ---- */

static bool is_compliance(enum stream_kind kind)
{
	return kind == STREAM_COMPLIANCE || kind == STREAM_COMPLIANCE_USERS;
}

/* Those that are paid for and those that are free are counted apart; whoever connects again is not in its own way. */
static bool counts(struct reader *r, const struct reader *one)
{
	return r->licensee == one->licensee && is_compliance(r->kind) == is_compliance(one->kind) &&
	       !reader_has_left(r);
}

static size_t count_like(struct data_streams *s, const struct reader *one)
{
	size_t n = 0;

	for (size_t i = 0; i < PUMPS; i++)
		for (struct reader *r = s->pumps[i].readers; r; r = r->next)
			n += counts(r, one);
	return n;
}

/* A machine that lost its power, or its network, says no goodbye: it would be in its own way for minutes. */
static bool make_room(struct data_streams *s, const struct reader *one)
{
	for (size_t i = 0; i < PUMPS; i++)
		for (struct reader *r = s->pumps[i].readers; r; r = r->next) {
			if (!counts(r, one))
				continue;
			if (reader_is_unheard(r)) {
				reader_end(r, READER_REPLACED,
					   "nothing was heard of this connection, and another has taken its place");
				return true;
			}
			reader_probe(r);
		}
	return false;
}

static void lock_all(struct data_streams *s)
{
	for (size_t i = 0; i < PUMPS; i++)
		pthread_mutex_lock(&s->pumps[i].lock);
}

static void unlock_all(struct data_streams *s)
{
	for (size_t i = PUMPS; i-- > 0;)
		pthread_mutex_unlock(&s->pumps[i].lock);
}

static bool add_reader(struct data_streams *s, struct reader *r, int most)
{
	lock_all(s);
	bool fits = count_like(s, r) < (size_t)most || (most > 0 && make_room(s, r));

	if (fits) {
		struct pump *p = &s->pumps[s->pumps[1].n < s->pumps[0].n];

		r->pump = p;
		r->next = p->readers;
		if (r->next)
			r->next->prev = r;
		p->readers = r;
		p->n++;
	}
	unlock_all(s);
	return fits;
}

void streams_forget(struct data_streams *s, struct reader *r)
{
	struct pump *p = r->pump;

	(void)s;
	pthread_mutex_lock(&p->lock);
	if (r->prev)
		r->prev->next = r->next;
	else
		p->readers = r->next;
	if (r->next)
		r->next->prev = r->prev;
	p->n--;
	pthread_mutex_unlock(&p->lock);
}

/* With the first reader: a server that sells no streams has no threads for them. */
static enum err start_threads(struct data_streams *s)
{
	enum err err = OK;

	pthread_mutex_lock(&s->starting);
	if (!s->started)
		err = feed_start(s->feed);
	for (size_t i = 0; !s->started && err == OK && i < PUMPS; i++)
		if (pthread_create(&s->pumps[i].thread, NULL, pump_on, &s->pumps[i]) != 0)
			BUG("no thread for streams");
	s->started = s->started || err == OK;
	pthread_mutex_unlock(&s->starting);
	return err;
}

int data_streams_most(const struct licence *l, enum stream_kind kind)
{
	return is_compliance(kind) ? COMPLIANCE_STREAMS : l->plan.streams;
}

enum err data_streams_start(struct data_streams *s, struct http_exchange *x, const struct stream_ask *ask,
			    struct problem *problem)
{
	TRY(start_threads(s));
	bool compliance = is_compliance(ask->kind);
	int most = data_streams_most(ask->licence, ask->kind);
	struct reader *r = reader_new(s, s->core, ask);
	int64_t present = feed_end(s->feed);

	if (compliance && compliance_present(s->core->store, store_db(s->core->store), &present) != OK) {
		reader_unref(r);
		return ERR_UNAVAILABLE;
	}
	/* A place of the past may lie before the present all the same: right after a start, that is what has settled. */
	if (r->place == 0 || r->place > id_next())
		r->place = present;
	if (!add_reader(s, r, most)) {
		reader_unref(r);
		return fail(
			problem, ERR_TOO_MANY,
			"the plan \"%s\" allows %d of these streams at once, and they are in use; close one, or ask "
			"again in some seconds if its client is gone",
			ask->licence->plan.name, most);
	}
	reader_reply(r, x);
	streams_wake(s);
	return OK;
}

void data_streams_rules_changed(struct data_streams *s, int64_t app)
{
	lock_all(s);
	for (size_t i = 0; i < PUMPS; i++)
		for (struct reader *r = s->pumps[i].readers; r; r = r->next)
			if (r->app == app)
				atomic_store(&r->rules_changed, true);
	unlock_all(s);
}

size_t data_streams_count(struct data_streams *s)
{
	size_t n = 0;

	lock_all(s);
	for (size_t i = 0; i < PUMPS; i++)
		n += s->pumps[i].n;
	unlock_all(s);
	return n;
}

/* ---- open and close ---- */

static void stop_pump(struct pump *p)
{
	pthread_mutex_lock(&p->lock);
	p->stopping = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
}

struct data_streams *data_streams_new(struct core *c)
{
	struct data_streams *s = xcalloc(1, sizeof(*s));

	s->core = c;
	pthread_mutex_init(&s->starting, NULL);
	for (size_t i = 0; i < PUMPS; i++) {
		struct pump *p = &s->pumps[i];

		p->streams = s;
		pthread_mutex_init(&p->lock, NULL);
		pthread_cond_init(&p->wake, NULL);
	}
	events_subscribe(c->events, on_event, s);
	s->feed = feed_new(c, feed_has_grown, s);
	return s;
}

void data_streams_end(struct data_streams *s)
{
	lock_all(s);
	for (size_t i = 0; i < PUMPS; i++)
		for (struct reader *r = s->pumps[i].readers; r; r = r->next)
			reader_end(r, READER_SERVER_GOES, "the server ends; connect again with cursor");
	unlock_all(s);
	for (int waited = 0; waited < GOODBYE_MS && data_streams_count(s); waited += 10)
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
}

void data_streams_close(struct data_streams *s)
{
	if (!s)
		return;
	feed_close(s->feed);
	for (size_t i = 0; s->started && i < PUMPS; i++)
		stop_pump(&s->pumps[i]);
	free(s);
}
