/*
 * ws_input_test.c - frames of clients, well-made and not, whole and byte by byte.
 */
#include "base/base.h"
#include "stream/ws_input.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"

struct peer {
	struct view in;
	size_t at, step;	   /* bytes a read */
	bool hung_up;		   /* behind them */
	struct buf said, messages; /* messages end with '|' */
};

static ssize_t on_read(void *arg, void *p, size_t cap)
{
	struct peer *peer = arg;
	size_t n = peer->in.len - peer->at;
	n = n < cap ? n : cap;
	n = n < peer->step ? n : peer->step;
	if (!n)
		return peer->hung_up ? -1 : 0;
	memcpy(p, peer->in.p + peer->at, n);
	peer->at += n;
	return (ssize_t)n;
}

static void on_message(void *arg, struct view text)
{
	struct peer *peer = arg;
	buf_add(&peer->messages, text);
	buf_add_c(&peer->messages, '|');
}

static void on_write(void *arg, struct view bytes)
{
	buf_add(&((struct peer *)arg)->said, bytes);
}

static const struct ws_input_ops ops = {on_read, on_message, on_write};

static void peer_init(struct peer *peer, struct view in, size_t step)
{
	*peer = (struct peer){.in = in, .step = step};
	buf_init(&peer->said, LIMIT_MIB);
	buf_init(&peer->messages, LIMIT_MIB);
}

static void peer_release(struct peer *peer)
{
	buf_release(&peer->said);
	buf_release(&peer->messages);
}

/* Appends a masked frame. */
static void add_frame(struct buf *out, unsigned first, struct view body)
{
	static const char mask[4] = {1, 2, 3, 4};
	buf_add_c(out, (char)first);
	if (body.len < 126) {
		buf_add_c(out, (char)(0x80 | body.len));
	} else {
		buf_add_c(out, (char)(0x80 | 126));
		buf_add_c(out, (char)(body.len >> 8));
		buf_add_c(out, (char)body.len);
	}
	buf_add(out, view_make(mask, 4));
	for (size_t i = 0; i < body.len; i++)
		buf_add_c(out, (char)(body.p[i] ^ mask[i % 4]));
}

static void messages_arrive(void **state)
{
	struct buf in;
	(void)state;
	buf_init(&in, LIMIT_MIB);
	add_frame(&in, 0x81, V("one"));
	add_frame(&in, 0x01, V("t"));  /* a message in three frames, */
	add_frame(&in, 0x89, V("hi")); /* with a ping between them */
	add_frame(&in, 0x00, V("w"));
	add_frame(&in, 0x80, V("o"));
	add_frame(&in, 0x81, V(""));
	for (size_t step = 1; step <= in.len; step++) {
		struct ws_input *input = NULL;
		struct peer peer;
		peer_init(&peer, buf_view(&in), step);
		assert_true(ws_input_run(&input, &ops, &peer));
		assert_null(input); /* between messages it costs nothing */
		assert_true(view_is(buf_view(&peer.messages), "one|two||"));
		assert_true(view_eq(buf_view(&peer.said), V("\x8a\x02hi"))); /* a pong */
		peer_release(&peer);
	}
	buf_release(&in);
}

static void half_a_message_is_kept(void **state)
{
	struct buf in;
	(void)state;
	buf_init(&in, LIMIT_MIB);
	add_frame(&in, 0x81, V("subscribe"));
	for (size_t cut = 1; cut < in.len; cut++) {
		struct ws_input *input = NULL;
		struct peer peer;
		peer_init(&peer, view_sub(buf_view(&in), 0, cut), 1000);
		assert_true(ws_input_run(&input, &ops, &peer));
		assert_non_null(input);
		peer.in = buf_view(&in);
		assert_true(ws_input_run(&input, &ops, &peer));
		assert_null(input);
		assert_true(view_is(buf_view(&peer.messages), "subscribe|"));
		peer_release(&peer);
	}
	buf_release(&in);
}

static void expect_close(struct view in, int code)
{
	struct ws_input *input = NULL;
	struct peer peer;
	peer_init(&peer, in, 1000);
	assert_false(ws_input_run(&input, &ops, &peer));
	assert_null(input);
	assert_int_equal(peer.messages.len, 0);
	assert_true(peer.said.len >= 2);
	assert_int_equal((unsigned char)peer.said.p[0], 0x88);
	if (code == 1005) /* none */
		assert_int_equal(peer.said.len, 2);
	else
		assert_int_equal((unsigned char)peer.said.p[2] << 8 | (unsigned char)peer.said.p[3], code);
	peer_release(&peer);
}

static void faults_are_answered_with_a_close(void **state)
{
	char long_text[LIMIT_STREAM_FRAME + 1];
	struct buf in;
	(void)state;
	memset(long_text, 'x', sizeof(long_text));
	const struct {
		unsigned first;
		struct view body;
		int code;
	} cases[] = {
		{0x82, V("binary"), 1003},
		{0x81, V("\xff\xfe"), 1007},
		{0x81, view_make(long_text, sizeof(long_text)), 1009},
		{0xc1, V("reserved bit"), 1002},
		{0x83, V("unknown opcode"), 1002},
		{0x80, V("continues nothing"), 1002},
		{0x09, V("a ping in pieces"), 1005},
		{0x88, V("\x03\xe8"), 1000},
		{0x88, V("\x03\xe9gone"), 1001},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		buf_init(&in, LIMIT_MIB);
		add_frame(&in, cases[i].first, cases[i].body);
		expect_close(buf_view(&in), cases[i].code);
		buf_release(&in);
	}
	expect_close(V("\x81\x02hi"), 1002); /* not masked: RFC 6455 5.1 */
}

static void a_long_message_in_pieces_is_refused(void **state)
{
	char part[LIMIT_STREAM_FRAME / 2];
	struct buf in;
	(void)state;
	memset(part, 'x', sizeof(part));
	buf_init(&in, LIMIT_MIB);
	add_frame(&in, 0x01, view_make(part, sizeof(part)));
	for (int i = 0; i < 2; i++)
		add_frame(&in, 0x00, view_make(part, sizeof(part)));
	expect_close(buf_view(&in), 1009);
	buf_release(&in);
}

static void the_longest_message_is_taken(void **state)
{
	char text[LIMIT_STREAM_FRAME];
	struct ws_input *input = NULL;
	struct peer peer;
	struct buf in;
	(void)state;
	memset(text, 'x', sizeof(text));
	buf_init(&in, LIMIT_MIB);
	add_frame(&in, 0x81, view_make(text, sizeof(text)));
	peer_init(&peer, buf_view(&in), 100);
	assert_true(ws_input_run(&input, &ops, &peer));
	assert_int_equal(peer.messages.len, sizeof(text) + 1);
	peer_release(&peer);
	buf_release(&in);
}

static void hanging_up_ends_it(void **state)
{
	struct ws_input *input = NULL;
	struct peer peer;
	(void)state;
	peer_init(&peer, V("\x81"), 1000);
	peer.hung_up = true;
	assert_false(ws_input_run(&input, &ops, &peer));
	assert_null(input);
	peer_release(&peer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_arrive),
		cmocka_unit_test(half_a_message_is_kept),
		cmocka_unit_test(faults_are_answered_with_a_close),
		cmocka_unit_test(a_long_message_in_pieces_is_refused),
		cmocka_unit_test(the_longest_message_is_taken),
		cmocka_unit_test(hanging_up_ends_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
