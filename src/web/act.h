/*
 * act.h - forms that do one thing and lead back to where one was.
 */
#ifndef WEB_ACT_H
#define WEB_ACT_H

#include "web/page.h"

#define ACT_ROW                                                                                                        \
	.method = HTTP_POST, .auth = AUTH_SESSION, .rate = RATE_DEFAULT, .meter = METER_FREE, .body = BODY_FIELDS,     \
	.run = RUN_WORKER, .kind = REPLY_HTML, .reply = "Page"
#define ACT_BACK                                                                                                       \
	{.name = "back", .max = 16 * LIMIT_KIB, .doc = "Where to go afterwards; a path of this server."},              \
	{                                                                                                              \
		.name = "at", .max = 64, .doc = "What of that page to go to, by its id."                               \
	}

/* Is nobody logged in? Then the answer is the way to the login form, and from there back. */
bool act_asks_login(struct call *c, enum err *ret);
/* The redirect to "back", or to otherwise. */
enum err act_back(struct call *c, struct view otherwise);

#endif
