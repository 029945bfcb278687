/*
 * query_test.c - queries are read as X reads them, printed in one form, and refused with the place of the mistake.
 */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>

#include "base/limits.h"
#include "query/query.h"

struct reading {
	enum query_use use;
	const char *text, *expected; /* its canonical form, or the words of refusal */
};

/* Words of refusal, or the canonical form; reading that form gives it again. */
static void read_twice(const struct reading *t, struct buf *out, struct problem *problem)
{
	const struct query_limits limits = {t->use, 1024}, wide = {t->use, QUERY_CHARS_MAX};
	struct buf CLEANUP(buf_release) again = {.max = LIMIT_MIB};
	struct arena CLEANUP(arena_release) a;
	const struct query *q;

	arena_init(&a, LIMIT_MIB);
	if (query_parse(&a, view_of(t->text), &limits, &q, problem) != OK) {
		buf_add_str(out, problem->text);
		return;
	}
	assert_int_equal(query_print(out, q), OK);
	assert_int_equal(query_parse(&a, buf_view(out), &wide, &q, problem), OK);
	assert_int_equal(query_print(&again, q), OK);
	assert_string_equal(out->p, again.p);
}

static void check(const struct reading *table, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct buf CLEANUP(buf_release) out = {.max = LIMIT_MIB};
		struct problem problem = {0};

		read_twice(&table[i], &out, &problem);
		if (strcmp(out.p, table[i].expected) != 0)
			fail_msg("%s\n  is read as  %s\n  instead of  %s", table[i].text, out.p, table[i].expected);
	}
}

#define S QUERY_SEARCH
#define R QUERY_STREAM

/* X's documentation: build-a-query and operators of search, build-a-rule of filtered-stream. */
static void examples_of_x(void **state MAYBE_UNUSED)
{
	static const struct reading table[] = {
		{S, "#xapiv2", "#xapiv2"},
		{S, "\"X data\" has:mentions (has:media OR has:links)", "\"x data\" has:mentions (has:media OR has:links)"},
		{S, "snow day #NoSchool", "snow day #noschool"},
		{S, "grumpy OR cat OR #meme", "grumpy OR cat OR #meme"},
		{S, "cat #meme -grumpy", "cat #meme -grumpy"},
		{S, "(grumpy cat) OR (#meme has:images)", "grumpy cat OR #meme has:images"},
		{S, "skiing -(snow OR day OR noschool)", "skiing -(snow OR day OR noschool)"},
		{S, "apple OR iphone ipad", "apple OR iphone ipad"},
		{S, "ipad iphone OR android", "ipad iphone OR android"},
		{S, "(apple OR iphone) ipad", "(apple OR iphone) ipad"},
		{S, "iphone (ipad OR android)", "iphone (ipad OR android)"},
		{S, "Diacr\xC3\xADtica", "diacritica"},
		{S, "(happy OR happiness) lang:en -birthday -is:retweet", "(happy OR happiness) lang:en -birthday -is:retweet"},
		{S, "pepsi OR cola OR \"coca cola\"", "pepsi OR cola OR \"coca cola\""},
		{S, "(\xF0\x9F\x98\x83 OR \xF0\x9F\x98\xA1) word", "(\"\xF0\x9F\x98\x83\" OR \"\xF0\x9F\x98\xA1\") word"},
		{S, "(\"X API\" OR #v2) -\"recent search\"", "(\"x api\" OR #v2) -\"recent search\""},
		{S, "#thankunext #fanart", "#thankunext #fanart"},
		{S, "(@XDevelopers OR @API) -@X", "(@xdevelopers OR @api) -@x"},
		{S, "$twtr OR @XDevelopers -$fb", "$twtr OR @xdevelopers -$fb"},
		{S, "from:XDevelopers OR from:API", "from:xdevelopers OR from:api"},
		{S, "to:XDevelopers OR to:API", "to:xdevelopers OR to:api"},
		{S, "retweets_of:twitterdev", "retweets_of:twitterdev"},
		{S, "url:\"https://developer.twitter.com\"", "url:\"https developer twitter com\""},
		{S, "conversation_id:1334987486343299072", "conversation_id:1334987486343299072"},
		{S, "in_reply_to_tweet_id:1539382664746020864", "in_reply_to_tweet_id:1539382664746020864"},
		{S, "retweets_of_tweet_id:1539382664746020864", "retweets_of_tweet_id:1539382664746020864"},
		{S, "quotes_of_tweet_id:1539382664746020864", "quotes_of_tweet_id:1539382664746020864"},
		{S, "data @XDevelopers -is:retweet", "data @xdevelopers -is:retweet"},
		{S, "from:XDevelopers is:reply", "from:xdevelopers is:reply"},
		{S, "\"sentiment analysis\" is:quote", "\"sentiment analysis\" is:quote"},
		{S, "#nowplaying is:verified", "#nowplaying is:verified"},
		{S, "\"mobile games\" -is:nullcast", "\"mobile games\" -is:nullcast"},
		{S, "from:XDevelopers -has:hashtags", "from:xdevelopers -has:hashtags"},
		{S, "#stonks has:cashtags", "#stonks has:cashtags"},
		{S, "#icebucketchallenge has:video_link", "#icebucketchallenge has:videos"},
		{S, "#SuperBowl min_likes:100", "#superbowl min_likes:100"},
		{S, "\"breaking news\" min_reposts:50", "\"breaking news\" min_reposts:50"},
		{S, "recommend #paris lang:en", "recommend #paris lang:en"},
		{R, "#nowplaying @spotify sample:15", "#nowplaying @spotify sample:15"},
		{R, "cat has:media -grumpy", "cat has:media -grumpy"},
	};

	check(table, ARRAY_LEN(table));
}

