/*
 * ties_test.c - seen from the author's side, a post is for the same people as seen from theirs: every relation, every
 * visibility, boosts of each, against viewers loaded whole.
 */
#include "base/base.h"
#include "stream/ties.h"

#include "core/core_fixture.h"

#include "base/metrics.h"
#include "core/cards.h"
#include "core/graph.h"
#include "core/posts.h"
#include "core/visibility.h"
#include "present/present.h"

enum relation { NONE, FOLLOWS, BLOCKS, BLOCKED, MUTES, MUTES_A_WHILE, FOLLOWS_AND_MUTES, RELATIONS };

static struct fixture *f;
static struct cache *cache;
static struct account_id author, booster;
static struct account_id people[RELATIONS][RELATIONS]; /* to the author, to the booster */
static struct targets everybody;

static void relate(struct account_id who, struct account_id other, enum relation r)
{
	struct problem p;
	if (r == FOLLOWS || r == FOLLOWS_AND_MUTES)
		assert_int_equal(graph_follow(f->core, who, other, &(struct follow_options){0}, &p), OK);
	if (r == BLOCKS)
		assert_int_equal(graph_block(f->core, who, other), OK);
	if (r == BLOCKED)
		assert_int_equal(graph_block(f->core, other, who), OK);
	if (r == MUTES || r == FOLLOWS_AND_MUTES)
		assert_int_equal(graph_mute(f->core, who, other, true, 0), OK);
	if (r == MUTES_A_WHILE)
		assert_int_equal(graph_mute(f->core, who, other, true, 3600), OK);
}

static void on_wake(struct listener *l)
{
	(void)l;
}

static void on_release(struct listener *l)
{
	free(l);
}

static void add_receiver(struct account_id who)
{
	static const struct listener_ops ops = {on_wake, on_release};
	struct listener *l = xcalloc(1, sizeof(*l));
	listener_init(l, &ops, TRANSPORT_WS, &(struct auth_info){.account = who});
	VEC_PUSH(&everybody, (struct target){.l = l, .channel = CHANNEL_USER});
}

