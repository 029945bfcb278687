/*
 * posts_test.c - the rules of posts over a real database: what is refused and in which words, what an edit keeps, what
 * a deletion takes along, and what each change is counted as and announced by.
 */
#include "base/base.h"

#include "core/posts_fixture.h"

#include "core/graph.h"
#include "core/post_history.h"
#include "core/post_thread.h"
#include "core/tags.h"

SQL(test_media_post, "SELECT COALESCE(post_id, 0) FROM media WHERE id = $1");
SQL(test_left_over,
    "SELECT (SELECT count(*) FROM posts WHERE id = $1 OR boost_of = $1)"
    " + (SELECT count(*) FROM post_counts WHERE post_id = $1) + (SELECT count(*) FROM post_mentions WHERE post_id = $1)"
    " + (SELECT count(*) FROM post_tags WHERE post_id = $1) + (SELECT count(*) FROM tag_posts WHERE post_id = $1)"
    " + (SELECT count(*) FROM polls WHERE post_id = $1) + (SELECT count(*) FROM poll_options WHERE post_id = $1)"
    " + (SELECT count(*) FROM poll_votes WHERE post_id = $1) + (SELECT count(*) FROM favourites WHERE post_id = $1)"
    " + (SELECT count(*) FROM post_favourites WHERE post_id = $1)"
    " + (SELECT count(*) FROM account_boosts WHERE post_id = $1)"
    " + (SELECT count(*) FROM post_boosts WHERE post_id = $1) + (SELECT count(*) FROM bookmarks WHERE post_id = $1)"
    " + (SELECT count(*) FROM pins WHERE post_id = $1) + (SELECT count(*) FROM post_edits WHERE post_id = $1)"
    " + (SELECT count(*) FROM account_posts WHERE post_id = $1) + (SELECT count(*) FROM media WHERE post_id = $1)"
    " + (SELECT count(*) FROM notifications WHERE post_id = $1)");

static void test_plain(void **state)
{
	struct fixture *f = *state;
	int64_t before = number(f, &test_account_posts, alice.v);
	struct post_id id = post(f, alice, "  hello <world>\n");
	struct post p = load(f, id);

	assert_true(view_is(p.text, "hello <world>"));
	assert_true(view_is(p.html, "<p>hello &lt;world&gt;</p>"));
	assert_true(view_is(p.language, "en"));
	assert_int_equal(p.meta.visibility, VISIBILITY_PUBLIC);
	assert_int_equal(p.meta.thread_id, id.v);
	assert_true(p.meta.local);
	assert_true(
		view_is(p.uri, arena_printf(&f->arena, "http://kicau.example/users/alice/statuses/%" PRIi64, id.v).p));
	assert_true(view_is(p.url, arena_printf(&f->arena, "http://kicau.example/@alice/%" PRIi64, id.v).p));
	assert_int_equal(number(f, &test_account_posts, alice.v), before + 1);
	assert_int_equal(fixture_events(f, EVENT_POST_CREATED), 1);
	assert_int_equal(fixture_events(f, EVENT_ACCOUNT_POSTED), 1);
	assert_int_equal(f->seen.n, 2);
	assert_true(f->seen.v[0].local && post_eq(f->seen.v[0].post, id) && account_eq(f->seen.v[0].account, alice));
}

