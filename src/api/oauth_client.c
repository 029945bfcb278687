/*
 * oauth_client.c
 */
#include "base/base.h"

#include "api/oauth_client.h"

#include "base/secret.h"

/* "Basic base64(id:secret)"; ids and secrets of ours need no percent-encoding. False: there is no such header. */
static bool read_basic(struct call *c, struct view *ret_id, struct view *ret_secret)
{
	struct view header = http_header(c->x, "Authorization"), scheme = V("Basic ");
	char *text = arena_alloc(c->arena, 256);
	size_t len = 0;
	if (!view_eq_nocase(view_sub(header, 0, scheme.len), scheme))
		return false;
	if (!base64_decode(view_trim(view_sub(header, scheme.len, header.len)), text, 256, &len))
		len = 0;
	struct view pair = view_make(text, len);
	size_t colon = view_find(pair, 0, ':');
	*ret_id = view_sub(pair, 0, colon);
	*ret_secret = view_sub(pair, colon + 1, pair.len);
	return true;
}

enum err oauth_client(struct call *c, struct app *ret)
{
	struct view id = arg_str(c, "client_id"), secret = arg_str(c, "client_secret");
	struct app app;
	read_basic(c, &id, &secret);
	if (id.len != TOKEN_LEN || !utf8_valid(id))
		return ERR_UNAUTHORIZED;
	enum err err = app_find(c->db, c->arena, id, &app);
	if (err == ERR_NOT_FOUND || (err == OK && !app_secret_ok(&app, secret)))
		return ERR_UNAUTHORIZED;
	TRY(err);
	*ret = app;
	return OK;
}

static const struct {
	int status;
	const char *error, *description;
} errors[] = {
	[OAUTH_MISSING_GRANT_TYPE] = {400, "invalid_request", "Missing required parameter: grant_type."},
	[OAUTH_MISSING_CODE] = {400, "invalid_request", "Missing required parameter: code."},
	[OAUTH_INVALID_CLIENT] =
		{401, "invalid_client",
		 "Client authentication failed due to unknown client, no client authentication included, "
		 "or unsupported authentication method."},
	[OAUTH_INVALID_GRANT] =
		{400, "invalid_grant",
		 "The provided authorization grant is invalid, expired, revoked, does not match the redirection "
		 "URI used in the authorization request, or was issued to another client."},
	[OAUTH_UNSUPPORTED_GRANT] = {400, "unsupported_grant_type",
				     "The authorization grant type is not supported by the authorization server."},
	[OAUTH_INVALID_SCOPE] = {400, "invalid_scope", "The requested scope is invalid, unknown, or malformed."},
	[OAUTH_UNAUTHORIZED_CLIENT] = {403, "unauthorized_client", "You are not authorized to revoke this token"},
};

enum err answer_oauth_error(struct call *c, enum oauth_error e)
{
	c->status = errors[e].status;
	call_header(c, "Cache-Control", V("no-store"));
	call_header(c, "Pragma", V("no-cache"));
	if (e == OAUTH_INVALID_CLIENT && http_header(c->x, "Authorization").len > 0)
		call_header(c, "WWW-Authenticate", V("Basic realm=\"kicau\""));
	jw_object(&c->json);
	jw_kv_cstr(&c->json, "error", errors[e].error);
	jw_kv_cstr(&c->json, "error_description", errors[e].description);
	jw_object_end(&c->json);
	return OK;
}
