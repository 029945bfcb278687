/*
 * table.h - a table on a page for those who run the server. What it shows is data: columns, filters, and a function that
 * loads rows; sorting, searching, pages and CSV follow from that, the same for all.
 *
 * Rows are looked at in windows of the newest TABLE_WINDOW that the filters let through: within one they are sorted and
 * searched, and a link leads to the older ones. So every row is reached, and no page loads more than a window.
 */
#ifndef STAFF_TABLE_H
#define STAFF_TABLE_H

#include "core/page.h"
#include "web/page.h"

#define TABLE_WINDOW 1000    /* rows */
#define TABLE_PAGE 50	     /* of them on a page */
#define TABLE_WHOLE 5000     /* rows of a table that is loaded at once */
#define TABLE_CSV_ROWS 20000 /* in one file; its Link header (rel=next) has the address of the next */

enum cell_kind {
	CELL_TEXT,
	CELL_WORDS, /* text is marked words: CSV has them in English */
	CELL_NUMBER,
	CELL_TIME,  /* n: ms; 0: empty */
	CELL_DAY,   /* n: days since 1970, UTC */
	CELL_MONEY, /* n: micro-units of the server's currency */
	CELL_BYTES,
	CELL_PICTURE, /* text says what it shows, path is where it is */
};

struct cell {
	struct view text, path; /* path: of a page or picture; empty: none */
	int64_t n;
};

struct column {
	const char *name; /* in addresses and in the first line of CSV; NULL ends the columns */
	struct view words;
	enum cell_kind kind;
};

struct table_row {
	int64_t id;
	size_t place;	    /* in which it was loaded */
	struct view key;    /* what paths call it by; empty: its id */
	unsigned acts;	    /* bits: which of the page's acts fit it, by their place */
	struct cell *cells; /* one for each column */
};

struct table_rows {
	struct arena *arena;
	const struct column *columns;
	size_t n_columns, n, max;
	struct table_row *v;
};
/* A row more, its cells empty; NULL: there is no room. The last row's id is where a window goes on. */
struct table_row *table_add(struct table_rows *rows, int64_t id);

struct staff_field; /* staff/form.h */
struct table {
	const struct column *columns;
	const struct staff_field *filters; /* parameters of the page's row; NULL: none */
	/*
	 * Adds up to page->limit rows older than page->max_id, newest first; fewer: there are no more. A whole table adds all
	 * there are, at most TABLE_WHOLE, and is asked once.
	 */
	enum err (*load)(struct call *c, const struct page *page, struct table_rows *rows);
	bool whole;
	struct view none; /* marked words, said when there are no rows; empty: the usual ones */
};

/* The parameters of a page with a table, beside its filters. */
#define TABLE_PARAMS                                                                                                   \
	{.name = "sort", .max = 64, .doc = "Name of a column; with - before it, the last first."},                     \
		{.name = "q", .max = 256, .doc = "Only rows with this text in them."},                                 \
		{.name = "page", .type = PARAM_INT, .clamp = true, .min = 1, .max = TABLE_WINDOW, .fallback = 1,       \
		 .doc = "Which page of the window."},                                                                  \
		{.name = "max_id", .type = PARAM_ID, .doc = "The window of what is older than this."},                 \
	{                                                                                                              \
		.name = "as", .type = PARAM_CHOICE, .choices = table_forms, .doc = "As a page, or as a CSV file."      \
	}
extern const char *const table_forms[]; /* "page", "csv" */

struct staff_act; /* staff/page.h */
/* acts: of its rows, may be NULL. Reads its parameters from the call. */
enum err table_draw(struct call *c, struct html *h, const struct table *t, const struct staff_act *acts);
/* The same rows, sorted and filtered, as the answer. name: of the file, without ".csv". */
enum err table_csv(struct call *c, const struct table *t, struct view name);
bool table_wants_csv(struct call *c);

/* --- shared by table*.c --- */

struct table_view {
	struct table_rows rows;
	int64_t older;			/* where the next window begins; 0: there is none */
	const struct column *sorted_by; /* NULL: as loaded */
	bool descending;
};
/* Loads one window (or, for CSV, many), filters and sorts it. */
enum err table_load(struct call *c, const struct table *t, size_t max, struct table_view *ret);
/* The call's query without sort, page and what else `but` names, ready for more: "?a=b&". */
struct view table_query(struct call *c, const char *const *but);

#endif
