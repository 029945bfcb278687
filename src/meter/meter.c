/*
 * meter.c - opening and closing, and the thread that settles and writes sums.
 */
#include "base/base.h"
#include "meter/meter_private.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/wait.h"
#include "meter/statements.h"

#define SETTLE_MS 100
#define WRITE_EVERY 10 /* settlements */
#define FLUSH_PAUSE_NS (2 * 1000000L)
#define FLUSH_ROUNDS 2500

static void wait_a_moment(struct meter *m)
{
	pthread_mutex_lock(&m->ended_lock);
	if (!m->stopping)
		wait_ms(&m->wake, &m->ended_lock, SETTLE_MS);
	pthread_mutex_unlock(&m->ended_lock);
}

static bool is_stopping(struct meter *m)
{
	bool stopping;

	pthread_mutex_lock(&m->ended_lock);
	stopping = m->stopping;
	pthread_mutex_unlock(&m->ended_lock);
	return stopping;
}

static void *tick_on(void *arg)
{
	struct meter *m = arg;

	for (int round = 1; !is_stopping(m); round++) {
		wait_a_moment(m);
		settle_ended(m);
		if (round % WRITE_EVERY == 0 && sums_write(m) != OK)
			log_warn("what was read cannot be written to the database now; it is tried again");
		if (round % WRITE_EVERY == 0 && m->ledger && statements_send(m->core->store, m->ledger) != OK)
			log_warn("statements cannot be written to the ledger now; it is tried again");
	}
	store_thread_done(m->core->store);
	return NULL;
}

/* Indexes of deliveries are named by settlements, where 0 would be no item: the first record is this. */
static enum err begin_ledger(struct ledger *l)
{
	struct ledger_record r = {
		.kind = LEDGER_STATEMENT, .time_ms = clock_now(), .data = V("{\"ledger\":\"kicau\",\"version\":1}")};

	return ledger_size(l) ? OK : ledger_append_wait(l, &r, NULL);
}

static void release(struct meter *m)
{
	size_t at = 0;
	uint64_t key;
	void *value;

	while (map_next(&m->standings, &at, &key, &value)) {
		struct standing *s = value;

		charged_release(&s->posts);
		charged_release(&s->users);
		free(s);
	}
	map_release(&m->standings);
	sums_release(&m->sums);
	for (struct delivery *d = m->open, *next; d; d = next) {
		next = d->next;
		delivery_free(d); /* not settled, as after a crash */
	}
	pthread_mutex_destroy(&m->lock);
	pthread_mutex_destroy(&m->writing);
	pthread_mutex_destroy(&m->ended_lock);
	pthread_cond_destroy(&m->wake);
	free(m->items);
	free(m);
}

enum err meter_open(struct core *c, struct ledger *ledger, struct meter **ret, struct problem *problem)
{
	struct meter *m = xcalloc(1, sizeof(*m));
	enum err err;

	m->core = c;
	m->ledger = ledger;
	m->items = xmalloc(LEDGER_ITEMS_MAX * sizeof(*m->items));
	map_init(&m->standings);
	pthread_mutex_init(&m->lock, NULL);
	pthread_mutex_init(&m->writing, NULL);
	pthread_mutex_init(&m->ended_lock, NULL);
	pthread_cond_init(&m->wake, NULL);
	err = begin_ledger(ledger);
	if (err != OK)
		err = fail(problem, err, "the ledger cannot be written");
	else
		err = recover(m, problem);
	if (err == OK && pthread_create(&m->ticker, NULL, tick_on, m) != 0)
		err = fail(problem, ERR_UNAVAILABLE, "no thread can be started for the meter");
	if (err != OK) {
		release(m);
		return err;
	}
	*ret = m;
	return OK;
}

static bool has_open_before(struct meter *m, int32_t day)
{
	for (const struct delivery *d = m->open; d; d = d->next)
		if (day_of(d->time_ms) <= day)
			return true;
	for (size_t i = 0; i < m->sums.n; i++)
		if (m->sums.rows[i].day <= day)
			return true;
	return false;
}

bool meter_day_is_over(struct meter *m, int32_t day)
{
	bool over;

	pthread_mutex_lock(&m->writing); /* what is being written is no more in the sums, and not yet in the database */
	pthread_mutex_lock(&m->lock);
	if (clock_now() > m->last_ms)
		m->last_ms = clock_now();
	over = day_of(m->last_ms) > day && !has_open_before(m, day);
	pthread_mutex_unlock(&m->lock);
	pthread_mutex_unlock(&m->writing);
	return over;
}

void meter_balance_changed(struct meter *m, int64_t licensee)
{
	pthread_mutex_lock(&m->lock);
	struct standing *s = map_get(&m->standings, (uint64_t)licensee);

	if (s)
		s->balance_read_ns = 0;
	pthread_mutex_unlock(&m->lock);
}

/* Open deliveries that have ended, and are on their way. */
static bool on_the_way(struct meter *m)
{
	bool any = false;

	if (settle_waits(m))
		return true;
	pthread_mutex_lock(&m->lock);
	for (const struct delivery *d = m->open; d && !any; d = d->next)
		any = atomic_load(&d->ended);
	pthread_mutex_unlock(&m->lock);
	return any;
}

enum err meter_flush(struct meter *m)
{
	for (int round = 0; round < FLUSH_ROUNDS; round++) {
		settle_ended(m);
		if (!on_the_way(m))
			break;
		nanosleep(&(struct timespec){.tv_nsec = FLUSH_PAUSE_NS}, NULL);
	}
	return sums_write(m);
}

void meter_close(struct meter *m)
{
	if (!m)
		return;
	pthread_mutex_lock(&m->ended_lock);
	m->stopping = true;
	pthread_cond_signal(&m->wake);
	pthread_mutex_unlock(&m->ended_lock);
	pthread_join(m->ticker, NULL);
	if (meter_flush(m) != OK)
		log_warn(
			"what was read is in the ledger, but not yet in the database; it is counted at the next start");
	while (atomic_load(&m->batches) > 0 || atomic_load(&m->unrecorded) > 0)
		nanosleep(&(struct timespec){.tv_nsec = FLUSH_PAUSE_NS}, NULL);
	release(m);
}
