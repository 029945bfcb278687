/*
 * absent.c - parts of Mastodon's interface that nothing here stands behind, answered as a Mastodon answers that has them
 * switched off: nobody translates, nobody asks for donations, no year
 * is summed up, and no answer is completed behind one's back.
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

/* "Wrapstodon": nothing is counted over a year, so nobody has a report and nobody is eligible for one. */
static enum err no_reports(struct call *c)
{
	static const char *const lists[] = {"annual_reports", "accounts", "statuses"};

	jw_object(&c->json);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		jw_key(&c->json, lists[i]);
		jw_array(&c->json);
		jw_array_end(&c->json);
	}
	jw_object_end(&c->json);
	return OK;
}

static enum err no_report(struct call *c)
{
	return call_fail(c, ERR_NOT_FOUND, "This server makes no annual reports");
}

static enum err never_eligible(struct call *c)
{
	jw_object(&c->json);
	jw_kv_cstr(&c->json, "state", "ineligible");
	jw_object_end(&c->json);
	return OK;
}

#define READ .method = HTTP_GET, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE
#define REPORT(verb, rest, handler, needs)                                                                             \
	.method = verb, .path = "/api/v1/annual_reports" rest, .handle = handler, .auth = AUTH_USER, .scope = needs,   \
	.rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE
#define YEAR {.name = "year", .type = PARAM_STRING, .required = true, .max = 16, .doc = "Which year."}

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
	{REPORT(HTTP_GET, "", no_reports, SCOPE_READ_ACCOUNTS), .reply = "WrappedAnnualReports",
	 .doc = "Reports of one's years: none."},
	{REPORT(HTTP_GET, "/:year", no_report, SCOPE_READ_ACCOUNTS), .params = PARAMS(YEAR),
	 .reply = "WrappedAnnualReports", .doc = "404: there is none of any year."},
	{REPORT(HTTP_GET, "/:year/state", never_eligible, SCOPE_READ_ACCOUNTS), .params = PARAMS(YEAR),
	 .reply = "AnnualReportState", .doc = "Whether there is one: nobody is eligible."},
	{REPORT(HTTP_POST, "/:year/read", no_report, SCOPE_WRITE_ACCOUNTS), .body = BODY_FIELDS, .params = PARAMS(YEAR),
	 .reply = "{}", .doc = "404: there is none to be read."},
	{REPORT(HTTP_POST, "/:year/generate", empty, SCOPE_WRITE_ACCOUNTS), .body = BODY_FIELDS, .params = PARAMS(YEAR),
	 .reply = "{}", .doc = "Does nothing, as for everybody who is not eligible."},
	ENDPOINTS_END};