static int setup(void **state)
{
	(void)state;
	f = fixture_open();
	present_init(f->core);
	cache = cache_new(LIMIT_MIB, METRIC_COUNT);
	author = fixture_account(f, "author");
	booster = fixture_account(f, "booster");
	add_receiver(author);
	add_receiver(booster);
	add_receiver((struct account_id){0});
	for (enum relation a = 0; a < RELATIONS; a++) {
		for (enum relation b = 0; b < RELATIONS; b++) {
			char name[16];
			snprintf(name, sizeof(name), "p_%d_%d", (int)a, (int)b);
			people[a][b] = fixture_account(f, name);
			relate(people[a][b], author, a);
			relate(people[a][b], booster, b);
			add_receiver(people[a][b]);
		}
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	targets_drop(&everybody);
	cache_free(cache);
	fixture_close(f);
	return 0;
}

static struct post_id write_post(struct account_id who, const char *text, enum visibility v, struct post_id reply_to)
{
	struct new_post np = {.author = who,
			      .text = view_of(text),
			      .language = V("en"),
			      .visibility = v,
			      .has_visibility = true,
			      .reply_to = reply_to};
	struct problem p = {0};
	struct post_id id = {0};
	assert_int_equal(post_create(f->core, f->db, &f->arena, &np, &id, &p), OK);
	return id;
}

static struct post_id say(struct account_id who, const char *text, enum visibility v)
{
	return write_post(who, text, v, (struct post_id){0});
}

static struct post_id answer(struct account_id who, const char *text, struct post_id to)
{
	return write_post(who, text, VISIBILITY_PUBLIC, to);
}

static struct post_id boost(struct account_id who, struct post_id id)
{
	struct viewer *v;
	struct problem p = {0};
	struct post_id ret = {0};
	assert_int_equal(viewer_get(f->core, f->db, who, &v), OK);
	assert_int_equal(post_boost(f->core, f->db, &f->arena, v, id, false, 0, &ret, &p), OK);
	viewer_put(v);
	return ret;
}

static size_t shown_at_home; /* of the last check() */

/* Both sides agree on who is shown it, and with which flags. Returns how many are in a public timeline. */
static size_t check(struct post_id id)
{
	struct card *card, *boosted = NULL;
	struct ties t;
	size_t n = 0;
	shown_at_home = 0;
	assert_int_equal(card_get(f->core, f->db, &f->arena, id, &card), OK);
	if (card->meta.boost_of.v)
		assert_int_equal(card_get(f->core, f->db, &f->arena, card->meta.boost_of, &boosted), OK);
	const struct post_meta *subject = boosted ? &boosted->meta : &card->meta;
	assert_int_equal(ties_load(&t, cache, f->db, &card->meta, boosted ? &boosted->meta : NULL, subject, &everybody),
			 OK);
	for (size_t i = 0; i < everybody.n; i++) {
		struct account_id who = everybody.v[i].l->auth.account;
		struct viewer *v;
		uint8_t flags;
		assert_int_equal(viewer_get(f->core, f->db, who, &v), OK);
		assert_int_equal(ties_listed(&t, who, false), listed_for(v, &card->meta));
		assert_int_equal(ties_listed(&t, who, true), home_listed_for(v, &card->meta));
		assert_int_equal(viewer_flags(f->core, f->db, v, &subject->id, &subject->thread_id, 1, &flags), OK);
		assert_int_equal(ties_flags(&t, who), flags);
		n += ties_listed(&t, who, false);
		shown_at_home += ties_listed(&t, who, true);
		viewer_put(v);
	}
	ties_release(&t);
	card_put(boosted);
	card_put(card);
	return n;
}

static void posts_are_for_the_same_people(void **state)
{
	(void)state;
	size_t shown = check(say(author, "public", VISIBILITY_PUBLIC));
	assert_int_equal(shown, 3 + 2 * RELATIONS); /* no relation, or following */
	assert_int_equal(check(say(author, "unlisted", VISIBILITY_UNLISTED)), shown);
	assert_int_equal(check(say(author, "private", VISIBILITY_PRIVATE)), 1 + RELATIONS);
	assert_int_equal(check(say(author, "@p_0_0 @p_1_0 @p_2_0 direct", VISIBILITY_DIRECT)), 3);
}

/* Whom a post names or answers keeps it from homes, but not from public timelines. */
static void what_involves_others_is_for_the_same_people(void **state)
{
	(void)state;
	size_t shown = check(say(author, "of nobody", VISIBILITY_PUBLIC));
	assert_int_equal(shown_at_home, shown);
	assert_int_equal(check(say(author, "@booster public", VISIBILITY_PUBLIC)), shown);
	assert_int_equal(shown_at_home, 3 + 2 * 2);
	struct post_id asked = say(booster, "what?", VISIBILITY_PUBLIC);
	assert_int_equal(check(answer(author, "that", asked)), shown);
	assert_int_equal(shown_at_home, 3 + 2 * 2);
}

static void boosts_are_for_the_same_people(void **state)
{
	(void)state;
	assert_int_equal(check(boost(booster, say(author, "public", VISIBILITY_PUBLIC))), 3 + 2 * 2);
	assert_int_equal(check(boost(booster, say(author, "unlisted", VISIBILITY_UNLISTED))), 3 + 2 * 2);
	assert_int_equal(check(boost(author, say(author, "private", VISIBILITY_PRIVATE))), 1 + RELATIONS);
}

static void flags_are_the_same(void **state)
{
	(void)state;
	struct post_id id = say(author, "liked", VISIBILITY_PUBLIC);
	struct account_id a = people[NONE][NONE], b = people[FOLLOWS][NONE], c = people[FOLLOWS][FOLLOWS];
	assert_int_equal(post_favourite(f->core, f->db, &f->arena, a, id, true), OK);
	assert_int_equal(post_bookmark(f->core, f->db, &f->arena, a, id, true), OK);
	assert_int_equal(post_mute_thread(f->core, f->db, &f->arena, b, id, true), OK);
	struct post_id boosted = boost(c, id);
	check(id);
	check(boosted);
	assert_int_equal(post_unboost(f->core, f->db, &f->arena, c, id), OK);
	assert_int_equal(post_favourite(f->core, f->db, &f->arena, a, id, false), OK);
	check(id);
}

/* What is kept of an author's relations follows their changes. */
static void changes_count(void **state)
{
	struct event ev = {.kind = EVENT_GRAPH_CHANGED, .account = people[NONE][NONE], .target = author};
	struct post_id id = say(author, "again", VISIBILITY_PUBLIC);
	size_t shown = check(id);
	(void)state;
	assert_int_equal(graph_block(f->core, author, people[NONE][NONE]), OK);
	aversions_on_event(cache, &ev);
	assert_int_equal(check(id), shown - 1);
	assert_int_equal(graph_unblock(f->core, author, people[NONE][NONE]), OK);
	aversions_on_event(cache, &ev);
	assert_int_equal(check(id), shown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(posts_are_for_the_same_people),
		cmocka_unit_test(what_involves_others_is_for_the_same_people),
		cmocka_unit_test(boosts_are_for_the_same_people),
		cmocka_unit_test(flags_are_the_same),
		cmocka_unit_test(changes_count),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
