/*
 * oauth.c - applications and tokens (Mastodon: methods/apps, methods/oauth; RFC 6749, 7009). The pages on which people
 * authorize are web/authorize.c. Errors of the token endpoint have the bodies of RFC 6749 5.2, with the descriptions
 * Mastodon's apps know.
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "api/oauth_client.h"
#include "api/token_answer.h"
#include "base/limits.h"
#include "base/secret.h"
#include "core/accounts.h"
#include "core/apps.h"
#include "core/oauth_codes.h"
#include "core/second_factor.h"
#include "core/sessions.h"
#include "core/vapid.h"

static void write_lines(struct jw *j, const char *key, struct view text, char separator)
{
	struct view piece;
	jw_key(j, key);
	jw_array(j);
	while (view_split(&text, separator, &piece))
		if (piece.len > 0)
			jw_str(j, piece);
	jw_array_end(j);
}

/* Members of Application and, with a secret, of CredentialApplication. */
static enum err write_app(struct call *c, const struct app *app, const char *secret)
{
	struct jw *j = &c->json;
	struct view vapid;
	TRY(vapid_public_key(c->core->store, c->arena, &vapid));
	jw_object(j);
	if (app->id)
		jw_kv_id(j, "id", app->id);
	jw_kv_str(j, "name", app->name);
	jw_key(j, "website");
	if (app->website.len > 0)
		jw_str(j, app->website);
	else
		jw_null(j);
	write_lines(j, "scopes", app->scopes_text, ' ');
	write_lines(j, "redirect_uris", app->redirect_uris, '\n');
	jw_kv_str(j, "redirect_uri", app->redirect_uris);
	if (secret) {
		jw_kv_str(j, "client_id", app->client_id);
		jw_kv_cstr(j, "client_secret", secret);
		jw_kv_int(j, "client_secret_expires_at", 0);
	}
	jw_kv_str(j, "vapid_key", vapid);
	jw_object_end(j);
	return OK;
}

static enum err register_app(struct call *c)
{
	struct new_app na = {
		.name = arg_str(c, "client_name"), .website = arg_str(c, "website"), .scopes = arg_str(c, "scopes")};
	struct app app;
	char secret[TOKEN_LEN + 1];
	na.n_redirect_uris = arg_strings(c, "redirect_uris", &na.redirect_uris);
	TRY(app_create(c->core, c->arena, &na, &app, secret, &c->problem));
	return write_app(c, &app, secret);
}

/* Tokens of the command line have no app; they are shown as the server's own. */
static struct app own_app(struct call *c)
{
	struct buf scopes CLEANUP(buf_release);
	buf_init(&scopes, 4 * LIMIT_KIB);
	for (enum scope s = SCOPE_NONE + 1; s < SCOPE_COUNT; s++)
		if (scope_has(c->auth.scopes, s))
			buf_printf(&scopes, "%s ", scope_name(s));
	return (struct app){.name = V("kicau"),
			    .redirect_uris = V(APP_REDIRECT_OOB),
			    .scopes_text = arena_view(c->arena, view_trim(buf_view(&scopes)))};
}

static enum err show_app(struct call *c)
{
	struct app app = own_app(c);
	if (c->auth.app_id)
		TRY(app_load(c->db, c->arena, c->auth.app_id, &app));
	return write_app(c, &app, NULL);
}

/* --- tokens --- */

static enum err make_token(struct call *c, const struct app *app, struct account_id account, struct view scopes)
{
	scope_set set;
	char token[TOKEN_LEN + 1];
	if (scope_parse(scopes, &set) != OK || set == 0 || !scope_subset(set, app->scopes))
		return answer_oauth_error(c, OAUTH_INVALID_SCOPE);
	TRY(sessions_token_create(c->core, app->id, account, set, scopes, token, NULL));
	answer_token(c, view_of(token), scopes);
	return OK;
}

static struct view asked_scopes(struct call *c)
{
	struct view scope = view_trim(arg_str(c, "scope"));
	return scope.len > 0 ? scope : V("read");
}

static enum err grant_code(struct call *c, const struct app *app)
{
	struct oauth_grant grant;
	if (arg_str(c, "code").len == 0)
		return answer_oauth_error(c, OAUTH_MISSING_CODE);
	enum err err = oauth_code_redeem(c->core, c->arena, app->id, arg_str(c, "code"), arg_str(c, "redirect_uri"),
					 arg_str(c, "code_verifier"), &grant);
	if (err == ERR_UNAUTHORIZED)
		return answer_oauth_error(c, OAUTH_INVALID_GRANT);
	TRY(err);
	return make_token(c, app, grant.account, grant.scopes_text);
}

static enum err grant_client(struct call *c, const struct app *app)
{
	return make_token(c, app, (struct account_id){0}, asked_scopes(c));
}

static enum err grant_password(struct call *c, const struct app *app)
{
	struct account_id id;
	struct problem unused;
	enum err err =
		account_login(c->core, c->db, c->arena, arg_str(c, "username"), arg_str(c, "password"), &id, &unused);
	if (err == ERR_UNAUTHORIZED || err == ERR_FORBIDDEN)
		return answer_oauth_error(c, OAUTH_INVALID_GRANT);
	TRY(err);
	struct second_factor second;
	struct account who;
	TRY(second_factor_load(c->db, id, &second));
	TRY(account_load(c->db, c->arena, id, &who));
	if (second.on || who.suspended) /* neither can be asked for a code here, nor come back from leaving */
		return answer_oauth_error(c, OAUTH_INVALID_GRANT);
	return make_token(c, app, id, asked_scopes(c));
}

