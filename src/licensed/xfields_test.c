/*
 * xfields_test.c - names of fields and expansions, in both of X's spellings; what is not known; what brings something with it.
 */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include "licensed/xfields.h"

static struct xfields read_good(enum xlist list, const char *names)
{
	struct xfields f = xfields_none();
	struct view unknown;

	assert_int_equal(xfields_add(&f, list, view_of(names), &unknown), OK);
	return f;
}

static void assert_unknown(enum xlist list, const char *names, const char *which)
{
	struct xfields f = xfields_none();
	struct view unknown = V("");

	assert_int_equal(xfields_add(&f, list, view_of(names), &unknown), ERR_INVALID);
	assert_true(view_is(unknown, which));
}

static void test_defaults(void **state MAYBE_UNUSED)
{
	struct xfields f = read_good(XLIST_TWEET, "");

	assert_int_equal(f.tweet, TWEET_DEFAULTS);
	assert_int_equal(f.user, USER_DEFAULTS);
	assert_int_equal(f.media, MEDIA_DEFAULTS);
	assert_int_equal(f.poll, POLL_DEFAULTS);
	assert_int_equal(f.expansions, 0);
}

static void test_names(void **state MAYBE_UNUSED)
{
	assert_int_equal(read_good(XLIST_TWEET, "lang,created_at,lang").tweet,
			 TWEET_DEFAULTS | FIELD(TWEET_LANG) | FIELD(TWEET_CREATED_AT));
	assert_int_equal(read_good(XLIST_USER, "description").user, USER_DEFAULTS | FIELD(USER_DESCRIPTION));
	assert_int_equal(read_good(XLIST_MEDIA, "width,url").media,
			 MEDIA_DEFAULTS | FIELD(XMEDIA_WIDTH) | FIELD(XMEDIA_URL));
	assert_int_equal(read_good(XLIST_POLL, "voting_status").poll, POLL_DEFAULTS | FIELD(XPOLL_STATUS));
	/* Known to X, and nothing is kept of it here. */
	assert_int_equal(read_good(XLIST_TWEET, "geo,context_annotations").tweet, TWEET_DEFAULTS);
	assert_int_equal(read_good(XLIST_PLACE, "country").tweet, TWEET_DEFAULTS);
}

static void test_both_spellings(void **state MAYBE_UNUSED)
{
	assert_int_equal(read_good(XLIST_EXPANSIONS, "referenced_tweets.id").expansions,
			 read_good(XLIST_EXPANSIONS, "referenced_posts").expansions);
}

static void test_expansions(void **state MAYBE_UNUSED)
{
	assert_int_equal(read_good(XLIST_EXPANSIONS, "author_id").expansions, FIELD(EXPAND_AUTHOR));
	/* The author of what is referred to brings what is referred to. */
	assert_int_equal(read_good(XLIST_EXPANSIONS, "referenced_tweets.id.author_id").expansions,
			 FIELD(EXPAND_REFERENCED) | FIELD(EXPAND_REFERENCED_AUTHOR));
	assert_int_equal(read_good(XLIST_USER_EXPANSIONS, "pinned_tweet_id").expansions, FIELD(EXPAND_PINNED));
	assert_unknown(XLIST_EXPANSIONS, "author_id,pinned_tweet_id", "pinned_tweet_id");
}

static void test_unknown(void **state MAYBE_UNUSED)
{
	assert_unknown(XLIST_TWEET, "text,colour,size", "colour");
	assert_unknown(XLIST_TWEET, "TEXT", "TEXT");
	assert_unknown(XLIST_TWEET, "text, lang", " lang");
	assert_unknown(XLIST_USER, "text", "text");
}

static void test_every_name_is_read(void **state MAYBE_UNUSED)
{
	for (enum xlist list = 0; list < XLISTS; list++) {
		struct xfields f = xfields_none();
		struct view unknown;
		struct buf names;

		buf_init(&names, 4096);
		xfields_names(list, &names);
		struct view all = view_sub(buf_view(&names), 1, names.len - 2);
		assert_true(all.len > 0);
		assert_int_equal(xfields_add(&f, list, all, &unknown), OK);
		buf_release(&names);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),	 cmocka_unit_test(test_names),
		cmocka_unit_test(test_both_spellings),	 cmocka_unit_test(test_expansions),
		cmocka_unit_test(test_unknown),		 cmocka_unit_test(test_every_name_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
