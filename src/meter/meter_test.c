/*
 * meter_test.c - what is charged, against a ledger in files and a plain model: once for each version and day, within
 * cap and balance, nothing for what broke off, and the same again after a restart.
 */
#include "base/base.h"
#include "core/core_fixture.h"
#include "base/clock.h"
#include "meter/journal.h"
#include "meter/meter_private.h"
#include "meter/plan_store.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

SQL(test_usage, "SELECT COALESCE(SUM(posts_included), 0) FROM usage_days WHERE licensee_id = $1");
SQL(test_extra, "SELECT COALESCE(SUM(posts_extra), 0) FROM usage_days WHERE licensee_id = $1");
SQL(test_cost, "SELECT COALESCE(SUM(cost_micro), 0) FROM usage_days WHERE licensee_id = $1");
SQL(test_broken, "SELECT COALESCE(SUM(answers_broken), 0) FROM usage_days WHERE licensee_id = $1");

struct world {
	struct fixture *f;
	struct ledger *ledger;
	struct meter *meter;
	char dir[128];
	struct licence licence;
};

static int64_t next_licensee = 1000;

static void open_ledger(struct world *w)
{
	struct ledger_config config = {.dir = w->dir, .origin = "kicau.example/ledger", .fingerprints = true};
	struct problem problem = {0};

	assert_int_equal(ledger_open(&config, &w->ledger, &problem), OK);
}

static void open_meter(struct world *w)
{
	struct problem problem = {0};
	enum err err = meter_open(w->f->core, w->ledger, &w->meter, &problem);

	if (err != OK)
		fail_msg("meter_open: %s", problem.text);
}

static void start(struct world *w)
{
	open_ledger(w);
	open_meter(w);
}

static void stop(struct world *w)
{
	meter_close(w->meter);
	ledger_close(w->ledger);
}

static int setup(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));

	w->f = fixture_open();
	assert_int_equal(plans_install(w->f->core), OK);
	snprintf(w->dir, sizeof(w->dir), "%s/ledger", w->f->dir);
	start(w);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	char command[256];

	stop(w);
	snprintf(command, sizeof(command), "rm -rf %s", w->dir);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): a fixed command in a folder made here */
	fixture_close(w->f);
	free(w);
	return 0;
}

/* A licensee nobody has met, under a plan that includes `included` reads, and sells more for `each` or stops. */
static void new_licensee(struct world *w, int64_t included, int64_t each, bool prepaid)
{
	struct problem problem = {0};
	struct plan p;

	assert_int_equal(plan_find(w->f->db, V("basic"), &p, &problem), OK);
	snprintf(p.name, sizeof(p.name), "test%" PRId64, ++next_licensee);
	p.included = included;
	p.post_micro = each;
	p.hard_stop = each == 0;
	p.prepaid = prepaid;
	p.ceiling = 0;
	p.approval = false;
	assert_int_equal(plan_save(w->f->core, (struct account_id){0}, &p, &p, &problem), OK);
	w->licence = (struct licence){.key = 1, .app = 0, .project = 1, .licensee = next_licensee, .plan = p};
}

struct outcome {
	struct delivery *d;
	size_t granted;
	struct meter_refusal why;
};

static enum err deliver(struct world *w, int64_t first, size_t n, bool cut, const char *request, struct outcome *ret)
{
	struct ledger_item items[LEDGER_ITEMS_MAX];
	struct meter_ask ask = {.licence = &w->licence,
				.endpoint = DATA_LOOKUP,
				.kind = LEDGER_POSTS,
				.items = items,
				.n = n,
				.cut = cut,
				.request = view_of(request ? request : "")};
	struct problem problem = {0};

	*ret = (struct outcome){0};
	for (size_t i = 0; i < n; i++)
		items[i] = (struct ledger_item){.id = first + (int64_t)i};
	return meter_deliver(w->meter, w->f->db, &ask, &ret->d, &ret->granted, &ret->why, &problem);
}

static void charged(struct world *w, int64_t first, size_t n, uint32_t want_charged, int64_t want_micro)
{
	struct outcome o;

	assert_int_equal(deliver(w, first, n, false, NULL, &o), OK);
	assert_int_equal(o.granted, n);
	assert_int_equal(delivery_cost(o.d)->charged, want_charged);
	assert_int_equal(delivery_cost(o.d)->repeated, n - want_charged);
	assert_int_equal(delivery_cost(o.d)->micro, want_micro);
	meter_settle(o.d, true);
}

