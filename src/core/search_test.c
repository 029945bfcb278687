/*
 * search_test.c - who finds what: posts by words and operators, hashtags, accounts, and addresses.
 */
#include "base/base.h"

#include "core/core_fixture.h"

#include "core/posts.h"
#include "core/search.h"

static struct account_id alice, bob, carol;

static enum err allow(struct db *tx, void *arg)
{
	SQL(test_indexable, "UPDATE accounts SET indexable = 1 WHERE id = $1");

	return db_exec(tx, &test_indexable, BINDS(B_INT(((struct account_id *)arg)->v)), NULL);
}

static int setup(void **state)
{
	struct fixture *f = fixture_open();

	alice = fixture_account(f, "alice");
	bob = fixture_account(f, "bob");
	carol = fixture_account(f, "carol");
	assert_int_equal(store_write(f->store, allow, &alice), OK); /* bob has not asked to be found */
	*state = f;
	return 0;
}

static struct post_id post(struct fixture *f, struct account_id who, const char *text, enum visibility visibility)
{
	struct new_post np = {.author = who, .text = view_of(text), .has_visibility = true, .visibility = visibility};
	struct problem problem = {0};
	struct post_id id = {0};

	assert_int_equal(post_create(f->core, f->db, &f->arena, &np, &id, &problem), OK);
	return id;
}

static struct search_result look(struct fixture *f, struct account_id who, const char *text, struct search_query q)
{
	struct search_result r = {0};

	q.text = view_of(text);
	q.limit = q.limit ? q.limit : 10;
	if (!q.accounts && !q.posts && !q.tags)
		q.accounts = q.posts = q.tags = true;
	assert_int_equal(viewer_get(f->core, f->db, who, &q.viewer), OK);
	assert_int_equal(search(f->core, f->db, &f->arena, &q, &r), OK);
	viewer_put(q.viewer);
	return r;
}

static size_t posts(struct fixture *f, struct account_id who, const char *text)
{
	return look(f, who, text, (struct search_query){.posts = true}).n_posts;
}

static void test_who_finds(void **state)
{
	struct fixture *f = *state;
	struct post_id open = post(f, alice, "garuda over the rice fields", VISIBILITY_PUBLIC);
	struct post_id quiet = post(f, bob, "garuda again", VISIBILITY_PUBLIC);

	post(f, alice, "garuda for followers", VISIBILITY_PRIVATE);
	post(f, alice, "@bob garuda for you", VISIBILITY_DIRECT);
	assert_int_equal(posts(f, (struct account_id){0}, "garuda"), 0); /* nobody */
	assert_int_equal(posts(f, carol, "garuda"), 1);
	assert_true(post_eq(look(f, carol, "GARUDA rice", (struct search_query){.posts = true}).posts[0], open));
	assert_int_equal(posts(f, alice, "garuda"), 3); /* all one's own */
	assert_int_equal(posts(f, bob, "garuda"), 3);	/* one's own, the open one, and where one is named */
	assert_int_equal(post_favourite(f->core, f->db, &f->arena, carol, quiet, true), OK);
	assert_int_equal(posts(f, carol, "garuda"), 2);
	assert_int_equal(posts(f, carol, "garuda in:library"), 1);
	assert_int_equal(posts(f, carol, "garuda in:public"), 1);
	assert_int_equal(posts(f, carol, "garuda -rice"), 1);
	assert_int_equal(posts(f, carol, "\"over the rice\""), 1);
	assert_int_equal(posts(f, carol, "\"rice the over\""), 0);
	assert_int_equal(posts(f, carol, "garu*"), 2);
	assert_int_equal(post_delete(f->core, f->db, &f->arena, alice, open), OK);
	assert_int_equal(posts(f, carol, "rice"), 0);
}

