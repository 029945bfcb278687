/*
 * withhold_keys_test.c - which generation decides on which post, when a key may follow another and when it may be told, and
 * what does not fit between a database and its ledger.
 */
#include "base/base.h"

#include "core/core_fixture.h"

#include "base/clock.h"
#include "base/id.h"
#include "meter/licensee_store.h"
#include "meter/plan_store.h"
#include "meter/withholding.h"

#define NOBODY ((struct account_id){0})
#define HALF (WITHHOLD_PPM / 2)
#define SOME 300000 /* of first keys */
#define NO_LICENSEE INT64_C(99)

SQL(test_forget_keys, "DELETE FROM withhold_keys WHERE licensee_id = $1");
SQL(test_statements, "SELECT COUNT(*) FROM ledger_statements WHERE licensee_id = $1");

/* ---- one change of keys, in a transaction of its own ---- */

struct step {
	enum err (*change)(struct db *tx, struct step *s);
	int64_t licensee, number, now;
	uint32_t ppm;
	const struct core_config *config;
	struct problem problem;
};

static enum err write_step(struct db *tx, void *arg)
{
	struct step *s = arg;

	return s->change(tx, s);
}

static enum err do_rotate(struct db *tx, struct step *s)
{
	return withhold_rotate(tx, (struct account_id){0}, s->licensee, s->ppm, s->now, &s->problem);
}

static enum err do_reveal(struct db *tx, struct step *s)
{
	return withhold_reveal(tx, (struct account_id){0}, s->licensee, s->number, s->now, &s->problem);
}

static enum err do_forgo(struct db *tx, struct step *s)
{
	const struct withhold_generation g = {.licensee = s->licensee, .number = s->number, .ppm = s->ppm};

	return withhold_forgo(tx, &g, s->now);
}

static enum err do_begin(struct db *tx, struct step *s)
{
	return withhold_begin(tx, s->config);
}

static enum err forget_keys(struct db *tx, struct step *s)
{
	return db_exec(tx, &test_forget_keys, BINDS(B_INT(s->licensee)), NULL);
}

/* What came of it; words: that an answer other than OK has to have, NULL: none. */
static void expect(struct fixture *f, struct step s, enum err err, const char *words)
{
	assert_int_equal(store_write(f->store, write_step, &s), err);
	if (words)
		assert_non_null(strstr(s.problem.text, words));
}

static int64_t make_licensee(struct fixture *f, const char *name)
{
	const struct new_licensee new = {.name = view_of(name), .email = V(""), .plan = V("free")};
	int64_t id;

	assert_int_equal(plans_install(f->core), OK);
	f->core->config.withhold_ppm = SOME;
	assert_int_equal(licensee_create(f->core, NOBODY, &new, &id, NULL), OK);
	return id;
}

static struct withhold_generation *load(struct fixture *f, int64_t licensee, size_t n)
{
	struct withhold_generation *list;
	size_t found;

	assert_int_equal(withhold_load(f->db, &f->arena, licensee, &list, &found), OK);
	assert_int_equal(found, n);
	return list;
}

/* ---- which generation decides ---- */

static void decided_by(const struct withhold_generation *list, size_t n, int64_t licensee, int64_t post, int64_t number)
{
	const struct withhold_generation *g = withhold_deciding(list, n, licensee, (struct post_id){post});

	assert_int_equal(g ? g->number : 0, number);
}

/* The set that deliveries use says what the deciding key alone says. */
static void agree(struct withhold_set *s, const struct withhold_generation *list, size_t n, int64_t post)
{
	const struct withhold_generation *g = withhold_deciding(list, n, list[0].licensee, (struct post_id){post});
	struct withhold_terms terms = withhold_set_terms(s, (struct post_id){post});
	struct withhold_state state;

	assert_non_null(g);
	withhold_prepare(&g->key, &state);
	assert_int_equal(withhold_set_has(s, (struct post_id){post}),
			 withhold_is_withheld(&state, g->ppm, (struct post_id){post}));
	assert_int_equal(terms.ppm, g->ppm);
	assert_int_equal(terms.generation, g->number);
	assert_int_equal(terms.everybody_ppm, 0);
}

