/*
 * table_load.c - the rows of a table: loaded in batches, searched, sorted.
 */
#include "base/base.h"

#include "staff/table.h"

#include "base/limits.h"
#include "gate/form.h"
#include "text/utf8.h"

#define BATCH 500

struct table_row *table_add(struct table_rows *rows, int64_t id)
{
	if (rows->n == rows->max)
		return NULL;
	struct table_row *row = &rows->v[rows->n];

	*row = (struct table_row){
		.id = id, .place = rows->n++, .cells = ARENA_ARRAY(rows->arena, rows->n_columns, struct cell)};
	return row;
}

static size_t count_columns(const struct column *columns)
{
	size_t n = 0;

	while (columns[n].name)
		n++;
	return n;
}

static enum err load_batches(struct call *c, const struct table *t, struct table_view *view)
{
	struct table_rows *rows = &view->rows;
	struct page page = {.max_id = arg_id(c, "max_id")};

	for (;;) {
		size_t before = rows->n;

		page.limit = rows->max - before < BATCH ? rows->max - before : BATCH;
		TRY(t->load(c, &page, rows));
		if (rows->n - before < page.limit)
			return OK;
		page.max_id = rows->v[rows->n - 1].id;
		if (rows->n == rows->max)
			break;
	}
	view->older = page.max_id;
	return OK;
}

/* ---- searching ---- */

static bool has(struct view text, struct view wanted)
{
	for (size_t i = 0; i + wanted.len <= text.len; i++)
		if (view_eq_nocase(view_sub(text, i, wanted.len), wanted))
			return true;
	return false;
}

/* Words are found as the reader sees them. */
static bool row_has(struct call *c, const struct table_rows *rows, const struct table_row *row, struct view wanted)
{
	for (size_t i = 0; i < rows->n_columns; i++) {
		const struct cell *cell = &row->cells[i];

		if (has(rows->columns[i].kind == CELL_WORDS ? page_say(c, cell->text) : cell->text, wanted))
			return true;
	}
	return false;
}

static void search(struct call *c, struct table_rows *rows)
{
	struct view wanted = view_trim(arg_str(c, "q"));
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++)
		if (!wanted.len || row_has(c, rows, &rows->v[i], wanted))
			rows->v[n++] = rows->v[i];
	rows->n = n;
}

/* ---- sorting ---- */

struct order {
	size_t column;
	bool text, descending;
};

static int compare_text(struct view a, struct view b)
{
	size_t n = a.len < b.len ? a.len : b.len;

	for (size_t i = 0; i < n; i++) {
		int d = (unsigned char)ascii_lower(a.p[i]) - (unsigned char)ascii_lower(b.p[i]);

		if (d)
			return d;
	}
	return (a.len > b.len) - (a.len < b.len);
}

/* Equal ones stay as they were loaded: the newest first. */
static int compare(const void *a, const void *b, void *arg)
{
	const struct table_row *x = a, *y = b;
	const struct order *o = arg;
	const struct cell *p = &x->cells[o->column], *q = &y->cells[o->column];
	int d = o->text ? compare_text(p->text, q->text) : (p->n > q->n) - (p->n < q->n);

	if (!d)
		return (x->place > y->place) - (x->place < y->place);
	return o->descending ? -d : d;
}

static bool is_text(enum cell_kind kind)
{
	return kind == CELL_TEXT || kind == CELL_WORDS || kind == CELL_PICTURE;
}

static void sort(struct call *c, struct table_view *view)
{
	struct view name = arg_str(c, "sort");
	struct table_rows *rows = &view->rows;
	bool descending = view_starts(name, V("-"));

	name = view_sub(name, descending, name.len);
	for (size_t i = 0; i < rows->n_columns; i++) {
		const struct column *column = &rows->columns[i];

		if (!view_is(name, column->name))
			continue;
		view->sorted_by = column;
		view->descending = descending;
		qsort_r(rows->v, rows->n, sizeof(*rows->v), compare,
			&(struct order){i, is_text(column->kind), descending});
	}
}

enum err table_load(struct call *c, const struct table *t, size_t max, struct table_view *ret)
{
	size_t room = t->whole ? TABLE_WHOLE : max;

	*ret = (struct table_view){.rows = {.arena = c->arena,
					    .columns = t->columns,
					    .n_columns = count_columns(t->columns),
					    .max = room,
					    .v = ARENA_ARRAY(c->arena, room, struct table_row)}};
	if (t->whole)
		TRY(t->load(c, &(struct page){.limit = room}, &ret->rows));
	else
		TRY(load_batches(c, t, ret));
	search(c, &ret->rows);
	sort(c, ret);
	return OK;
}

/* ---- addresses ---- */

static bool is_one_of(struct view name, const char *const *names)
{
	for (; *names; names++)
		if (view_is(name, *names))
			return true;
	return false;
}

struct view table_query(struct call *c, const char *const *but)
{
	struct buf CLEANUP(buf_release) out = {.max = 2 * LIMIT_HEADER_BYTES};
	struct view rest = c->x->query, name, value;

	buf_add_c(&out, '?');
	while (form_next(&rest, &name, &value)) {
		if (!value.len || is_one_of(name, but))
			continue;
		buf_add(&out, name);
		buf_add_c(&out, '=');
		buf_add(&out, value);
		buf_add_c(&out, '&');
	}
	return out.over ? V("?") : arena_view(c->arena, buf_view(&out));
}
