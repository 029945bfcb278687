/*
 * announcements.h - what the people who run the server say to everybody, above the posts of home until it is taken as read.
 */
#ifndef WEB_ANNOUNCEMENTS_H
#define WEB_ANNOUNCEMENTS_H

#include "web/page.h"

/* The newest that who is logged in has not taken as read; nothing without. A part of the page that is kept (kept.h). */
enum err draw_unread_announcements(struct call *c, struct html *h);

#endif
