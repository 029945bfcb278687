/*
 * search_operators_test.c - each operator of a search, and its opposite, with words and without. What one may find is
 * either found by an operator or by its negation, and never by both.
 */
#include "base/base.h"

#include "core/core_fixture.h"

#include "base/clock.h"
#include "core/posts.h"
#include "core/previews.h"
#include "core/search.h"

#define NOON ((int64_t)1714996800000) /* of 2024-05-06 */

SQL(test_indexable, "UPDATE accounts SET indexable = 1 WHERE id = $1");
SQL(test_media, "INSERT INTO media (id, account_id, state, kind, file, preview, description, created_at)"
		" VALUES ($1, $2, 1, $3, 'f', 'p', '', $4)");
SQL(test_card,
    "INSERT INTO preview_cards (id, url, site_id, kind, title, description, language, author_name, author_url,"
    " provider_name, provider_url, html, embed_url, image, image_text, blurhash, width, height, published_at,"
    " updated_at) VALUES ($1, $2, 0, $3, '', '', '', '', '', '', '', '', '', '', '', '', 0, 0, 0, 0)");
SQL(test_give_card, "UPDATE posts SET card_id = $2 WHERE id = $1");

/* A letter for each post carol may find, oldest first; the last two are only hers to find. */
static const char all[] = "opleyivarsdbcfmk";
static struct post_id named[128];
static struct account_id alice, bob, carol, dave;

struct row {
	const struct sql *sql;
	int64_t a, b;
	struct view text;
};

static enum err insert(struct db *tx, void *arg)
{
	const struct row *r = arg;

	if (r->sql == &test_media)
		return db_exec(tx, r->sql, BINDS(B_INT(r->a), B_INT(r->b), B_TEXT(r->text), B_INT(clock_now())), NULL);
	if (r->sql == &test_card)
		return db_exec(tx, r->sql, BINDS(B_INT(r->a), B_TEXT(r->text), B_INT(r->b)), NULL);
	if (r->sql == &test_give_card)
		return db_exec(tx, r->sql, BINDS(B_INT(r->a), B_INT(r->b)), NULL);
	return db_exec(tx, r->sql, BINDS(B_INT(r->a)), NULL);
}

static int64_t add(struct fixture *f, const struct sql *sql, int64_t a, int64_t b, const char *text)
{
	struct row r = {sql, a, b, view_of(text)};

	assert_int_equal(store_write(f->store, insert, &r), OK);
	return a;
}

static struct post_id post(struct fixture *f, char name, struct account_id who, const char *text, struct new_post np)
{
	static int64_t seconds;
	struct problem problem = {0};

	np.created_at = np.created_at ? np.created_at : NOON + 1000 * seconds++;
	np.author = who;
	np.text = view_of(text);
	np.language = np.language.len ? np.language : V("en");
	assert_int_equal(post_create(f->core, f->db, &f->arena, &np, &named[(int)name], &problem), OK);
	return named[(int)name];
}

static void post_file(struct fixture *f, char name, const char *kind)
{
	int64_t id = add(f, &test_media, id_next(), alice.v, kind);

	post(f, name, alice, "sawah", (struct new_post){.media = &id, .n_media = 1});
}

static void post_card(struct fixture *f, char name, enum preview_kind kind, const char *url)
{
	struct post_id id = post(f, name, alice, "sawah", (struct new_post){0});

	add(f, &test_give_card, id.v, add(f, &test_card, id_next(), kind, url), "");
}

static int setup(void **state)
{
	struct fixture *f = fixture_open();
	struct view options[] = {V("padi"), V("jagung")};
	const struct new_poll poll = {options, 2, 300, false, false};
	struct new_post direct = {.has_visibility = true, .visibility = VISIBILITY_DIRECT};
	struct account_id *const people[] = {&alice, &bob, &carol, &dave};
	const char *const names[] = {"alice", "bob", "carol", "dave"};

	for (size_t i = 0; i < ARRAY_LEN(people); i++)
		*people[i] = fixture_account(f, names[i]);
	for (size_t i = 0; i < 3; i++) /* dave has not asked to be found */
		add(f, &test_indexable, people[i]->v, 0, "");
	fixture_takes_all(f, carol);
	post(f, 'o', alice, "sawah", (struct new_post){.created_at = 1589500000000}); /* 2020-05-14 */
	post(f, 'p', alice, "sawah", (struct new_post){.poll = &poll});
	post(f, 'l', alice, "sawah https://example.org/", (struct new_post){0});
	post_card(f, 'e', PREVIEW_VIDEO, "https://a.example/");
	post_card(f, 'y', PREVIEW_LINK, "https://b.example/");
	post_file(f, 'i', "image");
	post_file(f, 'v', "video");
	post_file(f, 'a', "audio");
	post(f, 'r', alice, "sawah", (struct new_post){.reply_to = named['p']});
	post(f, 's', alice, "sawah", (struct new_post){.spoiler = V("padi")});
	post(f, 'd', alice, "sawah", (struct new_post){.language = V("id")});
	post(f, 'b', bob, "@alice #sawah \" target=\"_blank\"", (struct new_post){0});
	post(f, 'c', carol, "sawah", (struct new_post){0});
	post(f, 'f', alice, "sawah", (struct new_post){0});
	post(f, 'm', dave, "@carol sawah", direct);
	post(f, 'k', dave, "sawah", (struct new_post){0});
	post(f, 'x', dave, "sawah", (struct new_post){0}); /* hers to find no more than the next */
	post(f, 'z', alice, "@bob sawah", direct);
	assert_int_equal(post_favourite(f->core, f->db, &f->arena, carol, named['f'], true), OK);
	assert_int_equal(post_bookmark(f->core, f->db, &f->arena, carol, named['k'], true), OK);
	*state = f;
	return 0;
}

