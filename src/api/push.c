/*
 * push.c - Web Push subscriptions (Mastodon: methods/push). Each token has one at most.
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/secret.h"
#include "core/push.h"
#include "net/net.h"
#include "present/push.h"
#include "push/ece.h"
#include "text/url.h"

#define ALERT_FIELD(kind, word) {kind, "data[alerts][" word "]"},
static const struct {
	enum notification_kind kind;
	const char *field;
} alerts[] = {PUSH_ALERTS(ALERT_FIELD)};

/* What is not given is off. */
static unsigned read_alerts(struct call *c)
{
	unsigned bits = 0;

	for (size_t i = 0; i < ARRAY_LEN(alerts); i++)
		if (arg_bool(c, alerts[i].field))
			bits |= 1u << alerts[i].kind;
	return bits;
}

/* Clients send it in either place. */
static enum push_policy read_policy(struct call *c)
{
	const char *name = arg_given(c, "data[policy]") ? "data[policy]" : "policy";

	return arg_given(c, name) ? (enum push_policy)arg_choice(c, name) : PUSH_ALL;
}

static enum err show(struct call *c)
{
	struct present p = call_presenter(c);
	struct push_subscription s;

	TRY(push_subscription_load(c->db, c->arena, &c->auth, &s));
	return present_push_subscription(&p, &s, &c->json);
}

static enum err check_endpoint(struct call *c, struct view endpoint)
{
	struct url url;

	if (!url_parse(endpoint, &url) || (!url.secure && !net_is_open(c->core->net)))
		return call_fail(c, ERR_UNPROCESSABLE, "Validation failed: Endpoint is not an address of https");
	return OK;
}

static struct view base64url(struct call *c, const unsigned char *bytes, size_t n)
{
	char *text = arena_alloc(c->arena, BASE64URL_LEN(n) + 1);

	base64url_encode(bytes, n, text);
	return view_of(text);
}

/* Kept in one form, whichever the client has. */
static enum err read_keys(struct call *c, struct push_subscription *s)
{
	struct ece_receiver to;

	if (!ece_receiver_parse(arg_str(c, "subscription[keys][p256dh]"), arg_str(c, "subscription[keys][auth]"), &to))
		return call_fail(
			c, ERR_UNPROCESSABLE,
			"Validation failed: Key p256dh or auth is not a key, in base64, of P-256 and 16 bytes");
	s->p256dh = base64url(c, to.point, sizeof(to.point));
	s->auth = base64url(c, to.auth, sizeof(to.auth));
	return OK;
}

static enum err subscribe(struct call *c)
{
	struct push_subscription s = {
		.account = c->auth.account,
		.token_id = c->auth.token_id,
		.endpoint = arg_str(c, "subscription[endpoint]"),
		.access_token = call_token(c),
		.standard = arg_bool(c, "subscription[standard]"),
		.alerts = read_alerts(c),
		.policy = read_policy(c),
	};

	TRY(check_endpoint(c, s.endpoint));
	TRY(read_keys(c, &s));
	TRY(push_subscribe(c->core, &s));
	return show(c);
}

static enum err change(struct call *c)
{
	TRY(push_subscription_change(c->core, &c->auth, read_alerts(c), read_policy(c)));
	return show(c);
}

static enum err unsubscribe(struct call *c)
{
	TRY(push_unsubscribe(c->core, &c->auth));
	return answer_empty(c);
}

#define ALERT(kind, word) {.name = "data[alerts][" word "]", .type = PARAM_BOOL, .doc = "Push notifications of this type."},
#define POLICY .type = PARAM_CHOICE, .choices = push_policy_names
#define DATA                                                                                                           \
	PUSH_ALERTS(ALERT)                                                                                             \
	{.name = "data[policy]", POLICY, .doc = "From whom: anybody, whom one follows, one's followers, or nobody."},  \
	{                                                                                                              \
		.name = "policy", POLICY, .doc = "The same, where some clients have it."                               \
	}
#define KEY .type = PARAM_STRING, .required = true, .max = 200
#define ROW                                                                                                            \
	.path = "/api/v1/push/subscription", .auth = AUTH_USER, .scope = SCOPE_PUSH, .rate = RATE_DEFAULT,             \
	.meter = METER_FREE

const struct endpoint api_push[] = {
	{ROW, .method = HTTP_GET, .handle = show, .run = RUN_INLINE, .reply = "WebPushSubscription",
	 .doc = "The subscription of this token; 404 when it has none."},
	{ROW, .method = HTTP_POST, .handle = subscribe, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS(
		 {.name = "subscription[endpoint]", .type = PARAM_STRING, .required = true, .max = LIMIT_PUSH_ENDPOINT,
		  .doc = "Where to send: an address of a push service, https."},
		 {.name = "subscription[keys][p256dh]", KEY, .doc = "The client's public key on P-256, uncompressed, base64."},
		 {.name = "subscription[keys][auth]", KEY, .doc = "Its secret of 16 bytes, base64."},
		 {.name = "subscription[standard]", .type = PARAM_BOOL,
		  .doc = "Send as RFC 8291 and RFC 8292 say, instead of the drafts before them."},
		 DATA),
	 .reply = "WebPushSubscription",
	 .doc = "Have notifications pushed, instead of what this token had subscribed to before."},
	{ROW, .method = HTTP_PUT, .handle = change, .body = BODY_FIELDS, .run = RUN_WORKER, .params = PARAMS(DATA),
	 .reply = "WebPushSubscription", .doc = "Choose anew which notifications are pushed; those not named are not."},
	{ROW, .method = HTTP_DELETE, .handle = unsubscribe, .body = BODY_FIELDS, .run = RUN_WORKER, .reply = "{}",
	 .doc = "End the subscription of this token."},
	ENDPOINTS_END};
