/*
 * admin_reports.c - working on reports (Mastodon: methods/admin/reports).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "core/roles.h"
#include "moderation/reports.h"
#include "present/admin.h"

#define REPORTS_PAGE 200

static enum err show_all(struct call *c)
{
	struct present p = call_presenter(c);
	struct page page = call_page(c);
	struct report_filter f = {arg_bool(c, "resolved"), {arg_id(c, "account_id")}, {arg_id(c, "target_account_id")}};
	struct report *list = ARENA_ARRAY(c->arena, REPORTS_PAGE, struct report);
	size_t n = 0;

	TRY(reports_page(c->db, c->arena, &f, &page, list, &n));
	if (n > 0)
		call_link(c, list[0].id, list[n - 1].id, n < page.limit);
	jw_array(&c->json);
	for (size_t i = 0; i < n; i++)
		TRY(present_admin_report(&p, &list[i], &c->json));
	jw_array_end(&c->json);
	return OK;
}

static enum err show(struct call *c)
{
	struct present p = call_presenter(c);
	struct report report;

	TRY(report_load(c->db, c->arena, arg_id(c, "id"), &report));
	return present_admin_report(&p, &report, &c->json);
}

static enum err update(struct call *c)
{
	int category = arg_given(c, "category") ? (int)arg_choice(c, "category") : -1;
	bool has_rules = arg_given(c, "rule_ids[]");
	const int64_t *ids;
	struct view rules;
	size_t n = arg_ids(c, "rule_ids[]", &ids);

	if (has_rules)
		TRY(report_rules(c->db, c->arena, ids, n, &rules, &c->problem));
	TRY(report_update(c->core, c->auth.account, arg_id(c, "id"), category, has_rules ? &rules : NULL));
	return show(c);
}

static enum err act(struct call *c, enum report_deed deed)
{
	TRY(report_do(c->core, c->auth.account, arg_id(c, "id"), deed));
	return show(c);
}

static enum err assign(struct call *c) { return act(c, REPORT_ASSIGN); }
static enum err unassign(struct call *c) { return act(c, REPORT_UNASSIGN); }
static enum err resolve(struct call *c) { return act(c, REPORT_RESOLVE); }
static enum err reopen(struct call *c) { return act(c, REPORT_REOPEN); }

#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of a report."}
#define ROW                                                                                                            \
	.auth = AUTH_USER, .rate = RATE_DEFAULT, .meter = METER_FREE, .permissions = PERMISSION_MANAGE_REPORTS,        \
	.run = RUN_WORKER
#define DEED(verb, fn, words)                                                                                          \
	{ROW, .method = HTTP_POST, .path = "/api/v1/admin/reports/:id/" verb, .handle = fn,                            \
	 .scope = SCOPE_ADMIN_WRITE_REPORTS, .body = BODY_FIELDS, .params = PARAMS(ID), .reply = "Admin::Report",      \
	 .doc = words}

const struct endpoint api_admin_reports[] = {
	{ROW, .method = HTTP_GET, .path = "/api/v1/admin/reports", .handle = show_all, .scope = SCOPE_ADMIN_READ_REPORTS,
	 .params = PARAMS({.name = "resolved", .type = PARAM_BOOL, .doc = "Those that are settled; else the open ones."},
			  {.name = "account_id", .type = PARAM_ID, .doc = "Only what this account reported."},
			  {.name = "target_account_id", .type = PARAM_ID, .doc = "Only what is about this account."},
			  PAGE_PARAMS(100, REPORTS_PAGE)),
	 .reply = "[Admin::Report]", .doc = "Reports, newest first."},
	{ROW, .method = HTTP_GET, .path = "/api/v1/admin/reports/:id", .handle = show, .scope = SCOPE_ADMIN_READ_REPORTS,
	 .params = PARAMS(ID), .reply = "Admin::Report",
	 .doc = "A report, with its posts, whoever they were meant for."},
	{ROW, .method = HTTP_PUT, .path = "/api/v1/admin/reports/:id", .handle = update,
	 .scope = SCOPE_ADMIN_WRITE_REPORTS, .body = BODY_FIELDS,
	 .params = PARAMS(ID, {.name = "category", .type = PARAM_CHOICE, .choices = report_categories, .doc = "Of which kind it is."},
			  {.name = "rule_ids[]", .type = PARAM_IDS, .doc = "Rules of this server that are broken."}),
	 .reply = "Admin::Report", .doc = "Say what kind of report it is."},
	DEED("assign_to_self", assign, "Take a report up."),
	DEED("unassign", unassign, "Leave a report to anybody."),
	DEED("resolve", resolve, "A report is settled."),
	DEED("reopen", reopen, "A report is not settled after all."),
	ENDPOINTS_END};
