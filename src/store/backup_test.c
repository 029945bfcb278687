/*
 * backup_test.c - a backup while others write comes back whole; nothing is overwritten; damage is seen.
 */
#include "base/base.h"
#include "store/store_test.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "base/log.h"

TEST_SQL(put, "INSERT INTO t (id, n, s) VALUES ($1, $2, 'x')");
TEST_SQL(count, "SELECT count(*) FROM t");
TEST_SQL(odd, "SELECT count(*) FROM t a WHERE NOT EXISTS (SELECT 1 FROM t b WHERE b.id = -a.id)");

static atomic_bool stop;

/* Two rows that belong together. */
static enum err put_pair(struct db *tx, void *arg)
{
	int64_t id = *(int64_t *)arg;

	TRY(db_exec(tx, &put, BINDS(B_INT(id), B_INT(id)), NULL));
	return db_exec(tx, &put, BINDS(B_INT(-id), B_INT(id)), NULL);
}

static void *write_pairs(void *arg)
{
	struct store *s = arg;

	for (int64_t id = 1000; !stop; id++)
		if (store_write(s, put_pair, &id) != OK)
			break;
	store_thread_done(s);
	return NULL;
}

static int64_t number(struct store *s, const struct sql *sql)
{
	int64_t n = -1;

	assert_int_equal(db_int(store_db(s), sql, NO_BINDS, &n), OK);
	return n;
}

static void forget(struct fixture *f)
{
	store_close(f->s);
	f->s = NULL;
	if (f->server) {
		create_own();
	} else {
		snprintf(f->url, sizeof(f->url), "sqlite:%s/restored.db", f->dir);
	}
}

static void restore(struct fixture *f, const char *file, enum err expected)
{
	struct problem problem = {0};
	enum err err = store_restore(f->url, file, &problem);

	if (err != expected)
		fail_msg("%s: %s", err_name(err), problem.text);
	if (err != OK)
		assert_true(problem.text[0]);
}

static void a_backup_comes_back(void **state)
{
	struct problem problem = {0};
	struct fixture f;
	struct stat st;
	char file[128], other[160];
	pthread_t writer;
	int64_t n;

	make(&f, state);
	snprintf(file, sizeof(file), "%s/backup", f.dir);
	for (int64_t id = 1; id <= 100; id++)
		assert_int_equal(store_write(f.s, put_pair, &id), OK);
	stop = false;
	pthread_create(&writer, NULL, write_pairs, f.s);
	for (int i = 0; i < 3; i++)
		if (store_backup(f.s, file, &problem) != OK)
			fail_msg("%s", problem.text);
	stop = true;
	pthread_join(writer, NULL);
	assert_int_equal(stat(file, &st), 0);
	snprintf(other, sizeof(other), "%s/nosuch/backup", f.dir);
	assert_int_not_equal(store_backup(f.s, other, &problem), OK);
	n = number(f.s, &count);
	restore(&f, file, ERR_CONFLICT); /* what is there is not overwritten */
	forget(&f);
	restore(&f, "/nonexistent", ERR_NOT_FOUND);
	restore(&f, file, OK);
	reopen(&f);
	assert_in_range(number(f.s, &count), 200, n);
	assert_int_equal(number(f.s, &odd), 0);
	assert_int_equal(store_check(f.s, &problem), OK);
	unmake(&f);
}

static void a_file_that_is_no_backup_is_refused(void **state)
{
	struct fixture f;
	char file[128];
	int fd;

	make(&f, state);
	snprintf(file, sizeof(file), "%s/rubbish", f.dir);
	fd = open(file, O_CREAT | O_WRONLY, 0600);
	assert_int_equal(write(fd, "rubbish rubbish rubbish", 23), 23);
	close(fd);
	forget(&f);
	restore(&f, file, f.server ? ERR_UNAVAILABLE : ERR_CORRUPT);
	reopen(&f);
	unmake(&f);
}

static void files_are_private(void **state)
{
	struct fixture f;
	struct stat st;
	int64_t id = 1;
	char path[128];

	make(&f, state);
	assert_int_equal(store_write(f.s, put_pair, &id), OK);
	snprintf(path, sizeof(path), "%s/test.db-wal", f.dir);
	if (!f.server) {
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
	snprintf(path, sizeof(path), "%s/backup", f.dir);
	assert_int_equal(store_backup(f.s, path, NULL), OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	unmake(&f);
}

static void damage_is_seen(void **state)
{
	struct problem problem = {0};
	struct fixture f;
	char rubbish[4096];
	const char *path;
	struct stat st;
	int fd;

	make(&f, state);
	path = f.url + strlen("sqlite:");
	for (int64_t id = 1; id <= 2000; id++)
		assert_int_equal(store_write(f.s, put_pair, &id), OK);
	store_close(f.s); /* with it goes the log */
	f.s = NULL;
	memset(rubbish, 0x5a, sizeof(rubbish));
	assert_int_equal(stat(path, &st), 0);
	fd = open(path, O_WRONLY);
	for (int i = 1; i < 10; i++) /* the newest rows, not the schema */
		assert_int_equal(pwrite(fd, rubbish, sizeof(rubbish), st.st_size - i * 4096), sizeof(rubbish));
	close(fd);
	reopen(&f);
	assert_int_equal(store_check(f.s, &problem), ERR_CORRUPT);
	assert_non_null(strstr(problem.text, "damaged"));
	unmake(&f);
}

static void a_missing_program_is_named(void **state)
{
	struct problem problem = {0};
	struct fixture f;
	char file[128], path[1024];

	make(&f, state);
	snprintf(file, sizeof(file), "%s/backup", f.dir);
	snprintf(path, sizeof(path), "%s", getenv("PATH"));
	setenv("PATH", "/nonexistent", 1);
	assert_int_equal(store_backup(f.s, file, &problem), ERR_UNAVAILABLE);
	setenv("PATH", path, 1);
	assert_non_null(strstr(problem.text, "pg_dump is not installed"));
	unmake(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(a_backup_comes_back), BOTH(a_file_that_is_no_backup_is_refused), BOTH(files_are_private),
		SQLITE(damage_is_seen),	   PGSQL(a_missing_program_is_named),
	};

	log_setup(STDERR_FILENO, LOG_LEVEL_ERROR + 1, LOG_AUTO);
	return cmocka_run_group_tests_name("backup", tests, NULL, NULL);
}
