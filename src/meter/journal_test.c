/*
 * journal_test.c - entries that add up, references that count once, balances with days that are not booked yet.
 */
#include "base/base.h"
#include "core/core_fixture.h"
#include "meter/journal.h"

SQL(test_usage, "INSERT INTO usage_days (licensee_id, day, app_id, terms, cost_micro) VALUES ($1, $2, $3, 1, $4)");

static enum err book(struct db *tx, void *arg)
{
	const struct new_entry *e = arg;
	int32_t day;
	int64_t id;

	TRY(journal_hold(tx, e->licensee, &day));
	if (e->kind == ENTRY_DAY)
		TRY(journal_close_day(tx, e->licensee, e->day));
	return journal_book(tx, e, &id);
}

struct usage {
	int64_t licensee, day, app, cost;
};
static enum err use(struct db *tx, void *arg)
{
	const struct usage *u = arg;

	return db_exec(tx, &test_usage, BINDS(B_INT(u->licensee), B_INT(u->day), B_INT(u->app), B_INT(u->cost)), NULL);
}

static int64_t left(struct fixture *f, int64_t licensee)
{
	int64_t micro = -1;

	assert_int_equal(journal_balance(f->db, licensee, &micro), OK);
	return micro;
}

static void test_balance(void **state)
{
	struct fixture *f = *state;
	struct new_entry paid = {.kind = ENTRY_PAYMENT,
				 .licensee = 7,
				 .day = 100,
				 .reference = V("bank 1"),
				 .lines = {{BOOK_LICENSEE, 5000}, {BOOK_MANUAL, -5000}}};
	struct new_entry day = {.kind = ENTRY_DAY,
				.licensee = 7,
				.day = 101,
				.reference = V("day 101"),
				.lines = {{BOOK_LICENSEE, -1200}, {BOOK_READS, 1200}}};
	struct usage used[] = {{7, 101, 1, 1000}, {7, 101, 2, 200}, {7, 102, 1, 30}, {8, 101, 1, 999}};
	struct entry e;

	assert_int_equal(left(f, 7), 0);
	assert_int_equal(store_write(f->store, book, &paid), OK);
	assert_int_equal(left(f, 7), 5000);
	for (size_t i = 0; i < ARRAY_LEN(used); i++)
		assert_int_equal(store_write(f->store, use, &used[i]), OK);
	assert_int_equal(left(f, 7), 5000 - 1230);
	assert_int_equal(left(f, 8), -999);
	assert_int_equal(store_write(f->store, book, &day), OK);
	assert_int_equal(left(f, 7), 5000 - 1230);
	assert_int_equal(store_write(f->store, book, &day), ERR_CONFLICT);
	assert_int_equal(store_write(f->store, book, &paid), ERR_CONFLICT);
	assert_int_equal(left(f, 7), 5000 - 1230);
	assert_int_equal(journal_find(f->db, &f->arena, V("bank 1"), &e), OK);
	assert_int_equal(e.day, 100);
	assert_int_equal(journal_find(f->db, &f->arena, V("bank 2"), &e), ERR_NOT_FOUND);
}

static void test_list(void **state)
{
	struct fixture *f = *state;
	struct entry list[4];
	size_t n;

	assert_int_equal(journal_load(f->db, &f->arena, 7, 0, 0, 4, list, &n), OK);
	assert_int_equal(n, 2);
	assert_int_equal(list[0].kind, ENTRY_DAY);
	assert_int_equal(list[0].n_lines, 2);
	assert_int_equal(journal_load(f->db, &f->arena, 0, ENTRY_PAYMENT, 0, 4, list, &n), OK);
	assert_int_equal(n, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_balance), cmocka_unit_test(test_list)};

	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