static void test_refusals(void **state)
{
	struct fixture *f = *state;
	char many[502];
	struct view two[] = {V("a"), V("b")}, same[] = {V("a"), V(" a ")}, one[] = {V("a"), V(" ")};
	struct view five[] = {V("a"), V("b"), V("c"), V("d"), V("e")};
	struct view wide[] = {V("a"), V("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")};

	memset(many, 'x', sizeof(many));
	refused(f, (struct new_post){.author = alice}, "Validation failed: Text can't be blank");
	refused(f, (struct new_post){.author = alice, .text = V(" \n\xE3\x80\x80")},
		"Validation failed: Text can't be blank");
	refused(f, (struct new_post){.author = alice, .text = view_make(many, 501)},
		"Validation failed: Text character limit of 500 exceeded");
	post_np(f, (struct new_post){.author = alice, .text = view_make(many, 500)});
	refused(f, (struct new_post){.author = alice, .text = view_make(many, 400), .spoiler = view_make(many, 101)},
		"Validation failed: Text character limit of 500 exceeded");

	struct new_post np = {.author = alice, .text = V("poll")};
	const struct {
		struct new_poll poll;
		const char *words;
	} polls[] = {
		{{one, 2, 300, false, false}, "Validation failed: Choices must have more than one item"},
		{{five, 5, 300, false, false}, "Validation failed: Choices can't contain more than 4 items"},
		{{same, 2, 300, false, false}, "Validation failed: Choices contain duplicate items"},
		{{wide, 2, 300, false, false}, "Validation failed: Choices cannot be longer than 50 characters each"},
		{{two, 2, 299, false, false}, "Validation failed: Deadline is too soon"},
		{{two, 2, 2629747, false, false}, "Validation failed: Deadline is too far into the future"},
	};
	for (size_t i = 0; i < ARRAY_LEN(polls); i++) {
		np.poll = &polls[i].poll;
		refused(f, np, polls[i].words);
	}
}

/* One letter may carry any number of marks: characters alone bound nothing. */
static void test_refuses_endless_characters(void **state)
{
	struct fixture *f = *state;
	size_t max = post_text_bytes_max(f->core), n = 1;
	char *text = arena_alloc(&f->arena, max + 4);

	for (text[0] = 'a'; n <= max; n += 2)
		memcpy(text + n, "\xCC\x81", 2);
	post_np(f, (struct new_post){.author = alice, .text = view_make(text, 4 * LIMIT_KIB - 1)});
	refused(f, (struct new_post){.author = alice, .text = view_make(text, n)},
		"Validation failed: Text character limit of 500 exceeded");
	refused(f,
		(struct new_post){.author = alice,
				  .text = view_make(text, n / 4 * 2 + 1),
				  .spoiler = view_make(text, n / 4 * 2 + 1)},
		"Validation failed: Text character limit of 500 exceeded");
	struct view options[] = {V("a"), view_make(text, 2 * LIMIT_KIB + 1)};
	refused(f,
		(struct new_post){
			.author = alice, .text = V("?"), .poll = &(struct new_poll){options, 2, 300, false, false}},
		"Validation failed: Choices cannot be longer than 50 characters each");
}

static void test_spoiler_alone_is_the_text(void **state)
{
	struct fixture *f = *state;
	struct post p = load(f, post_np(f, (struct new_post){.author = alice, .spoiler = V("only this")}));

	assert_true(view_is(p.text, "only this"));
	assert_int_equal(p.spoiler.len, 0);
	assert_true(p.sensitive);
}

static void test_mentions_and_tags(void **state)
{
	struct fixture *f = *state;
	int64_t before = told(f, bob, NOTIFY_MENTION);
	struct post_id id = post(f, alice, "hi @bob @BOB@kicau.example @nobody #Bird #bird #caf\xC3\xA9");
	struct post p = load(f, id);
	struct tag tag;

	assert_int_equal(p.n_mentions, 1);
	assert_true(account_eq(p.mentions[0].id, bob));
	assert_int_equal(p.meta.n_mentions, 1);
	assert_int_equal(told(f, bob, NOTIFY_MENTION), before + 1);
	assert_int_equal(p.n_tags, 2);
	assert_true(view_is(p.tags[0], "bird"));
	assert_int_equal(tag_load(f->db, &f->arena, V("#BIRD"), &tag), OK);
	assert_int_equal(tag.days[0].uses, 1);
	assert_int_equal(tag.days[0].accounts, 1);
	struct view found[5];
	size_t n;
	assert_int_equal(tags_find(f->db, &f->arena, V("bi"), 5, 0, found, &n), OK);
	assert_int_equal(n, 1);
	/* Who is blocked is not addressed. */
	assert_int_equal(graph_block(f->core, alice, carol), OK);
	p = load(f, post(f, alice, "@carol @bob"));
	assert_int_equal(p.n_mentions, 1);
	assert_true(account_eq(p.mentions[0].id, bob));
	assert_int_equal(graph_unblock(f->core, alice, carol), OK);
}

