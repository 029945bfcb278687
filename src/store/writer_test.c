/*
 * writer_test.c - SQLite's writer under trouble: a full queue, a full disk, another process that writes, kill -9.
 */
#include "base/base.h"
#include "store/store_test.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/log.h"
#include "base/metrics.h"
#include "base/secret.h"

TEST_SQL(put, "INSERT INTO t (id, s) VALUES ($1, $2)");
TEST_SQL(has, "SELECT count(*) FROM t WHERE id = $1");
TEST_SQL(count, "SELECT count(*) FROM t");

struct call {
	struct store *s;
	int64_t id;
	size_t bytes; /* of s */
	sem_t *begun, *go_on;
	enum err err, ret;
	pthread_t thread;
};

static enum err put_row(struct db *tx, void *arg)
{
	struct call *c = arg;
	char *text = xcalloc(1, c->bytes + 1);
	enum err err;

	memset(text, 'x', c->bytes);
	err = db_exec(tx, &put, BINDS(B_INT(c->id), B_TEXT(view_make(text, c->bytes))), NULL);
	free(text);
	return err != OK ? err : c->err;
}

static enum err write_row(struct store *s, int64_t id, size_t bytes)
{
	struct call c = {.id = id, .bytes = bytes};

	return store_write(s, put_row, &c);
}

static void *write_in_thread(void *arg)
{
	struct call *c = arg;

	c->ret = store_write(c->s, put_row, c);
	store_thread_done(c->s);
	return NULL;
}

/* Keeps the writer busy until told to go on. */
static enum err hold(struct db *tx MAYBE_UNUSED, void *arg)
{
	struct call *c = arg;

	sem_post(c->begun);
	sem_wait(c->go_on);
	return OK;
}

static void *hold_in_thread(void *arg)
{
	struct call *c = arg;

	c->ret = store_write(c->s, hold, c);
	store_thread_done(c->s);
	return NULL;
}

static int64_t rows(struct store *s)
{
	int64_t n = -1;

	assert_int_equal(db_int(store_db(s), &count, NO_BINDS, &n), OK);
	return n;
}

static bool is_there(struct store *s, int64_t id)
{
	int64_t n = -1;

	assert_int_equal(db_int(store_db(s), &has, BINDS(B_INT(id)), &n), OK);
	return n == 1;
}

static void ignore_done(enum err err MAYBE_UNUSED, void *arg MAYBE_UNUSED)
{
}

static void a_full_queue_is_an_answer(void **state)
{
	enum { QUEUE = 4 };
	struct store_config config = {.queue_max = QUEUE};
	struct fixture f;
	sem_t begun, go_on;
	struct call holder = {.begun = &begun, .go_on = &go_on}, calls[QUEUE] = {0}, late = {.id = 99};

	make(&f, state);
	store_close(f.s);
	config.url = f.url;
	assert_int_equal(store_open(&config, &f.s, NULL), OK);
	sem_init(&begun, 0, 0);
	sem_init(&go_on, 0, 0);
	holder.s = f.s;
	pthread_create(&holder.thread, NULL, hold_in_thread, &holder);
	sem_wait(&begun);
	for (int i = 0; i < QUEUE; i++) {
		calls[i].id = i + 1;
		assert_int_equal(store_write_async(f.s, put_row, &calls[i], ignore_done), OK);
	}
	assert_int_equal(store_write_async(f.s, put_row, &late, ignore_done), ERR_BUSY);
	assert_int_equal(store_write(f.s, put_row, &late), ERR_BUSY);
	assert_int_equal(rows(f.s), 0); /* reads do not wait */
	sem_post(&go_on);
	pthread_join(holder.thread, NULL);
	assert_int_equal(holder.ret, OK);
	assert_int_equal(write_row(f.s, 99, 0), OK);
	assert_int_equal(rows(f.s), QUEUE + 1);
	unmake(&f);
}

