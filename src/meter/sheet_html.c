/*
 * sheet_html.c - a sheet as a page that stands alone and prints well.
 */
#include "base/base.h"

#include "meter/sheet.h"

#include "text/html.h"

size_t sheet_span(const struct view cells[SHEET_COLUMNS], size_t at)
{
	size_t n = 1;

	while (at + n < SHEET_COLUMNS && !cells[at + n].p)
		n++;
	return n;
}

bool sheet_is_number(const struct view cells[SHEET_COLUMNS], size_t at)
{
	return at > 0 && sheet_span(cells, at) == 1;
}

static void draw_cells(struct html *h, const char *element, const struct view cells[SHEET_COLUMNS])
{
	for (size_t at = 0; at < SHEET_COLUMNS; at += sheet_span(cells, at)) {
		html_open(h, element);
		if (sheet_is_number(cells, at))
			html_attr(h, "class", V("n"));
		if (sheet_span(cells, at) > 1)
			html_attr_int(h, "colspan", (int64_t)sheet_span(cells, at));
		html_text(h, cells[at]);
		html_close(h, element);
	}
}

static void draw_rows(struct html *h, const char *element, const struct sheet_table *t, bool strong)
{
	bool open = false;

	for (size_t i = 0; i < t->n; i++) {
		if (t->rows[i].strong != strong)
			continue;
		if (!open)
			html_open(h, element);
		open = true;
		html_open(h, "tr");
		draw_cells(h, "td", t->rows[i].cells);
		html_close(h, "tr");
	}
	if (open)
		html_close(h, element);
}

static void draw_table(struct html *h, const struct sheet_table *t)
{
	html_open(h, "table");
	if (t->heads[0].p) {
		html_open(h, "thead");
		html_open(h, "tr");
		draw_cells(h, "th", t->heads);
		html_close(h, "tr");
		html_close(h, "thead");
	}
	draw_rows(h, "tbody", t, false);
	draw_rows(h, "tfoot", t, true);
	html_close(h, "table");
}

static void draw_head(struct html *h, const struct sheet *s, struct view style)
{
	html_open(h, "head");
	html_tag(h, "meta", A("charset", V("utf-8")));
	html_tag(h, "meta", A("name", V("viewport")), A("content", V("width=device-width, initial-scale=1")));
	html_elem(h, "title", s->title);
	html_tag(h, "link", A("rel", V("stylesheet")), A("href", style));
	html_close(h, "head");
}

enum err sheet_html(const struct sheet *s, struct view style, struct buf *out)
{
	struct html h = html_to(out);

	html_doctype(&h);
	html_tag(&h, "html", A("lang", view_of(tongue_code(s->tongue))));
	draw_head(&h, s, style);
	html_open(&h, "body");
	html_elem(&h, "h1", s->title);
	for (size_t i = 0; i < s->n_paragraphs; i++)
		html_elem(&h, "p", s->paragraphs[i]);
	for (size_t i = 0; i < s->n_tables; i++)
		draw_table(&h, &s->tables[i]);
	html_close(&h, "body");
	html_close(&h, "html");
	return html_done(&h);
}
