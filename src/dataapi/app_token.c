/*
 * app_token.c - X's app-only flow (docs.x.com, "OAuth 2.0 Bearer Token"), for clients that insist on it: twitter-api-v2's
 * appLogin(), tweepy. Their "API key" is the number of a key of ours (or of its app), their "API secret" the key itself;
 * the bearer token that comes back is the key again. So there is no second kind of token to keep, and to lose.
 */
#include "base/base.h"

#include "base/secret.h"
#include "dataapi/groups.h"
#include "gate/call.h"
#include "meter/keys.h"

#define BASIC_MAX 512

/* As X answers whoever is not known. */
static enum err refuse(struct call *c)
{
	struct jw *j = &c->json;

	c->status = 403;
	jw_object(j);
	jw_key(j, "errors");
	jw_array(j);
	jw_object(j);
	jw_kv_int(j, "code", 99);
	jw_kv_cstr(j, "message", "Unable to verify your credentials");
	jw_kv_cstr(j, "label", "authenticity_token_error");
	jw_object_end(j);
	jw_array_end(j);
	jw_object_end(j);
	return OK;
}

static bool read_basic(struct call *c, struct view *ret_id, struct view *ret_secret)
{
	struct view header = http_header(c->x, "Authorization"), scheme = V("Basic ");
	char *text = arena_alloc(c->arena, BASIC_MAX);
	size_t len;

	if (!view_eq_nocase(view_sub(header, 0, scheme.len), scheme) ||
	    !base64_decode(view_trim(view_sub(header, scheme.len, header.len)), text, BASIC_MAX, &len))
		return false;
	struct view pair = view_make(text, len);
	size_t colon = view_find(pair, 0, ':');
	*ret_id = view_sub(pair, 0, colon);
	*ret_secret = view_sub(pair, colon + 1, pair.len);
	return colon < len;
}

/* ERR_UNAUTHORIZED: not a key in force with its number. */
static enum err check(struct call *c, struct view *ret_token, int64_t *ret_key)
{
	const struct licence *l;
	struct view id;
	int64_t number;

	if (!read_basic(c, &id, ret_token) || !parse_i64(id, 1, INT64_MAX, &number) || !c->core->licences)
		return ERR_UNAUTHORIZED;
	TRY(licence_get(c->core->licences, c->db, *ret_token, &l, &c->problem));
	bool own = (number == l->key || number == l->app) && !licence_refusal(l);
	*ret_key = l->key;
	licence_put(l);
	return own ? OK : ERR_UNAUTHORIZED;
}

static enum err give(struct call *c)
{
	struct jw *j = &c->json;
	struct view token;
	int64_t key;

	if (!view_is(arg_str(c, "grant_type"), "client_credentials"))
		return refuse(c);
	enum err err = check(c, &token, &key);
	if (err == ERR_UNAUTHORIZED)
		return refuse(c);
	TRY(err);
	call_header(c, "Cache-Control", V("no-store"));
	jw_object(j);
	jw_kv_cstr(j, "token_type", "bearer");
	jw_kv_str(j, "access_token", token);
	jw_object_end(j);
	return OK;
}

static enum err invalidate(struct call *c)
{
	struct jw *j = &c->json;
	struct view token;
	int64_t key;
	enum err err = check(c, &token, &key);

	if (err == ERR_UNAUTHORIZED || (err == OK && !view_eq(arg_str(c, "access_token"), token)))
		return refuse(c);
	TRY(err);
	TRY(key_revoke(c->core, (struct account_id){0}, key));
	jw_object(j);
	jw_kv_str(j, "access_token", token);
	jw_object_end(j);
	return OK;
}

#define ROW                                                                                                            \
	.method = HTTP_POST, .auth = AUTH_NONE, .rate = RATE_LOGIN, .meter = METER_FREE, .body = BODY_FIELDS,          \
	.run = RUN_WORKER, .reply = "AppToken"

const struct endpoint data_app_token[] = {
	{ROW, .path = "/oauth2/token", .handle = give,
	 .params = PARAMS({.name = "grant_type", .type = PARAM_STRING, .max = 64, .doc = "client_credentials."}),
	 .doc = "X's app-only login: with HTTP Basic authentication, the number of a licensee's key or app as API key and the key "
		"itself as API secret. The bearer token is the key."},
	{ROW, .path = "/oauth2/invalidate_token", .handle = invalidate,
	 .params = PARAMS({.name = "access_token", .type = PARAM_STRING, .max = 256, .doc = "The key, as in the Authorization."}),
	 .doc = "Revokes the key it is authorized with, for good."},
	ENDPOINTS_END};
