/*
 * push.c - Web Push subscriptions (Mastodon: methods/push). Nothing is pushed yet: nobody has one.
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"

static enum err show(struct call *c)
{
	(void)c;
	return ERR_NOT_FOUND;
}

static enum err unsubscribe(struct call *c)
{
	return answer_empty(c);
}

const struct endpoint api_push[] = {
	{.method = HTTP_GET, .path = "/api/v1/push/subscription", .handle = show, .auth = AUTH_USER,
	 .scope = SCOPE_PUSH,
	 .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE, .reply = "WebPushSubscription",
	 .doc = "One's subscription: 404, as there are none yet."},
	{.method = HTTP_DELETE, .path = "/api/v1/push/subscription", .handle = unsubscribe, .auth = AUTH_USER,
	 .scope = SCOPE_PUSH, .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_INLINE,
	 .reply = "{}",
	 .doc = "End one's subscription."},
	ENDPOINTS_END};
