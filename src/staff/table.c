/*
 * table.c - draws a table: what it may be narrowed by, its heads that sort, its rows, and the ways to further pages.
 */
#include "base/base.h"

#include "staff/table.h"

#include "base/clock.h"
#include "staff/cell.h"
#include "staff/page.h"

static const struct {
	struct view none, none_fit, find, sort, newest, narrow, csv, up, down, pages, earlier, later, older, first,
		acts, range;
} words = {
	.none = N_("There is nothing here yet."),
	.none_fit = N_("Nothing here fits."),
	.find = N_("Text in it"),
	.sort = N_("Order"),
	.newest = N_("Newest first"),
	.narrow = N_("Show"),
	.csv = N_("As CSV"),
	.up = N_("%s, upwards"),
	.down = N_("%s, downwards"),
	.pages = N_("Pages"),
	.earlier = N_("Previous"),
	.later = N_("Next"),
	.older = N_("Older than these"),
	.first = N_("Back to the newest"),
	.acts = N_("What can be done"),
	.range = N_("%s to %s of %s"),
};

/* What is drawn of one call. */
struct drawing {
	struct call *c;
	struct html *h;
	const struct table *table;
	const struct staff_act *acts;
	struct table_view view;
	size_t from, to; /* rows of this page */
	int64_t now;
	bool has_acts;
};

static const char *const not_kept[] = {"sort", "page", "as", NULL};
static const char *const all_but_page[] = {"page", "as", NULL};
static const char *const all_but_form[] = {"as", NULL};
static const char *const all_but_window[] = {"page", "max_id", "as", NULL};

/* ---- what it is narrowed by ---- */

static void draw_order(struct drawing *d)
{
	struct view sort = arg_str(d->c, "sort");

	html_open(d->h, "p");
	html_elem(d->h, "label", page_say(d->c, words.sort), A("for", V("by-sort")));
	html_tag(d->h, "select", A("name", V("sort")), A("id", V("by-sort")));
	staff_option_draw(d->h, V(""), page_say(d->c, words.newest), !sort.len);
	for (const struct column *column = d->table->columns; column->name; column++) {
		struct view name = view_of(column->name), back = arena_printf(d->c->arena, "-%s", column->name);
		struct view said = page_say(d->c, column->words);

		staff_option_draw(d->h, name, PAGE_SAY_WITH(d->c, words.up, said), view_eq(sort, name));
		staff_option_draw(d->h, back, PAGE_SAY_WITH(d->c, words.down, said), view_eq(sort, back));
	}
	html_close(d->h, "select");
	html_close(d->h, "p");
}

static void draw_filters(struct drawing *d)
{
	struct call *c = d->c;
	struct html *h = d->h;

	html_tag(h, "form", A("action", c->x->path), A("class", V("sift")), A("role", V("search")));
	staff_filters_draw(c, h, c->row, d->table->filters);
	html_open(h, "p");
	html_elem(h, "label", page_say(c, words.find), A("for", V("by-q")));
	html_tag(h, "input", A("type", V("search")), A("name", V("q")), A("id", V("by-q")),
		 A("value", arg_str(c, "q")));
	html_close(h, "p");
	draw_order(d);
	if (arg_id(c, "max_id"))
		page_hidden(h, "max_id", arena_printf(c->arena, "%" PRId64, arg_id(c, "max_id")));
	html_open(h, "p");
	html_elem(h, "button", page_say(c, words.narrow), A("type", V("submit")));
	html_text(h, V(" "));
	html_elem(h, "a", page_say(c, words.csv), A("class", V("csv")),
		  A("href", arena_printf(c->arena, "%.*sas=csv", VIEW_ARG(table_query(c, all_but_form)))));
	html_close(h, "p");
	html_close(h, "form");
}

/* ---- heads and rows ---- */

/* A column that it is sorted by is turned round. */
static void draw_head(struct drawing *d, const struct column *column)
{
	bool chosen = d->view.sorted_by == column, down = chosen && d->view.descending;
	struct view query = table_query(d->c, not_kept);

	html_tag(d->h, "th", A("scope", V("col")), A("class", view_of(cell_class(column->kind))));
	if (chosen)
		html_attr(d->h, "aria-sort", down ? V("descending") : V("ascending"));
	html_tag(d->h, "a",
		 A("href", arena_printf(d->c->arena, "%.*ssort=%s%s", VIEW_ARG(query), chosen && !down ? "-" : "",
					column->name)));
	html_text(d->h, page_say(d->c, column->words));
	html_close(d->h, "a");
	html_close(d->h, "th");
}

static void draw_heads(struct drawing *d)
{
	html_open(d->h, "thead");
	html_open(d->h, "tr");
	for (const struct column *column = d->table->columns; column->name; column++)
		draw_head(d, column);
	if (d->has_acts) {
		html_tag(d->h, "th", A("scope", V("col")));
		html_elem(d->h, "span", page_say(d->c, words.acts), A("class", V("unseen")));
		html_close(d->h, "th");
	}
	html_close(d->h, "tr");
	html_close(d->h, "thead");
}