static void test_media_rules(void **state)
{
	struct fixture *f = *state;
	int64_t mine = media(f, alice, MEDIA_READY, "image"), waiting = media(f, alice, MEDIA_PROCESSING, "image");
	int64_t theirs = media(f, bob, MEDIA_READY, "image"), film = media(f, alice, MEDIA_READY, "video");
	struct view two[] = {V("a"), V("b")};
	const struct new_poll poll = {two, 2, 300, false, false};
	struct new_post np = {.author = alice, .media = &waiting, .n_media = 1};

	refused(f, np, "Cannot attach files that have not finished processing. Try again in a moment!");
	np.media = &theirs;
	refused(f, np,
		arena_printf(&f->arena, "Media %" PRIi64 " not found or already attached to another post", theirs).p);
	int64_t five[] = {mine, mine, mine, mine, mine}, mixed[] = {mine, film};
	np.media = five, np.n_media = 5;
	refused(f, np, "Cannot attach more than 4 files");
	np.media = mixed, np.n_media = 2;
	refused(f, np, "Cannot attach a video to a post that already contains images");
	np.media = &mine, np.n_media = 1, np.poll = &poll, np.text = V("x");
	refused(f, np, "Cannot attach more than 4 files");
	np.poll = NULL, np.text = V("");
	struct post p = load(f, post_np(f, np));
	assert_true(p.meta.has_media);
	assert_int_equal(p.n_media, 1);
	assert_int_equal(p.media[0].id, mine);
	refused(f, np,
		arena_printf(&f->arena, "Media %" PRIi64 " not found or already attached to another post", mine).p);
	/* Deleting gives the file back for a while. */
	assert_int_equal(post_delete(f->core, f->db, &f->arena, alice, p.meta.id), OK);
	assert_int_equal(number(f, &test_media_post, mine), 0);
	post_np(f, np);
}

static void test_idempotency(void **state)
{
	struct fixture *f = *state;
	struct new_post np = {.author = alice, .text = V("once"), .idempotency_key = V("k1")};
	struct post_id first = post_np(f, np), again = post_np(f, np);

	assert_true(post_eq(first, again));
	assert_int_equal(f->seen.n, 0);
	np.author = bob;
	assert_false(post_eq(first, post_np(f, np)));
	np.author = alice;
	assert_int_equal(post_delete(f->core, f->db, &f->arena, alice, first), OK);
	assert_false(post_eq(first, post_np(f, np)));
}

static void test_replies(void **state)
{
	struct fixture *f = *state;
	struct post_id root = post(f, alice, "root");
	struct post_id one = post_np(f, (struct new_post){.author = bob, .text = V("one"), .reply_to = root});
	struct post_id two = post_np(f, (struct new_post){.author = bob, .text = V("two"), .reply_to = one});
	struct post p = load(f, two);
	struct post_thread t;

	assert_true(post_eq(p.meta.reply_to, one));
	assert_true(account_eq(p.meta.reply_to_account, alice)); /* goes on answering alice */
	assert_int_equal(p.meta.thread_id, root.v);
	post_np(f, (struct new_post){.author = carol,
				     .text = V("psst"),
				     .reply_to = root,
				     .has_visibility = true,
				     .visibility = VISIBILITY_PRIVATE});
	assert_int_equal(load(f, root).replies, 1); /* only what everybody may see */
	struct post_id own = post_np(f, (struct new_post){.author = alice, .text = V("own"), .reply_to = root});
	struct viewer *v;
	assert_int_equal(viewer_get(f->core, f->db, carol, &v), OK);
	assert_int_equal(post_thread_load(f->db, &f->arena, v, root, &t), OK);
	assert_int_equal(t.n_ancestors, 0);
	assert_int_equal(t.n_descendants, 4);
	assert_true(post_eq(t.descendants[0], own));
	assert_true(post_eq(t.descendants[1], one));
	assert_true(post_eq(t.descendants[2], two));
	assert_int_equal(post_thread_load(f->db, &f->arena, v, two, &t), OK);
	assert_int_equal(t.n_ancestors, 2);
	assert_true(post_eq(t.ancestors[0], root) && post_eq(t.ancestors[1], one));
	viewer_put(v);
	/* Without its parent a reply stands. */
	assert_int_equal(post_delete(f->core, f->db, &f->arena, bob, one), OK);
	assert_int_equal(load(f, two).meta.reply_to.v, 0);
	assert_int_equal(load(f, root).replies, 1); /* own */
	struct problem problem;
	struct post_id id;
	assert_int_equal(
		try_post(f, (struct new_post){.author = bob, .text = V("late"), .reply_to = one}, &id, &problem),
		ERR_NOT_FOUND);
}