static void a_post_is_decided_on_by_one_key(void **state)
{
	struct fixture *f = *state;
	int64_t who = make_licensee(f, "Boundaries Ltd"), now = clock_now(), later = now + WITHHOLD_LEAD_MS;
	struct withhold_set *set;

	expect(f, (struct step){.change = do_rotate, .licensee = who, .ppm = HALF, .now = now}, OK, NULL);
	expect(f, (struct step){.change = do_rotate, .licensee = who, .ppm = 0, .now = later}, OK, NULL);
	struct withhold_generation *list = load(f, who, 3);
	int64_t second = id_at(later), third = id_at(later + WITHHOLD_LEAD_MS);
	const struct {
		int64_t post, number;
	} posts[] = {{0, 1},	     {1, 1},	 {second - 1, 1},    {second, 2}, {second + 1, 2},
		     {third - 1, 2}, {third, 3}, {INT64_MAX - 1, 3}, {-1, 0},	  {-second, 0}};

	for (size_t i = 0; i < ARRAY_LEN(posts); i++)
		decided_by(list, 3, who, posts[i].post, posts[i].number);
	decided_by(list, 3, who + 1, second, 0);
	assert_int_equal(list[0].ppm, SOME);
	assert_int_equal(list[1].ppm, HALF);
	assert_memory_not_equal(list[0].key.b, list[1].key.b, WITHHOLD_KEY_LEN);
	assert_int_equal(withhold_set_load(f->db, who, &set), OK);
	struct withhold_memos *memos = withhold_memos_new(1);
	for (int round = 0; round < 3; round++) {
		for (int64_t i = -200; i < 200; i++) {
			agree(set, list, 3, second + i);
			agree(set, list, 3, third + i);
		}
		/* Then as it decides, remembering, and as it remembers. */
		withhold_set_remember(set, memos);
	}
	withhold_memos_unref(memos);
	for (int64_t i = 0; i < 200; i++) {
		assert_false(withhold_set_has(set, (struct post_id){third + i}));
		assert_false(withhold_set_has(set, (struct post_id){-second - i}));
	}
	withhold_set_unref(set);
}

/* Whoever was there before keys were may have received any post until now. */
static void first_keys_begin_where_nothing_was_delivered(void **state)
{
	struct fixture *f = *state;
	int64_t who = make_licensee(f, "There Before"), now;

	assert_int_equal(load(f, who, 1)->from_id, 0);
	expect(f, (struct step){.change = forget_keys, .licensee = who}, OK, NULL);
	now = id_at(clock_now());
	expect(f, (struct step){.change = do_begin, .config = &f->core->config}, OK, NULL);
	expect(f, (struct step){.change = do_begin, .config = &f->core->config}, OK, NULL);
	struct withhold_generation *list = load(f, who, 1);

	assert_true(list->from_id >= now);
	decided_by(list, 1, who, list->from_id - 1, 0);
	decided_by(list, 1, who, list->from_id, 1);
}

/* ---- when ---- */

static void a_key_follows_another_when_that_has_begun(void **state)
{
	struct fixture *f = *state;
	int64_t who = make_licensee(f, "Hasty Ltd"), now = clock_now(), begun = now + WITHHOLD_LEAD_MS;

	expect(f, (struct step){.change = do_rotate, .licensee = who, .now = now}, OK, NULL);
	expect(f, (struct step){.change = do_rotate, .licensee = who, .now = now}, ERR_CONFLICT, "made already");
	expect(f, (struct step){.change = do_rotate, .licensee = who, .now = begun - 1}, ERR_CONFLICT, "made already");
	load(f, who, 2);
	expect(f, (struct step){.change = do_rotate, .licensee = who, .now = begun}, OK, NULL);
	load(f, who, 3);
	expect(f, (struct step){.change = do_rotate, .licensee = NO_LICENSEE, .now = now}, ERR_NOT_FOUND, NULL);
}

static int64_t statements(struct fixture *f, int64_t licensee)
{
	int64_t n;

	assert_int_equal(db_int(f->db, &test_statements, BINDS(B_INT(licensee)), &n), OK);
	return n;
}

static void a_key_is_told_when_it_decides_no_more(void **state)
{
	struct fixture *f = *state;
	int64_t who = make_licensee(f, "Curious Ltd"), now = clock_now(), begun = now + WITHHOLD_LEAD_MS;
	struct step first = {.change = do_reveal, .licensee = who, .number = 1, .now = now};

	expect(f, first, ERR_CONFLICT, "rotate first");
	expect(f, (struct step){.change = do_rotate, .licensee = who, .now = now}, OK, NULL);
	first.now = begun - 1;
	expect(f, first, ERR_CONFLICT, "after that");
	assert_false(load(f, who, 2)[0].revealing);
	first.now = begun;
	expect(f, first, OK, NULL);
	expect(f, first, OK, NULL);
	assert_int_equal(statements(f, who), 3); /* two commitments and one reveal */
	struct withhold_generation *list = load(f, who, 2);

	assert_true(list[0].revealing);
	assert_false(list[1].revealing);
	expect(f, (struct step){.change = do_reveal, .licensee = who, .number = 2, .now = begun}, ERR_CONFLICT,
	       "rotate first");
	expect(f, (struct step){.change = do_reveal, .licensee = who, .number = 3, .now = begun}, ERR_NOT_FOUND, NULL);
}

