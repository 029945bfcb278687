/*
 * invoices_test.c - months of a licensee against a simple model: random days, plans that change, payments and credits.
 */
#include "base/base.h"
#include "core/core_fixture.h"
#include "meter/invoices.h"

#include <jansson.h>

#include "meter/books.h"
#include "meter/calendar.h"
#include "meter/day_book.h"
#include "meter/journal.h"
#include "meter/licensee_store.h"
#include "meter/plan_store.h"

#define UNIT INT64_C(1000000)

SQL(test_reads, "INSERT INTO usage_days (licensee_id, day, app_id, terms, posts_included, posts_extra, users_extra, "
		"cost_micro) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
SQL(test_plan_since, "INSERT INTO licensee_plans (licensee_id, starts_at, plan_id) VALUES ($1, $2, $3)");
SQL(test_plan_never, "DELETE FROM licensee_plans WHERE licensee_id = $1");

struct step {
	const struct sql *sql;
	struct bind binds[8];
	size_t n;
};
static enum err run_step(struct db *tx, void *arg)
{
	const struct step *s = arg;

	return db_exec(tx, s->sql, s->binds, s->n, NULL);
}
#define DO(f, statement, ...)                                                                                          \
	do {                                                                                                           \
		struct step step = {&(statement), {__VA_ARGS__}, sizeof((struct bind[]){__VA_ARGS__}) / sizeof(struct bind)}; \
		assert_int_equal(store_write((f)->store, run_step, &step), OK);                                        \
	} while (0)

/* A licensee whose plans are all set by the test. */
static int64_t licensee(struct fixture *f, const char *name)
{
	struct new_licensee new = {.name = view_of(name), .plan = V("test")};
	struct problem problem = {0};
	int64_t id;

	assert_int_equal(licensee_create(f->core, (struct account_id){0}, &new, &id, &problem), OK);
	DO(f, test_plan_never, B_INT(id));
	return id;
}

static struct plan plan(struct fixture *f, int64_t month, int64_t post, int64_t user)
{
	struct plan p = {.name = "test",
			 .month_micro = month,
			 .post_micro = post,
			 .user_micro = user,
			 .included = 100,
			 .apps = 1,
			 .keys = 1,
			 .query_chars = 512,
			 .uses = USE_SEARCH};
	struct problem problem = {0};

	assert_int_equal(plan_save(f->core, (struct account_id){0}, &p, &p, &problem), OK);
	return p;
}

static int32_t month(const char *text)
{
	int32_t ret = -1;

	assert_true(month_parse(view_of(text), &ret));
	return ret;
}

static void book_until(struct fixture *f, int32_t day)
{
	assert_int_equal(days_book(f->core, f->db, &f->arena, day_begin_ms(day + 1) + 1), OK);
}

static void complain(void *arg, const char *what, int64_t about)
{
	(void)arg;
	print_message("%s: %" PRId64 "\n", what, about);
}

static void is_right(struct fixture *f)
{
	struct books_report report = {.say = complain};

	assert_int_equal(books_verify(f->core, &report), OK);
	assert_int_equal(report.wrong, 0);
}

static int64_t make(struct fixture *f, int32_t m)
{
	struct problem problem = {0};
	int64_t made = -1;

	assert_int_equal(invoices_make(f->core, f->db, &f->arena, m, &made, &problem), OK);
	return made;
}

static struct invoice last_invoice(struct fixture *f, int64_t who)
{
	struct invoice i = {0};
	size_t n;

	assert_int_equal(invoices_load(f->db, &f->arena, who, 0, 1, &i, &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(invoice_load(f->db, &f->arena, i.kind, i.number, &i), OK);
	return i;
}

/* A whole February of a leap year, and a plan that changes on its 11th day at noon. */
static void test_pro_rata(void **state)
{
	struct fixture *f = *state;
	struct plan a = plan(f, 290 * UNIT, 5000, 10000), b = plan(f, 580 * UNIT + 1, 4000, 0);
	int64_t who = licensee(f, "leap");
	int32_t feb = month("2024-02"), first = month_first_day(feb);
	struct invoice i;

	DO(f, test_plan_since, B_INT(who), B_INT(day_begin_ms(first)), B_INT(a.id));
	DO(f, test_plan_since, B_INT(who), B_INT(day_begin_ms(first + 10) + DAY_MS / 2), B_INT(b.id));
	DO(f, test_reads, B_INT(who), B_INT(first + 28), B_INT(1), B_INT(b.id), B_INT(7), B_INT(3), B_INT(0),
	   B_INT(12000));
	book_until(f, first + 27);
	assert_int_equal(make(f, feb), 0);
	book_until(f, first + 28);
	assert_int_equal(make(f, feb), 1);
	assert_int_equal(make(f, feb), 0);
	i = last_invoice(f, who);
	assert_int_equal(i.month, feb);
	/* ten days of a, nineteen of b: floor(x) - floor(x × 10 / 29) */
	assert_int_equal(i.total_micro, 100 * UNIT + (580 * UNIT + 1) - (580 * UNIT + 1) * 10 / 29 + 12000);

	json_t *doc = json_loadb(i.document.p, i.document.len, 0, NULL);
	json_t *lines = json_object_get(doc, "lines");
	int64_t sum = 0;
	assert_int_equal(json_array_size(lines), 4);
	for (size_t k = 0; k < json_array_size(lines); k++)
		sum += json_integer_value(json_object_get(json_array_get(lines, k), "amount_micro"));
	assert_int_equal(sum, i.total_micro);
	assert_int_equal(json_integer_value(json_object_get(doc, "due_micro")), i.total_micro);
	json_decref(doc);
	is_right(f);
}

static void test_credits(void **state)
{
	struct fixture *f = *state;
	struct plan p = plan(f, 31 * UNIT, 0, 0);
	int64_t who = licensee(f, "credited"), number, left;
	struct problem problem = {0};
	struct invoice i;

	DO(f, test_plan_since, B_INT(who), B_INT(day_begin_ms(month_first_day(month("2025-12")))), B_INT(p.id));
	book_until(f, month_first_day(month("2026-01")) - 1);
	assert_true(make(f, month("2025-12")) >= 1);
	i = last_invoice(f, who);
	assert_int_equal(i.total_micro, 31 * UNIT);
	struct new_credit credit = {.invoice = i.number, .micro = 20 * UNIT, .reason = V("two days without answers")};
	assert_int_equal(invoice_credit(f->core, &f->arena, &credit, &number, &problem), OK);
	assert_int_equal(invoice_credit(f->core, &f->arena, &credit, &number, &problem), ERR_UNPROCESSABLE);
	credit.micro = 11 * UNIT;
	assert_int_equal(invoice_credit(f->core, &f->arena, &credit, &number, &problem), OK);
	credit.micro = 1;
	assert_int_equal(invoice_credit(f->core, &f->arena, &credit, &number, &problem), ERR_UNPROCESSABLE);
	credit.invoice = 999999;
	assert_int_equal(invoice_credit(f->core, &f->arena, &credit, &number, &problem), ERR_NOT_FOUND);
	assert_int_equal(journal_balance(f->db, who, &left), OK);
	assert_int_equal(left, 0);
	i = last_invoice(f, who);
	assert_int_equal(i.kind, CREDIT_NOTE);
	is_right(f);
}

static uint64_t seed = 20261128;
static int64_t random_below(int64_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)((seed >> 33) % (uint64_t)n);
}

static void random_licensee(struct fixture *f, int round)
{
	char name[32];
	snprintf(name, sizeof(name), "random %d", round);
	int64_t who = licensee(f, name), expected = 0, left;
	int32_t begin = month_first_day(month("2023-11")) + (int32_t)random_below(60);
	int32_t m = month_of_day(begin), end = month_first_day(m + 4);
	struct plan now = {0};

	for (int32_t day = begin; day < end; day++) {
		if (!now.id || random_below(25) == 0) {
			now = plan(f, random_below(500) * UNIT + random_below(999999), random_below(9000),
				   random_below(9000));
			DO(f, test_plan_since, B_INT(who), B_INT(day_begin_ms(day) + random_below(DAY_MS)),
			   B_INT(now.id));
		}
		int32_t of = month_of_day(day), at = day - month_first_day(of), days = month_days(of);
		/* by 128 bits, as fee_of_day() may not */
		expected +=
			(int64_t)((__int128)now.month_micro * (at + 1) / days - (__int128)now.month_micro * at / days);
		for (int64_t app = random_below(3); app > 0; app--) {
			int64_t posts = random_below(5000), users = random_below(50);
			int64_t cost = posts * now.post_micro + users * now.user_micro;
			DO(f, test_reads, B_INT(who), B_INT(day), B_INT(app), B_INT(now.id), B_INT(random_below(9)),
			   B_INT(posts), B_INT(users), B_INT(cost));
			expected += cost;
		}
		if (random_below(7) == 0)
			book_until(f, day);
		if (random_below(40) == 0)
			book_until(f, day - 20); /* the clock went back */
	}
	book_until(f, end - 1);
	for (int32_t i = m; i < m + 4; i++)
		make(f, i);
	struct invoice list[8];
	size_t n;
	assert_int_equal(invoices_load(f->db, &f->arena, who, 0, 8, list, &n), OK);
	assert_int_equal(n, 4);
	int64_t total = 0;
	for (size_t i = 0; i < n; i++)
		total += list[i].total_micro;
	assert_int_equal(total, expected);
	assert_int_equal(journal_balance(f->db, who, &left), OK);
	assert_int_equal(left, -expected);
}

static void test_random(void **state)
{
	struct fixture *f = *state;

	for (int round = 0; round < 8; round++) {
		random_licensee(f, round);
		arena_reset(&f->arena);
	}
	is_right(f);
}

static void test_names(void **state)
{
	static const char *const bad[] = {"",	      "I",	 "I0",	    "I1",	   "I000000",
					  "I0000001", "X000001", "i000001", "I000001.pdf", "I-00001"};
	enum invoice_kind kind;
	int64_t number;
	(void)state;

	assert_true(invoice_name_parse(V("I000042"), &kind, &number));
	assert_int_equal(kind, INVOICE);
	assert_int_equal(number, 42);
	assert_true(invoice_name_parse(V("C1000000"), &kind, &number));
	assert_int_equal(kind, CREDIT_NOTE);
	assert_int_equal(number, 1000000);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(invoice_name_parse(view_of(bad[i]), &kind, &number));
}

/* A clock that went back: a payment never counts for a day that is booked. */
static void test_clock_back(void **state)
{
	(void)state;
	assert_int_equal(day_for_movement(100, day_begin_ms(102)), 102);
	assert_int_equal(day_for_movement(100, day_begin_ms(101)), 101);
	assert_int_equal(day_for_movement(100, day_begin_ms(100)), 101);
	assert_int_equal(day_for_movement(100, day_begin_ms(50)), 101);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pro_rata), cmocka_unit_test(test_credits), cmocka_unit_test(test_random),
		cmocka_unit_test(test_names),	 cmocka_unit_test(test_clock_back),
	};

	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
