/*
 * commit.c - the ledger's thread: takes what has gathered, writes it with one fdatasync(), signs it, and tells those who
 * wait. Nothing is told, signed or published before it is durable.
 */
#include "base/base.h"
#include "ledger/ledger_private.h"

#include "base/clock.h"
#include "base/log.h"

#define GATHER_NS 4000000 /* behind the commit before */
#define STEP_NS 1000000	  /* for more of a crowd, as long as they come */
#define STEPS_MAX 8
#define CROWD 8

enum err ledger_extend(struct ledger *l, struct problem *problem)
{
	uint64_t first = atomic_load(&l->size);
	struct tail *t;

	TRY(tail_create(l->dir, first, l->segment_bytes, &t, problem));
	struct segment *s = segment_of_tail(t);
	enum err err = segment_salts(s, l->dir, true, problem);
	if (err != OK) {
		segment_unref(s);
		return err;
	}
	segment_unref(l->open);
	l->open = segment_ref(s);
	segments_add(&l->segments, s);
	return OK;
}

/* The open segment has room for a commit. */
static enum err make_room(struct ledger *l)
{
	if (!tail_full(l->open->tail))
		return OK;
	TRY(packer_wait(l));
	TRY(ledger_extend(l, NULL));
	packer_wake(l);
	return OK;
}

/* Salts and commitments of records [from, to) of the queue, which become those behind the last. */
static void add_records(struct ledger *l, const struct queue *q, size_t from, size_t to)
{
	uint64_t first = atomic_load(&l->size);

	for (size_t i = from; i < to; i++) {
		const struct waiting *w = &q->records.v[i];
		struct view canonical = view_make((const char *)q->bytes + w->at, w->len);

		record_salt(l->open->salt_key, first + (i - from), l->salts[i - from]);
		l->entries[i - from] = record_entry(l->salts[i - from], canonical);
		if (!tail_add(l->open->tail, canonical))
			BUG("the open segment has no room for a commit");
	}
}

static void tell(struct ledger *l, const struct queue *q, size_t from, size_t to, uint64_t first, enum err err)
{
	char receipt[RECEIPT_TEXT_MAX + 1] = "";

	for (size_t i = from; i < to; i++) {
		const struct waiting *w = &q->records.v[i];

		if (!w->done)
			continue;
		if (err == OK)
			receipt_write(l->batch, i - from, l->salts[i - from], receipt);
		w->done(w->arg, &(struct ledger_done){.err = err, .index = first + (i - from), .receipt = receipt});
	}
}

/* Once for each change: whoever waits tries again and again. */
static void say(struct ledger *l, enum err err)
{
	if (err == l->written)
		return;
	l->written = err;
	if (err == OK)
		log_info("the ledger can be written again");
	else
		log_error("the ledger cannot be written", F_STR("error", view_of(err_name(err))));
}

static void commit(struct ledger *l, const struct queue *q, size_t from, size_t to)
{
	uint64_t first = atomic_load(&l->size);
	enum err err = make_room(l);

	if (err == OK) {
		add_records(l, q, from, to);
		err = tail_commit(l->open->tail);
	}
	if (err == OK) {
		receipt_sign(l->batch, &l->signer, &l->edge, l->entries, to - from, clock_now());
		atomic_store(&l->size, first + (to - from));
	}
	say(l, err);
	tell(l, q, from, to, first, err);
}

/* Nobody else is to be waited for. Of a few one cannot say so: the next may be anybody. */
static bool are_all_here(const struct ledger *l)
{
	return queue_is_enough(l->filling) || l->stop || (l->crowd >= CROWD && l->filling->records.n >= l->crowd);
}

/* Up to as many as ever at once; down by an eighth of what is missing, since some always come a little late. */
static void remember_crowd(struct ledger *l, size_t n)
{
	pthread_mutex_lock(&l->lock);
	l->company = n;
	l->crowd = n >= l->crowd ? n : l->crowd - (l->crowd - n + 7) / 8;
	pthread_mutex_unlock(&l->lock);
}

/* Moves the time on, and waits for it, or until all are here. */
static void wait_until(struct ledger *l, struct timespec *at, long ns)
{
	at->tv_nsec += ns;
	if (at->tv_nsec >= 1000000000) {
		at->tv_sec++;
		at->tv_nsec -= 1000000000;
	}
	while (!are_all_here(l))
		if (pthread_cond_clockwait(&l->more, &l->lock, CLOCK_MONOTONIC, at) != 0)
			return;
}

/*
 * Under the lock. When several asked at once the last time, more of them are on their way: a moment later one sync and one
 * signature do for all. Whoever asks alone never waits for others.
 */
static void gather(struct ledger *l)
{
	struct timespec until = l->committed;
	size_t before;

	if (l->company < 2)
		return;
	wait_until(l, &until, GATHER_NS);
	/* A loop that is short of time, or has much to do, is still on its way through those that asked. */
	for (int i = 0; i < STEPS_MAX && l->company >= CROWD && !are_all_here(l); i++) {
		before = l->filling->records.n;
		clock_gettime(CLOCK_MONOTONIC, &until);
		wait_until(l, &until, STEP_NS);
		if (l->filling->records.n == before)
			return;
	}
}

static struct queue *take(struct ledger *l)
{
	struct queue *q;

	pthread_mutex_lock(&l->lock);
	while (!l->filling->records.n && !l->stop)
		pthread_cond_wait(&l->more, &l->lock);
	gather(l);
	q = l->filling;
	l->filling = l->committing;
	l->committing = q;
	pthread_mutex_unlock(&l->lock);
	return q;
}

void *commit_thread(void *ledger)
{
	struct ledger *l = ledger;

	for (;;) {
		struct queue *q = take(l);
		size_t n = q->records.n;

		if (!n)
			return NULL; /* stopped, and nothing waits */
		for (size_t from = 0; from < n; from += RECEIPT_BATCH_MAX)
			commit(l, q, from, n - from < RECEIPT_BATCH_MAX ? n : from + RECEIPT_BATCH_MAX);
		remember_crowd(l, n);
		clock_gettime(CLOCK_MONOTONIC, &l->committed);
		q->records.n = 0;
		q->len = 0;
	}
}
