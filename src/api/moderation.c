/*
 * moderation.c - what Mastodon has on pages only: the record of what moderators did, warnings, and appeals against them.
 * kicau's own addresses and shapes.
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "core/accounts.h"
#include "core/roles.h"
#include "moderation/audit.h"
#include "moderation/people.h"
#include "moderation/warnings.h"
#include "present/moderation.h"
#include "present/report.h"

#define MODERATION_PAGE 80

static enum err show_record(struct call *c)
{
	struct present p = call_presenter(c);
	struct page page = call_page(c);
	struct audit_entry list[MODERATION_PAGE];
	size_t n = 0;

	TRY(audit_page(c->db, c->arena, &page, list, &n));
	if (n > 0)
		call_link(c, list[0].id, list[n - 1].id, n < page.limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		TRY(present_audit_entry(&p, &list[i], &c->json));
	jw_array_end(&c->json);
	return OK;
}

static enum err show_warnings(struct call *c)
{
	struct present p = call_presenter(c);
	struct page page = call_page(c);
	struct warning list[MODERATION_PAGE];
	size_t n = 0;

	TRY(warnings_page(c->db, c->arena, (struct account_id){arg_id(c, "account_id")}, &page, list, &n));
	if (n > 0)
		call_link(c, list[0].id, list[n - 1].id, n < page.limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		TRY(present_warning(&p, &list[i], &c->json));
	jw_array_end(&c->json);
	return OK;
}

static enum err show_appeals(struct call *c)
{
	struct present p = call_presenter(c);
	struct page page = call_page(c);
	struct appeal list[MODERATION_PAGE];
	size_t n = 0;

	TRY(appeals_page(c->db, c->arena, &page, list, &n));
	if (n > 0)
		call_link(c, list[0].warning.id, list[n - 1].warning.id, n < page.limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++) {
		struct warning warning;

		TRY(warning_load(c->db, c->arena, list[i].warning.id, &warning));
		TRY(present_warning(&p, &warning, &c->json));
	}
	jw_array_end(&c->json);
	return OK;
}

static enum err show_one(struct call *c)
{
	struct present p = call_presenter(c);
	struct warning warning;

	TRY(warning_load(c->db, c->arena, arg_id(c, "id"), &warning));
	return present_warning(&p, &warning, &c->json);
}

/* Of those below oneself only, as with the action. */
static enum err check_below(struct call *c)
{
	struct warning warning;
	struct person person;

	TRY(warning_load(c->db, c->arena, arg_id(c, "id"), &warning));
	enum err err = person_load_below(c->db, c->arena, &c->auth, warning.account, &person);
	return err == ERR_FORBIDDEN ? call_fail(c, err, "This action is not allowed") : err;
}

static enum err decide(struct call *c, bool granted)
{
	TRY(check_below(c));
	enum err err = appeal_decide(c->core, c->auth.account, arg_id(c, "id"), granted);

	if (err == ERR_FORBIDDEN)
		return call_fail(c, ERR_UNPROCESSABLE, "It is decided already");
	TRY(err);
	return show_one(c);
}

static enum err approve(struct call *c) { return decide(c, true); }
static enum err reject(struct call *c) { return decide(c, false); }

static enum err appeal(struct call *c)
{
	TRY(appeal_create(c->core, c->auth.account, arg_id(c, "id"), arg_str(c, "text"), &c->problem));
	return show_one(c);
}

#define BASE "/api/kicau/v1/moderation"
#define ROW .auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_WORKER
#define READ ROW, .method = HTTP_GET, .scope = SCOPE_ADMIN_READ
#define DECIDE                                                                                                         \
	ROW, .method = HTTP_POST, .scope = SCOPE_ADMIN_WRITE, .permissions = PERMISSION_MANAGE_APPEALS,                \
	.body = BODY_FIELDS, .params = PARAMS(ID), .reply = "AccountWarning"
#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of a warning."}

const struct endpoint api_moderation[] = {
	{READ, .path = BASE "/log", .handle = show_record, .permissions = PERMISSION_VIEW_AUDIT_LOG,
	 .params = PARAMS(PAGE_PARAMS(40, MODERATION_PAGE)), .reply = "[ModerationEntry]",
	 .doc = "Everything moderators have done, newest first."},
	{READ, .path = BASE "/warnings", .handle = show_warnings, .permissions = PERMISSION_MANAGE_REPORTS,
	 .params = PARAMS({.name = "account_id", .type = PARAM_ID, .required = true, .doc = "Id of an account."},
			  PAGE_PARAMS(40, MODERATION_PAGE)),
	 .reply = "[AccountWarning]", .doc = "What was done to an account, newest first."},
	{READ, .path = BASE "/appeals", .handle = show_appeals, .permissions = PERMISSION_MANAGE_APPEALS,
	 .params = PARAMS(PAGE_PARAMS(40, MODERATION_PAGE)), .reply = "[AccountWarning]",
	 .doc = "Warnings with an appeal that waits, newest first."},
	{DECIDE, .path = BASE "/appeals/:id/approve", .handle = approve,
	 .doc = "Grant the appeal against a warning: what was done is undone."},
	{DECIDE, .path = BASE "/appeals/:id/reject", .handle = reject, .doc = "Refuse the appeal against a warning."},
	{ROW, .method = HTTP_POST, .path = "/api/kicau/v1/warnings/:id/appeal", .handle = appeal,
	 .scope = SCOPE_WRITE_ACCOUNTS, .body = BODY_FIELDS,
	 .params = PARAMS(ID, {.name = "text", .type = PARAM_STRING, .max = 32768, .required = true, .doc = "Why it is wrong; at most 2000 characters."}),
	 .reply = "AccountWarning",
	 .doc = "Appeal against a warning of one's own, within 20 days. Who may not log in does so on the page /appeal."},
	ENDPOINTS_END};
