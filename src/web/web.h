/*
 * web.h - the pages: HTML drawn on the server, readable without scripts. Listed in server/groups.c.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "gate/endpoint.h"

struct call;

extern const struct endpoint web_front[];	/* the first page, the public feeds, about, robots.txt */
extern const struct endpoint web_profiles[];	/* accounts, posts with their threads, tags */
extern const struct endpoint web_syndication[]; /* RSS and Atom */
extern const struct endpoint web_embed[];	/* a post for frames of other sites */
extern const struct endpoint web_login[];	/* sessions of browsers */
extern const struct endpoint web_sign_up[];	/* making an account */
extern const struct endpoint web_mail_links[];	/* confirming an address, a new password */
extern const struct endpoint web_login_second[];
extern const struct endpoint web_login_passkey[];
extern const struct endpoint web_settings[]; /* how one logs in, where one is, how to leave: settings_*.c */
extern const struct endpoint web_settings_password[];
extern const struct endpoint web_settings_second[];
extern const struct endpoint web_settings_passkeys[];
extern const struct endpoint web_settings_sessions[];
extern const struct endpoint web_settings_leave[];
extern const struct endpoint web_invites[];   /* letting others in */
extern const struct endpoint web_appeal[];    /* what moderators did to somebody, and their answer */
extern const struct endpoint web_authorize[]; /* asking a person whether an app may act for them */

/* A refusal as a page; for gate_config.html_error. Reads nothing from the database. text may be empty. */
void web_error(struct call *c, int status, struct view text);

#endif
