/*
 * login.h - the form that asks for name and password, and the cookie behind it.
 */
#ifndef WEB_LOGIN_H
#define WEB_LOGIN_H

#include "base/limits.h"
#include "core/sessions.h"
#include "web/page.h"

struct login_page {
	struct view next;    /* path of this server to go to afterwards; empty: the first page */
	struct view reason;  /* why the form is shown, above it; may be empty */
	struct view refusal; /* what was wrong with the last try, marked words; empty at first */
	struct view name;    /* as it was typed */
	bool unconfirmed;    /* the last try was right, and the address is not confirmed */
	bool closed;	     /* they are known, and may not log in */
};
enum err login_draw(struct call *c, const struct login_page *page);

/* Begins the session of whom the browser has shown to be: cookie, history, back from leaving, and on to "next". */
enum err login_begin(struct call *c, struct account_id account, enum login_how how);
/* The form for the code, behind a right password (login_second.c). refusal: marked words, may be empty. */
enum err login_second_draw(struct call *c, struct account_id account, struct view refusal);
#define LOGIN_NEXT_MAX (16 * LIMIT_KIB) /* no request line is longer */
#define LOGIN_NEXT_PARAM                                                                                               \
	{                                                                                                              \
		.name = "next", .max = LOGIN_NEXT_MAX, .doc = "Where to go afterwards; a path of this server."         \
	}

/* Sends the browser to the form, and from there back to this very page. */
enum err login_ask(struct call *c);
/* And from there to another path of this server. ERR_TOO_LARGE: more than a request's line holds. */
enum err login_ask_then(struct call *c, struct view path);

#endif
