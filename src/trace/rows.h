/*
 * rows.h - the rows of a stream, whatever its format. Nothing in it is trusted; what cannot be read is told as a row that is
 * `unreadable`, and reading goes on behind it where that can be found. Errors are those of the function that takes the rows.
 */
#ifndef TRACE_ROWS_H
#define TRACE_ROWS_H

#include "trace/row.h"
#include "trace/window.h"

/* In the order of their names. */
enum leak_format {
	FORMAT_AUTO,  /* by what stands at the beginning */
	FORMAT_JSONL, /* one JSON value a line */
	FORMAT_JSON,  /* one or several JSON documents */
	FORMAT_CSV,   /* with a header; also with tabs or semicolons */
	FORMAT_TEXT,  /* one text a line */
	FORMAT_HTML,  /* a page */
	FORMAT_WARC,  /* pages as crawlers keep them (ISO 28500) */
	FORMATS
};
const char *leak_format_name(enum leak_format f); /* "jsonl" */
bool leak_format_parse(struct view name, enum leak_format *ret);

struct rows_to {
	leak_row_fn *fn;
	void *arg;
	bool converted; /* the stream was in another encoding */
};

/* Looks at the beginning, takes nothing. An empty stream is text. */
enum leak_format rows_detect(struct window *w);
/* f: not FORMAT_AUTO. */
enum err rows_read(struct window *w, enum leak_format f, const struct rows_to *to);

/* ---- the readers, one file each ---- */

enum err rows_jsonl(struct window *w, const struct rows_to *to);
enum err rows_json(struct window *w, const struct rows_to *to);
enum err rows_csv(struct window *w, const struct rows_to *to);
enum err rows_text(struct window *w, const struct rows_to *to);
enum err rows_html(struct window *w, const struct rows_to *to);
enum err rows_warc(struct window *w, const struct rows_to *to);

/* One JSON value, as rows_jsonl() has them a line. */
enum err rows_of_json(struct view text, const struct rows_to *to);
/* One page. charset: what was said of it; empty without. */
enum err rows_of_page(struct view html, struct view charset, const struct rows_to *to);

enum err rows_unreadable(const struct rows_to *to, const char *words);
/*
 * text as UTF-8: itself, or through out (cleared) from Windows-1252. False: it has NUL bytes, and is no text.
 */
struct buf;
bool rows_utf8(struct view text, struct buf *out, struct view *ret, bool *ret_converted);

/* Names of members and columns: text, id, address, counters. ASCII case does not matter. */
enum row_name { NAME_OTHER, NAME_TEXT, NAME_ID, NAME_URL, NAME_COUNTER };
enum row_name row_name(struct view name,
		       unsigned *ret_which); /* of texts and ids: lower ones first; of counters: which */
void row_counter(struct match_counters *c, unsigned which, int64_t value);
/* "123", or the number in it; 0 when it can be no id of ours. */
int64_t row_id(struct view v);

#endif
