/*
 * login.h - the form that asks for name and password, and the cookie behind it.
 */
#ifndef WEB_LOGIN_H
#define WEB_LOGIN_H

#include "web/page.h"

struct login_page {
	struct view next;    /* path of this server to go to afterwards; empty: the first page */
	struct view reason;  /* why the form is shown, above it; may be empty */
	struct view refusal; /* what was wrong with the last try, marked words; empty at first */
	struct view name;    /* as it was typed */
	bool unconfirmed;    /* the last try was right, and the address is not confirmed */
};
enum err login_draw(struct call *c, const struct login_page *page);

/* Sends the browser to the form, and from there back to this very page. */
enum err login_ask(struct call *c);

#endif
