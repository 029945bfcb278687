/*
 * languages.c - languages a post may be said to be in (Mastodon: GET /api/v1/instance/languages).
 */
#include "base/base.h"

#include "api/groups.h"
#include "gate/call.h"
#include "text/lang.h"

static enum err show(struct call *c)
{
	jw_array(&c->json);
	for (size_t i = 0; i < n_lang_table; i++) {
		jw_object(&c->json);
		jw_kv_cstr(&c->json, "code", lang_table[i].code);
		jw_kv_cstr(&c->json, "name", lang_table[i].name);
		jw_object_end(&c->json);
	}
	jw_array_end(&c->json);
	return OK;
}

const struct endpoint api_languages[] = {
	{.method = HTTP_GET, .path = "/api/v1/instance/languages", .handle = show, .auth = AUTH_NONE,
	 .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE, .reply = "[Language]",
	 .doc = "Languages a post may be said to be in."},
	ENDPOINTS_END};