static void test_operators(void **state)
{
	struct fixture *f = *state;
	struct view options[] = {V("kuning"), V("merah")};
	const struct new_poll poll = {options, 2, 300, false, false};
	struct new_post np = {.author = alice, .text = V("burung mana"), .poll = &poll, .language = V("id")};
	struct problem problem = {0};
	struct post_id asked, answer;

	assert_int_equal(post_create(f->core, f->db, &f->arena, &np, &asked, &problem), OK);
	np = (struct new_post){.author = alice, .text = V("burung ini"), .reply_to = asked, .spoiler = V("burung")};
	assert_int_equal(post_create(f->core, f->db, &f->arena, &np, &answer, &problem), OK);
	const struct {
		const char *text;
		size_t n;
	} cases[] = {
		{"burung", 2},
		{"burung has:poll", 1},
		{"burung -has:poll", 1},
		{"kuning", 1},
		{"burung is:reply", 1},
		{"burung -is:reply", 1},
		{"burung is:sensitive", 1},
		{"burung language:id", 1},
		{"burung -language:id", 1},
		{"burung from:alice", 2},
		{"burung from:@alice", 2},
		{"burung from:bob", 0},
		{"burung from:me", 0},
		{"burung from:nobody", 0},
		{"burung has:media", 0},
		{"burung before:2020-01-01", 0},
		{"burung after:2020-01-01", 2},
		{"burung during:2020-01-01", 0},
		{"burung -has:media", 2},
		{"-burung", 0},
		{"burung has:image", 0},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (posts(f, carol, cases[i].text) != cases[i].n)
			fail_msg("%s: %zu", cases[i].text, posts(f, carol, cases[i].text));
	/* Without words: the posts of somebody. */
	assert_true(posts(f, carol, "from:alice is:reply") == 1);
	assert_int_equal(look(f, carol, "burung", (struct search_query){.posts = true, .author = bob}).n_posts, 0);
	struct search_result r = look(f, carol, "burung", (struct search_query){.posts = true, .max_id = answer.v});
	assert_int_equal(r.n_posts, 1);
	assert_true(post_eq(r.posts[0], asked));
	assert_int_equal(look(f, carol, "burung", (struct search_query){.posts = true, .min_id = asked.v}).n_posts, 1);
	assert_int_equal(look(f, carol, "burung", (struct search_query){.posts = true, .offset = 1}).n_posts, 1);
}

static void test_many(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 450; i++) /* more than a batch of what carol may not find */
		post(f, i == 0 ? alice : bob, "merpati", VISIBILITY_PUBLIC);
	assert_int_equal(posts(f, carol, "merpati"), 1);
	assert_int_equal(posts(f, bob, "merpati"), 10);
}

static void test_tags_and_accounts(void **state)
{
	struct fixture *f = *state;

	post(f, alice, "#Cendrawasih #cendol", VISIBILITY_PUBLIC);
	struct search_result r = look(f, carol, "#cend", (struct search_query){.tags = true});
	assert_int_equal(r.n_tags, 2);
	r = look(f, carol, "cendol", (struct search_query){.tags = true});
	assert_int_equal(r.n_tags, 1);
	assert_true(view_is(r.tags[0], "cendol"));
	assert_int_equal(look(f, carol, "@alice", (struct search_query){.tags = true}).n_tags, 0);
	post(f, alice, "#Cenayang", VISIBILITY_PRIVATE); /* a tag that was never used in public is nobody's to find */
	assert_int_equal(look(f, alice, "#cena", (struct search_query){.tags = true}).n_tags, 0);
	assert_int_equal(look(f, carol, "ali", (struct search_query){.accounts = true}).n_accounts, 1);
	assert_int_equal(look(f, carol, "#ali", (struct search_query){.accounts = true}).n_accounts, 0);
	r = look(f, carol, "@alice@kicau.example", (struct search_query){.accounts = true});
	assert_int_equal(r.n_accounts, 1);
	assert_true(account_eq(r.accounts[0], alice));
	assert_int_equal(look(f, carol, "alice", (struct search_query){.accounts = true, .following = true}).n_accounts,
			 0);
	r = look(f, carol, "   ", (struct search_query){0});
	assert_int_equal(r.n_accounts + r.n_posts + r.n_tags, 0);
}

static void test_addresses(void **state)
{
	struct fixture *f = *state;
	struct post_id open = post(f, bob, "here", VISIBILITY_PUBLIC),
		       hidden = post(f, bob, "there", VISIBILITY_PRIVATE);
	struct search_query q = {.resolve = true};
	const char *before[] = {"http://kicau.example/@bob", "http://kicau.example/users/bob/statuses"};

	for (size_t i = 0; i < ARRAY_LEN(before); i++) {
		const char *url = arena_printf(&f->arena, "%s/%" PRIi64, before[i], open.v).p;
		struct search_result r = look(f, carol, url, q);

		assert_int_equal(r.n_posts, 1);
		assert_true(post_eq(r.posts[0], open));
		assert_int_equal(look(f, carol, url, (struct search_query){.resolve = true, .accounts = true}).n_posts,
				 0);
	}
	assert_int_equal(
		look(f, carol, arena_printf(&f->arena, "http://kicau.example/@bob/%" PRIi64, hidden.v).p, q).n_posts,
		0);
	assert_int_equal(
		look(f, bob, arena_printf(&f->arena, "http://kicau.example/@bob/%" PRIi64, hidden.v).p, q).n_posts, 1);
	assert_int_equal(
		look(f, carol, arena_printf(&f->arena, "http://kicau.example/@alice/%" PRIi64, open.v).p, q).n_posts,
		0);
	struct search_result r = look(f, carol, "http://kicau.example/@bob", q);
	assert_int_equal(r.n_accounts, 1);
	assert_true(account_eq(r.accounts[0], bob));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_finds),	  cmocka_unit_test(test_operators), cmocka_unit_test(test_many),
		cmocka_unit_test(test_tags_and_accounts), cmocka_unit_test(test_addresses),
	};
	return cmocka_run_group_tests(tests, setup, fixture_teardown);
}
