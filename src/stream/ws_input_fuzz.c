/*
 * ws_input_fuzz.c - anything on a WebSocket, in pieces of any size. The first byte says how large they are; the rest is
 * read twice, in pieces and at once, and must carry the same messages. (wslay sees a fault within a frame that has not
 * arrived in full now sooner, now later.)
 */
#include "base/base.h"
#include "stream/ws_input.h"

#include "base/buf.h"
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct peer {
	struct view in;
	size_t at, step;
	struct buf messages;
	bool closed;
};

static ssize_t on_read(void *arg, void *p, size_t cap)
{
	struct peer *peer = arg;
	size_t n = peer->in.len - peer->at;

	n = n < cap ? n : cap;
	n = n < peer->step ? n : peer->step;
	if (n)
		memcpy(p, peer->in.p + peer->at, n);
	peer->at += n;
	return (ssize_t)n;
}

static void on_message(void *arg, struct view text)
{
	struct peer *peer = arg;

	if (text.len > LIMIT_STREAM_FRAME)
		BUG("a message of %zu bytes", text.len);
	for (size_t i = 0; i < text.len;) {
		unsigned char c = (unsigned char)text.p[i];
		size_t n = c == 0 ? 1 : utf8_step(text, i);
		if (!n)
			BUG("a message that is not UTF-8");
		i += n;
	}
	buf_add(&peer->messages, text);
	buf_add_c(&peer->messages, '\n');
}

static void on_write(void *arg, struct view bytes)
{
	struct peer *peer = arg;

	if (peer->closed)
		BUG("%zu bytes behind the end", bytes.len);
}

static void run(struct peer *peer, struct view in, size_t step)
{
	static const struct ws_input_ops ops = {on_read, on_message, on_write};
	struct ws_input *input = NULL;

	*peer = (struct peer){.in = in, .step = step};
	buf_init(&peer->messages, 2 * in.len + 1);
	while (!peer->closed && peer->at < in.len) {
		peer->closed = !ws_input_run(&input, &ops, peer);
		if (peer->closed && input)
			BUG("a reader is left behind the end");
	}
	ws_input_free(input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct peer pieces, whole;

	if (size < 1 || size > 4 * LIMIT_STREAM_FRAME)
		return 0;
	struct view in = view_make((const char *)data + 1, size - 1);
	run(&pieces, in, 1 + data[0]);
	run(&whole, in, SIZE_MAX);
	if (!view_eq(buf_view(&pieces.messages), buf_view(&whole.messages)))
		BUG("the size of the pieces matters");
	buf_release(&pieces.messages);
	buf_release(&whole.messages);
	return 0;
}
