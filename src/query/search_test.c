/*
 * search_test.c - on both databases, random queries over random posts: what the search finds through indexes is what
 * matching every post finds.
 */
#include "base/base.h"
#include "store/store_test.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/vec.h"
#include "core/accounts.h"
#include "core/posts.h"
#include "present/present.h"
#include "query/search.h"
#include "store/fts_waiting.h"

#define POSTS 250
#define QUERIES 300
#define PEOPLE 6

static const char *const people[PEOPLE] = {"alice", "bob", "carol_b", "42", "dora", "erik"}; /* dora, erik: not found */
static const char *const words[] = {
	"garuda", "rice", "tea", "coca-cola", "Diacr\xC3\xADtica", "\xE6\x97\xA5\xE6\x9C\xAC", "or", "\xF0\x9F\x98\x83",
	"fields over", "don't", "#Meme", "#caf\xC3\xA9_x", "@alice", "@carol_b,", "@42", "$TWTR", "$brk.b", "$100",
	"https://example.com/a_b?q=tea", "http://news.example.org/rice", "\xD0\xBF\xD1\x80\xD0\xB8https://example.com/x",
};

struct world {
	struct fixture f;
	struct core *core;
	struct db *db;
	struct arena arena;
	struct account_id people[PEOPLE];
	struct VEC(struct post_id) all; /* oldest first, of any kind */
	uint64_t seed;
};

/* xorshift: the same world and the same queries each time. */
static size_t pick(struct world *w, size_t n)
{
	w->seed ^= w->seed << 13;
	w->seed ^= w->seed >> 7;
	w->seed ^= w->seed << 17;
	return (size_t)(w->seed >> 20) % n;
}

static bool chance(struct world *w, size_t percent)
{
	return pick(w, 100) < percent;
}

static struct post_id any_post(struct world *w)
{
	return w->all.v[pick(w, w->all.n)];
}

/* ---- the world ---- */

struct media_row {
	int64_t id;
	struct account_id owner;
	const char *kind;
};

static enum err insert_media(struct db *tx, void *arg)
{
	TEST_SQL(insert, "INSERT INTO media (id, account_id, state, kind, file, preview, description, created_at)"
			 " VALUES ($1, $2, 1, $3, 'f', 'p', 'tea in a cup', 1)");
	const struct media_row *m = arg;

	return db_exec(tx, &insert, BINDS(B_INT(m->id), B_INT(m->owner.v), B_TEXT(view_of(m->kind))), NULL);
}

static void random_text(struct world *w, struct buf *out)
{
	for (size_t i = 0, n = 1 + pick(w, 6); i < n; i++) {
		if (i)
			buf_add_c(out, ' ');
		buf_add_str(out, words[pick(w, ARRAY_LEN(words))]);
	}
}

static void random_post(struct world *w)
{
	static const char *const kinds[] = {"image", "video", "gifv", "audio"}, *const languages[] = {"en", "id",
												      "zh-TW"};
	struct view options[] = {V("garuda"), V("tea")};
	const struct new_poll poll = {options, 2, 300, false, false};
	struct buf CLEANUP(buf_release) text = {.max = 4096}, spoiler = {.max = 4096};
	struct media_row media = {id_next(), w->people[pick(w, PEOPLE)], kinds[pick(w, ARRAY_LEN(kinds))]};
	struct problem problem = {0};
	struct post_id id;

	random_text(w, &text);
	if (chance(w, 10))
		random_text(w, &spoiler);
	struct new_post np = {.author = media.owner,
			      .text = buf_view(&text),
			      .spoiler = buf_view(&spoiler),
			      .language = view_of(languages[pick(w, ARRAY_LEN(languages))]),
			      .has_visibility = true,
			      .visibility = chance(w, 85) ? VISIBILITY_PUBLIC : (enum visibility)pick(w, 4)};
	if (w->all.n && chance(w, 30))
		np.reply_to = any_post(w);
	if (chance(w, 20)) {
		assert_int_equal(store_write(w->f.s, insert_media, &media), OK);
		np.media = &media.id;
		np.n_media = 1;
	} else if (chance(w, 10)) {
		np.poll = &poll;
	} else if (w->all.n && chance(w, 15)) {
		np.quote_of = any_post(w);
	}
	if (post_create(w->core, w->db, &w->arena, &np, &id, &problem) == OK)
		VEC_PUSH(&w->all, id);
}

static void random_act(struct world *w)
{
	struct account_id who = w->people[pick(w, PEOPLE)];
	struct problem problem = {0};
	struct post_id boost;
	struct viewer *viewer;

	if (chance(w, 30)) {
		(void)!post_favourite(w->core, w->db, &w->arena, who, any_post(w), true);
		return;
	}
	assert_int_equal(viewer_get(w->core, w->db, who, &viewer), OK);
	if (post_boost(w->core, w->db, &w->arena, viewer, any_post(w), true, VISIBILITY_PUBLIC, &boost, &problem) ==
		    OK &&
	    boost.v > w->all.v[w->all.n - 1].v) /* not one that was there */
		VEC_PUSH(&w->all, boost);
	viewer_put(viewer);
}

