/*
 * web.h - the pages: HTML drawn on the server, readable without scripts. Listed in server/groups.c.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "gate/endpoint.h"

struct call;

/* The row of a page that is read; it asks for a login itself where it wants one. */
#define PAGE_ROW(at, fn) PAGE_ROW_RUN(at, fn, RUN_WORKER)
/* Of one whose parts are in memory when it is looked at again. */
#define PAGE_ROW_WARM(at, fn) PAGE_ROW_RUN(at, fn, RUN_INLINE)
#define PAGE_ROW_RUN(at, fn, where)                                                                                    \
	.method = HTTP_GET, .path = (at), .handle = (fn), .auth = AUTH_SESSION, .rate = RATE_DEFAULT,                  \
	.meter = METER_FREE, .run = (where), .kind = REPLY_HTML, .reply = "Page"

extern const struct endpoint web_front[];     /* the first page, the public feeds, about */
extern const struct endpoint web_documents[]; /* privacy policy, terms */
extern const struct endpoint web_sitemap[];   /* robots.txt, and what search engines are told of */
extern const struct endpoint web_home[];      /* one's own timelines */
extern const struct endpoint web_announcements[];
extern const struct endpoint web_write[];	/* writing a post */
extern const struct endpoint web_act_post[];	/* what one does with one */
extern const struct endpoint web_act_account[]; /* and with an account */
extern const struct endpoint web_people[];	/* who follows whom, requests, mutes, blocks */
extern const struct endpoint web_relation[];	/* all that is between oneself and an account */
extern const struct endpoint web_servers[];	/* servers one has blocked */
extern const struct endpoint web_notifications[];
extern const struct endpoint web_notification_requests[]; /* what was filtered, and waits */
extern const struct endpoint web_conversations[];
extern const struct endpoint web_search[];
extern const struct endpoint web_directory[]; /* who wants to be found */
extern const struct endpoint web_lists[];
extern const struct endpoint web_collections[]; /* accounts that somebody recommends */
extern const struct endpoint web_scheduled[];
extern const struct endpoint web_history[];   /* versions of a post */
extern const struct endpoint web_reactions[]; /* who boosted, favourited and quoted it */
extern const struct endpoint web_settings_profile[];
extern const struct endpoint web_settings_sites[]; /* pages one writes elsewhere */
extern const struct endpoint web_settings_privacy[];
extern const struct endpoint web_settings_look[]; /* language and colours of the pages */
extern const struct endpoint web_settings_filters[];
extern const struct endpoint web_settings_transfer[]; /* import and export */
extern const struct endpoint web_profiles[];	      /* accounts, posts with their threads */
extern const struct endpoint web_tags[];	      /* a hashtag, and what one does with it */
extern const struct endpoint web_settings_tags[];     /* hashtags one follows, and features */
extern const struct endpoint web_syndication[];	      /* RSS and Atom */
extern const struct endpoint web_embed[];	      /* a post for frames of other sites */
extern const struct endpoint web_embed_ask[];	      /* a frame that asks, and remembers without scripts */
extern const struct endpoint web_embed_code[];	      /* what such sites put into their pages */
extern const struct endpoint web_login[];	      /* sessions of browsers */
extern const struct endpoint web_sign_up[];	      /* making an account */
extern const struct endpoint web_mail_links[];	      /* confirming an address, a new password */
extern const struct endpoint web_login_second[];
extern const struct endpoint web_login_passkey[];
extern const struct endpoint web_settings[]; /* how one logs in, where one is, how to leave: settings_*.c */
extern const struct endpoint web_settings_password[];
extern const struct endpoint web_settings_email[];
extern const struct endpoint web_settings_second[];
extern const struct endpoint web_settings_passkeys[];
extern const struct endpoint web_settings_sessions[];
extern const struct endpoint web_settings_leave[];
extern const struct endpoint web_settings_licence[]; /* a licence one takes for oneself, and its keys */
extern const struct endpoint web_settings_data[];    /* what one's public posts may be licensed for */
extern const struct endpoint web_invites[];	     /* letting others in */
extern const struct endpoint web_appeal[];	     /* what moderators did to somebody, and their answer */
extern const struct endpoint web_authorize[];	     /* asking a person whether an app may act for them */

/*
 * A refusal as a page; for gate_config.html_error. Where the server has too much to do or is at fault, nothing is read from the
 * database, not even who looks. text may be empty. Who has to log in first is led to the form.
 */
void web_error(struct call *c, int status, struct view text);

#endif
