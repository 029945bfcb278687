/*
 * reports.c - telling the moderators of somebody (Mastodon: methods/reports).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "moderation/reports.h"
#include "present/report.h"

static enum err create(struct call *c)
{
	struct present p = call_presenter(c);
	struct new_report nr = {
		.target = arg_account(c, "account_id"),
		.category = (enum report_category)arg_choice(c, "category"),
		.comment = arg_str(c, "comment"),
	};
	struct report report;

	nr.n_posts = arg_ids(c, "status_ids[]", &nr.posts);
	nr.n_rules = arg_ids(c, "rule_ids[]", &nr.rules);
	TRY(report_create(c->core, c->db, c->arena, c->viewer, &nr, &report, &c->problem));
	return present_report(&p, &report, &c->json);
}

const struct endpoint api_reports[] = {
	{.method = HTTP_POST, .path = "/api/v1/reports", .handle = create, .auth = AUTH_USER, .scope = SCOPE_WRITE_REPORTS,
	 .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS({.name = "account_id", .type = PARAM_ACCOUNT, .required = true, .doc = "Whom it is about."},
			  {.name = "status_ids[]", .type = PARAM_IDS, .doc = "Posts of theirs it is about."},
			  {.name = "comment", .type = PARAM_STRING, .max = 16384, .doc = "What is wrong; at most 1000 characters."},
			  {.name = "category", .type = PARAM_CHOICE, .choices = report_categories, .doc = "Of which kind it is."},
			  {.name = "rule_ids[]", .type = PARAM_IDS, .doc = "Rules of this server that are broken."},
			  {.name = "forward", .type = PARAM_BOOL, .doc = "Taken and not used: there are no other servers yet."}),
	 .reply = "Report", .doc = "Tell the moderators of somebody. They are not told who did."},
	ENDPOINTS_END};
