/*
 * timeline_scan_test.c - pages of which most of what is looked at does not fit: nothing that fits may be skipped.
 */
#include "base/base.h"

#include "core/core_fixture.h"

#include "core/graph.h"
#include "core/posts.h"
#include "core/timelines.h"

static struct account_id reader, author, friend, stranger;

static int setup(void **state)
{
	struct fixture *f = fixture_open();

	reader = fixture_account(f, "reader");
	author = fixture_account(f, "author");
	friend = fixture_account(f, "friend");
	stranger = fixture_account(f, "stranger");
	*state = f;
	return 0;
}

static struct post_id post(struct fixture *f, struct account_id who, const char *text, struct post_id answered)
{
	struct new_post np = {.author = who, .text = view_of(text), .reply_to = answered};
	struct problem problem = {0};
	struct post_id id = {0};

	assert_int_equal(post_create(f->core, f->db, &f->arena, &np, &id, &problem), OK);
	return id;
}

static size_t home(struct fixture *f, struct page page, struct post_id *ret)
{
	struct viewer *v;
	size_t n = 0;

	assert_int_equal(viewer_get(f->core, f->db, reader, &v), OK);
	assert_int_equal(timeline_home(f->core, f->db, &f->arena, v, &page, ret, &n), OK);
	viewer_put(v);
	return n;
}

/* Many answers of an author who is merged in hide neither that author's older posts nor the beginning of a page. */
static void a_merged_author_who_answers_much(void **state)
{
	struct fixture *f = *state;
	const struct post_id none = {0};
	struct post_id ids[40], question = post(f, stranger, "what do you think?", none);
	const struct follow_options plain = {0};

	assert_int_equal(graph_follow(f->core, reader, author, &plain, NULL), OK);
	assert_int_equal(graph_follow(f->core, reader, friend, &plain, NULL), OK);
	for (size_t i = 0; i < 60; i++)
		post(f, friend, "every day", none);
	assert_int_equal(home(f, (struct page){.limit = 20}, ids), 20);
	f->core->config.merge_followers = 0;
	struct post_id kept = post(f, author, "for everybody", none);
	for (size_t i = 0; i < 60; i++)
		post(f, author, "to one", question);
	f->core->config.merge_followers = 20000;
	assert_int_equal(home(f, (struct page){.limit = 20}, ids), 20);
	assert_true(post_eq(ids[0], kept));
	assert_int_equal(home(f, (struct page){.limit = 20, .min_id = ids[2].v}, ids), 2);
	assert_true(post_eq(ids[0], kept));
}

static void upwards_from_the_very_beginning(void **state)
{
	struct fixture *f = *state;
	struct post_id ids[40], all[40];
	size_t n = home(f, (struct page){.limit = 5, .min_id = 1}, ids);

	assert_int_equal(n, 5);
	assert_int_equal(home(f, (struct page){.limit = 40, .max_id = ids[0].v + 1}, all), 5);
	assert_memory_equal(ids, all, 5 * sizeof(*ids));
}

/* The first post of this network stands under more than a thousand answers to others. */
static void a_public_post_under_many_that_do_not_fit(void **state)
{
	struct fixture *f = *state;
	struct post_id ids[40];
	size_t n = 0;
	struct post_id old = post(f, friend, "an old one", (struct post_id){0}), question = old;

	for (size_t i = 0; i < 1100; i++)
		question = post(f, i % 2 ? friend : stranger, "and you?", question);
	assert_int_equal(timeline_public(f->core, f->db, &f->arena, viewer_nobody(), (struct public_filter){0},
					 &(struct page){.limit = 5}, ids, &n),
			 OK);
	assert_true(n == 5 && post_eq(ids[0], old));
	assert_int_equal(timeline_public(f->core, f->db, &f->arena, viewer_nobody(),
					 (struct public_filter){.remote = true}, &(struct page){.limit = 5}, ids, &n),
			 OK);
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_merged_author_who_answers_much),
		cmocka_unit_test(upwards_from_the_very_beginning),
		cmocka_unit_test(a_public_post_under_many_that_do_not_fit),
	};
	return cmocka_run_group_tests(tests, setup, fixture_teardown);
}
