/*
 * sheet.h - a document for people, laid out once and drawn twice: as a page of HTML that stands alone, and as a PDF. What
 * it says is invoice_sheet.c's (private to meter/).
 */
#ifndef METER_SHEET_H
#define METER_SHEET_H

#include "base/buf.h"
#include "text/tongue.h"

#define SHEET_COLUMNS 4
#define SHEET_PARAGRAPHS 8
#define SHEET_TABLES 2

struct sheet_row {
	struct view cells[SHEET_COLUMNS]; /* the first has a text; p NULL: the cell to its left reaches over it */
	bool strong;			  /* what it all comes to; behind the others */
};

struct sheet_table {
	struct view heads[SHEET_COLUMNS]; /* p NULL: it has none */
	struct sheet_row *rows;
	size_t n;
};

struct sheet {
	enum tongue tongue;
	struct view title, date; /* date: 2026-11-28 */
	struct view paragraphs[SHEET_PARAGRAPHS];
	struct sheet_table tables[SHEET_TABLES];
	size_t n_paragraphs, n_tables;
};

/* How many columns the cell at `at` takes, itself included. */
size_t sheet_span(const struct view cells[SHEET_COLUMNS], size_t at);
/* A cell of words begins at the left; numbers end at the right. */
bool sheet_is_number(const struct view cells[SHEET_COLUMNS], size_t at);

/* style: the address of assets/invoice.css. */
enum err sheet_html(const struct sheet *s, struct view style, struct buf *out);
/* By kicau-pdf, a program of ours beside this one. Blocks. ERR_BUSY, ERR_INTERNAL (it is missing, or has failed) with words. */
enum err sheet_pdf(const struct sheet *s, struct buf *out, struct problem *problem);

/* The invoice or credit note in a document (struct invoice's). ERR_CORRUPT when it is none. All in the arena. */
enum err invoice_sheet(struct arena *a, struct view document, enum tongue t, struct sheet *ret);

#endif
