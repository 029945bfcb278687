/*
 * csrf.c - a form that changes something carries a value only our own page could have shown: an HMAC of the browser's
 * cookie. Whoever is not logged in has a visitor cookie for it, or the login form itself could be forged.
 */
#include "base/base.h"
#include "gate/private.h"

#define HEADER "X-CSRF-Token"

static bool changes_something(enum http_method m)
{
	return m != HTTP_GET && m != HTTP_HEAD && m != HTTP_OPTIONS;
}

/* Browsers name the origin of a form; where they do, it must be this host. */
static bool origin_is_ours(const struct http_exchange *x)
{
	struct view origin = http_header(x, "Origin");
	size_t slashes = view_find(origin, 0, '/');
	if (origin.len == 0)
		return true;
	return view_eq_nocase(view_sub(origin, slashes + 2, origin.len), http_header(x, "Host"));
}

enum err csrf_check(struct call_state *cs)
{
	struct call *c = &cs->pub;
	char expected[TOKEN_LEN + 1];
	struct view given = V("");
	if (c->row->auth != AUTH_SESSION || !changes_something(c->x->method))
		return OK;
	if (!fields_text(&cs->fields, V(GATE_CSRF_FIELD), &given))
		given = http_header(c->x, HEADER);
	if (cs->credential.len)
		sessions_csrf(c->core, cs->credential, expected);
	bool ours = origin_is_ours(c->x);
	c->stale = !cs->credential.len || !secret_eq(given, view_of(expected));
	if (c->stale && ours && c->row->stale_ok)
		return OK;
	if (c->stale || !ours)
		return fail(
			&c->problem, ERR_UNPROCESSABLE,
			"This form is too old, or cookies are switched off. Go back, load the page again and retry.");
	return OK;
}

void call_csrf(struct call *c, char ret[])
{
	struct call_state *cs = state_of(c);
	if (!cs->credential.len) {
		token_make(cs->visitor);
		cs->credential = view_make(cs->visitor, TOKEN_LEN);
	}
	sessions_csrf(c->core, cs->credential, ret);
}