/* The letters of what carol finds, newest first as the search says it. */
static const char *found(struct fixture *f, const char *text, struct search_query q)
{
	struct search_result r = {0};
	char letters[sizeof(all) + 8] = "";
	size_t n = 0;

	q.text = view_of(text);
	q.posts = true;
	q.limit = q.limit ? q.limit : 40;
	assert_int_equal(viewer_get(f->core, f->db, carol, &q.viewer), OK);
	assert_int_equal(search(f->core, f->db, &f->arena, &q, &r), OK);
	viewer_put(q.viewer);
	for (size_t i = 0; i < r.n_posts; i++)
		for (int c = 'a'; c <= 'z'; c++)
			if (post_eq(named[c], r.posts[i]))
				letters[n++] = (char)c;
	assert_int_equal(n, r.n_posts);
	return arena_printf(&f->arena, "%s", letters).p;
}

/* Of all, those that are (or are not) in some; newest first. */
static const char *pick(struct fixture *f, const char *some, bool in)
{
	char letters[sizeof(all)] = "";
	size_t n = 0;

	for (size_t i = sizeof(all) - 1; i-- > 0;)
		if ((strchr(some, all[i]) != NULL) == in)
			letters[n++] = all[i];
	return arena_printf(&f->arena, "%s", letters).p;
}

static void check(struct fixture *f, const char *query, const char *expected)
{
	const char *is = found(f, query, (struct search_query){0});

	if (strcmp(is, expected) != 0)
		fail_msg("%s finds %s, not %s", query, is, expected);
}

static void test_each(void **state)
{
	struct fixture *f = *state;
	const struct {
		const char *op, *some;
	} cases[] = {
		{"has:poll", "p"},
		{"has:link", "ley"},
		{"has:embed", "e"},
		{"has:media", "iva"},
		{"has:image", "i"},
		{"has:video", "v"},
		{"has:audio", "a"},
		{"has:wings", ""},
		{"is:reply", "r"},
		{"is:sensitive", "s"},
		{"is:new", ""},
		{"language:id", "d"},
		{"language:en", "opleyivarsbcfmk"},
		{"from:bob", "b"},
		{"from:@bob", "b"},
		{"from:me", "c"},
		{"from:dave", "mk"},
		{"from:nobody", ""},
		{"in:library", "cfmk"},
		{"in:public", "opleyivarsdbcf"},
		{"before:2020-05-15", "o"},
		{"before:2020-05-14", ""},
		{"after:2020-05-13", all},
		{"after:2020-05-14", "pleyivarsdbcfmk"},
		{"during:2020-05-14", "o"},
		{"during:2020-05-15", ""},
		{"before:2024-05-06", "o"},
		{"after:2024-05-05", "pleyivarsdbcfmk"},
		{"during:2024-05-06", "pleyivarsdbcfmk"},
	};

	check(f, "sawah", pick(f, all, true));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *op = cases[i].op;

		check(f, op, pick(f, cases[i].some, true));
		check(f, arena_printf(&f->arena, "sawah %s", op).p, pick(f, cases[i].some, true));
		check(f, arena_printf(&f->arena, "-%s", op).p, pick(f, cases[i].some, false));
		check(f, arena_printf(&f->arena, "-%s sawah", op).p, pick(f, cases[i].some, false));
	}
}

static void test_several(void **state)
{
	struct fixture *f = *state;
	const struct {
		const char *query, *expected;
	} cases[] = {
		{"-from:alice -from:me", "kmb"},
		{"from:alice from:bob", ""},
		{"from:alice -from:alice", ""},
		{"-has:media -has:poll -has:link -is:reply from:alice", "fdso"},
		{"has:media -has:image", "av"},
		{"has:image has:video", ""},
		{"has:media -has:media", ""},
		{"in:library in:public", "fc"},
		{"-in:library in:public", "bdsraviyelpo"},
		{"-in:public", "km"},
		{"-in:public -in:library", ""},
		{"language:en language:id", ""},
		{"-language:en -language:de", "d"},
		{"in:library -from:me", "kmf"},
		{"before:2020-05-15 after:2020-05-12", "o"},
		{"-during:2020-05-14 -during:2024-05-06", ""},
		{"during:yesterday", ""},
		{"-during:yesterday", ""},
		{"in:", ""},
		{"!!", ""},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check(f, cases[i].query, cases[i].expected);
	assert_string_equal(found(f, "-is:reply", (struct search_query){.limit = 3, .offset = 2}), "fcb");
	assert_string_equal(found(f, "in:library", (struct search_query){.max_id = named['f'].v}), "c");
	assert_string_equal(found(f, "in:library", (struct search_query){.min_id = named['f'].v}), "km");
	assert_string_equal(found(f, "has:media", (struct search_query){.author = bob}), "");
	assert_string_equal(found(f, "-has:media", (struct search_query){.author = bob}), "b");
	assert_string_equal(found(f, "from:alice", (struct search_query){.author = bob}), "");
}

/* More than a batch of what does not fit, and of what carol may not find. */
static void test_far_below(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 450; i++)
		post(f, 'x', dave, "sawah", (struct new_post){0});
	check(f, "has:poll", "p");
	check(f, "-has:poll language:id", "d");
	check(f, "in:library", "kmfc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_far_below),
	};
	return cmocka_run_group_tests(tests, setup, fixture_teardown);
}