static const struct grant {
	const char *type;
	enum err (*make)(struct call *c, const struct app *app);
} grants[] = {
	{"authorization_code", grant_code},
	{"client_credentials", grant_client},
	{"password", grant_password},
};

static const struct grant *find_grant(struct call *c)
{
	struct view type = arg_str(c, "grant_type");
	for (size_t i = 0; i < ARRAY_LEN(grants); i++)
		if (view_is(type, grants[i].type))
			return grants[i].make == grant_password && !c->core->config.password_grant ? NULL : &grants[i];
	return NULL;
}

static enum err token(struct call *c)
{
	struct app app;
	if (arg_str(c, "grant_type").len == 0)
		return answer_oauth_error(c, OAUTH_MISSING_GRANT_TYPE);
	const struct grant *grant = find_grant(c);
	if (!grant)
		return answer_oauth_error(c, OAUTH_UNSUPPORTED_GRANT);
	enum err err = oauth_client(c, &app);
	if (err == ERR_UNAUTHORIZED)
		return answer_oauth_error(c, OAUTH_INVALID_CLIENT);
	TRY(err);
	return grant->make(c, &app);
}

/* RFC 7009, but that an app which is not the token's is told so, as Mastodon does. */
static enum err revoke(struct call *c)
{
	struct app app;
	enum err err = oauth_client(c, &app);
	if (err == OK)
		err = sessions_token_revoke(c->core, arg_str(c, "token"), app.id);
	if (err == ERR_UNAUTHORIZED || err == ERR_FORBIDDEN)
		return answer_oauth_error(c, OAUTH_UNAUTHORIZED_CLIENT);
	TRY(err);
	return answer_empty(c);
}

/* OpenID Connect Core 5.3, the claims Mastodon has. */
static enum err userinfo(struct call *c)
{
	struct present p = call_presenter(c);
	struct account a;
	TRY(account_load(c->db, c->arena, c->auth.account, &a));
	jw_object(&c->json);
	jw_kv_str(&c->json, "iss", arena_printf(c->arena, "%s/", c->core->config.base_url));
	jw_kv_str(&c->json, "sub", a.uri);
	jw_kv_str(&c->json, "name", a.display_name);
	jw_kv_str(&c->json, "preferred_username", a.username);
	jw_kv_str(&c->json, "profile", a.url);
	jw_kv_str(&c->json, "picture",
		  a.avatar.len > 0 ? present_file_url(&p, a.avatar)
				   : arena_printf(c->arena, "%s/assets/avatar.png", c->core->config.base_url));
	jw_object_end(&c->json);
	return OK;
}

#define CLIENT                                                                                                         \
	{.name = "client_id", .type = PARAM_STRING, .doc = "Of the app; or both in HTTP Basic authentication."},       \
	{                                                                                                              \
		.name = "client_secret", .type = PARAM_STRING, .doc = "Of the app."                                    \
	}
#define USERINFO                                                                                                       \
	.path = "/oauth/userinfo", .handle = userinfo, .auth = AUTH_USER, .scope = SCOPE_PROFILE,                      \
	.rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE, .reply = "UserInfo"

const struct endpoint api_oauth[] = {
	{.method = HTTP_POST, .path = "/api/v1/apps", .handle = register_app, .auth = AUTH_NONE, .rate = RATE_APP,
	 .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS({.name = "client_name", .type = PARAM_STRING, .doc = "Name of the app."},
			  {.name = "redirect_uris", .type = PARAM_STRINGS, .max = LIMIT_APP_REDIRECT_BYTES,
			   .doc = "Where codes may be sent: a list, or lines; " APP_REDIRECT_OOB " to show them."},
			  {.name = "scopes", .type = PARAM_STRING,
			  .doc = "Words with spaces between; read when absent."},
			  {.name = "website", .type = PARAM_STRING, .max = 2000, .doc = "Address of the app's page."}),
	 .reply = "CredentialApplication", .doc = "Register an app."},
	{.method = HTTP_GET, .path = "/api/v1/apps/verify_credentials", .handle = show_app, .auth = AUTH_APP,
	 .scope = SCOPE_NONE, .rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_INLINE, .reply = "Application",
	 .doc = "Which app a token is of."},
	{.method = HTTP_POST, .path = "/oauth/token", .handle = token, .auth = AUTH_NONE, .rate = RATE_DEFAULT,
	 .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS({.name = "grant_type", .type = PARAM_STRING,
	 .doc = "authorization_code or client_credentials."},
			  CLIENT, {.name = "code", .type = PARAM_STRING, .doc = "The code the person brought."},
			  {.name = "redirect_uri", .type = PARAM_STRING, .max = 2000,
			  .doc = "As when the code was asked for."},
			  {.name = "code_verifier", .type = PARAM_STRING,
			  .doc = "PKCE: what the challenge was made of."},
			  {.name = "scope", .type = PARAM_STRING, .doc = "Of client_credentials; read when absent."},
			  {.name = "username", .type = PARAM_STRING, .doc = "Of the password grant, where that is on."},
			  {.name = "password", .type = PARAM_STRING,
			  .doc = "Of the password grant, where that is on."}),
	 .reply = "Token", .doc = "Get a token for a code, or for the app itself."},
	{.method = HTTP_POST, .path = "/oauth/revoke", .handle = revoke, .auth = AUTH_NONE, .rate = RATE_DEFAULT,
	 .meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS(CLIENT, {.name = "token", .type = PARAM_STRING, .doc = "The token to end."}), .reply = "{}",
	 .doc = "End a token at once. Fine also when it has ended."},
	{USERINFO, .method = HTTP_GET, .doc = "Who one is, as OpenID Connect says it."},
	{USERINFO, .method = HTTP_POST, .body = BODY_FIELDS, .doc = "As GET."},
	ENDPOINTS_END};
