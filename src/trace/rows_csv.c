/*
 * rows_csv.c - comma-separated values with a header (rows.h; RFC 4180, also with tabs, semicolons or bars). A quote that never closes
 * is the fault of its line alone.
 */
#include "base/base.h"

#include "trace/rows_csv.h"

#include "base/buf.h"

#define COLUMNS_MAX 1024
#define RECORD_MAX ((size_t)1024 * 1024)

struct column {
	enum row_name kind;
	unsigned which;
};

struct table {
	const struct rows_to *to;
	char mark; /* between fields */
	struct column columns[COLUMNS_MAX];
	size_t n;
	struct buf field, text, url, decoded;
	unsigned best_text, best_id, best_url;
};

/* ---- one record ---- */

/* Bytes of the record at the beginning, with its line end; 0 when that is not there. *open: inside quotes then. */
static size_t record_end(struct view v, char mark, bool *open)
{
	bool quoted = false, start = true; /* of a field */

	for (size_t i = 0; i < v.len; i++) {
		char c = v.p[i];

		if (quoted)
			quoted = c != '"';
		else if (c == '"' && (start || (i && v.p[i - 1] == '"')))
			quoted = true;
		else if (c == '\n')
			return i + 1;
		start = !quoted && c == mark;
	}
	*open = quoted;
	return 0;
}

/* Takes the field at the beginning of *rest, unquoted, into out. False when there is none. */
static bool take_field(struct view *rest, char mark, bool *more, struct buf *out)
{
	size_t i = 0;

	if (!*more)
		return false;
	buf_clear(out);
	if (rest->len && rest->p[0] == '"') {
		for (i = 1; i < rest->len; i++) {
			if (rest->p[i] == '"' && !(i + 1 < rest->len && rest->p[i + 1] == '"'))
				break;
			i += rest->p[i] == '"';
			buf_add_c(out, rest->p[i]);
		}
		i += i < rest->len;
	}
	size_t end = view_find(*rest, i, mark);
	buf_add(out, view_sub(*rest, i, end - i));
	*more = end < rest->len;
	*rest = view_sub(*rest, end + *more, rest->len);
	return true;
}

static struct view without_end(struct view record)
{
	size_t len = record.len;

	len -= len && record.p[len - 1] == '\n';
	len -= len && record.p[len - 1] == '\r';
	return view_sub(record, 0, len);
}

/* ---- the header ---- */

static size_t known_columns(struct view line, char mark, struct column columns[COLUMNS_MAX], size_t *ret_n)
{
	struct buf CLEANUP(buf_release) field = {.max = RECORD_MAX};
	size_t known = 0, n = 0;
	bool more = true;

	while (n < COLUMNS_MAX && take_field(&line, mark, &more, &field)) {
		struct column *c = &columns[n++];

		*c = (struct column){0};
		c->kind = row_name(view_trim(buf_view(&field)), &c->which);
		known += c->kind == NAME_TEXT || c->kind == NAME_ID || c->kind == NAME_URL;
	}
	*ret_n = n;
	return known;
}

char csv_mark(struct view line)
{
	static const char marks[] = {',', '\t', ';', '|'};
	struct column columns[COLUMNS_MAX];
	size_t best = 0, n;
	char mark = '\0';

	line = view_trim(line);
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		size_t known = known_columns(line, marks[i], columns, &n);

		/* A lone name may be a word of a text as well. */
		if (known <= best ||
		    (n == 1 && !view_eq_nocase(line, V("text")) && !view_eq_nocase(line, V("full_text"))))
			continue;
		best = known;
		mark = marks[i];
	}
	return mark;
}

/* ---- rows ---- */

static void read_field(struct table *t, const struct column *c, struct leak_row *row)
{
	struct view v = buf_view(&t->field);
	int64_t n;

	if (c->kind == NAME_TEXT && c->which < t->best_text) {
		buf_clear(&t->text);
		buf_add(&t->text, v);
		t->best_text = c->which;
	} else if (c->kind == NAME_ID && c->which < t->best_id && row_id(v)) {
		row->id = row_id(v);
		t->best_id = c->which;
	} else if (c->kind == NAME_URL && c->which < t->best_url && v.len) {
		buf_clear(&t->url);
		buf_add(&t->url, v);
		t->best_url = c->which;
	} else if (c->kind == NAME_COUNTER && parse_i64(view_trim(v), 0, INT64_MAX, &n)) {
		row_counter(&row->counters, c->which, n);
	}
}

static enum err give_record(struct table *t, struct view record)
{
	struct leak_row row = {.converted = t->to->converted};
	bool more = true, converted = false;

	t->best_text = t->best_id = t->best_url = UINT32_MAX;
	buf_clear(&t->url);
	for (size_t i = 0; i < t->n && take_field(&record, t->mark, &more, &t->field); i++)
		read_field(t, &t->columns[i], &row);
	if (t->best_text != UINT32_MAX) {
		struct view text = view_sub(buf_view(&t->text), 0, ROW_TEXT_MAX);
		if (!rows_utf8(text, &t->decoded, &row.text, &converted))
			return rows_unreadable(t->to, "a record is no text");
	}
	row.converted |= converted;
	row.url = utf8_valid(buf_view(&t->url)) ? buf_view(&t->url) : V("");
	return t->to->fn(t->to->arg, &row);
}

/* The next record, taken after use; empty at the end. */
static struct view next_record(struct window *w, char mark, bool *ret_broken)
{
	struct view v = window_at_least(w, 1);
	bool open = false;
	size_t end = record_end(v, mark, &open), had = 0;

	/* Twice as much each time, for each time it is looked at from its beginning. */
	while (!end && v.len <= RECORD_MAX && v.len > had) {
		had = v.len;
		v = window_at_least(w, 2 * had);
		if (v.len > had)
			end = record_end(v, mark, &open);
	}
	if (!end && w->end && !open)
		end = v.len; /* the last line, without its end */
	*ret_broken = v.len > 0 && (!end || end > RECORD_MAX);
	return view_sub(v, 0, *ret_broken ? 0 : end);
}

static enum err read_records(struct table *t, struct window *w)
{
	struct view record, line;
	bool broken;

	while ((record = next_record(w, t->mark, &broken)).len || broken) {
		if (broken) {
			(void)window_line(w, RECORD_MAX, &line);
			TRY(rows_unreadable(t->to, "a quote that is not closed, or a record that is too long"));
			continue;
		}
		if (view_trim(record).len)
			TRY(give_record(t, without_end(record)));
		window_take(w, record.len);
	}
	return OK;
}

enum err rows_csv(struct window *w, const struct rows_to *to)
{
	struct table *t;
	struct view line;
	enum window_line kind = window_line(w, RECORD_MAX, &line);

	if (kind == WINDOW_END)
		return OK;
	char mark = kind == WINDOW_LINE ? csv_mark(line) : '\0';
	if (!mark)
		return rows_unreadable(to, "the first line names no column that is known (text, content, id, url …)");
	t = xcalloc(1, sizeof(*t));
	*t = (struct table){.to = to,
			    .mark = mark,
			    .field = {.max = 2 * RECORD_MAX},
			    .text = {.max = 2 * RECORD_MAX},
			    .url = {.max = 2 * RECORD_MAX},
			    .decoded = {.max = 3 * ROW_TEXT_MAX}};
	known_columns(line, mark, t->columns, &t->n);
	enum err err = read_records(t, w);
	buf_release(&t->field);
	buf_release(&t->text);
	buf_release(&t->url);
	buf_release(&t->decoded);
	free(t);
	return err;
}
