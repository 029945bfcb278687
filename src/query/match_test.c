/*
 * match_test.c - what each operator matches, and that many rules at once match what each does alone.
 */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>

#include "base/limits.h"
#include "query/post.h"
#include "query/rules.h"

#define ACCENT_TEXT "Crian\xC3\xA7" "a saw O\xE2\x80\x99Neil \xE2\x9D\xA4\xEF\xB8\x8F at \xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E"

struct sample {
	struct post post, boosted;
	struct view author, fields, reply_name, boost_name;
};

static const struct view tags[] = {V("cafe_x"), V("meme")};
static const struct post_mention mentions[] = {
	{.username = V("Bob_B"), .domain = V("")},
	{.username = V("far"), .domain = V("elsewhere.example")},
	{.username = V("hidden"), .domain = V(""), .silent = true},
};
static const struct post_media media[] = {{.kind = V("image")}, {.kind = V("gifv")}};
static const struct post_poll poll;

static struct sample plain(const char *text)
{
	struct sample s = {.author = V("Alice")};

	s.post = (struct post){.meta = {.id = {id_at(1767225600000)}, .author = {7}, .thread_id = 500},
			       .text = view_of(text),
			       .spoiler = V(""),
			       .language = V("zh-TW")};
	return s;
}

static struct sample rich(void)
{
	struct sample s = plain("Coca-Cola, tea for @Bob_B and @far@elsewhere.example: #Caf\xC3\xA9_X #meme $TWTR x$no "
				"$brk.b. https://example.com/a_b?q=1 http://news.example.org");

	s.fields = V("[{\"name\":\"a\",\"verified_at\":null},{\"verified_at\":\"2026-01-01T00:00:00.000Z\"}]");
	s.post.spoiler = V("warning over");
	s.post.meta.reply_to.v = 400;
	s.post.meta.reply_to_account.v = 8;
	s.post.meta.quote_of.v = 300;
	s.post.meta.quote_state = QUOTE_ACCEPTED;
	s.reply_name = V("Carol");
	s.post.tags = tags;
	s.post.n_tags = ARRAY_LEN(tags);
	s.post.mentions = mentions;
	s.post.n_mentions = ARRAY_LEN(mentions);
	s.post.media = media;
	s.post.n_media = ARRAY_LEN(media);
	s.post.poll = &poll;
	s.post.favourites = 5;
	s.post.replies = 2;
	s.post.boosts = 1;
	return s;
}

static struct sample boost(void)
{
	struct sample s = plain("");

	s.boosted = rich().post;
	s.post.language = V("");
	s.post.meta.boost_of.v = 600;
	s.post.meta.boost_author.v = 9;
	s.boost_name = V("Dora");
	return s;
}

static const struct query_post *looked_at(struct arena *a, const struct sample *s)
{
	return query_post_build(a, &(struct query_parts){.post = &s->post,
							 .boosted = s->post.meta.boost_of.v ? &s->boosted : NULL,
							 .author_name = s->author,
							 .author_fields = s->fields,
							 .reply_name = s->reply_name,
							 .boost_name = s->boost_name});
}

static const struct query *parsed(struct arena *a, const char *text, enum query_use use)
{
	const struct query_limits limits = {use, QUERY_CHARS_MAX};
	struct problem problem = {0};
	const struct query *q;

	if (query_parse(a, view_of(text), &limits, &q, &problem) != OK)
		fail_msg("%s: %s", text, problem.text);
	return q;
}

static void check(const struct sample *s, const char *const *queries, size_t n, bool expected)
{
	struct arena CLEANUP(arena_release) a;

	arena_init(&a, 8 * LIMIT_MIB);
	const struct query_post *post = looked_at(&a, s);
	for (size_t i = 0; i < n; i++)
		if (query_match(parsed(&a, queries[i], QUERY_SEARCH), post) != expected)
			fail_msg("%s %s", queries[i], expected ? "does not match" : "matches");
}

#define MATCH(s, ...)                                                                                                  \
	check((s), (const char *const[]){__VA_ARGS__}, ARRAY_LEN(((const char *const[]){__VA_ARGS__})), true)