static int64_t in_database(struct world *w, const struct sql *sql)
{
	int64_t n;

	assert_int_equal(meter_flush(w->meter), OK);
	assert_int_equal(db_int(w->f->db, sql, BINDS(B_INT(w->licence.licensee)), &n), OK);
	return n;
}

/* As if so much time had passed. */
static void pass(struct world *w, int64_t ms)
{
	pthread_mutex_lock(&w->meter->lock);
	w->meter->last_ms = (w->meter->last_ms > clock_now() ? w->meter->last_ms : clock_now()) + ms;
	pthread_mutex_unlock(&w->meter->lock);
}

static void test_once_a_day(void **state)
{
	struct world *w = *state;

	new_licensee(w, 100, 7, false);
	charged(w, 1, 10, 10, 0);
	charged(w, 1, 10, 0, 0);
	charged(w, 6, 10, 5, 0);
	assert_int_equal(in_database(w, &test_usage), 15);
	assert_int_equal(in_database(w, &test_cost), 0);
	pass(w, DAY_MS);
	charged(w, 1, 10, 10, 0);
	assert_int_equal(in_database(w, &test_usage), 25);
}

static void test_versions(void **state)
{
	struct world *w = *state;
	struct ledger_item item = {.id = 5};
	struct meter_ask ask = {
		.licence = &w->licence, .endpoint = DATA_LOOKUP, .kind = LEDGER_POSTS, .items = &item, .n = 1};
	struct problem problem = {0};
	struct outcome o = {0};

	new_licensee(w, 100, 7, false);
	for (uint32_t version = 0; version < 3; version++) {
		item.version = version;
		for (int again = 0; again < 2; again++) {
			assert_int_equal(meter_deliver(w->meter, w->f->db, &ask, &o.d, &o.granted, &o.why, &problem),
					 OK);
			assert_int_equal(delivery_cost(o.d)->charged, again ? 0 : 1);
			meter_settle(o.d, true);
		}
	}
	assert_int_equal(in_database(w, &test_usage), 3);
}

static void test_beyond_the_plan(void **state)
{
	struct world *w = *state;

	new_licensee(w, 10, 7, false);
	charged(w, 1, 8, 8, 0);
	charged(w, 101, 8, 8, 6 * 7);
	charged(w, 101, 9, 1, 7);
	assert_int_equal(in_database(w, &test_usage), 10);
	assert_int_equal(in_database(w, &test_extra), 7);
	assert_int_equal(in_database(w, &test_cost), 49);
}

static void test_hard_stop(void **state)
{
	struct world *w = *state;
	struct outcome o;

	new_licensee(w, 10, 0, false);
	charged(w, 1, 8, 8, 0);
	assert_int_equal(deliver(w, 101, 3, false, NULL, &o), ERR_PAYMENT);
	assert_string_equal(o.why.what, "posts");
	assert_int_equal(o.why.limit, 10);
	assert_int_equal(o.why.used, 8);
	assert_true(o.why.reset_ms > clock_now());
	assert_int_equal(deliver(w, 101, 3, true, NULL, &o), OK);
	assert_int_equal(o.granted, 2);
	assert_int_equal(delivery_cost(o.d)->month_left, 0);
	meter_settle(o.d, true);
	charged(w, 1, 8, 0, 0); /* repeats are free, whatever is left */
	assert_int_equal(deliver(w, 201, 1, true, NULL, &o), ERR_PAYMENT);
	pass(w, 32 * DAY_MS);
	charged(w, 201, 1, 1, 0);
}

static void test_broken_is_free(void **state)
{
	struct world *w = *state;
	struct outcome o;

	new_licensee(w, 10, 0, false);
	assert_int_equal(deliver(w, 1, 10, false, NULL, &o), OK);
	meter_settle(o.d, false);
	assert_int_equal(in_database(w, &test_usage), 0);
	assert_int_equal(in_database(w, &test_broken), 1);
	charged(w, 1, 10, 10, 0);
	assert_int_equal(in_database(w, &test_usage), 10);
}

