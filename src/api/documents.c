/*
 * documents.c - what the people who run the server say of it at length (Mastodon: methods/instance).
 */
#include "base/base.h"

#include "core/documents.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/clock.h"

/* ExtendedDescription and PrivacyPolicy have one shape; what nobody has written is empty. */
static enum err answer_text(struct call *c, enum document_kind k)
{
	struct document d = {0};
	enum err err = document_load(c->db, c->arena, k, 0, &d);

	if (err && err != ERR_NOT_FOUND)
		return err;
	jw_object(&c->json);
	jw_kv_time(&c->json, "updated_at", d.written_at);
	jw_kv_str(&c->json, "content", d.html);
	jw_object_end(&c->json);
	return OK;
}

static enum err about(struct call *c) { return answer_text(c, DOCUMENT_ABOUT); }
static enum err privacy(struct call *c) { return answer_text(c, DOCUMENT_PRIVACY); }

static enum err answer_terms(struct call *c, int64_t day)
{
	struct document d;

	TRY(document_load(c->db, c->arena, DOCUMENT_TERMS, day, &d));
	jw_object(&c->json);
	jw_key(&c->json, "effective_date");
	jw_date(&c->json, d.day);
	jw_kv_bool(&c->json, "effective", d.day <= clock_now());
	jw_kv_str(&c->json, "content", d.html);
	jw_key(&c->json, "succeeded_by");
	jw_date(&c->json, d.next_day);
	jw_object_end(&c->json);
	return OK;
}

static enum err terms(struct call *c) { return answer_terms(c, 0); }

static enum err terms_of_day(struct call *c)
{
	int64_t day;

	if (!clock_parse_iso(arg_str(c, "date"), &day))
		return ERR_NOT_FOUND;
	return answer_terms(c, day);
}

#define READ                                                                                                           \
	.method = HTTP_GET, .auth = AUTH_OPTIONAL, .scope = SCOPE_NONE, .rate = RATE_DEFAULT, .meter = METER_FREE,     \
	.run = RUN_INLINE

const struct endpoint api_documents[] = {
	{READ, .path = "/api/v1/instance/extended_description", .handle = about, .reply = "ExtendedDescription",
	 .doc = "More about this server (`kicau document`)."},
	{READ, .path = "/api/v1/instance/privacy_policy", .handle = privacy, .reply = "PrivacyPolicy",
	 .doc = "The privacy policy."},
	{READ, .path = "/api/v1/instance/terms_of_service", .handle = terms, .reply = "TermsOfService",
	 .doc = "The terms that hold now, or the first to come. 404: there are none."},
	{READ, .path = "/api/v1/instance/terms_of_service/:date", .handle = terms_of_day,
	 .params = PARAMS({.name = "date", .type = PARAM_STRING, .required = true, .doc = "The day they begin."}),
	 .reply = "TermsOfService", .doc = "The terms that begin on a day."},
	ENDPOINTS_END};
