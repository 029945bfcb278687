/*
 * mail_queue_test.c - each mail is taken once, comes back after a failure, and is not lost with who took it.
 */
#include "base/base.h"
#include "core/core_fixture.h"
#include "core/mail_queue.h"

#include <pthread.h>

#include "base/clock.h"

#define MAILS 60
#define TAKERS 4

SQL(test_mails_clear, "DELETE FROM mails");
SQL(test_mails_error, "SELECT COUNT(*) FROM mails WHERE error = $1");

struct adding {
	struct core *core;
	struct account_id who;
	enum mail_kind kind;
};

static enum err add(struct db *tx, void *arg)
{
	const struct adding *a = arg;

	return mail_add(a->core, tx, a->kind, a->who);
}

static enum err clear(struct db *tx, void *arg)
{
	(void)arg;
	return db_exec(tx, &test_mails_clear, NO_BINDS, NULL);
}

static struct account_id begin(struct fixture *f)
{
	static struct account_id who;

	f->core->config.mail = true;
	if (!who.v)
		who = fixture_account(f, "sari");
	assert_int_equal(store_write(f->store, clear, NULL), OK);
	return who;
}

static void add_one(struct fixture *f, struct account_id who)
{
	assert_int_equal(store_write(f->store, add, &(struct adding){f->core, who, MAIL_RESET}), OK);
}

/* When all that these tests put into the queue is due, however slow the machine. */
static int64_t soon(void)
{
	return clock_now() + 60000;
}

static enum err claim(struct fixture *f, int64_t now, struct mail *ret)
{
	return mail_claim(f->store, &f->arena, now, ret);
}

static void test_claim(void **state)
{
	struct fixture *f = *state;
	struct account_id who = begin(f);
	struct mail m, other;
	int64_t now = soon(), waiting, given_up;

	assert_int_equal(claim(f, now, &m), ERR_NOT_FOUND);
	add_one(f, who);
	assert_int_equal(claim(f, now, &m), OK);
	assert_true(m.kind == MAIL_RESET && m.account.v == who.v && m.attempts == 1);
	assert_true(view_is(m.address, "sari@example.org") && view_is(m.locale, "en"));
	assert_int_equal(claim(f, now, &other), ERR_NOT_FOUND);

	/* Whoever took it is gone. */
	assert_int_equal(claim(f, now + MAIL_LEASE_MS + 1, &other), OK);
	assert_true(other.id == m.id && other.attempts == 2);
	assert_int_equal(mail_sent(f->store, &m), OK); /* the first comes back late: it has no say */
	assert_int_equal(mail_count(f->db, &waiting, &given_up), OK);
	assert_int_equal(waiting, 1);
	assert_int_equal(mail_sent(f->store, &other), OK);
	assert_int_equal(mail_count(f->db, &waiting, &given_up), OK);
	assert_int_equal(waiting, 0);
}

static void test_failure(void **state)
{
	struct fixture *f = *state;
	struct account_id who = begin(f);
	struct mail m;
	int64_t now = soon(), waiting, given_up, n;

	add_one(f, who);
	for (int i = 1; i <= MAIL_ATTEMPTS; i++) {
		assert_int_equal(claim(f, now, &m), OK);
		assert_int_equal(m.attempts, i);
		assert_int_equal(mail_failed(f->store, &m, false, V("nobody there")), OK);
		assert_int_equal(claim(f, clock_now() + 9000, &m), ERR_NOT_FOUND);
		now += (int64_t)24 * 3600 * 1000;
	}
	assert_int_equal(mail_count(f->db, &waiting, &given_up), OK);
	assert_true(waiting == 0 && given_up == 1);
	assert_int_equal(db_int(f->db, &test_mails_error, BINDS(B_TEXT(V("nobody there"))), &n), OK);
	assert_int_equal(n, 1);

	begin(f);
	add_one(f, who);
	assert_int_equal(claim(f, soon(), &m), OK);
	assert_int_equal(mail_failed(f->store, &m, true, V("no such mailbox")), OK);
	assert_int_equal(mail_count(f->db, &waiting, &given_up), OK);
	assert_true(waiting == 0 && given_up == 1);
}

static void test_leases_of_the_dead(void **state)
{
	struct fixture *f = *state;
	struct account_id who = begin(f);
	struct mail m;

	add_one(f, who);
	assert_int_equal(claim(f, soon(), &m), OK);
	assert_int_equal(mail_free_leases(f->store), OK);
	assert_int_equal(claim(f, soon(), &m), OK);
}

