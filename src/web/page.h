/*
 * page.h - the frame of every page: head, bar at the top, foot, and the headers that keep browsers from running or
 * framing anything. A page for frames of other sites (endpoint.framed) has neither bar nor foot. A page is page_begin, its own drawing, page_end.
 */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "gate/call.h"
#include "text/html.h"
#include "text/tongue.h"

/* Where forms may lead. Browsers judge every redirect behind a form by it (CSP 3, form-action). */
enum form_target {
	FORMS_STAY,  /* this server */
	FORMS_LEAVE, /* any: the page of an app's request, which is answered by a redirect to the app */
};

struct page_head {
	struct view title;	 /* the server's name is set behind it; empty: the name alone */
	struct view description; /* plain text, for previews; may be empty */
	struct view canonical;	 /* path from '/'; empty: none */
	struct view feed;	 /* path of its feed without ".rss" and ".atom"; empty: none */
	struct view oembed;  /* absolute URL of the post that the page is about; empty: none, or not for everybody */
	struct view image;   /* path or URL of a picture for previews; empty: none */
	const char *og_type; /* "profile", "article"; NULL: "website" */
	bool noindex;	     /* search engines are asked to leave it out */
	bool private;	     /* nobody keeps a copy */
	bool narrow;	     /* one small form or message */
	bool full;	     /* tables: all the width there is */
	const char *script;  /* of the assets: the only one the page runs; NULL: none */
	bool shows_embed;    /* and assets/embed.js beside it, which frames pages of this server */
	bool app;  /* what one does with posts is made quicker by scripts (assets/app.js), for who is logged in */
	bool bare; /* reads nothing of who looks: for errors */
	enum form_target forms;
	bool asks; /* of a page for frames: it has a form */
};

struct html page_begin(struct call *c, const struct page_head *head);
enum err page_end(struct call *c, struct html *h);

/* Of the form, on each page of who is logged in, that buttons beside posts belong to: they say what to do and with which. */
#define PAGE_ACTS "acts"

/* "/assets/NAME?v=…", a name of the assets folder: changes with the file, so that browsers keep it for good. */
struct view page_asset(const char *name);
struct view page_file(struct call *c, struct view key);	     /* "/media/KEY" */
struct view page_absolute(struct call *c, struct view path); /* with the server's address before a path */

/* The target when it is a path of this server, to be redirected to; else the other. */
struct view page_local(struct call *c, struct view target, struct view otherwise);

/* What somebody chose for their browser (settings_look.c). Without: what the browser says itself. */
#define PAGE_LANGUAGE_COOKIE "kicau_language"
#define PAGE_THEME_COOKIE "kicau_theme"

/* "dark", "light", or empty: the system's. */
struct view page_theme(const struct call *c);

/* The headers of a page, with its Content-Security-Policy; for answers that are not drawn now. */
void page_headers(struct call *c, struct view policy);

/* Words marked with N_() in the language chosen, or that the browser asks for (Accept-Language). */
enum tongue page_tongue(struct call *c);
struct view page_say(struct call *c, struct view words);
#define PAGE_SAY_WITH(c, words, ...) SAY_WITH(page_tongue(c), (c)->arena, (words), __VA_ARGS__)

/* Path and query of this page, for forms that lead back to it; behind a form, home. */
struct view page_here(const struct call *c);

/* <form method=post action=…> with its CSRF field; the caller closes it. */
void page_form(struct call *c, struct html *h, struct view action, const char *class_name);
/* The same of a form with files in it. */
void page_form_files(struct call *c, struct html *h, struct view action, const char *class_name);
void page_hidden(struct html *h, const char *name, struct view value);

#endif
