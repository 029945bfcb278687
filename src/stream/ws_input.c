/*
 * ws_input.c - one wslay context at a time. It stands between two messages when it has swallowed exactly the bytes of
 * the frames it has announced, and the last of them was no part of a message to be continued.
 */
#include "base/base.h"

#include "stream/ws_input.h"

#include <wslay/wslay.h>

#include "base/buf.h"
#include "base/limits.h"

#define OUTPUT_MAX (64 * LIMIT_KIB) /* pongs of one run */

struct ws_input {
	wslay_event_context_ptr wslay;
	const struct ws_input_ops *ops; /* of this run */
	void *arg;
	uint64_t swallowed, announced; /* bytes */
	bool fragments;		       /* a message goes on in the next frame */
	bool gone;
	struct buf out;
};

static ssize_t on_read(wslay_event_context_ptr ctx, uint8_t *p, size_t cap, int flags, void *user)
{
	struct ws_input *in = user;

	(void)flags;
	ssize_t n = in->ops->read(in->arg, p, cap);
	if (n > 0) {
		in->swallowed += (uint64_t)n;
		return n;
	}
	in->gone |= n < 0;
	wslay_event_set_error(ctx, n < 0 ? WSLAY_ERR_CALLBACK_FAILURE : WSLAY_ERR_WOULDBLOCK);
	return -1;
}

static ssize_t on_write(wslay_event_context_ptr ctx, const uint8_t *p, size_t len, int flags, void *user)
{
	struct ws_input *in = user;

	(void)flags;
	buf_add(&in->out, view_make((const char *)p, len));
	if (!in->out.over)
		return (ssize_t)len;
	wslay_event_set_error(ctx, WSLAY_ERR_CALLBACK_FAILURE);
	return -1;
}

static void on_frame(wslay_event_context_ptr ctx, const struct wslay_event_on_frame_recv_start_arg *frame, void *user)
{
	struct ws_input *in = user;
	uint64_t n = frame->payload_length;
	const unsigned mask = 4;

	(void)ctx;
	in->announced += 2 + (n < 126 ? 0u : n <= UINT16_MAX ? 2u : 8u) + mask + n;
	if (!wslay_is_ctrl_frame(frame->opcode))
		in->fragments = !frame->fin;
}

static void on_message(wslay_event_context_ptr ctx, const struct wslay_event_on_msg_recv_arg *msg, void *user)
{
	static const char refusal[] = "Only text is understood here";
	struct ws_input *in = user;

	if (msg->opcode == WSLAY_TEXT_FRAME) {
		in->ops->message(in->arg, view_make((const char *)msg->msg, msg->msg_length));
	} else if (msg->opcode == WSLAY_BINARY_FRAME) {
		wslay_event_queue_close(ctx, WSLAY_CODE_UNSUPPORTED_DATA, (const uint8_t *)refusal,
					sizeof(refusal) - 1);
		wslay_event_shutdown_read(ctx);
	}
}

static struct ws_input *ws_input_new(void)
{
	static const struct wslay_event_callbacks callbacks = {
		.recv_callback = on_read,
		.send_callback = on_write,
		.on_frame_recv_start_callback = on_frame,
		.on_msg_recv_callback = on_message,
	};
	struct ws_input *in = xcalloc(1, sizeof(*in));

	if (wslay_event_context_server_init(&in->wslay, &callbacks, in) != 0)
		BUG("no memory for a WebSocket's context");
	wslay_event_config_set_max_recv_msg_length(in->wslay, LIMIT_STREAM_FRAME);
	buf_init(&in->out, OUTPUT_MAX);
	return in;
}

void ws_input_free(struct ws_input *in)
{
	if (!in)
		return;
	wslay_event_context_free(in->wslay);
	buf_release(&in->out);
	free(in);
}

/* Hands on what wslay wants to say. False: too much, or it failed. */
static bool flush(struct ws_input *in)
{
	bool ok = !wslay_event_want_write(in->wslay) || wslay_event_send(in->wslay) == 0;

	if (in->out.len)
		in->ops->write(in->arg, buf_view(&in->out));
	buf_release(&in->out);
	return ok && !in->gone;
}

/* wslay may stop where a frame's head is cut; only a read of nothing says that there is nothing. */
static bool receive(struct ws_input *in)
{
	uint64_t before;

	do {
		before = in->swallowed;
		if (wslay_event_recv(in->wslay) != 0)
			return false;
	} while (in->swallowed != before && wslay_event_get_read_enabled(in->wslay));
	return true;
}

bool ws_input_run(struct ws_input **at, const struct ws_input_ops *ops, void *arg)
{
	struct ws_input *in = *at ? *at : ws_input_new();

	in->ops = ops;
	in->arg = arg;
	bool good = receive(in);
	good = flush(in) && good && wslay_event_get_read_enabled(in->wslay) &&
	       !wslay_event_get_close_received(in->wslay);
	bool between = in->swallowed == in->announced && !in->fragments;
	if (!good || between) {
		ws_input_free(in);
		in = NULL;
	}
	*at = in;
	return good;
}