#define NO_MATCH(s, ...)                                                                                               \
	check((s), (const char *const[]){__VA_ARGS__}, ARRAY_LEN(((const char *const[]){__VA_ARGS__})), false)

static void words_and_phrases(void **state MAYBE_UNUSED)
{
	struct sample s = plain(ACCENT_TEXT);

	MATCH(&s, "crianca", "CRIAN\303\207A", "saw", "\"saw o neil\"", "o'neil", "\xE6\x97\xA5\xE6\x9C\xAC",
	      "\xE6\x9C\xAC", "saw \xE2\x9D\xA4", "saw \xE2\x9D\xA4\xEF\xB8\x8F", "saw at", "at saw", "nothing OR at",
	      "at -nothing", "at -(saw nothing)");
	NO_MATCH(&s, "crianc", "\"at saw\"", "\xE6\x9C\xAC\xE6\x97\xA5", "saw \xF0\x9F\x98\x83", "nothing", "at -saw",
		 "at -(saw OR nothing)", "nothing (at OR saw)");
	s = plain("");
	NO_MATCH(&s, "x", "\"a b\"", "@x", "#x", "$x", "url:x");
}

static void entities(void **state MAYBE_UNUSED)
{
	struct sample s = rich();

	MATCH(&s, "\"coca cola\"", "coca", "warning", "#caf\xC3\xA9_x", "#MEME", "@bob_b", "$twtr", "$BRK.B",
	      "url:example.com", "url:\"https://example.com/a_b\"", "url:news", "url:\"news.example.org\"");
	/* A phrase does not run from the text into its warning, nor from one address into the next. */
	NO_MATCH(&s, "\"org warning\"", "url:\"1 http\"", "#cafe", "#mem", "@far", "@hidden", "@bob", "$no", "$brk",
		 "url:coca", "url:ample.com");
}

static void kinds(void **state MAYBE_UNUSED)
{
	struct sample s = rich(), none = plain("tea"), revoked = rich();

	MATCH(&s, "tea is:reply", "tea is:quote", "tea is:verified", "tea has:hashtags", "tea has:cashtags",
	      "tea has:links", "tea has:mentions", "tea has:media", "tea has:images", "tea has:videos", "tea has:poll",
	      "tea -is:retweet", "tea -is:nullcast", "tea lang:zh", "tea lang:zh-tw", "tea -lang:en",
	      "tea since:2026-01-01", "tea until:2026-01-02", "tea min_likes:5 min_replies:2 min_reposts:1",
	      "quotes_of_tweet_id:300");
	NO_MATCH(&s, "tea is:retweet", "tea lang:zh-cn", "tea lang:und", "tea since:2026-01-02", "tea until:2026-01-01",
		 "min_likes:6", "min_reposts:2");
	NO_MATCH(&none, "tea is:reply", "tea is:quote", "tea is:verified", "tea has:hashtags", "tea has:cashtags",
		 "tea has:links", "tea has:mentions", "tea has:media", "tea has:images", "tea has:videos",
		 "tea has:poll");
	none.post.language = V("");
	MATCH(&none, "tea lang:und");
	revoked.post.meta.quote_state = QUOTE_REVOKED;
	NO_MATCH(&revoked, "tea is:quote", "quotes_of_tweet_id:300");
}

static void people_and_posts(void **state MAYBE_UNUSED)
{
	struct sample s = rich(), b = boost(), none = plain("tea");

	MATCH(&s, "from:ALICE", "from:7", "to:carol", "to:8", "conversation_id:500", "in_reply_to_tweet_id:400");
	NO_MATCH(&s, "from:carol", "from:8", "to:alice", "retweets_of:carol", "conversation_id:400");
	NO_MATCH(&none, "to:carol", "to:1", "retweets_of:x", "in_reply_to_tweet_id:400");
	/* A boost says what it boosts says; who, when and in which conversation is its own. */
	MATCH(&b, "from:alice", "retweets_of:dora", "retweets_of:9", "retweets_of_tweet_id:600", "coca is:retweet",
	      "\"coca cola\"", "#meme", "@bob_b", "$twtr has:media", "coca lang:zh");
	NO_MATCH(&b, "from:dora", "coca -is:retweet", "coca is:reply", "conversation_id:500",
		 "in_reply_to_tweet_id:400");
}