struct taker {
	struct fixture *f;
	int64_t ids[MAILS * 2];
	size_t n;
};

static void *take_all(void *arg)
{
	struct taker *t = arg;
	struct arena a;
	struct mail m;

	arena_init(&a, LIMIT_MIB);
	while (t->n < MAILS * 2 && mail_claim(t->f->store, &a, clock_now() + 1000, &m) == OK)
		t->ids[t->n++] = m.id;
	arena_release(&a);
	store_thread_done(t->f->store);
	return NULL;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void test_many_takers(void **state)
{
	struct fixture *f = *state;
	struct account_id who = begin(f);
	struct taker takers[TAKERS] = {0};
	pthread_t threads[TAKERS];
	int64_t all[MAILS * 2 * TAKERS];
	size_t n = 0;

	for (size_t i = 0; i < MAILS; i++)
		add_one(f, who);
	for (size_t i = 0; i < TAKERS; i++) {
		takers[i].f = f;
		assert_int_equal(pthread_create(&threads[i], NULL, take_all, &takers[i]), 0);
	}
	for (size_t i = 0; i < TAKERS; i++) {
		pthread_join(threads[i], NULL);
		memcpy(all + n, takers[i].ids, takers[i].n * sizeof(*all));
		n += takers[i].n;
	}
	assert_int_equal(n, MAILS);
	qsort(all, n, sizeof(*all), compare);
	for (size_t i = 1; i < n; i++)
		assert_true(all[i - 1] != all[i]);
}

/* How many wait after asking for one. */
static int64_t ask_count(struct fixture *f, enum mail_kind kind, const char *address)
{
	int64_t waiting, given_up;

	assert_int_equal(mail_ask(f->core, &f->arena, kind, view_of(address)), OK);
	assert_int_equal(mail_count(f->db, &waiting, &given_up), OK);
	return waiting;
}

static void test_asking(void **state)
{
	struct fixture *f = *state;

	begin(f);
	assert_int_equal(ask_count(f, MAIL_RESET, "nobody@example.org"), 0);
	assert_int_equal(ask_count(f, MAIL_RESET, ""), 0);
	assert_int_equal(ask_count(f, MAIL_CONFIRM, "sari@example.org"), 0); /* it is confirmed */
	assert_int_equal(ask_count(f, MAIL_RESET, " SARI@example.org"), 1);
	assert_int_equal(ask_count(f, MAIL_RESET, "sari@example.org"), 1); /* not twice in a minute */
	f->core->config.mail = false;
	begin(f);
	f->core->config.mail = false;
	assert_int_equal(ask_count(f, MAIL_RESET, "sari@example.org"), 0);
}

static enum err use(struct db *tx, void *arg)
{
	return link_use(tx, LINK_RESET, *(const struct account_id *)arg);
}

static void test_links(void **state)
{
	struct fixture *f = *state;
	struct account_id who = begin(f);
	struct mail m = {.account = who, .address = V("sari@example.org")};
	char secret[TOKEN_LEN + 1], other[TOKEN_LEN + 1];
	struct link link;

	assert_int_equal(link_make(f->store, LINK_RESET, &m, secret), OK);
	assert_int_equal(link_make(f->store, LINK_RESET, &m, other), OK);
	assert_int_equal(ask_count(f, MAIL_RESET, "sari@example.org"), 0); /* one was sent just now */
	assert_int_equal(link_find(f->db, &f->arena, LINK_RESET, view_of(secret), &link), OK);
	assert_true(link.account.v == who.v && view_is(link.address, "sari@example.org"));
	assert_int_equal(link_find(f->db, &f->arena, LINK_CONFIRM, view_of(secret), &link), ERR_NOT_FOUND);
	assert_int_equal(link_find(f->db, &f->arena, LINK_RESET, V("short"), &link), ERR_NOT_FOUND);
	assert_int_equal(store_write(f->store, use, &who), OK);
	assert_int_equal(link_find(f->db, &f->arena, LINK_RESET, view_of(secret), &link), ERR_NOT_FOUND);
	assert_int_equal(link_find(f->db, &f->arena, LINK_RESET, view_of(other), &link), ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_claim),	    cmocka_unit_test(test_failure), cmocka_unit_test(test_leases_of_the_dead),
		cmocka_unit_test(test_many_takers), cmocka_unit_test(test_asking), cmocka_unit_test(test_links),
	};

	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
