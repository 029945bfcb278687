/*
 * registry_test.c - who is found, and that nothing is left of who has gone.
 */
#include "base/base.h"
#include "stream/registry.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/limits.h"

static void on_wake(struct listener *l)
{
	(void)l;
}

static void on_release(struct listener *l)
{
	free(l);
}

static const struct listener_ops ops = {on_wake, on_release};

struct world {
	struct registry *r;
	struct arena arena;
	struct targets found;
};

static int setup(void **state)
{
	struct world *w = xcalloc(1, sizeof(*w));
	w->r = registry_new(LIMIT_STREAMS);
	arena_init(&w->arena, LIMIT_MIB);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	targets_drop(&w->found);
	registry_free(w->r);
	arena_release(&w->arena);
	free(w);
	return 0;
}

static struct listener *join(struct world *w, int64_t account, int64_t token)
{
	struct listener *l = xcalloc(1, sizeof(*l));
	struct problem p;
	struct auth_info auth = {.token_id = token, .account = {account}};
	listener_init(l, &ops, TRANSPORT_WS, &auth);
	assert_int_equal(registry_add(w->r, l, V("192.0.2.1"), &p), OK);
	return l;
}

static void leave(struct world *w, struct listener *l)
{
	registry_remove(w->r, l);
	registry_remove(w->r, l);
	listener_unref(l);
}

static enum err subscribe(struct world *w, struct listener *l, enum channel c, const char *tag, const char *label,
			  int64_t list)
{
	struct problem p;
	struct subscription s = {.channel = c, .tag = view_of(tag), .label = view_of(label), .list = list};
	return registry_subscribe(w->r, l, &s, &p);
}

static void have(struct world *w, struct listener *l, enum channel c)
{
	assert_int_equal(subscribe(w, l, c, "", "", 0), OK);
}

static void unsubscribe(struct world *w, struct listener *l, enum channel c, const char *tag, const char *label)
{
	struct subscription s = {.channel = c, .tag = view_of(tag), .label = view_of(label)};
	registry_unsubscribe(w->r, l, &s);
}

static bool has(const struct world *w, const struct listener *l, enum channel c, const char *label)
{
	for (size_t i = 0; i < w->found.n; i++)
		if (w->found.v[i].l == l && w->found.v[i].channel == c && view_is(w->found.v[i].label, label))
			return true;
	return false;
}

static void own_channels_are_found_by_account(void **state)
{
	struct world *w = *state;
	struct listener *a = join(w, 7, 1), *b = join(w, 7, 2), *c = join(w, 8, 3);
	have(w, a, CHANNEL_USER);
	have(w, b, CHANNEL_USER_NOTIFICATION);
	have(w, c, CHANNEL_USER);
	assert_true(registry_has_account(w->r, (struct account_id){7}));
	assert_false(registry_has_account(w->r, (struct account_id){9}));
	registry_find_account(w->r, (struct account_id){7}, CHANNEL_USER, &w->found);
	assert_int_equal(w->found.n, 1);
	assert_true(has(w, a, CHANNEL_USER, ""));
	targets_drop(&w->found);
	unsubscribe(w, a, CHANNEL_USER, "", "");
	registry_find_account(w->r, (struct account_id){7}, CHANNEL_USER, &w->found);
	assert_int_equal(w->found.n, 0);
	leave(w, a);
	leave(w, b);
	assert_false(registry_has_account(w->r, (struct account_id){7}));
	leave(w, c);
	assert_int_equal(registry_count(w->r), 0);
}

static void tags_keep_the_label_they_were_asked_by(void **state)
{
	struct world *w = *state;
	struct listener *a = join(w, 7, 1), *b = join(w, 0, 0);
	assert_int_equal(subscribe(w, a, CHANNEL_HASHTAG, "jalak", "Jalak", 0), OK);
	assert_int_equal(subscribe(w, a, CHANNEL_HASHTAG, "jalak", "Jalak", 0), OK);
	assert_int_equal(subscribe(w, a, CHANNEL_HASHTAG, "jalak", "jalak", 0), OK);
	assert_int_equal(subscribe(w, b, CHANNEL_HASHTAG_LOCAL, "jalak", "JALAK", 0), OK);
	assert_true(registry_has_tags(w->r));
	registry_find_tag(w->r, V("jalak"), true, &w->arena, &w->found);
	assert_int_equal(w->found.n, 3);
	assert_true(has(w, a, CHANNEL_HASHTAG, "Jalak"));
	assert_true(has(w, a, CHANNEL_HASHTAG, "jalak"));
	assert_true(has(w, b, CHANNEL_HASHTAG_LOCAL, "JALAK"));
	targets_drop(&w->found);
	unsubscribe(w, a, CHANNEL_HASHTAG, "jalak", "jalak");
	unsubscribe(w, a, CHANNEL_HASHTAG, "jalak", "never");
	unsubscribe(w, a, CHANNEL_HASHTAG, "unknown", "unknown");
	registry_find_all_tags(w->r, false, &w->arena, &w->found);
	assert_int_equal(w->found.n, 1);
	targets_drop(&w->found);
	leave(w, a);
	leave(w, b);
	assert_false(registry_has_tags(w->r));
}