static void test_thread_limits(void **state)
{
	struct fixture *f = *state;
	struct post_id root = post(f, alice, "deep"), at = root, middle = root;
	struct post_thread t;

	for (int i = 0; i < 70; i++) {
		at = post_np(f, (struct new_post){.author = i % 2 ? alice : bob, .text = V("x"), .reply_to = at});
		if (i == 49)
			middle = at;
	}
	assert_int_equal(post_thread_load(f->db, &f->arena, viewer_nobody(), middle, &t), OK);
	assert_int_equal(t.n_ancestors, LIMIT_THREAD_ANON_ANCESTORS);
	assert_int_equal(t.n_descendants, 20);
	assert_int_equal(post_thread_load(f->db, &f->arena, viewer_nobody(), root, &t), OK);
	assert_int_equal(t.n_descendants, LIMIT_THREAD_ANON_DEPTH);
	for (int i = 0; i < 70; i++)
		post_np(f, (struct new_post){.author = bob, .text = V("wide"), .reply_to = root});
	assert_int_equal(post_thread_load(f->db, &f->arena, viewer_nobody(), root, &t), OK);
	assert_int_equal(t.n_descendants, LIMIT_THREAD_ANON_DESCENDANTS);
	struct viewer *v;
	assert_int_equal(viewer_get(f->core, f->db, carol, &v), OK);
	assert_int_equal(post_thread_load(f->db, &f->arena, v, root, &t), OK);
	assert_int_equal(t.n_descendants, 140);
	viewer_put(v);
}

