/*
 * authorize.h - an app's request to act for somebody (RFC 6749 4.1.1, RFC 7636, docs.joinmastodon.org/methods/oauth):
 * read and judged by authorize_request.c, asked about by authorize.c with the pages of authorize_pages.c.
 */
#ifndef WEB_AUTHORIZE_H
#define WEB_AUTHORIZE_H

#include "core/accounts.h"
#include "core/apps.h"
#include "web/page.h"

#define AUTHORIZE_PATH "/oauth/authorize"
#define AUTHORIZE_URL_MAX (8 * LIMIT_KIB)

/* Parameters of the request, in its query and as hidden fields of the form that answers it. */
#define AUTHORIZE_PARAMS                                                                                               \
	{.name = "response_type", .max = 64, .doc = "code"}, {.name = "client_id", .max = 256, .doc = "Of the app."},  \
		{.name = "redirect_uri", .max = LIMIT_REDIRECT_URI_BYTES, .doc = "One of those the app registered."},  \
		{.name = "scope", .doc = "What the app wants to do, at most what it registered. Without: read."},      \
		{.name = "state", .max = 2048, .doc = "Given back to the app as it is."},                              \
		{.name = "code_challenge", .max = 128, .doc = "RFC 7636."},                                            \
	{                                                                                                              \
		.name = "code_challenge_method", .max = 16, .doc = "S256"                                              \
	}

struct authorize_request {
	struct app app;
	struct view response_type, redirect_uri, state, challenge, challenge_method;
	struct view scopes; /* with single spaces between */
};

/* A refusal: error is RFC 6749's word. Where the app may be told, it is; otherwise the person is, by a page. */
struct authorize_refusal {
	const char *error; /* NULL: the request is fine */
	struct view words;
	bool to_app;
};

/* Errors are the database's; what is wrong with the request is *ret_refusal. */
enum err authorize_read(struct call *c, struct authorize_request *ret, struct authorize_refusal *ret_refusal);

/* The request as a path of this server, with force_login when asked for. */
struct view authorize_url(struct call *c, const struct authorize_request *r, bool force_login);

enum err draw_consent(struct call *c, const struct authorize_request *r, const struct account *who);
enum err draw_notice(struct call *c, struct view title, struct view text);
enum err draw_code(struct call *c, struct view code);

#endif