static enum err mark_people(struct db *tx, void *arg)
{
	TEST_SQL(suspend, "UPDATE accounts SET suspended_at = 1 WHERE username = 'dora'");
	TEST_SQL(silence, "UPDATE accounts SET silenced_at = 1 WHERE username = 'erik'");
	TEST_SQL(verify, "UPDATE accounts SET fields = '[{\"verified_at\":\"2026-01-01T00:00:00.000Z\"}]'"
			 " WHERE username = 'bob'");

	(void)arg;
	TRY(db_exec(tx, &suspend, NO_BINDS, NULL));
	TRY(db_exec(tx, &silence, NO_BINDS, NULL));
	return db_exec(tx, &verify, NO_BINDS, NULL);
}

static enum err move_words(struct db *tx, void *arg)
{
	return fts_waiting_move(tx, arg);
}

static void make_account(struct world *w, size_t i)
{
	struct field_errors errors = {0};
	struct new_account na = {.username = view_of(people[i]),
				 .email = arena_printf(&w->arena, "%s@example.org", people[i]),
				 .password = V("correct horse battery"),
				 .reserved_ok = true,
				 .approved = true,
				 .confirmed = true};

	assert_int_equal(account_create(w->core, &w->arena, &na, &w->people[i], &errors), OK);
}

static void world_open(struct world *w, void *const *state)
{
	const struct core_config config = {.base_url = "http://kicau.example",
					   .domain = "kicau.example",
					   .title = "kicau",
					   .description = "",
					   .contact_email = "",
					   .languages = "en",
					   .post_chars = 500,
					   .timelines_bytes = LIMIT_MIB,
					   .cards_bytes = LIMIT_MIB,
					   .viewers_bytes = LIMIT_MIB,
					   .merge_followers = 20000,
					   .active_days = 14};
	struct problem problem = {0};
	int64_t moved;

	*w = (struct world){.seed = 0x9E3779B97F4A7C15u};
	assert_int_equal(secret_init(), OK);
	log_setup(STDERR_FILENO, LOG_LEVEL_WARN, LOG_TEXT);
	make(&w->f, state);
	arena_init(&w->arena, 8 * LIMIT_CALL_ARENA);
	assert_int_equal(core_open(&config, w->f.s, &w->core, &problem), OK);
	present_init(w->core);
	w->db = store_db(w->f.s);
	for (size_t i = 0; i < PEOPLE; i++)
		make_account(w, i);
	for (size_t i = 0; i < POSTS; i++) {
		random_post(w);
		if (i > 5 && chance(w, 60))
			random_act(w);
		if (i == POSTS / 2 && !w->f.server)
			assert_int_equal(store_write(w->f.s, move_words, &moved), OK);
	}
	assert_int_equal(store_write(w->f.s, mark_people, NULL), OK);
}

static void world_close(struct world *w)
{
	core_close(w->core);
	VEC_FREE(&w->all);
	arena_release(&w->arena);
	store_thread_done(w->f.s);
	unmake(&w->f);
}

/* ---- random queries ---- */

static const char *const plain_terms[] = {
	"garuda", "rice", "tea", "cola", "\"coca cola\"", "diacritica", "\xE6\x97\xA5\xE6\x9C\xAC", "\"or\"",
	"\"fields over\"", "\"over fields\"", "\"tea rice\"", "https", "#meme", "#Cafe_X", "#none", "@alice", "@carol_b",
	"@42", "@bob", "$twtr", "$BRK.B", "$fb", "100", "from:alice", "from:bob", "from:42", "from:dora", "from:nobody",
	"to:alice", "to:carol_b", "retweets_of:alice", "retweets_of:bob", "url:example.com", "url:\"news.example.org/rice\"",
	"url:tea", "\"\xF0\x9F\x98\x83\"", "is:retweet", "is:reply", "is:quote", "is:verified", "has:hashtags",
	"has:cashtags", "has:links", "has:mentions", "has:media", "has:images", "has:videos", "has:poll", "lang:en",
	"lang:id", "lang:zh", "-is:retweet", "-garuda", "-has:links", "-from:alice", "min_likes:1", "min_replies:1",
	"min_reposts:2", "since:2020-01-01", "until:2020-01-01", "-is:nullcast",
};

static void random_query(struct world *w, struct buf *out, size_t depth)
{
	static const char *const by_post[] = {"conversation_id", "in_reply_to_tweet_id", "quotes_of_tweet_id",
					      "retweets_of_tweet_id", "from"};
	size_t kind = pick(w, depth < 3 ? 10 : 6);

	if (kind < 5) {
		buf_add_str(out, plain_terms[pick(w, ARRAY_LEN(plain_terms))]);
	} else if (kind == 5) {
		size_t i = pick(w, ARRAY_LEN(by_post));

		buf_printf(out, "%s:%" PRIi64, by_post[i], i == 4 ? w->people[pick(w, PEOPLE)].v : any_post(w).v);
	} else {
		buf_add_str(out, chance(w, 15) ? "-(" : "(");
		for (size_t i = 0, n = 2 + pick(w, 2); i < n; i++) {
			if (i)
				buf_add_str(out, kind == 6 ? " OR " : " ");
			random_query(w, out, depth + 1);
		}
		buf_add_c(out, ')');
	}
}

