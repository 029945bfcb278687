/*
 * auth.c - who asks: a bearer token (RFC 6750) for the API, a cookie for pages. A row looks at one or the other, never
 * at both, so that a page cannot make a browser act on the API.
 */
#include "base/base.h"
#include "gate/private.h"

#include "core/roles.h"
#include "gate/form.h"

#define TOKEN_MAX 256
#define INVALID_TOKEN "The access token is invalid"

static struct view query_token(struct call_state *cs)
{
	struct view rest = cs->pub.x->query, name, value;
	while (form_next(&rest, &name, &value))
		if (view_is(name, "access_token") && percent_decode(cs->pub.arena, value, true, &value) == OK)
			return value;
	return V("");
}

/*
 * Where Mastodon takes a token from: the header, else the query (old clients, and EventSource, which cannot set
 * headers), else, for WebSockets of browsers, the protocol they ask for.
 */
static struct view find_token(struct call_state *cs)
{
	const struct http_exchange *x = cs->pub.x;
	struct view header = http_header(x, "Authorization");
	if (header.len > 7 && view_eq_nocase(view_sub(header, 0, 7), V("Bearer ")))
		return view_trim(view_sub(header, 7, header.len));
	struct view token = query_token(cs);
	if (token.len == 0 && view_starts(x->path, V("/api/v1/streaming")))
		token = http_header(x, "Sec-WebSocket-Protocol");
	return token;
}

static enum err check_token(struct call_state *cs)
{
	struct call *c = &cs->pub;
	struct view token = find_token(cs);
	if (token.len == 0)
		return c->row->auth == AUTH_OPTIONAL ? OK : fail(&c->problem, ERR_UNAUTHORIZED, INVALID_TOKEN);
	if (token.len > TOKEN_MAX)
		return fail(&c->problem, ERR_UNAUTHORIZED, INVALID_TOKEN);
	enum err err = c->row->waiting ? sessions_token_waiting(c->core, c->db, token, &c->auth, &c->problem)
				       : sessions_token(c->core, c->db, token, &c->auth, &c->problem);
	if (err == ERR_UNAUTHORIZED && !c->problem.text[0])
		return fail(&c->problem, err, INVALID_TOKEN);
	TRY(err);
	cs->credential = token;
	if (c->row->auth == AUTH_USER && !c->auth.account.v)
		return fail(&c->problem, ERR_UNPROCESSABLE, "This method requires an authenticated user");
	if (!scope_has(c->auth.scopes, c->row->scope))
		return fail(&c->problem, ERR_FORBIDDEN, "This action is outside the authorized scopes");
	if (!role_may(c->auth.role, c->row->permissions))
		return fail(&c->problem, ERR_FORBIDDEN, "This action is not allowed");
	return OK;
}

/* A page of the staff's: whoever is not known yet is to log in. */
static enum err check_staff(struct call *c)
{
	if (!c->row->permissions)
		return OK;
	if (!c->auth.session_id)
		return fail(&c->problem, ERR_UNAUTHORIZED, "Please log in");
	if (!role_may(c->auth.role, c->row->permissions))
		return fail(&c->problem, ERR_FORBIDDEN, "This action is not allowed");
	return OK;
}

/* A cookie that is no session any more is a visitor's: the page says what is to be done. */
enum err auth_cookie(struct call_state *cs)
{
	struct call *c = &cs->pub;
	struct view session = http_cookie(c->x, GATE_SESSION_COOKIE), visitor = http_cookie(c->x, GATE_VISITOR_COOKIE);
	if (session.len && session.len <= TOKEN_MAX) {
		enum err err = sessions_cookie(c->core, c->db, session, &c->auth);
		if (err == OK)
			cs->credential = session;
		else if (err != ERR_UNAUTHORIZED && err != ERR_FORBIDDEN && err != ERR_NOT_FOUND)
			return err;
	}
	if (!cs->credential.len && visitor.len == TOKEN_LEN)
		cs->credential = visitor;
	return OK;
}

static enum err check_cookie(struct call_state *cs)
{
	TRY(auth_cookie(cs));
	return check_staff(&cs->pub);
}

/* A key of a licensee comes in the header alone: addresses are written into logs. */
static enum err check_key(struct call_state *cs)
{
	struct call *c = &cs->pub;
	struct view header = http_header(c->x, "Authorization");
	if (header.len <= 7 || !view_eq_nocase(view_sub(header, 0, 7), V("Bearer ")))
		return fail(&c->problem, ERR_UNAUTHORIZED, "a key is needed: Authorization: Bearer KEY");
	struct view key = view_trim(view_sub(header, 7, header.len));
	if (key.len > TOKEN_MAX || !c->core->licences)
		return fail(&c->problem, ERR_UNAUTHORIZED, "there is no such key");
	TRY(licence_get(c->core->licences, c->db, key, &c->licence, &c->problem));
	const char *refusal = licence_refusal(c->licence);
	if (refusal)
		return fail(&c->problem, ERR_FORBIDDEN, "%s; ask %s", refusal, c->core->config.contact_email);
	return OK;
}

struct view call_token(struct call *c)
{
	return c->auth.token_id ? state_of(c)->credential : V("");
}

enum err auth_check(struct call_state *cs)
{
	switch (cs->pub.row->auth) {
	case AUTH_OPTIONAL:
	case AUTH_APP:
	case AUTH_USER:
		return check_token(cs);
	case AUTH_LICENSEE:
		return check_key(cs);
	case AUTH_SESSION:
		return check_cookie(cs);
	case AUTH_UNSET:
	case AUTH_NONE:
		break;
	}
	return OK;
}

enum err auth_viewer(struct call_state *cs)
{
	struct call *c = &cs->pub;
	c->viewer = viewer_nobody();
	if (!c->auth.account.v || c->row->no_viewer)
		return OK;
	TRY(viewer_get(c->core, c->db, c->auth.account, &c->viewer));
	cs->borrowed_viewer = true;
	return OK;
}