/* Those that share a batch with a job that fails half-way, or breaks, keep their rows. */
static void one_failure_takes_nobody_along(void **state)
{
	enum { N = 40 };
	struct call calls[N] = {0};
	struct fixture f;
	sem_t begun, go_on;
	struct call holder = {.begun = &begun, .go_on = &go_on};
	int64_t batches;

	make(&f, state);
	sem_init(&begun, 0, 0);
	sem_init(&go_on, 0, 0);
	holder.s = f.s;
	batches = metric_get(METRIC_DB_BATCHES);
	pthread_create(&holder.thread, NULL, hold_in_thread, &holder);
	sem_wait(&begun);
	for (int i = 0; i < N; i++) {
		calls[i].s = f.s;
		calls[i].id = i == 7 ? 6 : i; /* 7 meets the row of 6, or the other way round */
		calls[i].err = i == 20 ? ERR_GONE : OK;
		pthread_create(&calls[i].thread, NULL, write_in_thread, &calls[i]);
	}
	usleep(50000);
	sem_post(&go_on);
	for (int i = 0; i < N; i++)
		pthread_join(calls[i].thread, NULL);
	pthread_join(holder.thread, NULL);
	for (int i = 0; i < N; i++)
		if (i != 6 && i != 7)
			assert_int_equal(calls[i].ret, i == 20 ? ERR_GONE : OK);
	assert_true((calls[6].ret == OK) != (calls[7].ret == OK));
	assert_int_equal(calls[6].ret + calls[7].ret, ERR_CONFLICT);
	assert_int_equal(rows(f.s), N - 2);
	assert_true(metric_get(METRIC_DB_BATCHES) - batches < N / 2);
	unmake(&f);
}

/* Fills until it is full, then checks that it is bearable, then `make_room`. */
static void fill(struct fixture *f, void (*make_room)(struct fixture *f))
{
	enum err err = OK;
	int64_t id = 0, kept;

	while (err == OK && id < 2000) {
		err = write_row(f->s, ++id, 30000);
	}
	assert_int_equal(err, ERR_NO_SPACE);
	kept = rows(f->s);
	assert_int_equal(kept, id - 1); /* what was acknowledged, no more */
	for (int i = 0; i < 5; i++)
		assert_int_equal(write_row(f->s, id, 300000), ERR_NO_SPACE);
	assert_int_equal(rows(f->s), kept);
	assert_true(is_there(f->s, 1));
	make_room(f);
	assert_int_equal(write_row(f->s, id, 30000), OK);
	assert_int_equal(rows(f->s), kept + 1);
	assert_int_equal(store_check(f->s, NULL), OK);
}

static void limit_file_size(rlim_t bytes)
{
	struct rlimit l;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &l), 0);
	l.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &l), 0);
}

static void lift_limit(struct fixture *f MAYBE_UNUSED)
{
	limit_file_size(RLIM_INFINITY);
}

static void a_file_at_its_limit(void **state)
{
	struct fixture f;

	make(&f, state);
	signal(SIGXFSZ, SIG_IGN);
	limit_file_size(3 << 20);
	fill(&f, lift_limit);
	unmake(&f);
}

static void enlarge(struct fixture *f)
{
	assert_int_equal(mount("tmpfs", f->dir, "tmpfs", MS_REMOUNT, "size=64m"), 0);
}

static void a_full_disk(void **state)
{
	struct fixture f;

	make_empty(&f, state);
	if (mount("tmpfs", f.dir, "tmpfs", 0, "size=6m") != 0) {
		print_message("NOT TESTED: this user may not mount a small disk\n");
		rmdir(f.dir);
		skip();
	}
	reopen(&f);
	run_script(&f, T_TABLE);
	fill(&f, enlarge);
	store_close(f.s);
	f.s = NULL;
	assert_int_equal(umount(f.dir), 0);
	unmake(&f);
}

/* One that is too large for the disk fails alone. */
static void a_huge_write_among_small_ones(void **state)
{
	enum { N = 20 };
	struct call calls[N] = {0};
	struct fixture f;
	sem_t begun, go_on;
	struct call holder = {.begun = &begun, .go_on = &go_on};

	make(&f, state);
	sem_init(&begun, 0, 0);
	sem_init(&go_on, 0, 0);
	holder.s = f.s;
	signal(SIGXFSZ, SIG_IGN);
	limit_file_size(3 << 20);
	pthread_create(&holder.thread, NULL, hold_in_thread, &holder);
	sem_wait(&begun);
	for (int i = 0; i < N; i++) {
		calls[i] = (struct call){.s = f.s, .id = i + 1, .bytes = i == 11 ? 8 << 20 : 10};
		pthread_create(&calls[i].thread, NULL, write_in_thread, &calls[i]);
	}
	usleep(50000);
	sem_post(&go_on);
	for (int i = 0; i < N; i++) {
		pthread_join(calls[i].thread, NULL);
		assert_int_equal(calls[i].ret, i == 11 ? ERR_NO_SPACE : OK);
	}
	pthread_join(holder.thread, NULL);
	limit_file_size(RLIM_INFINITY);
	assert_int_equal(rows(f.s), N - 1);
	unmake(&f);
}

