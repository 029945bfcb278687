/*
 * status_test.c - a Status, byte for byte but for ids, times and the account in it; and who is shown what of a page.
 */
#include "base/base.h"

#include "core/core_fixture.h"

#include <jansson.h>

#include "base/clock.h"
#include "base/metrics.h"
#include "core/graph.h"
#include "core/polls.h"
#include "core/posts.h"
#include "core/viewer.h"
#include "present/present.h"
#include "present/status_edit.h"
#include "present/tag.h"

static struct account_id alice, bob, carol;

static int setup(void **state)
{
	struct fixture *f = fixture_open();

	present_init(f->core);
	alice = fixture_account(f, "alice");
	bob = fixture_account(f, "bob");
	carol = fixture_account(f, "carol");
	*state = f;
	return 0;
}

static struct post_id post_np(struct fixture *f, struct new_post np)
{
	struct problem problem = {0};
	struct post_id id = {0};
	enum err err = post_create(f->core, f->db, &f->arena, &np, &id, &problem);

	if (err)
		fail_msg("%s: %s", err_name(err), problem.text);
	return id;
}

static struct post_id boost(struct fixture *f, struct account_id who, struct post_id id)
{
	struct problem problem = {0};
	struct post_id ret;
	struct viewer *v;

	assert_int_equal(viewer_get(f->core, f->db, who, &v), OK);
	assert_int_equal(post_boost(f->core, f->db, &f->arena, v, id, false, 0, &ret, &problem), OK);
	viewer_put(v);
	return ret;
}

/* What `show` writes for this viewer, parsed. */
static enum err shown(struct fixture *f, struct account_id who, struct post_id id, bool source, struct buf *out)
{
	struct present p = {f->core, f->db, &f->arena, NULL};
	struct jw j = jw_to(out);
	enum err err;

	assert_int_equal(viewer_get(f->core, f->db, who, &p.viewer), OK);
	err = source ? present_post_source(&p, id, &j) : present_post(&p, id, &j);
	viewer_put(p.viewer);
	return err;
}

/* A card made while the post is written says what one that was read says. */
static void made_and_read(struct fixture *f, struct new_post np)
{
	struct post_id id = post_np(f, np);
	struct buf made, again;

	buf_init(&made, LIMIT_MIB);
	buf_init(&again, LIMIT_MIB);
	int64_t misses = metric_get(METRIC_CARD_MISSES);
	assert_int_equal(shown(f, np.author, id, false, &made), OK);
	assert_int_equal(metric_get(METRIC_CARD_MISSES), misses);
	events_announce(f->core->events, &(struct event){.kind = EVENT_POST_COUNTS, .post = id});
	assert_int_equal(shown(f, np.author, id, false, &again), OK);
	assert_int_equal(metric_get(METRIC_CARD_MISSES), misses + 1);
	assert_true(made.len == again.len && memcmp(made.p, again.p, made.len) == 0);
	buf_release(&made);
	buf_release(&again);
}

static void a_new_post_is_shown_unread(void **state)
{
	struct fixture *f = *state;
	struct view options[] = {V("tea"), V("coffee")};
	const struct new_poll poll = {options, 2, 300, false, false};
	struct post_id root = post_np(f, (struct new_post){.author = bob, .text = V("root")});

	made_and_read(f, (struct new_post){.author = alice, .text = V("plain https://example.org/a?b&c")});
	made_and_read(f, (struct new_post){.author = alice,
					   .text = V("#Zebra #apple #Mango @bob @carol"),
					   .spoiler = V("x"),
					   .language = V("id"),
					   .reply_to = root});
	made_and_read(
		f, (struct new_post){
			   .author = alice, .text = V("?"), .poll = &poll, .has_sensitive = true, .sensitive = true});
	made_and_read(f, (struct new_post){.author = alice,
					   .text = V("old"),
					   .created_at = 1600000000000,
					   .has_visibility = true,
					   .visibility = VISIBILITY_PRIVATE});
}

/* Puts names in the place of what differs from run to run. */
static struct view masked(struct fixture *f, struct view json, struct post_id id)
{
	struct buf out;
	struct view number = arena_printf(&f->arena, "%" PRIi64, id.v);
	size_t depth = 0;

