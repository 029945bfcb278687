/*
 * form.h - the fields of forms, each with its label, what to know about it, and what was wrong with it.
 */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include "web/page.h"

struct form_field {
	const char *name;
	const char *id;	  /* NULL: the name */
	const char *type; /* NULL: "text"; "textarea" is one too */
	const char *autocomplete;
	struct view label, hint; /* marked words */
	struct view value;
	struct view wrong; /* a sentence for people, translated already; empty: nothing is */
	bool required, focus;
	int64_t max; /* characters; 0: not said */
	int64_t min_number, max_number;
	const char *inputmode, *pattern;
};

void draw_field(struct call *c, struct html *h, const struct form_field *f);
/* <label><input type=checkbox> words</label> */
void draw_checkbox(struct call *c, struct html *h, const char *name, struct view words, struct view wrong);
/* The same of what may be left off. */
void draw_box(struct call *c, struct html *h, const char *name, struct view words, bool on);
/*
 * Was this value, of the field of this name, refused before the handler ran (call.refused)? draw_field() marks it; who
 * draws fields by hand calls form_mark() between html_tag() and what follows.
 */
bool form_is_refused(const struct call *c, const char *name, struct view value);
void form_mark(const struct call *c, struct html *h, const char *name, struct view value);
/* The words for it, to be said above the form; empty: nothing was refused. */
struct view form_refusal(struct call *c);
/* A message above a form: role=alert, id=refusal. Empty: nothing. */
void draw_refusal(struct html *h, struct view words);
void draw_submit(struct call *c, struct html *h, struct view words);

/* A page with a heading and sentences, and perhaps a link at the end (path NULL: none). Words are marked ones. */
struct plain_page {
	struct view title, text, link;
	const char *path;
	int status; /* 0: 200 */
};
enum err draw_plain_page(struct call *c, const struct plain_page *page);

#endif