static void samples(void **state MAYBE_UNUSED)
{
	struct arena CLEANUP(arena_release) a;
	struct sample s = plain("tea");
	size_t n10 = 0, n50 = 0, n100 = 0, all = 4000;

	arena_init(&a, 64 * LIMIT_MIB);
	const struct query *q10 = parsed(&a, "tea sample:10", QUERY_STREAM),
			   *q50 = parsed(&a, "tea sample:50", QUERY_STREAM),
			   *q100 = parsed(&a, "tea sample:100", QUERY_STREAM);
	for (size_t i = 0; i < all; i++) {
		s.post.meta.id.v = id_at(1767225600000 + 100 * (int64_t)i);
		const struct query_post *post = looked_at(&a, &s);
		bool ten = query_match(q10, post), fifty = query_match(q50, post);

		assert_true(fifty || !ten);
		n10 += ten;
		n50 += fifty;
		n100 += query_match(q100, post);
	}
	assert_true(n10 > all / 12 && n10 < all / 8);
	assert_true(n50 > all * 45 / 100 && n50 < all * 55 / 100);
	assert_int_equal(n100, all);
}

/* ---- many rules ---- */

static const char *const rule_texts[] = {
	"tea", "coca", "\"coca cola\"", "\"cola coca\"", "#meme", "#none", "@bob_b", "@nobody", "$twtr", "$fb", "from:alice",
	"from:7", "from:bob", "to:carol OR to:9", "retweets_of:dora", "conversation_id:500", "in_reply_to_tweet_id:400",
	"quotes_of_tweet_id:300", "retweets_of_tweet_id:600", "url:example.com", "tea -coca", "tea OR #none", "(tea OR coca) #meme",
	"from:bob OR (coca lang:zh)", "nothing has:media", "tea tea tea", "coca sample:100", "warning is:reply",
};

static void rules_match_as_each_does(void **state MAYBE_UNUSED)
{
	const struct sample all[] = {rich(), boost(), plain("tea for two"), plain("nothing"), plain("")};
	struct arena CLEANUP(arena_release) a;
	struct rules *rules = rules_new();
	int64_t found[ARRAY_LEN(rule_texts)];

	arena_init(&a, 8 * LIMIT_MIB);
	for (size_t i = 0; i < ARRAY_LEN(rule_texts); i++)
		assert_int_equal(rules_add(rules, (int64_t)i + 1, parsed(&a, rule_texts[i], QUERY_STREAM)), OK);
	assert_int_equal(rules_add(rules, 1, parsed(&a, "again", QUERY_STREAM)), ERR_CONFLICT);
	assert_int_equal(rules_count(rules), ARRAY_LEN(rule_texts));
	for (size_t p = 0; p < ARRAY_LEN(all); p++) {
		const struct query_post *post = looked_at(&a, &all[p]);
		size_t n = rules_match(rules, post, found, ARRAY_LEN(found)), expected = 0;

		for (size_t i = 0; i < ARRAY_LEN(rule_texts); i++) {
			bool matches = query_match(parsed(&a, rule_texts[i], QUERY_STREAM), post), is_found = false;

			for (size_t k = 0; k < n; k++)
				is_found |= found[k] == (int64_t)i + 1;
			if (matches != is_found)
				fail_msg("post %zu, %s: %d", p, rule_texts[i], matches);
			expected += matches;
		}
		assert_int_equal(n, expected);
		assert_true(rules_match(rules, post, found, 1) <= 1);
	}
	for (size_t i = 0; i < ARRAY_LEN(rule_texts); i++)
		assert_true(rules_remove(rules, (int64_t)i + 1));
	assert_false(rules_remove(rules, 1));
	assert_int_equal(rules_match(rules, looked_at(&a, &all[0]), found, 1), 0);
	rules_free(rules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_phrases), cmocka_unit_test(entities),
		cmocka_unit_test(kinds),	     cmocka_unit_test(people_and_posts),
		cmocka_unit_test(samples),	     cmocka_unit_test(rules_match_as_each_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
