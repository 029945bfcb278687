/*
 * notification_policy.c - filtering of notifications (Mastodon: methods/notifications, NotificationPolicy and
 * NotificationRequest). Nothing is filtered: the policy is to accept all, and no request ever waits.
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"

static void write_summary(struct call *c)
{
	jw_key(&c->json, "summary");
	jw_object(&c->json);
	jw_kv_int(&c->json, "pending_requests_count", 0);
	jw_kv_int(&c->json, "pending_notifications_count", 0);
	jw_object_end(&c->json);
	jw_object_end(&c->json);
}

static enum err show_policy(struct call *c)
{
	static const char *const rules[] = {"for_not_following",    "for_not_followers",    "for_new_accounts",
					    "for_private_mentions", "for_limited_accounts", "for_bots"};
	jw_object(&c->json);
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		jw_kv_cstr(&c->json, rules[i], "accept");
	write_summary(c);
	return OK;
}

static enum err show_policy_v1(struct call *c)
{
	static const char *const rules[] = {"filter_not_following", "filter_not_followers", "filter_new_accounts",
					    "filter_private_mentions"};
	jw_object(&c->json);
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		jw_kv_bool(&c->json, rules[i], false);
	write_summary(c);
	return OK;
}

static enum err no_requests(struct call *c)
{
	return answer_none(c);
}
static enum err no_such_request(struct call *c)
{
	(void)c;
	return ERR_NOT_FOUND;
}
static enum err done(struct call *c)
{
	return answer_empty(c);
}

static enum err merged(struct call *c)
{
	jw_object(&c->json);
	jw_kv_bool(&c->json, "merged", true);
	jw_object_end(&c->json);
	return OK;
}

#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of the request."}
#define IDS {.name = "id[]", .type = PARAM_IDS, .doc = "Ids of requests."}
#define POLICIES                                                                                                       \
	PARAMS({.name = "for_not_following", .type = PARAM_STRING, .doc = "Only accept, so far."},                     \
	       {.name = "for_not_followers", .type = PARAM_STRING, .doc = "Only accept, so far."},                     \
	       {.name = "for_new_accounts", .type = PARAM_STRING, .doc = "Only accept, so far."},                      \
	       {.name = "for_private_mentions", .type = PARAM_STRING, .doc = "Only accept, so far."},                  \
	       {.name = "for_limited_accounts", .type = PARAM_STRING, .doc = "Only accept, so far."})
#define READ                                                                                                           \
	.method = HTTP_GET, .auth = AUTH_USER, .scope = SCOPE_READ_NOTIFICATIONS, .rate = RATE_DEFAULT,                \
	.meter = METER_FREE, .run = RUN_INLINE
#define WRITE                                                                                                          \
	.auth = AUTH_USER, .scope = SCOPE_WRITE_NOTIFICATIONS, .rate = RATE_DEFAULT, .meter = METER_FREE,              \
	.body = BODY_FIELDS, .run = RUN_INLINE

const struct endpoint api_notification_policy[] = {
	{READ, .path = "/api/v2/notifications/policy", .handle = show_policy, .reply = "NotificationPolicy",
	 .doc = "What is filtered: nothing."},
	{WRITE, .method = HTTP_PATCH, .path = "/api/v2/notifications/policy", .handle = show_policy, .params = POLICIES,
	 .reply = "NotificationPolicy", .doc = "Without effect so far."},
	{WRITE, .method = HTTP_PUT, .path = "/api/v2/notifications/policy", .handle = show_policy, .params = POLICIES,
	 .reply = "NotificationPolicy", .doc = "Without effect so far."},
	{READ, .path = "/api/v1/notifications/policy", .handle = show_policy_v1, .reply = "V1::NotificationPolicy",
	 .doc = "What is filtered, in the older form: nothing."},
	{WRITE, .method = HTTP_PATCH, .path = "/api/v1/notifications/policy", .handle = show_policy_v1,
	 .reply = "V1::NotificationPolicy", .doc = "Without effect so far."},
	{WRITE, .method = HTTP_PUT, .path = "/api/v1/notifications/policy", .handle = show_policy_v1,
	 .reply = "V1::NotificationPolicy", .doc = "Without effect so far."},
	{READ, .path = "/api/v1/notifications/requests", .handle = no_requests, .params = PARAMS(PAGE_PARAMS(40, 80)),
	 .reply = "[NotificationRequest]", .doc = "Filtered notifications that wait: none."},
	{READ, .path = "/api/v1/notifications/requests/merged", .handle = merged, .reply = "Merged",
	 .doc = "Whether accepted requests have become notifications: always."},
	{WRITE, .method = HTTP_POST, .path = "/api/v1/notifications/requests/accept", .handle = done,
	 .params = PARAMS(IDS),
	 .reply = "{}", .doc = "Without effect, as there are none."},
	{WRITE, .method = HTTP_POST, .path = "/api/v1/notifications/requests/dismiss", .handle = done,
	 .params = PARAMS(IDS),
	 .reply = "{}", .doc = "Without effect, as there are none."},
	{READ, .path = "/api/v1/notifications/requests/:id", .handle = no_such_request, .params = PARAMS(ID),
	 .reply = "NotificationRequest", .doc = "404, as there are none."},
	{WRITE, .method = HTTP_POST, .path = "/api/v1/notifications/requests/:id/accept", .handle = no_such_request,
	 .params = PARAMS(ID), .reply = "{}", .doc = "404, as there are none."},
	{WRITE, .method = HTTP_POST, .path = "/api/v1/notifications/requests/:id/dismiss", .handle = no_such_request,
	 .params = PARAMS(ID), .reply = "{}", .doc = "404, as there are none."},
	ENDPOINTS_END};
