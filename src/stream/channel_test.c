/*
 * channel_test.c - what a wish means, and whose it may be.
 */
#include "base/base.h"
#include "stream/channel.h"

#include "core/core_fixture.h"
#include "core/lists.h"

static void wishes_are_read(void **state)
{
	static const struct {
		const char *stream, *tag, *list;
		bool media;
		enum err err;
		enum channel channel;
		const char *key, *label;
	} cases[] = {
		{"user", "", "", false, OK, CHANNEL_USER, "", ""},
		{"user:notification", "", "", false, OK, CHANNEL_USER_NOTIFICATION, "", ""},
		{"direct", "x", "1", true, OK, CHANNEL_DIRECT, "", ""},
		{"public", "", "", false, OK, CHANNEL_PUBLIC, "", ""},
		{"public", "", "", true, OK, CHANNEL_PUBLIC_MEDIA, "", ""},
		{"public:local", "", "", true, OK, CHANNEL_PUBLIC_LOCAL_MEDIA, "", ""},
		{"public:remote", "", "", true, OK, CHANNEL_PUBLIC_REMOTE_MEDIA, "", ""},
		{"public:remote:media", "", "", false, OK, CHANNEL_PUBLIC_REMOTE_MEDIA, "", ""},
		{"hashtag", "Jalak", "", false, OK, CHANNEL_HASHTAG, "jalak", "Jalak"},
		{"hashtag:local", "#BALI", "", false, OK, CHANNEL_HASHTAG_LOCAL, "bali", "#BALI"},
		{"hashtag", "", "", false, ERR_INVALID, 0, "", ""},
		{"hashtag", "#", "", false, ERR_INVALID, 0, "", ""},
		{"list", "", "17", false, OK, CHANNEL_LIST, "", "17"},
		{"list", "", "", false, ERR_INVALID, 0, "", ""},
		{"list", "", "x", false, ERR_UNAUTHORIZED, 0, "", ""},
		{"list", "", "-1", false, ERR_UNAUTHORIZED, 0, "", ""},
		{"list", "", "99999999999999999999", false, ERR_UNAUTHORIZED, 0, "", ""},
		{"", "", "", false, ERR_INVALID, 0, "", ""},
		{"USER", "", "", false, ERR_INVALID, 0, "", ""},
		{"public:", "", "", false, ERR_INVALID, 0, "", ""},
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct wish w = {view_of(cases[i].stream), view_of(cases[i].tag), view_of(cases[i].list),
				 cases[i].media};
		struct subscription s = {0};
		struct problem p = {0};
		assert_int_equal(subscription_parse(&f->arena, &w, &s, &p), cases[i].err);
		if (cases[i].err) {
			assert_true(p.text[0]);
			continue;
		}
		assert_int_equal(s.channel, cases[i].channel);
		assert_true(view_is(s.tag, cases[i].key));
		assert_true(view_is(s.label, cases[i].label));
	}
}

static void long_tags_are_refused(void **state)
{
	struct fixture *f = *state;
	char tag[CHANNEL_TAG_BYTES + 1];
	struct subscription s;
	struct problem p;
	memset(tag, 'a', sizeof(tag));
	struct wish w = {.stream = V("hashtag"), .tag = view_make(tag, sizeof(tag))};
	assert_int_equal(subscription_parse(&f->arena, &w, &s, &p), ERR_INVALID);
}

static void every_path_is_a_channel(void **state)
{
	enum channel c;
	(void)state;
	assert_true(channel_of_path(V("public/local"), &c));
	assert_int_equal(c, CHANNEL_PUBLIC_LOCAL);
	assert_true(channel_of_path(V("user/notification"), &c));
	assert_int_equal(c, CHANNEL_USER_NOTIFICATION);
	assert_false(channel_of_path(V("public/local/media"), &c));
	assert_false(channel_of_path(V(""), &c));
}

static struct auth_info somebody(struct account_id account, const char *scopes)
{
	struct auth_info a = {.token_id = 1, .account = account};
	assert_int_equal(scope_parse(view_of(scopes), &a.scopes), OK);
	return a;
}

/* May `who` have this channel? */
static bool allowed(struct fixture *f, const struct auth_info *who, const char *stream, int64_t list)
{
	char id[24];
	snprintf(id, sizeof(id), "%" PRId64, list);
	struct wish w = {.stream = view_of(stream), .tag = V("x"), .list = view_of(id)};
	struct subscription s;
	struct problem p = {0};
	assert_int_equal(subscription_parse(&f->arena, &w, &s, &p), OK);
	enum err err = subscription_allowed(f->core, f->db, who, &s, &p);
	assert_true(err == OK || (err == ERR_UNAUTHORIZED && p.text[0]));
	return err == OK;
}

static void access_is_by_token_and_scope(void **state)
{
	struct fixture *f = *state;
	struct account_id ann = fixture_account(f, "ann_access"), bob = fixture_account(f, "bob_access");
	struct list list = {.title = V("birds")};
	struct problem p;
	assert_int_equal(list_create(f->core, ann, &list, &p), OK);
	const struct {
		struct auth_info who;
		bool user, notification, direct, public, tag, list;
	} cases[] = {
		{{0}, false, false, false, true, true, false},
		{somebody(ann, "read"), true, true, true, true, true, true},
		{somebody(bob, "read"), true, true, true, true, true, false},
		{somebody(ann, "read:statuses"), true, false, true, true, true, true},
		{somebody(ann, "read:notifications"), false, true, false, false, false, false},
		{somebody(ann, "write follow push"), false, false, false, false, false, false},
		{somebody((struct account_id){0}, "read"), false, false, false, true, true, false},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(allowed(f, &cases[i].who, "user", list.id), cases[i].user);
		assert_int_equal(allowed(f, &cases[i].who, "user:notification", list.id), cases[i].notification);
		assert_int_equal(allowed(f, &cases[i].who, "direct", list.id), cases[i].direct);
		assert_int_equal(allowed(f, &cases[i].who, "public:local", list.id), cases[i].public);
		assert_int_equal(allowed(f, &cases[i].who, "hashtag", list.id), cases[i].tag);
		assert_int_equal(allowed(f, &cases[i].who, "list", list.id), cases[i].list);
	}
	assert_false(allowed(f, &cases[1].who, "list", list.id + 1));

	f->core->config.public_timelines_need_login = true;
	assert_false(allowed(f, &cases[0].who, "public", 1));
	assert_false(allowed(f, &cases[6].who, "public", 1));
	assert_true(allowed(f, &cases[1].who, "public", 1));
	f->core->config.public_timelines_need_login = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wishes_are_read),
		cmocka_unit_test(long_tags_are_refused),
		cmocka_unit_test(every_path_is_a_channel),
		cmocka_unit_test(access_is_by_token_and_scope),
	};
	return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
