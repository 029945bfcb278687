/*
 * renderings.c - two small tables, searched from end to end and filled in a circle.
 */
#include "base/base.h"

#include "stream/renderings.h"

#include "base/limits.h"

void renderings_init(struct renderings *r, const char *event)
{
	*r = (struct renderings){.event = event};
	for (size_t i = 0; i < RENDERINGS_PAYLOADS; i++)
		buf_init(&r->payloads[i].json, LIMIT_REPLY);
}

void renderings_release(struct renderings *r)
{
	for (size_t i = 0; i < RENDERINGS_PAYLOADS; i++)
		buf_release(&r->payloads[i].json);
	for (size_t i = 0; i < RENDERINGS_FRAMES; i++)
		frame_unref(r->frames[i].frame);
}

static enum err find_payload(struct renderings *r, uint64_t variant, const struct renderer *renderer, struct view *ret)
{
	size_t kept = r->n_payloads < RENDERINGS_PAYLOADS ? r->n_payloads : RENDERINGS_PAYLOADS;
	size_t at = r->n_payloads % RENDERINGS_PAYLOADS;

	for (size_t i = 0; i < kept; i++) {
		if (r->payloads[i].variant == variant) {
			*ret = buf_view(&r->payloads[i].json);
			return OK;
		}
	}
	struct buf *json = &r->payloads[at].json;
	r->payloads[at].variant = 0; /* no variant, so that a half-written one is never found */
	buf_clear(json);
	TRY(renderer->render(renderer->arg, json));
	TRY(buf_err(json));
	r->payloads[at].variant = variant;
	r->n_payloads++;
	*ret = buf_view(json);
	return OK;
}

static bool fits(const struct renderings *r, size_t i, uint64_t variant, const struct target *t)
{
	if (r->frames[i].variant != variant || r->frames[i].transport != t->l->transport)
		return false;
	return t->l->transport == TRANSPORT_SSE ||
	       (r->frames[i].channel == t->channel && view_eq(r->frames[i].label, t->label));
}

static struct frame *make_frame(const struct renderings *r, const struct target *t, struct view payload)
{
	struct frame_event e = {.channel = view_of(channel_rows[t->channel].name), .label = t->label, .name = r->event};

	if (payload.len)
		e.payload = payload;
	return t->l->transport == TRANSPORT_WS ? frame_event_ws(&e) : frame_event_sse(&e);
}

enum err renderings_frame(struct renderings *r, uint64_t variant, const struct target *t,
			  const struct renderer *renderer, struct frame **ret)
{
	size_t kept = r->n_frames < RENDERINGS_FRAMES ? r->n_frames : RENDERINGS_FRAMES;
	size_t at = r->n_frames % RENDERINGS_FRAMES;
	struct view payload;

	for (size_t i = 0; i < kept; i++) {
		if (fits(r, i, variant, t)) {
			*ret = r->frames[i].frame;
			return OK;
		}
	}
	TRY(find_payload(r, variant, renderer, &payload));
	struct frame *f = make_frame(r, t, payload);
	if (!f)
		return ERR_TOO_LARGE;
	frame_unref(r->frames[at].frame);
	r->frames[at].variant = variant;
	r->frames[at].transport = t->l->transport;
	r->frames[at].channel = t->channel;
	r->frames[at].label = t->label;
	r->frames[at].frame = f;
	r->n_frames++;
	*ret = f;
	return OK;
}
