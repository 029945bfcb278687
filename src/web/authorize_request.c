/*
 * authorize_request.c - reads an app's request. Nobody is redirected before app and address are known to belong
 * together (RFC 6749 4.1.2.1).
 */
#include "base/base.h"

#include "web/authorize.h"

#include "base/limits.h"
#include "text/url.h"

#define CHALLENGE_LEN BASE64URL_LEN(DIGEST_LEN)

static const struct {
	struct view no_app, no_redirect, no_type, bad_type, bad_scope, no_method, bad_challenge;
} words = {
	.no_app = V("This server does not know the app that asks. It may have been registered elsewhere, or long ago: "
		    "remove the account from the app and add it again."),
	.no_redirect =
		V("The app asks to be answered at an address it has not registered here. Nothing was sent to it."),
	.no_type = V("The request lacks response_type."),
	.bad_type = V("The only response_type here is code."),
	.bad_scope = V("The app asks for more than it registered for."),
	.no_method = V("The only code_challenge_method here is S256."),
	.bad_challenge = V("The code_challenge is not one."),
};

/* Some clients write '+' for the space once more than they should. */
static struct view plain_scopes(struct call *c, struct view scope)
{
	char *out = arena_cstr(c->arena, scope.len ? scope : V("read"));
	size_t len = scope.len ? scope.len : V("read").len;

	for (size_t i = 0; i < len; i++)
		if (out[i] == '+')
			out[i] = ' ';
	return view_trim(view_make(out, len));
}

static struct authorize_refusal refuse(const char *error, struct view text)
{
	return (struct authorize_refusal){.error = error, .words = text, .to_app = true};
}

static bool is_challenge(struct view v)
{
	if (v.len != CHALLENGE_LEN)
		return false;
	for (size_t i = 0; i < v.len; i++) {
		char ch = v.p[i];
		if (!((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '-' ||
		      ch == '_'))
			return false;
	}
	return true;
}

/* What is wrong with a request whose app may be told so. */
static struct authorize_refusal judge(const struct authorize_request *r)
{
	scope_set scopes;

	if (!r->response_type.len)
		return refuse("invalid_request", words.no_type);
	if (!view_is(r->response_type, "code"))
		return refuse("unsupported_response_type", words.bad_type);
	if (scope_parse(r->scopes, &scopes) != OK || !scope_subset(scopes, r->app.scopes))
		return refuse("invalid_scope", words.bad_scope);
	if (!r->challenge.len && !r->challenge_method.len)
		return (struct authorize_refusal){0};
	if (!view_is(r->challenge_method, "S256"))
		return refuse("invalid_request", words.no_method);
	if (!is_challenge(r->challenge))
		return refuse("invalid_request", words.bad_challenge);
	return (struct authorize_refusal){0};
}

enum err authorize_read(struct call *c, struct authorize_request *ret, struct authorize_refusal *ret_refusal)
{
	struct authorize_request r = {
		.response_type = arg_str(c, "response_type"),
		.redirect_uri = arg_str(c, "redirect_uri"),
		.state = arg_str(c, "state"),
		.challenge = arg_str(c, "code_challenge"),
		.challenge_method = arg_str(c, "code_challenge_method"),
		.scopes = plain_scopes(c, arg_str(c, "scope")),
	};
	enum err err = app_find(c->db, c->arena, arg_str(c, "client_id"), &r.app);

	if (err == ERR_NOT_FOUND) {
		*ret_refusal = (struct authorize_refusal){.error = "invalid_client", .words = words.no_app};
		return OK;
	}
	TRY(err);
	if (!app_redirect_ok(&r.app, r.redirect_uri)) {
		*ret_refusal = (struct authorize_refusal){.error = "invalid_request", .words = words.no_redirect};
		return OK;
	}
	*ret_refusal = judge(&r);
	if (view_is(r.redirect_uri, APP_REDIRECT_OOB))
		ret_refusal->to_app = false;
	*ret = r;
	return OK;
}

struct view authorize_url(struct call *c, const struct authorize_request *r, bool force_login)
{
	const struct {
		struct view key, value;
	} params[] = {
		{V("response_type"), r->response_type},
		{V("client_id"), r->app.client_id},
		{V("redirect_uri"), r->redirect_uri},
		{V("scope"), r->scopes},
		{V("state"), r->state},
		{V("code_challenge"), r->challenge},
		{V("code_challenge_method"), r->challenge_method},
		{V("force_login"), force_login ? V("true") : V("")},
	};
	struct buf CLEANUP(buf_release) url = {.max = 3 * AUTHORIZE_URL_MAX};

	buf_add_str(&url, AUTHORIZE_PATH);
	for (size_t i = 0; i < ARRAY_LEN(params); i++)
		if (params[i].value.len)
			url_add_param(&url, 0, params[i].key, params[i].value);
	return arena_view(c->arena, buf_view(&url));
}
