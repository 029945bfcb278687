/*
 * ledger.c - opening, closing, and taking records. See ledger.h.
 */
#include "base/base.h"
#include "ledger/ledger_private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "ledger/file.h"

/* ---- opening ---- */

static struct queue *queue_make(void)
{
	struct queue *q = xcalloc(1, sizeof(*q));

	q->bytes = xmalloc(LEDGER_QUEUE_BYTES);
	return q;
}

static void queue_free(struct queue *q)
{
	if (!q)
		return;
	VEC_FREE(&q->records);
	free(q->bytes);
	free(q);
}

static struct ledger *ledger_make(const char *dir)
{
	struct ledger *l = xcalloc(1, sizeof(*l));

	l->dir = xstrdup(dir);
	l->lock_fd = -1;
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->more, NULL);
	pthread_mutex_init(&l->pack_lock, NULL);
	pthread_cond_init(&l->pack_more, NULL);
	pthread_cond_init(&l->pack_done, NULL);
	return l;
}

static void ledger_release(struct ledger *l)
{
	segment_unref(l->open);
	queue_free(l->filling);
	queue_free(l->committing);
	free(l->batch);
	free(l->salts);
	free(l->entries);
	note_signer_wipe(&l->signer);
	if (l->lock_fd >= 0)
		close(l->lock_fd);
	pthread_mutex_destroy(&l->lock);
	pthread_cond_destroy(&l->more);
	pthread_mutex_destroy(&l->pack_lock);
	pthread_cond_destroy(&l->pack_more);
	pthread_cond_destroy(&l->pack_done);
	free(l->dir);
	free(l);
}

static enum err take_dir(struct ledger *l, struct problem *problem)
{
	char path[FILE_PATH_MAX];

	TRY(file_path(l->dir, "lock", path));
	enum err err = file_parents(path);
	if (err != OK)
		return fail(problem, err, "%.200s cannot be made: %s", l->dir, strerror(errno));
	l->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (l->lock_fd < 0)
		return fail(problem, ERR_UNAVAILABLE, "%.200s: %s", path, strerror(errno));
	if (flock(l->lock_fd, LOCK_EX | LOCK_NB) != 0)
		return fail(problem, ERR_CONFLICT, "%.200s: another process writes this ledger", l->dir);
	return OK;
}

/* The segment that goes on: the last one, when it is open. */
static enum err open_last(struct ledger *l, struct problem *problem)
{
	struct segment *s = segments_last(&l->segments);

	atomic_store(&l->size, s ? s->first + segment_count(s) : 0);
	if (!s || !s->tail) {
		segment_unref(s);
		return ledger_extend(l, problem);
	}
	l->open = s;
	l->last_ms = s->tail->last_ms;
	TRY(segment_salts(s, l->dir, segment_count(s) == 0, problem));
	return s->salted ? OK
			 : fail(problem, ERR_CORRUPT, "%.200s: the salts of the open segment are missing", s->path);
}

/* Times never go back, also when the open segment has no record yet. */
static void find_last_time(struct ledger *l)
{
	size_t n;
	struct segment **all = segments_all(&l->segments, &n);

	for (size_t i = 0; i < n; i++) {
		int64_t ms = all[i]->tail ? all[i]->tail->last_ms : all[i]->head.max_ms;
		if (ms > l->last_ms)
			l->last_ms = ms;
	}
	segments_let_go(all, n);
}

static uint64_t source_size(void *arg)
{
	return ledger_size(arg);
}

static enum err source_entries(void *arg, uint64_t from, size_t n, struct digest *ret)
{
	return ledger_entries(arg, from, n, ret);
}

static enum err start(struct ledger *l, const struct ledger_config *config, struct problem *problem)
{
	const struct publish_source source = {source_size, source_entries, l};

	TRY(note_signer_open(l->dir, config->origin, true, &l->signer, problem));
	TRY(open_last(l, problem));
	find_last_time(l);
	TRY(publisher_start(l->dir, &l->signer, config->checkpoint_ms ? config->checkpoint_ms : CHECKPOINT_MS, &source,
			    &l->publisher, &l->edge, problem));
	l->filling = queue_make();
	l->committing = queue_make();
	l->batch = xcalloc(1, sizeof(*l->batch));
	l->salts = xcalloc(RECEIPT_BATCH_MAX, sizeof(*l->salts));
	l->entries = xcalloc(RECEIPT_BATCH_MAX, sizeof(*l->entries));
	if (pthread_create(&l->packer, NULL, pack_thread, l) != 0 ||
	    pthread_create(&l->committer, NULL, commit_thread, l) != 0)
		BUG("no threads");
	return OK;
}

enum err ledger_open(const struct ledger_config *config, struct ledger **ret, struct problem *problem)
{
	struct ledger *l = ledger_make(config->dir);
	int64_t usual = config->fingerprints ? SEGMENT_BYTES_FINGERPRINTS : SEGMENT_BYTES;
	int64_t segment = config->segment_bytes ? config->segment_bytes : usual;