/* ---- the comparison ---- */

static bool may_go_out(struct world *w, struct account_id who, struct post_meta *m)
{
	return who.v != w->people[4].v && who.v != w->people[5].v && m->visibility == VISIBILITY_PUBLIC;
}

/* Ids of all that match, newest first. */
static size_t look_at_all(struct world *w, const struct query *q, struct post_id *ret)
{
	struct arena CLEANUP(arena_release) a;
	size_t n = 0;

	arena_init(&a, LIMIT_CALL_ARENA);
	for (size_t i = w->all.n; i > 0; i--) {
		const struct query_post *looked_at;
		struct post_meta boosted;
		struct post post;

		arena_reset(&a);
		assert_int_equal(post_load(w->core, w->db, &a, w->all.v[i - 1], &post), OK);
		if (!may_go_out(w, post.meta.author, &post.meta))
			continue;
		if (post.meta.boost_of.v) {
			assert_int_equal(post_load_meta(w->core, w->db, &a, post.meta.boost_of, &boosted), OK);
			if (!may_go_out(w, boosted.author, &boosted))
				continue;
		}
		assert_int_equal(query_post_make(w->core, w->db, &a, &post, &looked_at), OK);
		if (query_match(q, looked_at))
			ret[n++] = post.meta.id;
	}
	return n;
}

static size_t look_by_pages(struct world *w, const struct query *q, struct post_id *ret, size_t cap)
{
	struct query_range range = {0};
	struct arena CLEANUP(arena_release) a;
	size_t n = 0;

	arena_init(&a, LIMIT_CALL_ARENA);
	do {
		struct query_found found;

		arena_reset(&a);
		assert_int_equal(query_search(w->core, w->db, &a, q, &range, 17, &found), OK);
		assert_true(n + found.n <= cap);
		memcpy(ret + n, found.ids, found.n * sizeof(*ret));
		n += found.n;
		range.max_id = found.next_max_id;
	} while (range.max_id);
	return n;
}

static int64_t count_by_steps(struct world *w, const struct query *q)
{
	const struct query_range range = {0};
	int64_t now = id_time(id_next()) + 1, sum = 0;
	struct query_counts counts;
	struct arena CLEANUP(arena_release) a;

	arena_init(&a, LIMIT_CALL_ARENA);
	assert_int_equal(query_count(w->core, w->db, &a, q, &range, now - 3600000, now, 60000, &counts), OK);
	assert_int_equal(counts.next_max_id, 0);
	assert_int_equal(counts.buckets[0].start_ms, now - 3600000);
	assert_int_equal(counts.buckets[counts.n - 1].end_ms, now);
	for (size_t i = 0; i < counts.n; i++)
		sum += counts.buckets[i].n;
	assert_int_equal(sum, counts.total);
	return sum;
}

static size_t compare(struct world *w, const char *text)
{
	const struct query_limits limits = {QUERY_SEARCH, 1024};
	struct post_id *expected = xcalloc(w->all.n + 1, sizeof(*expected)),
		       *found = xcalloc(w->all.n + 1, sizeof(*found));
	struct problem problem = {0};
	struct arena CLEANUP(arena_release) a;
	const struct query *q;
	size_t n = 0;

	arena_init(&a, LIMIT_MIB);
	if (query_parse(&a, view_of(text), &limits, &q, &problem) == OK) {
		n = look_at_all(w, q, expected);
		size_t n_found = look_by_pages(w, q, found, w->all.n), i = 0;

		while (i < n && i < n_found && post_eq(expected[i], found[i]))
			i++;
		if (i < n || i < n_found)
			fail_msg("%s: %zu match, %zu are found; number %zu is %" PRIi64 ", found is %" PRIi64, text, n,
				 n_found, i, expected[i].v, found[i].v);
		assert_int_equal(count_by_steps(w, q), n);
	}
	free(expected);
	free(found);
	return n;
}

static void search_finds_what_matches(void **state)
{
	struct world w;
	size_t some = 0;

	world_open(&w, state);
	for (size_t i = 0; i < ARRAY_LEN(plain_terms); i++)
		compare(&w, plain_terms[i]);
	for (size_t i = 0; i < QUERIES; i++) {
		struct buf CLEANUP(buf_release) text = {.max = 4096};

		random_query(&w, &text, 0);
		some += compare(&w, text.p) > 0;
	}
	assert_true(some > QUERIES / 10); /* or it would say nothing */
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(search_finds_what_matches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