static void forms(void **state MAYBE_UNUSED)
{
	static const struct reading table[] = {
		{S, "  cat\t dog\n", "cat dog"},
		{S, "((cat))", "cat"},
		{S, "(a (b c)) d", "a b c d"},
		{S, "a OR (b OR (c OR d))", "a OR b OR c OR d"},
		{S, "a OR (b (c OR d))", "a OR b (c OR d)"},
		{S, "x -(-a)", "x a"},
		{S, "x -(a b)", "x -(a b)"},
		{S, "a(b)c", "a b c"},
		{S, "a\"b c\"d", "a \"b c\" d"},
		{S, "coca-cola", "\"coca cola\""},
		{S, "don't", "\"don t\""},
		{S, "\"or\" \"and\" \"AND\"", "\"or\" \"and\" \"and\""},
		{S, "oregon android", "oregon android"},
		{S, "FROM:Alice Lang:EN IS:Reply", "from:alice lang:en is:reply"},
		{S, "from:@alice", "from:alice"},
		{S, "from:42", "from:42"},
		{S, "url:example.com/a_(b)", "url:\"example com a\" b"},
		{S, "url:\"example.com/a_(b)\"", "url:\"example com a b\""},
		{S, "12:30 a:b:c OR $100", "reference to invalid operator 'a' (at position 7)"},
		{S, "12:30 $100 $brk.b", "\"12 30\" 100 $brk.b"},
		{S, "\xE6\x97\xA5\xE6\x9C\xAC", "\"\xE6\x97\xA5 \xE6\x9C\xAC\""},
		{S, "x \xE2\x9D\xA4\xEF\xB8\x8F", "x \"\xE2\x9D\xA4\""},
		{S, "x since:2026-11-01 until:2026-11-02T10:00:00Z",
		 "x since:2026-11-01T00:00:00.000Z until:2026-11-02T10:00:00.000Z"},
		{S, "x lang:in lang:iw lang:pt-BR lang:zh-tw lang:und", "x lang:id lang:he lang:pt lang:zh-TW lang:und"},
		{S, "min_likes:100", "min_likes:100"},
		{S, "cat has:video_link", "cat has:videos"},
		{S, "cat has:poll", "cat has:poll"},
	};

	check(table, ARRAY_LEN(table));
}

#define ALONE                                                                                                          \
	" cannot stand alone: beside it, and in each alternative of an OR, there must be a word, a phrase, a #tag, a @name " \
	"or another operator that can (at position "

