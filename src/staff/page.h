/*
 * page.h - a page for those who run the server is a row of data: who may see it (the permissions of its endpoint), where
 * it stands among the others, its table, and what can be done there. What can be done is a row too, an endpoint with
 * permissions of its own: who has them sees the button, and whoever has not is refused by the gate.
 *
 * The rules are those of core/, moderation/ and meter/, which the administrators' API goes through as well.
 */
#ifndef STAFF_PAGE_H
#define STAFF_PAGE_H

#include "base/limits.h"
#include "staff/form.h"
#include "staff/table.h"
#include "web/act.h"

enum act_place {
	ACT_IN_ROWS, /* a button in each row that it fits */
	ACT_BELOW,   /* a form below the table */
	ACT_DRAWN,   /* wherever the page's draw() has it */
};

struct staff_act {
	const struct endpoint *row; /* handled by staff_run(); NULL ends the acts */
	enum err (*run)(struct call *c);
	struct view words; /* marked: of the button */
	struct view title; /* marked: over a form; empty: the words */
	enum act_place place;
	bool grave; /* asked for once more */
	const struct staff_field *fields;
};

enum staff_section {
	SECTION_OVERVIEW,
	SECTION_PEOPLE,
	SECTION_BLOCKS,
	SECTION_WORDS,
	SECTION_TRENDS,
	SECTION_DATA,
	SECTIONS
};

struct staff_page {
	const struct endpoint *row; /* handled by staff_show() */
	struct view title, lead;    /* marked; lead may be empty */
	enum staff_section section;
	const struct staff_page *of;			  /* about one thing of that page, which leads here; NULL */
	const struct table *table;			  /* NULL: none */
	enum err (*draw)(struct call *c, struct html *h); /* over the table; NULL: nothing */
	const struct staff_act *acts;			  /* NULL: none */
};
extern const struct staff_page *const staff_pages[]; /* in the order of the links to them; ended by NULL */

enum err staff_show(struct call *c);
/* Runs the act of this endpoint. What is refused with words is asked once more, with what was typed. */
enum err staff_run(struct call *c);

/* Whether who looks may send to this endpoint. */
bool staff_may(const struct call *c, const struct endpoint *row);
/* "/admin/accounts/:id/approve" with what it is about in the place of its name. */
struct view staff_path(struct call *c, const char *pattern, int64_t id, struct view key);
/*
 * A button, or a form with its fields (values as in staff/form.h), for who may send it; else nothing. key empty: the id.
 * about: what a reader is told the button is about; may be empty.
 */
void staff_act_draw(struct call *c, struct html *h, const struct staff_act *act, const struct table_row *target,
		    struct view about, const struct view *values);
/* Several of them, as buttons in a line; those whose bit is missing are left out. */
void staff_buttons_draw(struct call *c, struct html *h, const struct staff_act *acts, const struct table_row *target,
			struct view about);

/* Begins a page of this kind, for what is drawn otherwise: what follows an act. */
struct html staff_begin(struct call *c, const struct staff_page *page, struct view title);

#define STAFF_GET(at, may)                                                                                             \
	.method = HTTP_GET, .path = (at), .handle = staff_show, .auth = AUTH_SESSION, .permissions = (may),            \
	.rate = RATE_DEFAULT, .meter = METER_FREE, .run = RUN_WORKER, .kind = REPLY_HTML, .reply = "Page"
#define STAFF_POST(at, may)                                                                                            \
	ACT_ROW, .path = (at), .handle = staff_run, .refused_ok = true, .permissions = (may)
#define STAFF_BACK {.name = "back", .max = 16 * LIMIT_KIB, .doc = "Where to go afterwards; a path of this server."}
#define STAFF_ID(what) {.name = "id", .type = PARAM_ID, .required = true, .doc = (what)}

#endif
