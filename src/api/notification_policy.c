/*
 * notification_policy.c - whose notifications are filtered, and those that wait for a decision (Mastodon: methods/
 * notifications, NotificationPolicy and NotificationRequest).
 */
#include "base/base.h"

#include "core/notification_policy.h"

#include "api/answer.h"
#include "api/groups.h"
#include "core/notification_requests.h"
#include "present/notification_request.h"

#define PAGE_MAX NOTIFICATION_REQUESTS_PAGE

static const char *const verdicts[] = {
	[VERDICT_ACCEPT] = "accept", [VERDICT_FILTER] = "filter", [VERDICT_DROP] = "drop", NULL};

/* v1 has four rules only, which are on or off. */
static const struct {
	const char *v2, *v1;
} rules[NOTIFICATION_RULES] = {
	[RULE_NOT_FOLLOWING] = {"for_not_following", "filter_not_following"},
	[RULE_NOT_FOLLOWERS] = {"for_not_followers", "filter_not_followers"},
	[RULE_NEW_ACCOUNTS] = {"for_new_accounts", "filter_new_accounts"},
	[RULE_PRIVATE_MENTIONS] = {"for_private_mentions", "filter_private_mentions"},
	[RULE_LIMITED_ACCOUNTS] = {.v2 = "for_limited_accounts"},
	[RULE_BOTS] = {.v2 = "for_bots"},
};

static enum err write_summary(struct call *c)
{
	int64_t requests, notifications;

	TRY(notification_requests_count(c->db, c->auth.account, &requests, &notifications));
	jw_key(&c->json, "summary");
	jw_object(&c->json);
	jw_kv_int(&c->json, "pending_requests_count", requests);
	jw_kv_int(&c->json, "pending_notifications_count", notifications);
	jw_object_end(&c->json);
	return OK;
}

static enum err answer_policy(struct call *c, const struct notification_policy *p)
{
	jw_object(&c->json);
	for (int r = 0; r < NOTIFICATION_RULES; r++)
		jw_kv_cstr(&c->json, rules[r].v2, verdicts[p->rules[r]]);
	TRY(write_summary(c));
	jw_object_end(&c->json);
	return OK;
}

static enum err answer_policy_v1(struct call *c, const struct notification_policy *p)
{
	jw_object(&c->json);
	for (int r = 0; r < NOTIFICATION_RULES; r++)
		if (rules[r].v1)
			jw_kv_bool(&c->json, rules[r].v1, p->rules[r] != VERDICT_ACCEPT);
	TRY(write_summary(c));
	jw_object_end(&c->json);
	return OK;
}

static enum err show_policy(struct call *c)
{
	struct notification_policy p;

	TRY(notification_policy_load(c->db, c->auth.account, &p));
	return answer_policy(c, &p);
}

static enum err show_policy_v1(struct call *c)
{
	struct notification_policy p;

	TRY(notification_policy_load(c->db, c->auth.account, &p));
	return answer_policy_v1(c, &p);
}

static enum err change_policy(struct call *c)
{
	struct notification_policy p;

	TRY(notification_policy_load(c->db, c->auth.account, &p));
	for (int r = 0; r < NOTIFICATION_RULES; r++)
		if (arg_given(c, rules[r].v2))
			p.rules[r] = (enum notification_verdict)arg_choice(c, rules[r].v2);
	TRY(notification_policy_save(c->core, c->auth.account, &p));
	return answer_policy(c, &p);
}

/* What is dropped stays so: a client of v1 cannot say it, and would not mean to change it. */
static enum err change_policy_v1(struct call *c)
{
	struct notification_policy p;

	TRY(notification_policy_load(c->db, c->auth.account, &p));
	for (int r = 0; r < NOTIFICATION_RULES; r++) {
		if (!rules[r].v1 || !arg_given(c, rules[r].v1))
			continue;
		if (!arg_bool(c, rules[r].v1))
			p.rules[r] = VERDICT_ACCEPT;
		else if (p.rules[r] == VERDICT_ACCEPT)
			p.rules[r] = VERDICT_FILTER;
	}
	TRY(notification_policy_save(c->core, c->auth.account, &p));
	return answer_policy_v1(c, &p);
}

static enum err show_requests(struct call *c)
{
	struct present p = call_presenter(c);
	struct page page = call_page(c);
	struct notification_request list[PAGE_MAX];
	size_t n = 0;

	TRY(notification_requests_page(c->db, c->auth.account, &page, list, &n));
	call_link(c, n ? list[0].id : 0, n ? list[n - 1].id : 0, n < page.limit);
	return present_notification_requests(&p, list, n, &c->json);
}

static enum err show_request(struct call *c)
{
	struct present p = call_presenter(c);
	struct notification_request one;

	TRY(notification_request_load(c->db, c->auth.account, arg_id(c, "id"), &one));
	return present_notification_request(&p, &one, &c->json);
}

typedef enum err decision(struct core *c, struct account_id to, int64_t id);

/* Of many, those that are gone already are passed over. */
static enum err decide_all(struct call *c, decision *decide)
{
	const int64_t *ids;
	size_t n = arg_ids(c, "id[]", &ids);

	for (size_t i = 0; i < n; i++) {
		enum err err = decide(c->core, c->auth.account, ids[i]);

		if (err && err != ERR_NOT_FOUND)
			return err;
	}
	return answer_empty(c);
}