static void test_edit(void **state)
{
	struct fixture *f = *state;
	int64_t picture = media(f, alice, MEDIA_READY, "image");
	struct post_id id = post_np(f, (struct new_post){.author = alice,
							 .text = V("first @bob #old"),
							 .spoiler = V("cw"),
							 .media = &picture,
							 .n_media = 1,
							 .language = V("de")});
	struct post_id boost;
	struct viewer *v;
	struct problem problem;
	const struct post_version *versions;
	size_t n;

	assert_int_equal(viewer_get(f->core, f->db, carol, &v), OK);
	assert_int_equal(post_boost(f->core, f->db, &f->arena, v, id, false, 0, &boost, &problem), OK);
	viewer_put(v);
	assert_int_equal(post_history(f->core, f->db, &f->arena, id, &versions, &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(edit(f, bob, id, (struct post_change){.text = V("mine")}), ERR_NOT_FOUND);
	assert_int_equal(edit(f, alice, id, (struct post_change){.text = V("")}), ERR_UNPROCESSABLE);
	int64_t before = told(f, carol, NOTIFY_UPDATE);
	assert_int_equal(edit(f, alice, id, (struct post_change){.text = V("second @carol #new")}), OK);
	assert_int_equal(fixture_events(f, EVENT_POST_EDITED), 1);
	assert_int_equal(told(f, carol, NOTIFY_UPDATE), before + 1);
	struct post p = load(f, id);
	assert_true(view_is(p.text, "second @carol #new"));
	assert_true(view_is(p.language, "de"));
	assert_true(p.edited_at >= p.created_at && !p.sensitive && p.spoiler.len == 0);
	assert_int_equal(p.n_media, 0);
	assert_int_equal(p.n_tags, 1);
	assert_true(view_is(p.tags[0], "new"));
	assert_int_equal(p.n_mentions, 2); /* bob was named, and stays addressed */
	assert_true(p.mentions[0].silent != p.mentions[1].silent);
	assert_int_equal(post_history(f->core, f->db, &f->arena, id, &versions, &n), OK);
	assert_int_equal(n, 2);
	assert_true(view_is(versions[0].spoiler, "cw"));
	assert_int_equal(versions[0].created_at, p.created_at);
	assert_int_equal(versions[0].n_media, 1);
	assert_int_equal(versions[0].media[0].id, picture);
	assert_true(view_is(versions[0].media[0].description, "a red bird"));
	assert_int_equal(versions[1].created_at, p.edited_at);
	/* The same once more is no edit; what was taken away may come back. */
	assert_int_equal(edit(f, alice, id, (struct post_change){.text = V("second @carol #new")}), OK);
	assert_int_equal(f->seen.n, 0);
	struct post_change back = {
		.text = V("second @carol #new"), .media = &picture, .n_media = 1, .n_media_changes = 1};
	back.media_changes[0].id = picture;
	back.media_changes[0].description = V("a blue bird");
	assert_int_equal(edit(f, alice, id, back), OK);
	p = load(f, id);
	assert_int_equal(p.n_media, 1);
	assert_true(view_is(p.media[0].description, "a blue bird"));
	assert_int_equal(post_delete(f->core, f->db, &f->arena, alice, id), OK);
	assert_int_equal(number(f, &test_left_over, id.v), 0);
}

static void test_delete_takes_everything(void **state)
{
	struct fixture *f = *state;
	struct view two[] = {V("a"), V("b")};
	const struct new_poll poll = {two, 2, 300, false, false};
	struct post_id id = post_np(f, (struct new_post){.author = alice, .text = V("@bob #gone"), .poll = &poll}),
		       boost;
	int64_t posts = number(f, &test_account_posts, alice.v), bobs = number(f, &test_account_posts, bob.v),
		choice = 1;
	struct problem problem;
	struct viewer *v;

	assert_int_equal(viewer_get(f->core, f->db, bob, &v), OK);
	assert_int_equal(post_boost(f->core, f->db, &f->arena, v, id, false, 0, &boost, &problem), OK);
	viewer_put(v);
	assert_int_equal(post_favourite(f->core, f->db, &f->arena, bob, id, true), OK);
	assert_int_equal(post_bookmark(f->core, f->db, &f->arena, carol, id, true), OK);
	assert_int_equal(post_pin(f->core, f->db, &f->arena, alice, id, true, &problem), OK);
	assert_int_equal(poll_vote(f->core, f->db, &f->arena, carol, id, &choice, 1, &problem), OK);
	fixture_forget(f);
	assert_int_equal(post_delete(f->core, f->db, &f->arena, bob, id), ERR_NOT_FOUND);
	assert_int_equal(post_delete(f->core, f->db, &f->arena, alice, id), OK);
	assert_int_equal(number(f, &test_left_over, id.v), 0);
	assert_int_equal(fixture_events(f, EVENT_POST_DELETED), 2); /* the boost too */
	assert_int_equal(number(f, &test_account_posts, alice.v), posts - 1);
	assert_int_equal(number(f, &test_account_posts, bob.v), bobs);
	assert_int_equal(post_delete(f->core, f->db, &f->arena, alice, id), ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_refuses_endless_characters),
		cmocka_unit_test(test_spoiler_alone_is_the_text),
		cmocka_unit_test(test_mentions_and_tags),
		cmocka_unit_test(test_media_rules),
		cmocka_unit_test(test_idempotency),
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_thread_limits),
		cmocka_unit_test(test_edit),
		cmocka_unit_test(test_delete_takes_everything),
	};
	return cmocka_run_group_tests(tests, posts_setup, fixture_teardown);
}