/* One call breaks off on purpose, and another has read the same for nothing meanwhile. */
static void test_broken_is_no_trick(void **state)
{
	struct world *w = *state;
	struct outcome slow;

	new_licensee(w, 4, 7, false);
	assert_int_equal(deliver(w, 1, 10, false, NULL, &slow), OK);
	assert_int_equal(delivery_cost(slow.d)->micro, 6 * 7);
	charged(w, 3, 5, 0, 0);
	meter_settle(slow.d, false);
	assert_int_equal(in_database(w, &test_usage) + in_database(w, &test_extra), 5);
	assert_int_equal(in_database(w, &test_cost), 7);
	charged(w, 3, 5, 0, 0);
	charged(w, 1, 10, 5, 5 * 7);
}

static void test_a_name_is_paid_once(void **state)
{
	struct world *w = *state;
	struct outcome o;

	new_licensee(w, 0, 7, false);
	for (int round = 0; round < 3; round++) {
		assert_int_equal(deliver(w, 1, 4, false, "order 17", &o), OK);
		assert_int_equal(delivery_cost(o.d)->micro, round ? 0 : 28);
		meter_settle(o.d, true);
		assert_int_equal(in_database(w, &test_cost), 28);
		pass(w, 366 * DAY_MS);
	}
	assert_int_equal(deliver(w, 1, 4, false, "order 18", &o), OK);
	assert_int_equal(delivery_cost(o.d)->micro, 28);
	meter_settle(o.d, true);
}

static void test_a_restart_forgets_nothing(void **state)
{
	struct world *w = *state;
	struct outcome lost;

	new_licensee(w, 10, 7, false);
	charged(w, 1, 5, 5, 0);
	assert_int_equal(deliver(w, 100, 3, false, NULL, &lost), OK); /* its answer never ends */
	assert_int_equal(in_database(w, &test_usage), 5);
	stop(w);
	start(w);
	charged(w, 1, 6, 1, 0);
	assert_int_equal(in_database(w, &test_broken), 1);
	charged(w, 100, 4, 4, 0);
	charged(w, 200, 1, 1, 7);
	assert_int_equal(in_database(w, &test_usage), 10);
	assert_int_equal(in_database(w, &test_cost), 7);
}

/* What was under way is asked for again before its end is recorded: it is the new answer's alone. */
static void test_asked_again_at_once(void **state)
{
	struct world *w = *state;
	struct outcome lost, again;

	new_licensee(w, 100, 7, false);
	assert_int_equal(deliver(w, 1, 3, false, NULL, &lost), OK);
	assert_int_equal(meter_flush(w->meter), OK);
	stop(w);
	start(w);
	assert_int_equal(deliver(w, 1, 3, false, NULL, &again), OK);
	assert_int_equal(delivery_cost(again.d)->charged, 3);
	assert_int_equal(meter_flush(w->meter), OK);
	charged(w, 1, 3, 0, 0);
	meter_settle(again.d, true);
	assert_int_equal(in_database(w, &test_usage), 3);
	assert_int_equal(in_database(w, &test_broken), 1);
}

/* ---- many at once, against a plain count ---- */

#define THREADS 8
#define CALLS 120
#define POSTS 400

struct crowd {
	struct world *w;
	unsigned seed;
	pthread_t thread;
	int64_t micro, charged;
};

static unsigned rnd(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 12;
}

static void *read_much(void *arg)
{
	struct crowd *c = arg;
	struct outcome o;

	for (int i = 0; i < CALLS; i++) {
		size_t n = 1 + rnd(&c->seed) % 30;

		assert_int_equal(deliver(c->w, 1 + rnd(&c->seed) % POSTS, n, false, NULL, &o), OK);
		bool whole = rnd(&c->seed) % 4 != 0;

		c->micro += whole ? delivery_cost(o.d)->micro : 0;
		c->charged += whole ? delivery_cost(o.d)->charged : 0;
		meter_settle(o.d, whole);
	}
	store_thread_done(c->w->f->store);
	return NULL;
}

struct recount {
	int64_t licensee, carried_micro, micro, charged;
	uint64_t settled[200000];
	size_t n;
};

static enum err collect(void *arg, uint64_t index, const struct ledger_record *r)
{
	struct recount *c = arg;

	(void)index;
	for (size_t i = 0; r->kind == LEDGER_SETTLED && i < r->n_items; i++)
		c->settled[c->n++] = (uint64_t)r->items[i].id;
	return OK;
}