static void *unlock_later(void *arg)
{
	usleep(300000);
	assert_int_equal(sqlite3_exec(arg, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	return NULL;
}

static void another_process_may_write(void **state)
{
	struct fixture f;
	pthread_t thread;
	sqlite3 *other;

	make(&f, state);
	assert_int_equal(sqlite3_open(f.url + strlen("sqlite:"), &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE; INSERT INTO t (id) VALUES (50)", NULL, NULL, NULL),
			 SQLITE_OK);
	pthread_create(&thread, NULL, unlock_later, other);
	assert_int_equal(write_row(f.s, 51, 10), OK);
	pthread_join(thread, NULL);
	sqlite3_close(other);
	assert_int_equal(rows(f.s), 2);
	unmake(&f);
}

enum { CRASHES = 100, CRASH_THREADS = 4 };

struct crasher {
	struct store *s;
	int64_t first;
	int fd;
};

/* Tells the parent each row that was acknowledged. */
static void *write_and_tell(void *arg)
{
	struct crasher *c = arg;

	for (int64_t id = c->first;; id += CRASH_THREADS)
		if (write_row(c->s, id, 100) != OK || write(c->fd, &id, sizeof(id)) != sizeof(id))
			_exit(1);
}

NORETURN static void crash_child(const char *url, int64_t first, int fd)
{
	struct store_config config = {.url = url};
	struct crasher crashers[CRASH_THREADS];
	struct store *s;
	pthread_t thread;

	if (store_open(&config, &s, NULL) != OK)
		_exit(2);
	for (int i = 0; i < CRASH_THREADS; i++) {
		crashers[i] = (struct crasher){s, first + i, fd};
		pthread_create(&thread, NULL, write_and_tell, &crashers[i]);
	}
	for (;;)
		pause();
}

/* One life of the child; appends what it acknowledged to told. */
static size_t live_and_die(const char *url, int64_t first, int64_t *told, size_t cap)
{
	size_t n = 0, want = 1 + rand_u64() % 60;
	int fds[2], status;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		crash_child(url, first, fds[1]);
	close(fds[1]);
	while (n < want && n < cap && read(fds[0], &told[n], sizeof(*told)) == sizeof(*told))
		n++;
	usleep((useconds_t)(rand_u64() % 2000));
	kill(pid, SIGKILL);
	while (n < cap && read(fds[0], &told[n], sizeof(*told)) == sizeof(*told))
		n++;
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	return n;
}

static void what_was_acknowledged_outlives_a_kill(void **state)
{
	enum { CAP = 100000 };
	static int64_t told[CAP];
	struct fixture f;
	size_t n = 0;

	make(&f, state);
	store_close(f.s); /* the child has no threads of ours */
	f.s = NULL;
	for (int i = 0; i < CRASHES; i++)
		n += live_and_die(f.url, (int64_t)i * 1000000, told + n, CAP - n);
	reopen(&f);
	for (size_t i = 0; i < n; i++)
		assert_true(is_there(f.s, told[i]));
	assert_true(n > CRASHES);
	assert_int_equal(store_check(f.s, NULL), OK);
	unmake(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SQLITE(what_was_acknowledged_outlives_a_kill),
		SQLITE(a_full_queue_is_an_answer),
		SQLITE(one_failure_takes_nobody_along),
		SQLITE(a_file_at_its_limit),
		SQLITE(a_full_disk),
		SQLITE(a_huge_write_among_small_ones),
		SQLITE(another_process_may_write),
	};

	log_setup(STDERR_FILENO, LOG_LEVEL_ERROR + 1, LOG_AUTO); /* the trouble is expected */
	return cmocka_run_group_tests_name("writer", tests, NULL, NULL);
}
