/*
 * custom_emojis.c - the server's own emojis (Mastodon: methods/custom_emojis).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "present/emoji.h"

static enum err custom_emojis(struct call *c)
{
	struct present p = call_presenter(c);
	const struct emoji *emojis;
	size_t n;

	emojis_all(c->core, c->arena, &emojis, &n);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		if (emojis[i].visible)
			present_emoji(&p, &emojis[i], &c->json);
	jw_array_end(&c->json);
	return OK;
}

const struct endpoint api_custom_emojis[] = {
	{.method = HTTP_GET, .path = "/api/v1/custom_emojis", .handle = custom_emojis, .auth = AUTH_NONE, .rate = RATE_DEFAULT,
	 .meter = METER_FREE, .run = RUN_INLINE, .reply = "[CustomEmoji]", .doc = "Emojis to choose from."},
	ENDPOINTS_END};
