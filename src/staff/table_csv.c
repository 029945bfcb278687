/*
 * table_csv.c - a table as a file (RFC 4180), sorted and filtered as on the page.
 */
#include "base/base.h"

#include "staff/table.h"

#include "staff/cell.h"

const char *const table_forms[] = {"page", "csv", NULL};

static const char *const not_kept[] = {"max_id", NULL};

bool table_wants_csv(struct call *c)
{
	return arg_choice(c, "as") == 1;
}

static void write_heads(struct call *c, const struct table_rows *rows)
{
	for (size_t i = 0; i < rows->n_columns; i++) {
		if (i)
			buf_add_c(&c->out, ',');
		buf_add_str(&c->out, rows->columns[i].name);
	}
	buf_add_str(&c->out, "\r\n");
}

static void write_row(struct call *c, const struct table_rows *rows, const struct table_row *row)
{
	for (size_t i = 0; i < rows->n_columns; i++) {
		if (i)
			buf_add_c(&c->out, ',');
		cell_csv(c->arena, rows->columns[i].kind, &row->cells[i], &c->out);
	}
	buf_add_str(&c->out, "\r\n");
}

enum err table_csv(struct call *c, const struct table *t, struct view name)
{
	struct table_view view;

	TRY(table_load(c, t, TABLE_CSV_ROWS, &view));
	call_header(c, "Content-Type", V("text/csv; charset=utf-8"));
	call_header(c, "Content-Disposition",
		    arena_printf(c->arena, "attachment; filename=\"%.*s.csv\"", VIEW_ARG(name)));
	if (view.older)
		call_header(c, "Link",
			    arena_printf(c->arena, "<%s%.*s%.*smax_id=%" PRId64 ">; rel=\"next\"",
					 c->core->config.base_url, VIEW_ARG(c->x->path),
					 VIEW_ARG(table_query(c, not_kept)), view.older));
	write_heads(c, &view.rows);
	for (size_t i = 0; i < view.rows.n; i++)
		write_row(c, &view.rows, &view.rows.v[i]);
	return buf_err(&c->out);
}