	buf_init(&out, LIMIT_MIB);
	for (size_t i = 0; i < json.len; i++) {
		struct view rest = view_sub(json, i, json.len);

		if (view_starts(rest, number)) {
			buf_add(&out, V("ID"));
			i += number.len - 1;
		} else if (view_starts(rest, V("\"account\":{"))) {
			buf_add(&out, V("\"account\":A"));
			i += sizeof("\"account\":") - 1;
			for (depth = 1, i++; depth; i++)
				depth = depth + (json.p[i] == '{') - (json.p[i] == '}');
			i--;
		} else if (view_starts(rest, V("\"created_at\":\""))) {
			buf_add(&out, V("\"created_at\":\"T\""));
			i += sizeof("\"created_at\":\"") + CLOCK_ISO_LEN - 1;
		} else {
			buf_add_c(&out, json.p[i]);
		}
	}
	struct view ret = arena_view(&f->arena, buf_view(&out));
	buf_release(&out);
	return ret;
}

#define BEFORE                                                                                                         \
	"{\"id\":\"ID\",\"created_at\":\"T\",\"in_reply_to_id\":null,\"in_reply_to_account_id\":null,"                 \
	"\"sensitive\":true,\"spoiler_text\":\"warn\",\"visibility\":\"unlisted\",\"language\":\"de\","                \
	"\"uri\":\"http://kicau.example/users/alice/statuses/ID\",\"url\":\"http://kicau.example/@alice/ID\","         \
	"\"replies_count\":0,\"reblogs_count\":0,\"favourites_count\":0,\"quotes_count\":0,\"edited_at\":null,"
#define AFTER                                                                                                          \
	",\"application\":null,\"account\":A,\"media_attachments\":[],\"mentions\":[],"                                \
	"\"tags\":[{\"name\":\"hi\",\"url\":\"http://kicau.example/tags/hi\"}],\"emojis\":[],\"card\":null,"           \
	"\"tagged_collections\":[],"                                                                                   \
	"\"reblog\":null,\"poll\":null"
#define QUOTE(may)                                                                                                     \
	",\"quote\":null,\"quote_approval\":{\"automatic\":[\"public\"],\"manual\":[],\"current_user\":\"" may "\"}}"
#define CONTENT                                                                                                        \
	"\"content\":\"<p>&lt;3 <a href=\\\"http://kicau.example/tags/Hi\\\" class=\\\"mention hashtag\\\" "           \
	"rel=\\\"tag\\\">#<span>Hi</span></a></p>\""

static void test_golden(void **state)
{
	struct fixture *f = *state;
	struct post_id id = post_np(f, (struct new_post){.author = alice,
							 .text = V("<3 #Hi"),
							 .spoiler = V("warn"),
							 .language = V("de"),
							 .has_visibility = true,
							 .visibility = VISIBILITY_UNLISTED});
	const struct {
		struct account_id who;
		bool source;
		const char *json;
	} cases[] = {
		{{0}, false, BEFORE CONTENT AFTER QUOTE("denied")},
		{bob, false,
		 BEFORE CONTENT AFTER ",\"favourited\":false,\"reblogged\":false,\"muted\":false,"
				      "\"bookmarked\":false,\"filtered\":[]" QUOTE("automatic")},
		{alice, false,
		 BEFORE CONTENT AFTER ",\"favourited\":false,\"reblogged\":false,\"muted\":false,"
				      "\"bookmarked\":false,\"pinned\":false,\"filtered\":[]" QUOTE("automatic")},
		{{0}, true, BEFORE "\"text\":\"<3 #Hi\"" AFTER QUOTE("denied")},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out;

		buf_init(&out, LIMIT_MIB);
		assert_int_equal(shown(f, cases[i].who, id, cases[i].source, &out), OK);
		assert_string_equal(masked(f, buf_view(&out), id).p, cases[i].json);
		buf_release(&out);
	}
}

