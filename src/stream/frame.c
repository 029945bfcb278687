/*
 * frame.c - building frames.
 */
#include "base/base.h"

#include "stream/frame.h"

#include "base/json.h"
#include "base/limits.h"

enum { OPCODE_TEXT = 1, OPCODE_CLOSE = 8, OPCODE_PING = 9 };

#define FIN 0x80
#define HEADER_MAX 10

void frame_ref(struct frame *f)
{
	atomic_fetch_add_explicit(&f->refs, 1, memory_order_relaxed);
}

void frame_unref(struct frame *f)
{
	if (f && atomic_fetch_sub_explicit(&f->refs, 1, memory_order_acq_rel) == 1)
		free(f);
}

static struct frame *frame_new(size_t len)
{
	if (len > UINT32_MAX)
		BUG("a frame of %zu bytes", len);
	struct frame *f = xmalloc(sizeof(*f) + len);

	atomic_init(&f->refs, 1);
	f->len = (uint32_t)len;
	return f;
}

/* RFC 6455 5.2: 7 bits of length, or 126 and 16, or 127 and 64. Returns the header's size. */
static size_t write_header(unsigned opcode, size_t len, char *ret)
{
	size_t bytes = len < 126 ? 0 : len <= UINT16_MAX ? 2 : 8;

	ret[0] = (char)(FIN | opcode);
	ret[1] = (char)(bytes == 0 ? len : bytes == 2 ? 126 : 127);
	for (size_t i = 0; i < bytes; i++)
		ret[2 + i] = (char)(len >> (8 * (bytes - 1 - i)));
	return 2 + bytes;
}

static struct frame *frame_make(unsigned opcode, struct view body)
{
	char header[HEADER_MAX];
	size_t n = write_header(opcode, body.len, header);
	struct frame *f = frame_new(n + body.len);

	memcpy(f->bytes, header, n);
	if (body.len)
		memcpy(f->bytes + n, body.p, body.len);
	return f;
}

/* The text of b as a frame, and b released. NULL when b was too small. */
static struct frame *frame_of(struct buf *b, bool websocket)
{
	struct frame *f = NULL;

	if (!b->over)
		f = websocket ? frame_make(OPCODE_TEXT, buf_view(b)) : frame_raw(buf_view(b));
	buf_release(b);
	return f;
}

struct frame *frame_event_ws(const struct frame_event *e)
{
	struct buf out;

	buf_init(&out, LIMIT_REPLY);
	struct jw j = jw_to(&out);
	jw_object(&j);
	jw_key(&j, "stream");
	jw_array(&j);
	jw_str(&j, e->channel);
	if (e->label.len)
		jw_str(&j, e->label);
	jw_array_end(&j);
	jw_kv_cstr(&j, "event", e->name);
	if (e->payload.p)
		jw_kv_str(&j, "payload", e->payload);
	jw_object_end(&j);
	return frame_of(&out, true);
}

/* A line break would end the field: JSON of ours has none, so each would be a hole, and becomes a space. */
static void add_line(struct buf *out, struct view v)
{
	size_t from = out->len;

	buf_add(out, v);
	for (size_t i = from; i < out->len; i++)
		if (out->p[i] == '\n' || out->p[i] == '\r')
			out->p[i] = ' ';
}

struct frame *frame_event_sse(const struct frame_event *e)
{
	struct buf out;

	buf_init(&out, LIMIT_REPLY);
	buf_add_str(&out, "event: ");
	buf_add_str(&out, e->name);
	buf_add_str(&out, "\ndata: ");
	add_line(&out, e->payload.p ? e->payload : V("undefined"));
	buf_add_str(&out, "\n\n");
	return frame_of(&out, false);
}

struct frame *frame_text_ws(struct view text)
{
	return frame_make(OPCODE_TEXT, text);
}

struct frame *frame_ping_ws(void)
{
	return frame_make(OPCODE_PING, V(""));
}

struct frame *frame_close_ws(uint16_t code, struct view reason)
{
	char body[125];

	reason = view_sub(reason, 0, sizeof(body) - 2);
	body[0] = (char)(code >> 8);
	body[1] = (char)code;
	memcpy(body + 2, reason.p, reason.len);
	return frame_make(OPCODE_CLOSE, view_make(body, 2 + reason.len));
}

struct frame *frame_raw(struct view bytes)
{
	struct frame *f = frame_new(bytes.len);

	if (bytes.len)
		memcpy(f->bytes, bytes.p, bytes.len);
	return f;
}
