/*
 * stream_test.c - the whole way from a change in the core to a WebSocket's other end: who hears of what, and how
 * streams end. Each client also has public:remote, on which a made-up deletion marks the end of what there is to hear.
 */
#include "base/base.h"

#include "core/core_fixture.h"

#include <jansson.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/id.h"
#include "core/graph.h"
#include "core/lists.h"
#include "core/posts.h"
#include "present/present.h"
#include "stream/stream_private.h"

#define WAIT_MS 5000
#define MARKS 100000 /* smaller ids are of posts that never were, whose deletion marks */

static struct fixture *f;
static struct stream *stream;
static struct account_id alice, bob, carol;
static int64_t next_token = 100, last_mark;

/* --- a client --- */

struct client {
	int fd;
	int64_t token;
	struct buf heard; /* "user update 12|" for each message */
};

static void wish(struct ws_socket *s, const char *name, const char *tag, int64_t list)
{
	char id[24] = "";
	if (list)
		snprintf(id, sizeof(id), "%" PRId64, list);
	struct wish w = {.stream = view_of(name), .tag = view_of(tag), .list = view_of(id)};
	ws_socket_wish(s, f->db, &f->arena, &w);
}

static void client_open_as(struct client *c, struct account_id who, const char *scopes, const char *name,
			   const char *tag, int64_t list)
{
	struct auth_info auth = {.account = who, .token_id = who.v ? ++next_token : 0};
	struct problem p = {0};
	struct ws_socket *s;
	int pair[2];
	assert_int_equal(scope_parse(view_of(scopes), &auth.scopes), OK);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	assert_int_equal(ws_socket_new(stream->ws, &auth, V("192.0.2.1"), &s, &p), OK);
	wish(s, name, tag, list);
	wish(s, "public:remote", "", 0);
	ws_taken(s, pair[0], NULL, 0);
	*c = (struct client){.fd = pair[1], .token = auth.token_id};
	buf_init(&c->heard, LIMIT_MIB);
}

static void client_open(struct client *c, struct account_id who, const char *name)
{
	client_open_as(c, who, who.v ? "read" : "", name, "", 0);
}

static void client_close(struct client *c)
{
	close(c->fd);
	buf_release(&c->heard);
}

static bool read_all(int fd, void *p, size_t n)
{
	for (size_t at = 0; at < n;) {
		struct pollfd pfd = {.fd = fd, .events = POLLIN};
		assert_int_equal(poll(&pfd, 1, WAIT_MS), 1);
		ssize_t got = read(fd, (char *)p + at, n - at);
		if (got <= 0)
			return false;
		at += (size_t)got;
	}
	return true;
}

/* The next frame: its opcode, -1 at the end. */
static int read_frame(int fd, struct buf *ret)
{
	unsigned char head[2], more[8];
	uint64_t len = 0;
	buf_clear(ret);
	if (!read_all(fd, head, 2))
		return -1;
	size_t n = head[1] < 126 ? 0 : head[1] == 126 ? 2 : 8;
	assert_true(read_all(fd, more, n));
	for (size_t i = 0; i < n; i++)
		len = len << 8 | more[i];
	len = n ? len : head[1];
	char *p = buf_reserve(ret, len);
	assert_true(read_all(fd, p, len));
	buf_grow(ret, len);
	return head[0] & 15;
}

static void note_payload(struct buf *out, const char *event, const char *payload)
{
	json_t *o = json_loads(payload, 0, NULL);
	const json_t *post = strcmp(event, "conversation") == 0 ? json_object_get(o, "last_status") : o;
	if (json_is_object(post)) {
		const char *type = json_string_value(json_object_get(o, "type"));
		buf_add_str(out, type ? type : json_string_value(json_object_get(post, "id")));
		if (json_is_true(json_object_get(post, "favourited")))
			buf_add_str(out, " favourited");
		if (strcmp(event, "update") == 0 && !json_object_get(post, "favourited"))
			buf_add_str(out, " anonymous");
	} else {
		buf_add_str(out, payload);
	}
	json_decref(o);
}

