/*
 * migrate_test.c - schemas go forward, once, whole, and never back.
 */
#include "base/base.h"
#include "store/store_test.h"

#include <pthread.h>

#include "base/log.h"
#include "store/migrate.h"

TEST_SQL(future, "INSERT INTO schema_migrations (version, name, applied_at) VALUES (9999, 'future', 0)");
TEST_SQL(applied, "SELECT count(*) FROM schema_migrations");
TEST_SQL(get_y, "SELECT y FROM x WHERE id = 1");
TEST_SQL(has_half, "SELECT count(*) FROM half");

#define FILE_ROW(file_name, text)                                                                                      \
	{                                                                                                              \
		(file_name), (const unsigned char *)("" text), sizeof(text) - 1                                        \
	}

static enum err run_migrations(struct fixture *f, const struct embedded *files, struct problem *problem)
{
	struct db *db = f->s->driver->db_new(f->s, true);
	enum err err = f->s->driver->connect(db, problem);

	if (err == OK)
		err = migrate(db, files, problem);
	f->s->driver->db_free(db);
	return err;
}

static int64_t version(struct fixture *f)
{
	int64_t v = -1;

	assert_int_equal(migrate_version(store_db(f->s), &v), OK);
	return v;
}

static void files_are_applied_once(void **state)
{
	static const struct embedded two[] = {
		FILE_ROW("0101_a.sql",
			 "CREATE TABLE x (id BIGINT PRIMARY KEY) /*CLUSTERED*/; -- ;\nINSERT INTO x VALUES (1)"),
		FILE_ROW("0102_b.sql", "ALTER TABLE x ADD COLUMN y TEXT; UPDATE x SET y = '17;' || '8';"),
		{0}};
	struct fixture f;
	struct problem problem;
	struct rows r;

	make(&f, state);
	assert_true(version(&f) >= 1);
	for (int i = 0; i < 2; i++) {
		if (run_migrations(&f, two, &problem) != OK)
			fail_msg("%s", problem.text);
		assert_int_equal(version(&f), 102);
	}
	db_query(store_db(f.s), &r, &get_y, NO_BINDS);
	assert_true(rows_next(&r));
	assert_true(view_is(row_text(&r, 0), "17;8"));
	assert_int_equal(rows_end(&r), OK);
	unmake(&f);
}

static void a_failed_file_leaves_nothing(void **state)
{
	static const struct embedded broken[] = {
		FILE_ROW("0101_half.sql", "CREATE TABLE half (id BIGINT); CREATE TABLE half (id BIGINT)"), {0}};
	static const struct embedded mended[] = {FILE_ROW("0101_half.sql", "CREATE TABLE half (id BIGINT)"), {0}};
	struct problem problem = {0};
	struct fixture f;
	int64_t before, n;

	make(&f, state);
	before = version(&f);
	assert_int_not_equal(run_migrations(&f, broken, &problem), OK);
	assert_non_null(strstr(problem.text, "0101_half.sql"));
	assert_non_null(strstr(problem.text, "half"));
	assert_int_equal(version(&f), before);
	assert_int_equal(run_migrations(&f, mended, &problem), OK);
	assert_int_equal(db_int(store_db(f.s), &has_half, NO_BINDS, &n), OK);
	unmake(&f);
}

static enum err add_future(struct db *tx, void *arg MAYBE_UNUSED)
{
	return db_exec(tx, &future, NO_BINDS, NULL);
}

static void a_newer_schema_is_refused(void **state)
{
	struct store_config config = {0};
	struct problem problem = {0};
	struct fixture f;

	make(&f, state);
	assert_int_equal(store_write(f.s, add_future, NULL), OK);
	store_close(f.s);
	f.s = NULL;
	config.url = f.url;
	for (int i = 0; i < 2; i++) {
		config.read_only = i;
		assert_int_equal(store_open(&config, &f.s, &problem), ERR_CONFLICT);
		assert_non_null(strstr(problem.text, "install the newer program"));
		assert_null(f.s);
	}
	unmake(&f);
}

static void *open_and_close(void *arg)
{
	struct store_config config = {.url = arg};
	struct problem problem = {0};
	struct store *s;

	if (store_open(&config, &s, &problem) != OK)
		return xstrdup(problem.text);
	store_close(s);
	return NULL;
}

static void many_may_open_at_once(void **state)
{
	pthread_t threads[6];
	struct fixture f;
	int64_t n;

	make_empty(&f, state);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		pthread_create(&threads[i], NULL, open_and_close, f.url);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
		void *complaint;

		pthread_join(threads[i], &complaint);
		if (complaint)
			fail_msg("%s", (char *)complaint);
	}
	reopen(&f);
	assert_int_equal(db_int(store_db(f.s), &applied, NO_BINDS, &n), OK);
	assert_in_range(n, 1, version(&f));
	unmake(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(files_are_applied_once),
		BOTH(a_failed_file_leaves_nothing),
		BOTH(a_newer_schema_is_refused),
		BOTH(many_may_open_at_once),
	};

	log_setup(STDERR_FILENO, LOG_LEVEL_ERROR, LOG_AUTO);
	return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