	l->fingerprints = config->fingerprints;
	l->segment_bytes = (size_t)segment < TAIL_SEGMENT_MAX ? (size_t)segment : TAIL_SEGMENT_MAX;
	struct segments_where where = {
		.dir = config->dir, .archive = config->archive, .repair = true, .segment_bytes = l->segment_bytes};
	enum err err = take_dir(l, problem);
	if (err == OK)
		err = segments_open(&l->segments, &where, problem);
	if (err == OK) {
		err = start(l, config, problem);
		if (err != OK) {
			publisher_stop(l->publisher);
			segments_close(&l->segments);
		}
	}
	if (err != OK) {
		ledger_release(l);
		return err;
	}
	*ret = l;
	return OK;
}

#define READ_TRIES 5

enum err ledger_open_read(const char *dir, const char *archive, struct ledger **ret, struct problem *problem)
{
	struct segments_where where = {.dir = dir, .archive = archive, .segment_bytes = (size_t)SEGMENT_BYTES};
	struct ledger *l = ledger_make(dir);
	enum err err = ERR_NOT_FOUND;

	l->reader = true;
	/* A file may be packed between looking and opening. */
	for (int i = 0; i < READ_TRIES && err == ERR_NOT_FOUND; i++)
		err = segments_open(&l->segments, &where, problem);
	if (err != OK) {
		ledger_release(l);
		return err;
	}
	struct segment *last = segments_last(&l->segments);
	atomic_store(&l->size, last ? last->first + segment_count(last) : 0);
	segment_unref(last);
	*ret = l;
	return OK;
}

static void stop_threads(struct ledger *l)
{
	pthread_mutex_lock(&l->lock);
	l->stop = true;
	pthread_cond_signal(&l->more);
	pthread_mutex_unlock(&l->lock);
	pthread_join(l->committer, NULL);
	publisher_stop(l->publisher);
	pthread_mutex_lock(&l->pack_lock);
	l->pack_stop = true;
	pthread_cond_signal(&l->pack_more);
	pthread_mutex_unlock(&l->pack_lock);
	pthread_join(l->packer, NULL);
}

void ledger_close(struct ledger *l)
{
	if (!l)
		return;
	if (!l->reader)
		stop_threads(l);
	segments_close(&l->segments);
	ledger_release(l);
}

/* ---- appending ---- */

/* Under the lock: the time of records never goes back, and decides where this one stands. */
static enum err enqueue(struct ledger *l, struct ledger_record *r, ledger_done_fn *done, void *arg)
{
	struct queue *q = l->filling;

	if (l->stop)
		return ERR_UNAVAILABLE;
	if (LEDGER_QUEUE_BYTES - q->len < RECORD_MAX)
		return ERR_BUSY;
	if (r->time_ms < l->last_ms)
		r->time_ms = l->last_ms;
	l->last_ms = r->time_ms;
	size_t len = record_encode(r, record_flags(r, l->fingerprints), q->bytes + q->len);
	VEC_PUSH(&q->records, (struct waiting){.at = q->len, .len = len, .done = done, .arg = arg});
	q->len += len;
	if (q->records.n == 1 || q->records.n == l->crowd || queue_is_enough(q))
		pthread_cond_signal(&l->more);
	return OK;
}

enum err ledger_append(struct ledger *l, const struct ledger_record *r, ledger_done_fn *done, void *arg)
{
	struct ledger_record copy = *r;

	if (l->reader)
		BUG("a ledger that is only read");
	TRY(record_check(&copy));
	pthread_mutex_lock(&l->lock);
	enum err err = enqueue(l, &copy, done, arg);
	pthread_mutex_unlock(&l->lock);
	return err;
}

struct waiter {
	pthread_mutex_t lock;
	pthread_cond_t told;
	bool done;
	enum err err;
	uint64_t index;
};

static void wake(void *arg, const struct ledger_done *done)
{
	struct waiter *w = arg;

	pthread_mutex_lock(&w->lock);
	w->done = true;
	w->err = done->err;
	w->index = done->index;
	pthread_cond_signal(&w->told);
	pthread_mutex_unlock(&w->lock);
}

enum err ledger_append_wait(struct ledger *l, const struct ledger_record *r, uint64_t *index)
{
	struct waiter w = {.lock = PTHREAD_MUTEX_INITIALIZER, .told = PTHREAD_COND_INITIALIZER};

	TRY(ledger_append(l, r, wake, &w));
	pthread_mutex_lock(&w.lock);
	while (!w.done)
		pthread_cond_wait(&w.told, &w.lock);
	pthread_mutex_unlock(&w.lock);
	if (w.err == OK && index)
		*index = w.index;
	return w.err;
}

uint64_t ledger_size(const struct ledger *l)
{
	return atomic_load(&l->size);
}

uint64_t ledger_first(const struct ledger *l)
{
	return segments_first((struct segments *)&l->segments);
}

struct segments *ledger_segments(struct ledger *l)
{
	return &l->segments;
}
