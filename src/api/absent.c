/*
 * absent.c - parts of Mastodon's interface that nothing here stands behind, answered as a Mastodon answers that has them
 * switched off: nobody translates, nobody asks for donations, and no answer is completed behind one's back.
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "api/status_answer.h"

static enum err empty(struct call *c) { return answer_empty(c); }

static enum err no_translation(struct call *c)
{
	return call_fail(c, ERR_NOT_FOUND, "This server does not translate posts");
}

static enum err no_refresh(struct call *c)
{
	return call_fail(c, ERR_NOT_FOUND, "There is no such refresh: answers of this server are complete");
}

#define READ .method = HTTP_GET, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE

const struct endpoint api_absent[] = {
	{READ, .path = "/api/v1/instance/translation_languages", .handle = empty, .auth = AUTH_OPTIONAL,
	 .scope = SCOPE_NONE, .reply = "{code: [code]}", .doc = "What can be translated into what: nothing."},
	{.method = HTTP_POST, .path = "/api/v1/statuses/:id/translate", .handle = no_translation, .auth = AUTH_USER,
	 .scope = SCOPE_READ_STATUSES, .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_INLINE,
	 .params = PARAMS(POST_ID_PARAM, {.name = "lang", .type = PARAM_STRING, .max = 35, .doc = "Into which language."}),
	 .reply = "Translation", .doc = "404: nothing is translated here."},
	{READ, .path = "/api/v1/donation_campaigns", .handle = empty, .auth = AUTH_OPTIONAL, .scope = SCOPE_NONE,
	 .params = PARAMS({.name = "platform", .type = PARAM_STRING, .doc = "Of the app."},
			  {.name = "seed", .type = PARAM_STRING, .doc = "Chooses among campaigns."},
			  {.name = "locale", .type = PARAM_STRING, .max = 35, .doc = "Language of the app."},
			  {.name = "environment", .type = PARAM_STRING, .doc = "Of the app."}),
	 .reply = "DonationCampaign", .doc = "What the official apps ask donations for: nothing."},
	{READ, .path = "/api/v1_alpha/async_refreshes/:id", .handle = no_refresh, .auth = AUTH_USER,
	 .scope = SCOPE_READ, .params = PARAMS({.name = "id", .type = PARAM_STRING, .required = true, .doc = "Of a refresh."}),
	 .reply = "AsyncRefresh", .doc = "404: no answer of this server is completed later."},
	ENDPOINTS_END};
