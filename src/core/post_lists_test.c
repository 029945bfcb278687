/*
 * post_lists_test.c - lists of posts in pages: what is on them, in which order, and that pages follow each other without
 * gaps or repeats.
 */
#include "base/base.h"
#include "core/post_lists.h"

#include "core/posts_fixture.h"

SQL(test_direct_rows, "SELECT count(*) FROM direct_posts WHERE account_id = $1");

static struct post_id write_direct(struct fixture *f, struct account_id who, const char *text)
{
	return post_np(f, (struct new_post){.author = who,
					    .text = view_of(text),
					    .has_visibility = true,
					    .visibility = VISIBILITY_DIRECT});
}

/* The whole direct timeline, newest first, in pages of three; read upwards from its end when `up`. */
static size_t walk_direct(struct fixture *f, struct account_id who, bool up, int64_t ret[40])
{
	struct page page = {.limit = 3, .min_id = up ? 1 : 0};
	size_t n = 0, got;

	for (;;) {
		struct page_item items[3];

		assert_int_equal(account_direct_posts(f->db, who, &page, items, &got), OK);
		if (!got)
			return n;
		assert_true(n + got <= 40);
		if (up)
			memmove(ret + got, ret, n * sizeof(*ret));
		for (size_t i = 0; i < got; i++)
			ret[(up ? 0 : n) + i] = items[i].id;
		n += got;
		*(up ? &page.min_id : &page.max_id) = items[up ? 0 : got - 1].id;
	}
}

static void assert_direct(struct fixture *f, struct account_id who, const int64_t *ids, size_t n)
{
	int64_t found[40];

	for (int up = 0; up <= 1; up++) {
		assert_int_equal(walk_direct(f, who, up, found), n);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(found[i], ids[n - 1 - i]);
	}
}

static void test_direct(void **state)
{
	struct fixture *f = *state;
	int64_t both[40];
	size_t n = 0;

	fixture_takes_all(f, alice);
	fixture_takes_all(f, bob);
	for (size_t i = 0; i < 8; i++) {
		both[n++] = write_direct(f, alice, "@bob and I").v;
		post(f, alice, "@bob for everybody to see");
		if (i % 3 == 0)
			both[n++] = write_direct(f, bob, "@alice and you").v;
	}
	assert_direct(f, alice, both, n);
	assert_direct(f, bob, both, n);
	assert_direct(f, carol, both, 0);
	/* Notifications that are done with were the end of it once. */
	assert_int_equal(notifications_clear_all(f->core, f->db, bob), OK);
	assert_direct(f, bob, both, n);
	assert_int_equal(post_delete(f->core, f->db, &f->arena, alice, (struct post_id){both[0]}), OK);
	assert_direct(f, alice, both + 1, n - 1);
	assert_direct(f, bob, both + 1, n - 1);
	assert_int_equal(number(f, &test_direct_rows, bob.v), 7);
}

/* So many answers on a profile, behind everything that is there, that no page gets through them. */
SQL(test_many_answers, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)"
		       " INSERT INTO account_posts (account_id, post_id, visibility, kind) SELECT $1, CAST($2 AS "
		       "BIGINT) + i, 0, 1 FROM n");

static enum err write_answers(struct db *tx, void *arg)
{
	const struct account_id *who = arg;

	return db_exec(tx, &test_many_answers, BINDS(B_INT(who->v), B_INT(id_next())), NULL);
}

/* How many pages it takes to come to `wanted`, and that nothing else is on the way. */
static int pages_until(struct fixture *f, struct account_id who, struct account_posts_filter filter, bool up,
		       struct post_id wanted)
{
	struct page page = {.limit = 20, .min_id = up ? 1 : 0};
	struct post_id ids[20];
	int64_t on;
	size_t n;

	for (int pages = 1;; pages++) {
		assert_int_equal(
			account_posts(f->core, f->db, &f->arena, viewer_nobody(), who, &filter, &page, ids, &n, &on),
			OK);
		if (n) {
			assert_true(n == 1 && post_eq(ids[0], wanted));
			return pages;
		}
		assert_true(on);
		*(up ? &page.min_id : &page.max_id) = on;
	}
}

static void test_what_is_rare_on_a_profile(void **state)
{
	struct fixture *f = *state;
	struct account_id busy = fixture_account(f, "busy");
	const struct account_posts_filter no_answers = {.exclude_replies = true}, tagged = {.tagged = V("langka")},
					  with_media = {.only_media = true};
	int64_t picture = media(f, busy, MEDIA_READY, "image");
	struct post_id old =
		post_np(f, (struct new_post){.author = busy, .text = V("#langka"), .media = &picture, .n_media = 1});

	assert_int_equal(store_write(f->store, write_answers, &busy), OK);
	assert_int_equal(pages_until(f, busy, with_media, false, old), 1);
	assert_int_equal(pages_until(f, busy, with_media, true, old), 1);
	assert_int_equal(pages_until(f, busy, no_answers, false, old), 3);
	assert_int_equal(pages_until(f, busy, no_answers, true, old), 1);
	assert_int_equal(pages_until(f, busy, tagged, false, old), 3);
	assert_int_equal(pages_until(f, busy, (struct account_posts_filter){.tagged = V("langka"), .only_media = true},
				     false, old),
			 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_direct),
		cmocka_unit_test(test_what_is_rare_on_a_profile),
	};
	return cmocka_run_group_tests(tests, posts_setup, fixture_teardown);
}