static void what_is_lost_withholds_nothing(void **state)
{
	struct fixture *f = *state;
	int64_t who = make_licensee(f, "Unlucky Ltd"), now = clock_now(), begun = now + WITHHOLD_LEAD_MS;
	struct withhold_set *set;

	expect(f, (struct step){.change = do_forgo, .licensee = who, .number = 1, .ppm = SOME, .now = now}, OK, NULL);
	struct withhold_generation *list = load(f, who, 2);

	assert_true(list[0].lost);
	assert_int_equal(list[1].from_id, id_at(begun));
	assert_int_equal(list[1].ppm, SOME);
	assert_int_equal(withhold_set_load(f->db, who, &set), OK);
	for (int64_t i = 1; i < 200; i++)
		assert_false(withhold_set_has(set, (struct post_id){id_at(begun) - i}));
	withhold_set_unref(set);
	expect(f, (struct step){.change = do_reveal, .licensee = who, .number = 1, .now = begun}, ERR_CONFLICT, "lost");
}

/* ---- database and ledger ---- */

static void each_difference_is_found(void **state)
{
	enum { KEYS = 2 };
	struct withhold_generation good[KEYS] = {
		{.licensee = WITHHOLD_EVERYBODY, .number = 1, .ppm = 7, .key = {{1}}, .salt = {{2}}},
		{.licensee = 12, .number = 1, .ppm = HALF, .from_id = 1000, .key = {{3}}, .salt = {{4}}}};
	const struct withhold_committed told = {.licensee = 12,
						.number = 1,
						.ppm = HALF,
						.from_id = 1000,
						.commitment = withhold_commitment(&good[1].key, &good[1].salt)};
	struct withhold_committed c;

	(void)state;
	assert_int_equal(withhold_compare(&told, good, KEYS, true), WITHHOLD_FITS);
	assert_int_equal(withhold_compare(&told, good, 1, true), WITHHOLD_MISSING);
	assert_int_equal(withhold_compare(&told, good, 1, false), WITHHOLD_UNKNOWN_LICENSEE);
	c = told, c.number = 2;
	assert_int_equal(withhold_compare(&c, good, KEYS, true), WITHHOLD_MISSING);
	c = told, c.licensee = WITHHOLD_EVERYBODY;
	assert_int_equal(withhold_compare(&c, good, KEYS, true), WITHHOLD_DIFFERENT);
	c = told, c.ppm--;
	assert_int_equal(withhold_compare(&c, good, KEYS, true), WITHHOLD_DIFFERENT);
	c = told, c.from_id++;
	assert_int_equal(withhold_compare(&c, good, KEYS, true), WITHHOLD_DIFFERENT);
	c = told, c.commitment.b[DIGEST_LEN - 1] ^= 1;
	assert_int_equal(withhold_compare(&c, good, KEYS, true), WITHHOLD_DIFFERENT);
	good[1].key.b[WITHHOLD_KEY_LEN - 1] ^= 1;
	assert_int_equal(withhold_compare(&told, good, KEYS, true), WITHHOLD_DIFFERENT);
	good[1].key.b[WITHHOLD_KEY_LEN - 1] ^= 1;
	good[1].salt.b[0] ^= 128;
	assert_int_equal(withhold_compare(&told, good, KEYS, true), WITHHOLD_DIFFERENT);
	good[1].lost = true;
	assert_int_equal(withhold_compare(&told, good, KEYS, true), WITHHOLD_FITS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_post_is_decided_on_by_one_key),
		cmocka_unit_test(first_keys_begin_where_nothing_was_delivered),
		cmocka_unit_test(a_key_follows_another_when_that_has_begun),
		cmocka_unit_test(a_key_is_told_when_it_decides_no_more),
		cmocka_unit_test(what_is_lost_withholds_nothing),
		cmocka_unit_test(each_difference_is_found),
	};

	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
