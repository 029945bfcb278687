#include "base/base.h"
#include "transfer/foreign.h"

#include "base/clock.h"
#include "base/limits.h"

#include <setjmp.h>
#include <cmocka.h>

static struct arena arena;

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, LIMIT_CALL_ARENA);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct view bob(const void *arg, struct view href)
{
	(void)arg;
	return view_is(href, "https://a.example/@bob") ? V("@bob@a.example") : V("");
}

static void html(void **state)
{
	static const struct {
		struct view html;
		const char *text;
	} cases[] = {
		{V("<p>One</p><p>Two<br />three<br>four</p>"), "One\n\nTwo\nthree\nfour"},
		{V("plain &amp; simple &lt;b&gt; &#39;x&#x27; &nbsp;&quot; &unknown; & &#0; &#x110000;"),
		 "plain & simple <b> 'x' \xc2\xa0\" &unknown; & \xef\xbf\xbd \xef\xbf\xbd"},
		{V("<p><span class=\"h-card\"><a href=\"https://a.example/@bob\" class=\"u-url "
		   "mention\">@<span>bob</span></a></span> hi</p>"),
		 "@bob@a.example hi"},
		{V("<a href=\"https://b.example/tags/x\" class=\"mention hashtag\" rel=\"tag\">#<span>x</span></a>"),
		 "#x"},
		{V("<a href=\"https://example.com/a?b=1&amp;c=2\" rel=\"nofollow\"><span "
		   "class=\"invisible\">https://</span><span class=\"ellipsis\">example.com/a?b=1</span><span "
		   "class=\"invisible\">&amp;c=2</span></a>"),
		 "https://example.com/a?b=1&c=2"},
		{V("<a href=\"https://example.com/\">example.com/</a>"), "https://example.com/"},
		{V("see <a href='https://example.com/x'>this</a>!"), "see this https://example.com/x!"},
		{V("<a href=\"javascript:alert(1)\">run</a>"), "run"},
		{V("<script>alert(1)</script><style>p{}</style>text"), "text"},
		{V("<ul><li>a</li><li>b</li></ul>"), "- a\n- b"},
		{V("1 < 2 and no end"), "1 < 2 and no end"},
		{V("<p"), "<p"},
		{V("<a href=\"https://example.com\">open"), "open https://example.com"},
		{V(""), ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(foreign_html_text(&arena, cases[i].html, bob, NULL).p, cases[i].text);
}

static void dates(void **state)
{
	static const struct view wrong[] = {V(""),
					    V("Wed Oct 10 20:19:24 2018"),
					    V("Wed Oct 32 20:19:24 +0000 2018"),
					    V("Wed Oct 10 24:19:24 +0000 2018"),
					    V("Wed Okt 10 20:19:24 +0000 2018"),
					    V("Wed Oct 10 20:19 +0000 2018"),
					    V("Wed Oct 10 20:19:24 +0000 99999")};
	char iso[CLOCK_ISO_LEN + 1];
	int64_t ms = 0;

	(void)state;
	assert_true(foreign_twitter_time(V("Wed Oct 10 20:19:24 +0000 2018"), &ms));
	clock_iso(ms, iso);
	assert_string_equal(iso, "2018-10-10T20:19:24.000Z");
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(foreign_twitter_time(wrong[i], &ms));
}

static struct foreign_post read(const char *text, bool twitter)
{
	const struct foreign_owner owner = {twitter ? V("42") : V("https://m.example/users/alice"), V("alice")};
	json_error_t error;
	json_t *json = json_loads(text, 0, &error);
	struct foreign_post p;

	assert_non_null(json);
	(twitter ? foreign_read_twitter : foreign_read_mastodon)(&arena, &owner, json, &p);
	json_decref(json);
	return p;
}

static void mastodon(void **state)
{
	struct foreign_post p = read(
		"{\"type\":\"Create\",\"object\":{\"id\":\"https://m.example/users/alice/statuses/"
		"7\",\"type\":\"Note\","
		"\"summary\":\"careful\",\"inReplyTo\":\"https://m.example/users/alice/statuses/6\","
		"\"published\":\"2022-11-05T13:00:00Z\",\"attributedTo\":\"https://m.example/users/alice\","
		"\"to\":[\"https://m.example/users/alice/followers\"],"
		"\"cc\":[\"https://www.w3.org/ns/activitystreams#Public\"],\"sensitive\":true,"
		"\"content\":\"<p>Hi <a href=\\\"https://m.example/users/bob\\\" class=\\\"mention\\\">@bob</a></p>\","
		"\"contentMap\":{\"de\":\"x\"},\"tag\":[{\"type\":\"Mention\",\"href\":\"https://m.example/users/bob\","
		"\"name\":\"@bob\"}],\"attachment\":[{\"type\":\"Document\",\"mediaType\":\"image/png\","
		"\"url\":\"/system/media_attachments/files/1/original/a.png?3\",\"name\":\"a "
		"bird\",\"focalPoint\":[0.5,-1]}]}}",
		false);

	(void)state;
	assert_null(p.refused);
	assert_string_equal(p.text.p, "Hi @bob@m.example");
	assert_string_equal(p.id.p, "https://m.example/users/alice/statuses/7");
	assert_true(p.answers_owner && p.sensitive);
	assert_string_equal(p.spoiler.p, "careful");
	assert_string_equal(p.language.p, "de");
	assert_int_equal(p.visibility, VISIBILITY_UNLISTED);
	assert_int_equal(p.at, INT64_C(1667653200000));
	assert_int_equal(p.n_media, 1);
	assert_string_equal(p.media[0].names[0].p, "system/media_attachments/files/1/original/a.png");
	assert_string_equal(p.media[0].names[1].p, "media_attachments/files/1/original/a.png");
	assert_string_equal(p.media[0].description.p, "a bird");
	assert_true(p.media[0].has_focus);

	assert_string_equal(read("{\"type\":\"Announce\",\"object\":\"https://x.example/1\"}", false).refused,
			    "a boost of somebody's post");
	assert_string_equal(
		read("{\"type\":\"Create\",\"object\":{\"type\":\"Note\",\"attributedTo\":\"https://x.example/b\"}}",
		     false)
			.refused,
		"it is somebody else's");
	assert_string_equal(
		read("{\"type\":\"Create\",\"object\":{\"type\":\"Note\",\"to\":[\"https://x.example/b\"]}}", false)
			.refused,
		"a message to those it names alone");
	assert_string_equal(read("{\"type\":\"Create\"}", false).refused, "it is no post");
	assert_string_equal(read("[]", false).refused, "it is no post");
}

static void twitter(void **state)
{
	struct foreign_post p =
		read("{\"tweet\":{\"id_str\":\"1050118621198921728\",\"created_at\":\"Wed Oct 10 20:19:24 +0000 2018\","
		     "\"full_text\":\"RTs &amp; @Bob mail@bob.example https://t.co/abc https://t.co/def "
		     "https://t.co/pic\",\"lang\":\"in\","
		     "\"in_reply_to_status_id_str\":\"1050118621198921727\",\"in_reply_to_user_id_str\":\"42\","
		     "\"entities\":{\"user_mentions\":[{\"screen_name\":\"bob\"}],"
		     "\"urls\":[{\"url\":\"https://t.co/abc\",\"expanded_url\":\"https://example.com/long\"}],"
		     "\"media\":[{\"url\":\"https://t.co/pic\"}]},"
		     "\"extended_entities\":{\"media\":[{\"url\":\"https://t.co/pic\","
		     "\"media_url_https\":\"https://pbs.twimg.com/media/Xy.jpg\"},{\"video_info\":{\"variants\":["
		     "{\"bitrate\":\"10\",\"content_type\":\"video/mp4\",\"url\":\"https://v/low.mp4?tag=1\"},"
		     "{\"bitrate\":\"90\",\"content_type\":\"video/mp4\",\"url\":\"https://v/high.mp4?tag=1\"},"
		     "{\"content_type\":\"application/x-mpegURL\",\"url\":\"https://v/x.m3u8\"}]}}]}}}",
		     true);

	(void)state;
	assert_null(p.refused);
	assert_string_equal(p.id.p, "twitter:1050118621198921728");
	assert_string_equal(p.reply_to.p, "twitter:1050118621198921727");
	assert_string_equal(p.text.p,
			    "RTs & @Bob@twitter.com mail@bob.example https://example.com/long https://t.co/def");
	assert_string_equal(p.language.p, "id");
	assert_int_equal(p.at / 1000, 1539202764);
	assert_int_equal(p.n_media, 2);
	assert_string_equal(p.media[0].names[0].p, "data/tweets_media/1050118621198921728-Xy.jpg");
	assert_string_equal(p.media[1].names[0].p, "data/tweets_media/1050118621198921728-high.mp4");

	assert_string_equal(read("{\"id_str\":\"1\",\"full_text\":\"RT @x: y\"}", true).refused,
			    "a repost of somebody's post");
	assert_string_equal(
		read("{\"id_str\":\"1\",\"in_reply_to_user_id_str\":\"43\",\"in_reply_to_screen_name\":\"x\"}", true)
			.refused,
		"a reply to somebody else");
	assert_string_equal(
		read("{\"id_str\":\"1\",\"edit_info\":{\"initial\":{\"editTweetIds\":[\"1\",\"2\"]}}}", true).refused,
		"what a post was before it was edited");
	assert_string_equal(read("{\"id_str\":\"x\"}", true).refused, "it is no post");
}

static void owners(void **state)
{
	struct foreign_owner o;

	(void)state;
	assert_true(foreign_owner_mastodon(&arena, V("{\"id\":\"https://m.example/users/a\"}"), &o));
	assert_string_equal(o.id.p, "https://m.example/users/a");
	assert_false(foreign_owner_mastodon(&arena, V("[1"), &o));
	assert_true(foreign_owner_twitter(
		&arena, V("window.YTD.account.part0 = [{\"account\":{\"accountId\":\"42\",\"username\":\"al\"}}]"),
		&o));
	assert_string_equal(o.id.p, "42");
	assert_false(foreign_owner_twitter(&arena, V("window.YTD.account.part0 = []"), &o));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(html),	    cmocka_unit_test(dates),  cmocka_unit_test(mastodon),
		cmocka_unit_test(twitter), cmocka_unit_test(owners),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
