/*
 * user_domains_test.c - what a block of a server would end, and ends.
 */
#include "base/base.h"

#include "core/core_fixture.h"

#include "core/graph.h"
#include "core/user_domains.h"

SQL(test_move, "UPDATE accounts SET domain = 'far.example' WHERE id = $1");

static enum err move(struct db *tx, void *arg)
{
	return db_exec(tx, &test_move, BINDS(B_INT(((struct account_id *)arg)->v)), NULL);
}

static void check(struct fixture *f, struct account_id who, const char *domain, int64_t following, int64_t followers)
{
	struct user_domain_ties ties = {-1, -1};

	assert_int_equal(user_domain_ties_count(f->db, who, view_of(domain), &ties), OK);
	assert_int_equal(ties.following, following);
	assert_int_equal(ties.followers, followers);
}

static void test_ties(void **state)
{
	struct fixture *f = *state;
	struct account_id alice = fixture_account(f, "alice"), bob = fixture_account(f, "bob");
	struct account_id near = fixture_account(f, "near"), far[3];
	static const char *const names[] = {"one", "two", "three"};
	const struct follow_options options = {0};
	struct problem problem = {0};

	for (size_t i = 0; i < ARRAY_LEN(far); i++) {
		far[i] = fixture_account(f, names[i]);
		assert_int_equal(graph_follow(f->core, far[i], alice, &options, &problem), OK);
		assert_int_equal(store_write(f->store, move, &far[i]), OK);
	}
	assert_int_equal(graph_follow(f->core, alice, far[0], &options, &problem), OK);
	assert_int_equal(graph_follow(f->core, alice, near, &options, &problem), OK);
	check(f, alice, "far.example", 1, 3);
	check(f, alice, "FAR.example", 1, 3);
	check(f, alice, "near.example", 0, 0);
	check(f, alice, "no name", 0, 0);
	check(f, alice, "", 0, 0);
	check(f, bob, "far.example", 0, 0);
	assert_int_equal(user_domain_block(f->core, alice, V("far.example"), &problem), OK);
	check(f, alice, "far.example", 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_ties)};

	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