static void refusals(void **state MAYBE_UNUSED)
{
	static const struct reading table[] = {
		{S, "", "the query is empty"},
		{S, "   ", "the query is empty"},
		{S, "()", "a term is missing before ')' (at position 2)"},
		{S, "cat (dog", "missing ')' for this '(' (at position 5)"},
		{S, "cat) dog", "no '(' belongs to this ')' (at position 4)"},
		{S, "(bad OR worst) (place OR \"x y\"", "missing ')' for this '(' (at position 16)"},
		{S, "cat OR", "a term is missing at the end (at position 7)"},
		{S, "OR cat", "a term is missing before 'OR' (at position 1)"},
		{S, "cat OR OR dog", "a term is missing before 'OR' (at position 8)"},
		{S, "cat \"dog", "missing '\"' that closes this one (at position 5)"},
		{S, "\xC3\xA9t\xC3\xA9 \"dog", "missing '\"' that closes this one (at position 5)"},
		{S, "cat - dog", "'-' needs what it negates right behind it (at position 5)"},
		{S, "cat --dog", "'-' needs what it negates right behind it (at position 5)"},
		{S, "cat and dog",
		 "'and' is ambiguous: alternatives are joined by OR, terms that must all match by a space, and \"and\" finds "
		 "the word (at position 5)"},
		{S, "(a AND b)",
		 "'AND' is ambiguous: alternatives are joined by OR, terms that must all match by a space, and \"AND\" finds "
		 "the word (at position 4)"},
		{S, "has:media", "'has:media'" ALONE "1)"},
		{S, "has:links OR is:retweet", "'has:links'" ALONE "1)"},
		{S, "cat OR (lang:en has:links)", "'lang:en'" ALONE "9)"},
		{S, "-cat", "'-cat'" ALONE "2)"},
		{S, "cat OR -dog", "'-dog'" ALONE "9)"},
		{S, "-is:retweet lang:en", "'-is:retweet'" ALONE "2)"},
		{S, "\xF0\x9F\x98\x83", "'\"\xF0\x9F\x98\x83\"'" ALONE "1)"},
		{R, "sample:10", "'sample:10'" ALONE "1)"},
		{S, "cat is:nullcast", "'is:nullcast' must be negated: -is:nullcast (at position 5)"},
		{R, "cat -sample:10", "'sample:' cannot be negated (at position 5)"},
		{S, "cat sample:10", "'sample:' is for rules, not for searches (at position 5)"},
		{R, "cat min_likes:5", "'min_likes:' is for searches, not for rules (at position 5)"},
		{R, "cat sample:0", "'sample:0' wants a whole number from 1 to 100 (at position 5)"},
		{S, "cat has:polls",
		 "'has:polls' wants hashtags, cashtags, links, mentions, media, images, videos or poll (at position 5)"},
		{S, "cat has:geo", "the operator 'has:geo' is not offered here (at position 5)"},
		{S, "point_radius:[2.355128 48.861118 16km]", "the operator 'point_radius:' is not offered here (at position 1)"},
		{S, "context:65.852262932607926273", "the operator 'context:' is not offered here (at position 1)"},
		{S, "(x) place_country:GB", "the operator 'place_country:' is not offered here (at position 5)"},
		{S, "entity:\"Michael Jordan\"", "the operator 'entity:' is not offered here (at position 1)"},
		{S, "min_faves:3", "reference to invalid operator 'min_faves' (at position 1)"},
		{S, "http://x.example", "reference to invalid operator 'http' (at position 1)"},
		{S, "from:", "'from:' wants the name of an account of this server (at position 1)"},
		{S, "from:a@b", "'from:a@b' wants the name of an account of this server (at position 1)"},
		{S, "x lang:klingon", "'lang:klingon' wants the code of a language (at position 3)"},
		{S, "conversation_id:abc", "'conversation_id:abc' wants the id of a post (at position 1)"},
		{S, "conversation_id:99999999999999999999",
		 "'conversation_id:99999999999999999999' wants the id of a post (at position 1)"},
		{S, "x since:yesterday",
		 "'since:yesterday' wants a day like 2026-01-31, or a time like 2026-01-31T12:00:00Z (at position 3)"},
		{S, "...", "there is nothing to look for in it (at position 1)"},
		{S, "\"\"", "there is nothing to look for in it (at position 1)"},
		{S, "#", "there is nothing to look for in it (at position 1)"},
		{S, "\"social media\"~5", "'~' for words that are near each other is not offered (at position 15)"},
		{S, "caf\xC3", "the query is not UTF-8"},
	};

	check(table, ARRAY_LEN(table));
}

static void expect_refusal(const char *text, size_t len, size_t chars, const char *words)
{
	const struct query_limits limits = {QUERY_SEARCH, chars};
	struct problem problem = {0};
	struct arena CLEANUP(arena_release) a;
	const struct query *q;

	arena_init(&a, 4 * LIMIT_MIB);
	assert_int_equal(query_parse(&a, view_make(text, len), &limits, &q, &problem), ERR_INVALID);
	assert_string_equal(problem.text, words);
}

static void sizes(void **state MAYBE_UNUSED)
{
	char text[QUERY_CHARS_MAX + 1];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 2 ? ' ' : 'a';
	expect_refusal(text, 513, 512, "the query has 513 characters, of at most 512");
	expect_refusal(text, QUERY_CHARS_MAX, QUERY_CHARS_MAX, "there are too many terms (at position 2049)");
	expect_refusal(text, QUERY_CHARS_MAX + 1, 10000, "the query has 4097 characters, of at most 4096");
	memset(text, '(', 1024);
	expect_refusal(text, 1024, 1024, "more than 32 brackets within each other (at position 33)");
}

static void costs(void **state MAYBE_UNUSED)
{
	static const struct {
		const char *text;
		size_t cost;
	} table[] = {{"a", 1}, {"a b OR c", 3}, {"\"a b c\"", 3}, {"from:x -is:reply", 2}};
	const struct query_limits limits = {QUERY_SEARCH, 100};
	struct problem problem = {0};

	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct arena CLEANUP(arena_release) a;
		const struct query *q;

		arena_init(&a, LIMIT_MIB);
		assert_int_equal(query_parse(&a, view_of(table[i].text), &limits, &q, &problem), OK);
		assert_int_equal(query_cost(q), table[i].cost);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_of_x), cmocka_unit_test(forms), cmocka_unit_test(refusals),
		cmocka_unit_test(sizes),	 cmocka_unit_test(costs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