static void public_channels_by_place_and_media(void **state)
{
	static const struct {
		bool local, media;
		size_t n;
	} cases[] = {{true, false, 2}, {true, true, 4}, {false, false, 2}, {false, true, 4}};
	struct world *w = *state;
	struct listener *a = join(w, 0, 0);
	assert_false(registry_has_public(w->r));
	for (enum channel c = CHANNEL_PUBLIC; c <= CHANNEL_PUBLIC_REMOTE_MEDIA; c++)
		have(w, a, c);
	assert_true(registry_has_public(w->r));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		registry_find_public(w->r, cases[i].local, cases[i].media, &w->found);
		assert_int_equal(w->found.n, cases[i].n);
		assert_true(has(w, a, CHANNEL_PUBLIC, ""));
		assert_int_equal(has(w, a, CHANNEL_PUBLIC_LOCAL, ""), cases[i].local);
		assert_int_equal(has(w, a, CHANNEL_PUBLIC_REMOTE_MEDIA, ""), !cases[i].local && cases[i].media);
		targets_drop(&w->found);
	}
	leave(w, a);
	assert_false(registry_has_public(w->r));
}

static void subscriptions_are_bounded(void **state)
{
	struct world *w = *state;
	struct listener *a = join(w, 7, 1);
	for (int64_t i = 1; i <= LIMIT_STREAM_SUBSCRIPTIONS; i++)
		assert_int_equal(subscribe(w, a, CHANNEL_LIST, "", "", i), OK);
	assert_int_equal(subscribe(w, a, CHANNEL_LIST, "", "", 1000), ERR_TOO_MANY);
	assert_int_equal(subscribe(w, a, CHANNEL_LIST, "", "", 5), OK);
	registry_find_list(w->r, 5, &w->arena, &w->found);
	assert_int_equal(w->found.n, 1);
	registry_find_list(w->r, 1000, &w->arena, &w->found);
	assert_int_equal(w->found.n, 1);
	targets_drop(&w->found);
	leave(w, a);
	struct listener *b = join(w, 7, 1);
	registry_remove(w->r, b);
	assert_int_equal(subscribe(w, b, CHANNEL_USER, "", "", 0), ERR_GONE);
	listener_unref(b);
}

static void streams_are_bounded(void **state)
{
	struct world *w = *state;
	struct registry *small = registry_new(2);
	struct listener *l[3];
	struct problem p;
	(void)w;
	for (size_t i = 0; i < 3; i++) {
		l[i] = xcalloc(1, sizeof(*l[i]));
		listener_init(l[i], &ops, TRANSPORT_SSE, &(struct auth_info){0});
		assert_int_equal(registry_add(small, l[i], V(""), &p), i < 2 ? OK : ERR_BUSY);
	}
	for (size_t i = 0; i < 3; i++) {
		registry_remove(small, l[i]);
		if (i == 0) {
			registry_close(small);
			assert_int_equal(registry_add(small, l[2], V(""), &p), ERR_BUSY);
		}
		listener_unref(l[i]);
	}
	registry_free(small);
}

static void tokens_end_where_they_should(void **state)
{
	struct world *w = *state;
	struct listener *a = join(w, 7, 1), *b = join(w, 7, 2), *app = join(w, 0, 3), *anonymous = join(w, 0, 0);
	registry_end_token(w->r, (struct account_id){7}, 2);
	assert_int_equal(a->end, END_NOT);
	assert_int_equal(b->end, END_REVOKED);
	registry_end_token(w->r, (struct account_id){0}, 3);
	assert_int_equal(app->end, END_REVOKED);
	registry_end_token(w->r, (struct account_id){0}, 0); /* nobody's */
	assert_int_equal(anonymous->end, END_NOT);
	registry_end_token(w->r, (struct account_id){7}, 0);
	assert_int_equal(a->end, END_REVOKED);
	registry_end_all(w->r, END_SERVER);
	assert_int_equal(anonymous->end, END_SERVER);
	leave(w, a);
	leave(w, b);
	leave(w, app);
	leave(w, anonymous);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(own_channels_are_found_by_account, setup, teardown),
		cmocka_unit_test_setup_teardown(tags_keep_the_label_they_were_asked_by, setup, teardown),
		cmocka_unit_test_setup_teardown(public_channels_by_place_and_media, setup, teardown),
		cmocka_unit_test_setup_teardown(subscriptions_are_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(streams_are_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(tokens_end_where_they_should, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
