/*
 * token_answer.h - Token (docs: entities/Token).
 */
#ifndef API_TOKEN_ANSWER_H
#define API_TOKEN_ANSWER_H

#include "base/clock.h"
#include "gate/call.h"

/* Never cached (RFC 6749 5.1). */
static inline void answer_token(struct call *c, struct view token, struct view scopes)
{
	call_header(c, "Cache-Control", V("no-store"));
	call_header(c, "Pragma", V("no-cache"));
	jw_object(&c->json);
	jw_kv_str(&c->json, "access_token", token);
	jw_kv_cstr(&c->json, "token_type", "Bearer");
	jw_kv_str(&c->json, "scope", scopes);
	jw_kv_int(&c->json, "created_at", clock_now() / 1000);
	jw_object_end(&c->json);
}

#endif