/* False: it is the last mark. Others are passed over. */
static bool note_message(struct client *c, struct view text)
{
	json_t *o = json_loadb(text.p, text.len, 0, NULL);
	const json_t *names = json_object_get(o, "stream");
	const char *event = json_string_value(json_object_get(o, "event"));
	const char *payload = json_string_value(json_object_get(o, "payload"));
	const char *name = json_string_value(json_array_get(names, 0)),
		   *label = json_string_value(json_array_get(names, 1));
	int64_t mark = 0;
	if (!event) {
		buf_printf(&c->heard, "error %d|", (int)json_integer_value(json_object_get(o, "status")));
	} else if (!payload || !parse_i64(view_of(payload), 1, MARKS, &mark)) {
		buf_printf(&c->heard, "%s%s%s %s ", name, label ? "/" : "", label ? label : "", event);
		if (payload)
			note_payload(&c->heard, event, payload);
		buf_add_c(&c->heard, '|');
	}
	bool is_last = mark == last_mark && strcmp(name, "public:remote") == 0;
	json_decref(o);
	return !is_last;
}

static void mark(void)
{
	struct event ev = {.kind = EVENT_POST_DELETED, .post = {++last_mark}, .account = {1}};
	events_announce(f->core->events, &ev);
}

/* Everything heard up to now is what this describes; ids stand in printf arguments. */
static void expect(struct client *c, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void expect(struct client *c, const char *fmt, ...)
{
	char wanted[512];
	struct buf frame;
	va_list args;
	va_start(args, fmt);
	vsnprintf(wanted, sizeof(wanted), fmt, args);
	va_end(args);
	buf_init(&frame, LIMIT_MIB);
	mark();
	do
		assert_int_equal(read_frame(c->fd, &frame), 1);
	while (note_message(c, buf_view(&frame)));
	assert_string_equal(c->heard.p ? c->heard.p : "", wanted);
	buf_release(&c->heard);
	buf_release(&frame);
}

/* The stream is closed with this code; frames before it do not matter. */
static void expect_end(struct client *c, int code)
{
	struct buf frame;
	int opcode;
	buf_init(&frame, LIMIT_MIB);
	while ((opcode = read_frame(c->fd, &frame)) == 1)
		;
	assert_int_equal(opcode, 8);
	assert_int_equal((unsigned char)frame.p[0] << 8 | (unsigned char)frame.p[1], code);
	assert_int_equal(read_frame(c->fd, &frame), -1);
	buf_release(&frame);
	client_close(c);
}

/* --- what happens --- */

static int64_t say(struct account_id who, const char *text, enum visibility v, int64_t reply_to)
{
	struct new_post np = {.author = who,
			      .text = view_of(text),
			      .language = V("en"),
			      .visibility = v,
			      .has_visibility = true,
			      .reply_to = {reply_to}};
	struct problem p = {0};
	struct post_id id = {0};
	assert_int_equal(post_create(f->core, f->db, &f->arena, &np, &id, &p), OK);
	return id.v;
}

static void follow(struct account_id who, struct account_id target)
{
	struct problem p;
	assert_int_equal(graph_follow(f->core, who, target, &(struct follow_options){0}, &p), OK);
}

static void erase(struct account_id who, int64_t id)
{
	assert_int_equal(post_delete(f->core, f->db, &f->arena, who, (struct post_id){id}), OK);
}

/* alice is followed by bob; carol follows nobody */
static int setup(void **state)
{
	struct problem p;
	(void)state;
	f = fixture_open();
	present_init(f->core);
	assert_int_equal(stream_start(f->core, &stream, &p), OK);
	alice = fixture_account(f, "alice");
	bob = fixture_account(f, "bob");
	carol = fixture_account(f, "carol");
	fixture_takes_all(f, alice);
	fixture_takes_all(f, bob);
	fixture_takes_all(f, carol);
	follow(bob, alice);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	stream_drain(stream);
	stream_stop(stream);
	fixture_close(f);
	return 0;
}

static void home_is_for_followers(void **state)
{
	struct client author, follower, stranger;
	(void)state;
	client_open(&author, alice, "user");
	client_open(&follower, bob, "user");
	client_open(&stranger, carol, "user");
	int64_t open = say(alice, "hello", VISIBILITY_PUBLIC, 0);
	expect(&author, "user update %" PRId64 "|", open);
	expect(&follower, "user update %" PRId64 "|", open);
	expect(&stranger, "%s", "");
	int64_t closed = say(alice, "for followers", VISIBILITY_PRIVATE, 0);
	expect(&author, "user update %" PRId64 "|", closed);
	expect(&follower, "user update %" PRId64 "|", closed);
	expect(&stranger, "%s", "");
	struct post_change change = {.text = V("for followers, again"), .language = V("en")};
	struct problem p;
	assert_int_equal(post_edit(f->core, f->db, &f->arena, alice, (struct post_id){closed}, &change, &p), OK);
	expect(&author, "user status.update %" PRId64 "|", closed);
	expect(&follower, "user status.update %" PRId64 "|", closed);
	expect(&stranger, "%s", "");
	erase(alice, closed);
	expect(&author, "user delete %" PRId64 "|", closed);
	expect(&follower, "user delete %" PRId64 "|", closed);
	expect(&stranger, "%s", "");
	client_close(&author);
	client_close(&follower);
	client_close(&stranger);
}

static void direct_posts_are_for_those_they_name(void **state)
{
	struct client named, follower, talks;
	(void)state;
	client_open(&named, carol, "user");
	client_open(&talks, carol, "direct");
	client_open(&follower, bob, "user");
	int64_t id = say(alice, "@carol psst", VISIBILITY_DIRECT, 0);
	expect(&named, "user notification mention|");
	expect(&talks, "direct conversation %" PRId64 "|", id);
	expect(&follower, "%s", "");
	erase(alice, id);
	expect(&named, "user delete %" PRId64 "|", id);
	expect(&follower, "%s", "");
	client_close(&named);
	client_close(&talks);
	client_close(&follower);
}

static void public_channels_are_anonymous_and_judged(void **state)
{
	struct client anybody, local, media, blocked, muter;
	(void)state;
	assert_int_equal(graph_block(f->core, alice, carol), OK);
	client_open(&anybody, (struct account_id){0}, "public");
	client_open(&local, bob, "public:local");
	client_open(&media, bob, "public:media");
	client_open(&blocked, carol, "public");
	int64_t id = say(alice, "for all", VISIBILITY_PUBLIC, 0);
	expect(&anybody, "public update %" PRId64 " anonymous|", id);
	expect(&local, "public:local update %" PRId64 " anonymous|", id);
	expect(&media, "%s", "");
	expect(&blocked, "%s", "");
	say(alice, "not there", VISIBILITY_UNLISTED, 0);
	say(alice, "nor this", VISIBILITY_PRIVATE, 0);
	say(bob, "an answer", VISIBILITY_PUBLIC, id);
	int64_t thread = say(alice, "an answer to myself", VISIBILITY_PUBLIC, id);
	expect(&anybody, "public update %" PRId64 " anonymous|", thread);
	erase(alice, thread);
	expect(&anybody, "public delete %" PRId64 "|", thread);
	expect(&blocked, "%s", "");
	assert_int_equal(graph_unblock(f->core, alice, carol), OK);
	assert_int_equal(graph_mute(f->core, carol, alice, true, 0), OK);
	client_open(&muter, carol, "public");
	say(alice, "unheard", VISIBILITY_PUBLIC, 0);
	expect(&muter, "%s", "");
	assert_int_equal(graph_unmute(f->core, carol, alice), OK);
	id = say(alice, "heard", VISIBILITY_PUBLIC, 0);
	expect(&muter, "public update %" PRId64 " anonymous|", id);
	client_close(&anybody);
	client_close(&local);
	client_close(&media);
	client_close(&blocked);
	client_close(&muter);
}

static void hashtags_and_lists(void **state)
{
	struct client tag, listed, other;
	struct list list = {.title = V("birds"), .replies = REPLIES_LIST};
	struct problem p;
	(void)state;
	assert_int_equal(list_create(f->core, bob, &list, &p), OK);
	assert_int_equal(list_add(f->core, bob, list.id, &alice, 1, &p), OK);
	client_open_as(&tag, (struct account_id){0}, "", "hashtag", "Jalak", 0);
	client_open_as(&listed, bob, "read", "list", "", list.id);
	client_open_as(&other, carol, "read", "list", "", list.id);
	expect(&other, "error 401|");
	int64_t id = say(alice, "a #JALAK and a #jalak", VISIBILITY_PUBLIC, 0);
	expect(&tag, "hashtag/Jalak update %" PRId64 " anonymous|", id);
	expect(&listed, "list/%" PRId64 " update %" PRId64 "|", list.id, id);
	int64_t plain = say(alice, "nothing", VISIBILITY_PRIVATE, 0);
	expect(&tag, "%s", "");
	expect(&listed, "list/%" PRId64 " update %" PRId64 "|", list.id, plain);
	erase(alice, id);
	expect(&tag, "hashtag/Jalak delete %" PRId64 "|", id);
	expect(&listed, "list/%" PRId64 " delete %" PRId64 "|", list.id, id);
	expect(&other, "%s", "");
	client_close(&tag);
	client_close(&listed);
	client_close(&other);
}

static void boosts_carry_the_flags_of_each(void **state)
{
	struct client likes, plain;
	struct viewer *who;
	struct post_id boost;
	struct problem p;
	(void)state;
	follow(carol, alice);
	client_open(&plain, bob, "user");
	int64_t id = say(bob, "worth it", VISIBILITY_PUBLIC, 0);
	assert_int_equal(post_favourite(f->core, f->db, &f->arena, carol, (struct post_id){id}, true), OK);
	expect(&plain, "user update %" PRId64 "|user notification favourite|", id); /* nothing is under way any more */
	client_open(&likes, carol, "user");
	assert_int_equal(viewer_get(f->core, f->db, alice, &who), OK);
	assert_int_equal(post_boost(f->core, f->db, &f->arena, who, (struct post_id){id}, false, 0, &boost, &p), OK);
	viewer_put(who);
	expect(&likes, "user update %" PRId64 " favourited|", boost.v);
	expect(&plain, "user update %" PRId64 "|user notification reblog|", boost.v);
	assert_int_equal(post_unboost(f->core, f->db, &f->arena, alice, (struct post_id){id}), OK);
	expect(&likes, "user delete %" PRId64 "|", boost.v);
	client_close(&likes);
	client_close(&plain);
}

static void notifications_by_scope(void **state)
{
	struct client only, without, with;
	(void)state;
	client_open_as(&only, carol, "read:notifications read:statuses", "user:notification", "", 0);
	client_open_as(&without, carol, "read:statuses", "user", "", 0);
	client_open_as(&with, carol, "read", "user", "", 0);
	say(bob, "@carol hello", VISIBILITY_PUBLIC, 0);
	expect(&only, "user:notification notification mention|");
	expect(&without, "%s", "");
	expect(&with, "user notification mention|");
	events_announce(f->core->events, &(struct event){.kind = EVENT_FILTERS_CHANGED, .account = carol});
	expect(&only, "%s", "");
	expect(&with, "user filters_changed |");
	client_close(&only);
	client_close(&without);
	client_close(&with);
}

/* What a page of notifications would not show is not told either. */
static void notifications_as_pages_show_them(void **state)
{
	struct event told = {0};
	struct client c;
	(void)state;
	client_open(&c, carol, "user");
	say(bob, "@carol again", VISIBILITY_PUBLIC, 0);
	expect(&c, "user notification mention|");
	for (size_t i = 0; i < f->seen.n; i++)
		if (f->seen.v[i].kind == EVENT_NOTIFICATION && account_eq(f->seen.v[i].account, carol))
			told = f->seen.v[i];
	events_announce(f->core->events, &told);
	expect(&c, "user notification mention|");
	assert_int_equal(graph_mute(f->core, carol, bob, true, 0), OK);
	events_announce(f->core->events, &told);
	expect(&c, "%s", "");
	assert_int_equal(graph_unmute(f->core, carol, bob), OK);
	events_announce(f->core->events, &told);
	expect(&c, "user notification mention|");
	client_close(&c);
}

static void send_text(struct client *c, const char *text)
{
	unsigned char head[8] = {0x81, (unsigned char)(0x80 | strlen(text))}; /* mask 0 0 0 0 */
	assert_true(strlen(text) < 126);
	assert_int_equal(write(c->fd, head, 6), 6);
	assert_int_equal(write(c->fd, text, strlen(text)), strlen(text));
}

/* The answer to this message is an error: what was sent before it has been read. */
static void send_and_wait(struct client *c, const char *text)
{
	struct buf frame;
	send_text(c, text);
	send_text(c, "{\"type\":\"subscribe\",\"stream\":\"nonsense\"}");
	buf_init(&frame, LIMIT_MIB);
	do
		assert_int_equal(read_frame(c->fd, &frame), 1);
	while (!view_is(buf_view(&frame), "{\"error\":\"Unknown stream type\",\"status\":400}"));
	buf_release(&frame);
}

static void clients_subscribe_by_message(void **state)
{
	struct client c;
	(void)state;
	client_open(&c, carol, "public:remote");
	send_and_wait(&c, "{\"type\":\"subscribe\",\"stream\":\"public\"}");
	send_and_wait(&c, "{\"type\":\"subscribe\",\"stream\":\"hashtag\",\"tag\":\"satu\"}");
	int64_t id = say(bob, "#satu", VISIBILITY_PUBLIC, 0);
	expect(&c, "public update %" PRId64 " anonymous|hashtag/satu update %" PRId64 " anonymous|", id, id);
	send_and_wait(&c, "{\"type\":\"unsubscribe\",\"stream\":\"public\"}");
	send_and_wait(&c, "not json");
	id = say(bob, "#satu dua", VISIBILITY_PUBLIC, 0);
	expect(&c, "hashtag/satu update %" PRId64 " anonymous|", id);
	client_close(&c);
}

static void streams_end_with_their_token(void **state)
{
	struct client one, other, account;
	(void)state;
	client_open(&one, carol, "user");
	client_open(&other, carol, "user");
	client_open(&account, bob, "user");
	events_announce(f->core->events,
			&(struct event){.kind = EVENT_TOKEN_REVOKED, .account = carol, .other_id = one.token});
	expect_end(&one, 1008);
	expect(&other, "%s", "");
	events_announce(f->core->events, &(struct event){.kind = EVENT_ACCOUNT_CHANGED, .account = bob, .other_id = 1});
	expect_end(&account, 1008);
	client_close(&other);
}

static void clients_close_as_they_like(void **state)
{
	struct client c;
	(void)state;
	client_open(&c, carol, "user");
	assert_int_equal(write(c.fd, "\x88\x82\0\0\0\0\x03\xe8", 8), 8);
	expect_end(&c, 1000);
	client_open(&c, carol, "user");
	client_close(&c); /* without a word */
	for (int i = 0; i < 500 && registry_count(stream->registry); i++)
		usleep(10000);
	assert_int_equal(registry_count(stream->registry), 0);
}

/* Nobody reads: the socket's buffer fills, then the ring; the others hear everything. */
static void slow_readers_are_dropped(void **state)
{
	struct client slow, quick;
	struct event ev = {.kind = EVENT_POST_DELETED, .account = {2}};
	(void)state;
	client_open(&slow, carol, "public:remote");
	client_open(&quick, bob, "public:remote");
	struct buf frame;
	buf_init(&frame, LIMIT_MIB);
	for (int64_t i = 0; i < 20000; i++) {
		ev.post.v = MARKS + 1 + i;
		events_announce(f->core->events, &ev);
		assert_int_equal(read_frame(quick.fd, &frame), 1);
	}
	buf_release(&frame);
	expect_end(&slow, 1013);
	expect(&quick, "%s", "");
	client_close(&quick);
}

/* More happens than can be passed on: nobody is left with a gap they do not know of. */
static void a_full_queue_closes_all(void **state)
{
	struct client c;
	struct event ev = {.kind = EVENT_POST_EDITED, .account = alice};
	(void)state;
	client_open(&c, carol, "user");
	for (int64_t i = 1; i < 4 * (int64_t)LIMIT_STREAM_QUEUE; i++) {
		ev.post.v = i; /* looked for in vain, which takes longer than announcing it */
		events_announce(f->core->events, &ev);
	}
	expect_end(&c, 1013);
	usleep(300000); /* it may have been full twice */
	client_open(&c, carol, "user");
	expect(&c, "%s", "");
	client_close(&c);
}

static void the_end_of_the_server_is_told(void **state)
{
	struct client c;
	struct auth_info nobody = {0};
	struct ws_socket *s;
	struct problem p;
	(void)state;
	client_open(&c, carol, "user");
	stream_drain(stream);
	expect_end(&c, 1001);
	assert_int_equal(ws_socket_new(stream->ws, &nobody, V(""), &s, &p), ERR_BUSY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(home_is_for_followers),
		cmocka_unit_test(direct_posts_are_for_those_they_name),
		cmocka_unit_test(public_channels_are_anonymous_and_judged),
		cmocka_unit_test(hashtags_and_lists),
		cmocka_unit_test(boosts_carry_the_flags_of_each),
		cmocka_unit_test(notifications_by_scope),
		cmocka_unit_test(notifications_as_pages_show_them),
		cmocka_unit_test(clients_subscribe_by_message),
		cmocka_unit_test(streams_end_with_their_token),
		cmocka_unit_test(clients_close_as_they_like),
		cmocka_unit_test(slow_readers_are_dropped),
		cmocka_unit_test(a_full_queue_closes_all),
		cmocka_unit_test(the_end_of_the_server_is_told),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