static void test_many_at_once(void **state)
{
	struct world *w = *state;
	struct crowd crowd[THREADS];
	struct recount *again = xcalloc(1, sizeof(*again));
	int64_t micro;

	new_licensee(w, 50, 7, false);
	for (unsigned i = 0; i < THREADS; i++) {
		crowd[i] = (struct crowd){.w = w, .seed = i + 1};
		assert_int_equal(pthread_create(&crowd[i].thread, NULL, read_much, &crowd[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(crowd[i].thread, NULL);
	micro = in_database(w, &test_cost);

	/* What the ledger alone says was charged. */
	assert_int_equal(ledger_each(w->ledger, 0, collect, again), OK);
	for (size_t i = 0; i < again->n; i++) {
		struct ledger_record r;

		assert_int_equal(ledger_read(w->ledger, &w->f->arena, again->settled[i], &r), OK);
		if (r.licensee != w->licence.licensee)
			continue;
		again->micro += r.cost_micro;
		for (size_t k = 0; k < r.n_items; k++)
			again->charged += r.items[k].charged;
	}
	assert_int_equal(again->micro, micro);
	assert_int_equal(again->charged, in_database(w, &test_usage) + in_database(w, &test_extra));
	assert_true(again->charged <= POSTS + 30); /* a post once, whoever asked */
	free(again);
}

/* ---- paid in advance ---- */

#define PAID 500

static enum err book_payment(struct db *tx, void *arg)
{
	const struct world *w = arg;
	struct new_entry e = {.kind = ENTRY_PAYMENT,
			      .licensee = w->licence.licensee,
			      .day = day_of(clock_now()),
			      .reference = V("in advance"),
			      .lines = {{BOOK_LICENSEE, PAID}, {BOOK_MANUAL, -PAID}}};
	int32_t day;
	int64_t id;

	TRY(journal_hold(tx, e.licensee, &day));
	return journal_book(tx, &e, &id);
}

static void *read_on_credit(void *arg)
{
	struct crowd *c = arg;
	struct outcome o;

	for (int i = 0; i < CALLS; i++) {
		bool cut = rnd(&c->seed) % 2;
		enum err err = deliver(c->w, 1 + rnd(&c->seed) % POSTS, 1 + rnd(&c->seed) % 5, cut, NULL, &o);
		if (err == ERR_PAYMENT)
			continue;
		assert_int_equal(err, OK);
		assert_true(delivery_cost(o.d)->balance_micro >= 0);
		meter_settle(o.d, rnd(&c->seed) % 3 != 0);
	}
	store_thread_done(c->w->f->store);
	return NULL;
}

static void test_never_overdrawn(void **state)
{
	struct world *w = *state;
	struct crowd crowd[THREADS];
	struct outcome o;
	int64_t left;

	new_licensee(w, 0, 7, true);
	assert_int_equal(store_write(w->f->store, book_payment, w), OK);
	for (unsigned i = 0; i < THREADS; i++) {
		crowd[i] = (struct crowd){.w = w, .seed = i + 1};
		assert_int_equal(pthread_create(&crowd[i].thread, NULL, read_on_credit, &crowd[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(crowd[i].thread, NULL);
	assert_int_equal(meter_flush(w->meter), OK);
	/* What is left is had to the last read. */
	enum err err = deliver(w, POSTS + 100, PAID / 7, true, NULL, &o);
	if (err == OK)
		meter_settle(o.d, true);
	int64_t cost = in_database(w, &test_cost);
	assert_int_equal(cost, PAID / 7 * 7);
	assert_int_equal(journal_balance(w->f->db, w->licence.licensee, &left), OK);
	assert_int_equal(left, PAID - cost);
	assert_int_equal(deliver(w, POSTS + 900, 1, true, NULL, &o), ERR_PAYMENT);
	assert_string_equal(o.why.what, "balance");
}

/* ---- a ledger that cannot be written ---- */

static off_t ledger_bytes(const struct world *w)
{
	char path[160];
	struct stat st;

	snprintf(path, sizeof(path), "%s/000000000000.log", w->dir);
	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

/* What one call got for nothing is charged when the other breaks off; that cannot be recorded, and so it is free. */
static void test_carried_and_not_recorded(void **state)
{
	struct world *w = *state;
	struct rlimit before, small;
	struct outcome slow;

	signal(SIGXFSZ, SIG_IGN);
	new_licensee(w, 100, 7, false);
	assert_int_equal(deliver(w, 1, 10, false, NULL, &slow), OK);
	charged(w, 3, 5, 0, 0);
	assert_int_equal(in_database(w, &test_usage), 0);
	getrlimit(RLIMIT_FSIZE, &before);
	small = (struct rlimit){(rlim_t)ledger_bytes(w), before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	meter_settle(slow.d, false);
	nanosleep(&(struct timespec){.tv_nsec = 300 * 1000000L}, NULL);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(in_database(w, &test_usage), 0);
	assert_int_equal(in_database(w, &test_broken), 1);
	assert_null(w->meter->open);
	charged(w, 1, 10, 10, 0);
	assert_int_equal(in_database(w, &test_usage), 10);
}

static void test_quotes_cost_nothing(void **state)
{
	struct world *w = *state;
	struct meter_cost cost;
	struct meter_refusal why;
	struct problem problem = {0};

	new_licensee(w, 10, 7, false);
	assert_int_equal(meter_quote(w->meter, w->f->db, &w->licence, LEDGER_POSTS, 12, 0, &cost, &why, &problem), OK);
	assert_int_equal(cost.micro, 14);
	assert_int_equal(in_database(w, &test_usage), 0);
	charged(w, 1, 12, 12, 14);
}

/* What n posts from `first` on would cost; where it is cut, the first so many of them. */
static void foreseen(struct world *w, int64_t first, size_t n, int64_t spent, size_t want_granted,
		     uint32_t want_charged, int64_t want_micro)
{
	struct ledger_item items[LEDGER_ITEMS_MAX];
	struct meter_ask ask = {.licence = &w->licence, .kind = LEDGER_POSTS, .items = items, .n = n, .cut = true};
	struct meter_cost cost;
	struct meter_refusal why = {0};
	struct problem problem = {0};
	size_t granted;

	for (size_t i = 0; i < n; i++)
		items[i] = (struct ledger_item){.id = first + (int64_t)i};
	assert_int_equal(meter_foresee(w->meter, w->f->db, &ask, spent, &granted, &cost, &why, &problem), OK);
	assert_int_equal(granted, want_granted);
	assert_int_equal(cost.charged, want_charged);
	assert_int_equal(cost.repeated, want_granted - want_charged);
	assert_int_equal(cost.micro, want_micro);
	assert_int_equal(why.what != NULL, want_granted < n);
}

static void test_what_is_foreseen_is_what_comes(void **state)
{
	struct world *w = *state;
	struct outcome o;

	new_licensee(w, 10, 0, false);
	foreseen(w, 1, 6, 0, 6, 6, 0);
	foreseen(w, 1, 6, 0, 6, 6, 0); /* it took nothing */
	charged(w, 1, 6, 6, 0);
	foreseen(w, 1, 6, 0, 6, 0, 0);
	foreseen(w, 4, 20, 0, 7, 4, 0); /* three were paid, four are left */
	assert_int_equal(deliver(w, 4, 20, true, NULL, &o), OK);
	assert_int_equal(o.granted, 7);
	foreseen(w, 4, 7, 0, 7, 0, 0); /* on its way: whoever asks again now pays nothing */
	meter_settle(o.d, false);
	assert_int_equal(meter_flush(w->meter), OK);
	foreseen(w, 4, 7, 0, 7, 4, 0);
	new_licensee(w, 0, 5, false);
	foreseen(w, 1, 3, 1000, 3, 3, 15); /* a balance bounds prepaid plans alone */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_once_a_day),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_beyond_the_plan),
		cmocka_unit_test(test_hard_stop),
		cmocka_unit_test(test_broken_is_free),
		cmocka_unit_test(test_broken_is_no_trick),
		cmocka_unit_test(test_a_name_is_paid_once),
		cmocka_unit_test(test_a_restart_forgets_nothing),
		cmocka_unit_test(test_asked_again_at_once),
		cmocka_unit_test(test_many_at_once),
		cmocka_unit_test(test_never_overdrawn),
		cmocka_unit_test(test_carried_and_not_recorded),
		cmocka_unit_test(test_quotes_cost_nothing),
		cmocka_unit_test(test_what_is_foreseen_is_what_comes),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