static json_t *status(struct fixture *f, struct account_id who, struct post_id id)
{
	struct buf out;
	json_t *json;

	buf_init(&out, LIMIT_MIB);
	assert_int_equal(shown(f, who, id, false, &out), OK);
	json = json_loadb(out.p, out.len, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(json);
	buf_release(&out);
	return json;
}

static bool is_true(const json_t *json, const char *key)
{
	return json_is_true(json_object_get(json, key));
}

static void test_boost(void **state)
{
	struct fixture *f = *state;
	struct post_id id = post_np(f, (struct new_post){.author = alice, .text = V("boost me")}),
		       b = boost(f, bob, id);

	assert_int_equal(post_favourite(f->core, f->db, &f->arena, bob, id, true), OK);
	json_t *json = status(f, bob, b), *inner = json_object_get(json, "reblog");
	assert_true(is_true(json, "favourited") && is_true(json, "reblogged") && !is_true(json, "bookmarked"));
	assert_true(is_true(inner, "favourited") && is_true(inner, "reblogged"));
	assert_int_equal(json_integer_value(json_object_get(inner, "reblogs_count")), 1);
	assert_int_equal(json_integer_value(json_object_get(inner, "favourites_count")), 1);
	assert_null(json_object_get(json, "pinned"));
	assert_true(json_is_null(json_object_get(inner, "reblog")));
	json_decref(json);
	/* Counts go with it when the favourite does. */
	assert_int_equal(post_favourite(f->core, f->db, &f->arena, bob, id, false), OK);
	json = status(f, (struct account_id){0}, b);
	inner = json_object_get(json, "reblog");
	assert_int_equal(json_integer_value(json_object_get(inner, "favourites_count")), 0);
	assert_null(json_object_get(inner, "favourited"));
	json_decref(json);
}

static void test_poll(void **state)
{
	struct fixture *f = *state;
	struct view options[] = {V("a"), V("b")};
	const struct new_poll poll = {options, 2, 300, false, true};
	struct post_id id = post_np(f, (struct new_post){.author = alice, .text = V("poll"), .poll = &poll});
	int64_t choice = 1;
	struct problem problem;
	json_t *json = status(f, bob, id), *p = json_object_get(json, "poll");

	assert_false(is_true(p, "voted"));
	assert_int_equal(json_array_size(json_object_get(p, "own_votes")), 0);
	assert_true(json_is_null(json_object_get(json_array_get(json_object_get(p, "options"), 0), "votes_count")));
	json_decref(json);
	assert_int_equal(poll_vote(f->core, f->db, &f->arena, bob, id, &choice, 1, &problem), OK);
	json = status(f, bob, id);
	p = json_object_get(json, "poll");
	assert_true(is_true(p, "voted"));
	assert_int_equal(json_integer_value(json_array_get(json_object_get(p, "own_votes"), 0)), 1);
	assert_int_equal(json_integer_value(json_object_get(p, "voters_count")), 1);
	json_decref(json);
	json = status(f, alice, id);
	assert_true(is_true(json_object_get(json, "poll"), "voted"));
	json_decref(json);
	json = status(f, (struct account_id){0}, id);
	assert_null(json_object_get(json_object_get(json, "poll"), "voted"));
	json_decref(json);
}

static size_t page_size(struct fixture *f, struct account_id who, const struct post_id *ids, size_t n, bool listed)
{
	struct present p = {f->core, f->db, &f->arena, NULL};
	struct buf out;
	json_t *json;
	size_t size;

	buf_init(&out, LIMIT_MIB);
	struct jw j = jw_to(&out);
	assert_int_equal(viewer_get(f->core, f->db, who, &p.viewer), OK);
	assert_int_equal(present_posts(&p, ids, n, listed, &j), OK);
	viewer_put(p.viewer);
	json = json_loadb(out.p, out.len, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(json);
	size = json_array_size(json);
	json_decref(json);
	buf_release(&out);
	return size;
}

static void test_page(void **state)
{
	struct fixture *f = *state;
	struct post_id ids[6];
	struct account_id nobody = {0};

	for (enum visibility v = VISIBILITY_PUBLIC; v <= VISIBILITY_DIRECT; v++)
		ids[v] = post_np(
			f, (struct new_post){
				   .author = alice, .text = V("@bob x"), .has_visibility = true, .visibility = v});
	ids[4] = boost(f, carol, ids[0]);
	ids[5] = (struct post_id){1}; /* does not exist */
	assert_int_equal(page_size(f, nobody, ids, 6, true), 3);
	assert_int_equal(page_size(f, carol, ids, 6, true), 3);
	assert_int_equal(page_size(f, bob, ids, 6, true), 5);
	assert_int_equal(page_size(f, alice, ids, 6, true), 5);
	assert_int_equal(graph_mute(f->core, bob, alice, true, 0), OK);
	assert_int_equal(page_size(f, bob, ids, 6, true), 0);
	assert_int_equal(page_size(f, bob, ids, 6, false), 5);
	assert_int_equal(graph_unmute(f->core, bob, alice), OK);
	assert_int_equal(graph_block(f->core, alice, carol), OK);
	assert_int_equal(page_size(f, carol, ids, 6, false), 0);
	assert_int_equal(graph_unblock(f->core, alice, carol), OK);
}

/* How many posts a buffer of max bytes takes of these. */
static size_t page_fit(struct fixture *f, size_t max, const struct post_id *ids, size_t n)
{
	struct present p = {f->core, f->db, &f->arena, viewer_nobody()};
	struct buf CLEANUP(buf_release) out = {.max = max};
	struct jw j = jw_to(&out);

	assert_int_equal(present_posts(&p, ids, n, true, &j), OK);
	assert_false(out.over);
	json_t *json = json_loadb(out.p, out.len, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(json);
	size_t shown_posts = json_array_size(json);
	json_decref(json);
	return shown_posts;
}

/* Neither a post too large nor a thread too long makes an answer fail. */
static void test_room(void **state)
{
	struct fixture *f = *state;
	char *marks = arena_alloc(&f->arena, 16 * LIMIT_KIB);
	struct post_id ids[120];

	marks[0] = 'a';
	for (size_t i = 1; i + 1 < 16 * LIMIT_KIB; i += 2)
		memcpy(marks + i, "\xCC\x81", 2);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		ids[i] = post_np(f,
				 (struct new_post){.author = alice,
						   .text = i == 1 ? view_make(marks, 16 * LIMIT_KIB - 1) : V("short")});
	assert_int_equal(page_fit(f, LIMIT_REPLY, ids, 40), 40);
	assert_int_equal(page_fit(f, 256 * LIMIT_KIB, ids, 40), 39);
	size_t some = page_fit(f, 128 * LIMIT_KIB, ids, ARRAY_LEN(ids));
	assert_in_range(some, 40, 110);
}

/* Cards are made in memory of their own, or a long thread would use up the call's. */
static void test_cards_take_nothing_of_the_call(void **state)
{
	struct fixture *f = *state;
	struct post_id id = post_np(f, (struct new_post){.author = alice, .text = V("a card")});
	struct account_card *account;
	struct arena none;
	struct card *card;

	arena_init(&none, 0);
	events_announce(f->core->events, &(struct event){.kind = EVENT_EMOJI_CHANGED});
	assert_int_equal(card_get(f->core, f->db, &none, id, &card), OK);
	assert_int_equal(account_card_get(f->core, f->db, &none, alice, &account), OK);
	card_put(card);
	account_card_put(account);
	arena_release(&none);
}

static void test_history(void **state)
{
	struct fixture *f = *state;
	struct post_id id = post_np(f, (struct new_post){.author = alice, .text = V("one")});
	struct post_change change = {.text = V("two")};
	struct present p = {f->core, f->db, &f->arena, viewer_nobody()};
	struct problem problem;
	struct buf out;

	assert_int_equal(post_edit(f->core, f->db, &f->arena, alice, id, &change, &problem), OK);
	buf_init(&out, LIMIT_MIB);
	struct jw j = jw_to(&out);
	assert_int_equal(present_history(&p, id, &j), OK);
	json_t *json = json_loadb(out.p, out.len, JSON_REJECT_DUPLICATES, NULL);
	assert_int_equal(json_array_size(json), 2);
	assert_string_equal(json_string_value(json_object_get(json_array_get(json, 0), "content")), "<p>one</p>");
	assert_string_equal(json_string_value(json_object_get(json_array_get(json, 1), "content")), "<p>two</p>");
	json_decref(json);
	buf_release(&out);
	json = status(f, bob, id);
	assert_true(json_is_string(json_object_get(json, "edited_at")));
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_post_is_shown_unread),
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_boost),
		cmocka_unit_test(test_poll),
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_history),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_cards_take_nothing_of_the_call),
	};
	return cmocka_run_group_tests(tests, setup, fixture_teardown);
}