/* On a phone each cell says itself what its head would have. */
static void draw_row(struct drawing *d, const struct table_row *row)
{
	const struct table_rows *rows = &d->view.rows;

	html_open(d->h, "tr");
	for (size_t i = 0; i < rows->n_columns; i++) {
		html_tag(d->h, "td", A("class", view_of(cell_class(rows->columns[i].kind))),
			 A("data-head", page_say(d->c, rows->columns[i].words)));
		cell_draw(d->c, d->h, rows->columns[i].kind, &row->cells[i], d->now);
		html_close(d->h, "td");
	}
	if (d->has_acts) {
		html_tag(d->h, "td", A("class", V("acts-cell")));
		staff_buttons_draw(d->c, d->h, d->acts, row, row->cells[0].text);
		html_close(d->h, "td");
	}
	html_close(d->h, "tr");
}

static void draw_rows(struct drawing *d)
{
	html_tag(d->h, "div", A("class", V("sheet-box")));
	html_tag(d->h, "table", A("class", V("sheet")));
	draw_heads(d);
	html_open(d->h, "tbody");
	for (size_t i = d->from; i < d->to; i++)
		draw_row(d, &d->view.rows.v[i]);
	html_close(d->h, "tbody");
	html_close(d->h, "table");
	html_close(d->h, "div");
}

/* ---- the ways on ---- */

static void draw_way(struct drawing *d, struct view said, const char *rel, struct view query)
{
	html_tag(d->h, "a", A("href", query));
	if (rel)
		html_attr(d->h, "rel", view_of(rel));
	html_text(d->h, page_say(d->c, said));
	html_close(d->h, "a");
}

static struct view number(struct drawing *d, size_t n)
{
	return arena_printf(d->c->arena, "%zu", n);
}

static struct view page_query(struct drawing *d, int64_t page)
{
	return arena_printf(d->c->arena, "%.*spage=%" PRId64, VIEW_ARG(table_query(d->c, all_but_page)), page);
}

static struct view window_query(struct drawing *d, int64_t older)
{
	struct view query = table_query(d->c, all_but_window);

	return older ? arena_printf(d->c->arena, "%.*smax_id=%" PRId64, VIEW_ARG(query), older) : query;
}

static void draw_ways(struct drawing *d, int64_t page)
{
	size_t n = d->view.rows.n;

	html_elem(d->h, "p",
		  PAGE_SAY_WITH(d->c, words.range, number(d, n ? d->from + 1 : 0), number(d, d->to), number(d, n)),
		  A("class", V("hint range")));
	if (page == 1 && d->to == n && !d->view.older && !arg_id(d->c, "max_id"))
		return;
	html_tag(d->h, "nav", A("class", V("turns")), A("aria-label", page_say(d->c, words.pages)));
	if (page > 1)
		draw_way(d, words.earlier, "prev", page_query(d, page - 1));
	else if (arg_id(d->c, "max_id"))
		draw_way(d, words.first, "prev", window_query(d, 0));
	if (d->to < n)
		draw_way(d, words.later, "next", page_query(d, page + 1));
	else if (d->view.older)
		draw_way(d, words.older, "next", window_query(d, d->view.older));
	html_close(d->h, "nav");
}

/* ---- all of it ---- */

static bool may_act_in_rows(const struct call *c, const struct staff_act *acts)
{
	for (; acts && acts->row; acts++)
		if (acts->place == ACT_IN_ROWS && staff_may(c, acts->row))
			return true;
	return false;
}

/* By what can be chosen on the page; whose table it is (licensee_id) is no choice. */
static bool is_narrowed(struct call *c, const struct table *t)
{
	if (arg_str(c, "q").len || arg_given(c, "max_id"))
		return true;
	for (const struct staff_field *f = t->filters; f && f->name; f++)
		if (arg_given(c, f->name))
			return true;
	return false;
}

static struct view nothing(const struct drawing *d)
{
	if (is_narrowed(d->c, d->table))
		return words.none_fit;
	return d->table->none.len ? d->table->none : words.none;
}

enum err table_draw(struct call *c, struct html *h, const struct table *t, const struct staff_act *acts)
{
	struct drawing d = {.c = c, .h = h, .table = t, .acts = acts, .now = clock_now()};
	int64_t page = arg_int(c, "page");

	d.has_acts = may_act_in_rows(c, acts);
	TRY(table_load(c, t, TABLE_WINDOW, &d.view));
	size_t n = d.view.rows.n, pages = n ? (n + TABLE_PAGE - 1) / TABLE_PAGE : 1;
	if ((size_t)page > pages)
		page = (int64_t)pages;
	d.from = (size_t)(page - 1) * TABLE_PAGE;
	d.to = n - d.from < TABLE_PAGE ? n : d.from + TABLE_PAGE;
	draw_filters(&d);
	if (n)
		draw_rows(&d);
	else
		html_elem(h, "p", page_say(c, nothing(&d)), A("class", V("empty")));
	draw_ways(&d, page);
	return OK;
}