static enum err decide_one(struct call *c, decision *decide)
{
	TRY(decide(c->core, c->auth.account, arg_id(c, "id")));
	return answer_empty(c);
}

static enum err accept_all(struct call *c) { return decide_all(c, notification_request_accept); }
static enum err dismiss_all(struct call *c) { return decide_all(c, notification_request_dismiss); }
static enum err accept(struct call *c) { return decide_one(c, notification_request_accept); }
static enum err dismiss(struct call *c) { return decide_one(c, notification_request_dismiss); }

/* What is accepted is taken in before the answer. */
static enum err merged(struct call *c)
{
	jw_object(&c->json);
	jw_kv_bool(&c->json, "merged", true);
	jw_object_end(&c->json);
	return OK;
}

#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of the request."}
#define IDS {.name = "id[]", .type = PARAM_IDS, .doc = "Ids of requests."}
#define RULE(key, of) {.name = key, .type = PARAM_CHOICE, .choices = verdicts, .doc = "What becomes of those " of "."}
#define POLICY                                                                                                         \
	PARAMS(RULE("for_not_following", "from people one does not follow"),                                           \
	       RULE("for_not_followers", "from people who do not follow one, or only for three days"),                 \
	       RULE("for_new_accounts", "from accounts of the last 30 days"),                                          \
	       RULE("for_private_mentions", "of private mentions that were not asked for"),                            \
	       RULE("for_limited_accounts", "from accounts that moderators have limited"),                             \
	       RULE("for_bots", "from bots one does not follow"))
#define SWITCH(key, of) {.name = key, .type = PARAM_BOOL, .doc = "Filter those " of "."}
#define POLICY_V1                                                                                                      \
	PARAMS(SWITCH("filter_not_following", "from people one does not follow"),                                      \
	       SWITCH("filter_not_followers", "from people who do not follow one, or only for three days"),            \
	       SWITCH("filter_new_accounts", "from accounts of the last 30 days"),                                     \
	       SWITCH("filter_private_mentions", "of private mentions that were not asked for"))
#define READ                                                                                                           \
	.method = HTTP_GET, .auth = AUTH_USER, .scope = SCOPE_READ_NOTIFICATIONS, .rate = RATE_DEFAULT,                \
	.meter = METER_FREE, .run = RUN_INLINE
#define WRITE                                                                                                          \
	.auth = AUTH_USER, .scope = SCOPE_WRITE_NOTIFICATIONS, .rate = RATE_DEFAULT, .meter = METER_FREE,              \
	.body = BODY_FIELDS, .run = RUN_WORKER

const struct endpoint api_notification_policy[] = {
	{READ, .path = "/api/v2/notifications/policy", .handle = show_policy, .reply = "NotificationPolicy",
	 .doc = "Whose notifications are filtered or dropped."},
	{WRITE, .method = HTTP_PATCH, .path = "/api/v2/notifications/policy", .handle = change_policy, .params = POLICY,
	 .reply = "NotificationPolicy", .doc = "Change it; what is not given stays."},
	{WRITE, .method = HTTP_PUT, .path = "/api/v2/notifications/policy", .handle = change_policy, .params = POLICY,
	 .reply = "NotificationPolicy", .doc = "As PATCH."},
	{READ, .path = "/api/v1/notifications/policy", .handle = show_policy_v1, .reply = "V1::NotificationPolicy",
	 .doc = "What is filtered, in the older form."},
	{WRITE, .method = HTTP_PATCH, .path = "/api/v1/notifications/policy", .handle = change_policy_v1,
	 .params = POLICY_V1, .reply = "V1::NotificationPolicy", .doc = "Change it in the older form."},
	{WRITE, .method = HTTP_PUT, .path = "/api/v1/notifications/policy", .handle = change_policy_v1,
	 .params = POLICY_V1, .reply = "V1::NotificationPolicy", .doc = "As PATCH."},
	{READ, .path = "/api/v1/notifications/requests", .handle = show_requests,
	 .params = PARAMS(PAGE_PARAMS(40, PAGE_MAX)),
	 .reply = "[NotificationRequest]", .doc = "From whom filtered notifications wait."},
	{READ, .path = "/api/v1/notifications/requests/merged", .handle = merged, .reply = "Merged",
	 .doc = "Whether accepted requests have become notifications: always."},
	{WRITE, .method = HTTP_POST, .path = "/api/v1/notifications/requests/accept", .handle = accept_all,
	 .params = PARAMS(IDS),
	 .reply = "{}", .doc = "Take in what waits in these, and all from these accounts from now on."},
	{WRITE, .method = HTTP_POST, .path = "/api/v1/notifications/requests/dismiss", .handle = dismiss_all,
	 .params = PARAMS(IDS),
	 .reply = "{}", .doc = "Forget what waits in these."},
	{READ, .path = "/api/v1/notifications/requests/:id", .handle = show_request, .params = PARAMS(ID),
	 .reply = "NotificationRequest", .doc = "A request."},
	{WRITE, .method = HTTP_POST, .path = "/api/v1/notifications/requests/:id/accept", .handle = accept,
	 .params = PARAMS(ID), .reply = "{}",
	 .doc = "Take in what waits in it, and all from this account from now on."},
	{WRITE, .method = HTTP_POST, .path = "/api/v1/notifications/requests/:id/dismiss", .handle = dismiss,
	 .params = PARAMS(ID), .reply = "{}", .doc = "Forget what waits in it."},
	ENDPOINTS_END};
