/*
 * cell.c - see cell.h.
 */
#include "base/base.h"

#include "staff/cell.h"

#include "base/clock.h"
#include "meter/amount.h"
#include "meter/calendar.h"
#include "transfer/csv.h"
#include "web/figures.h"

static const struct view decimal_point = N_("."); /* of numbers: 1.5 */

const char *cell_class(enum cell_kind kind)
{
	switch (kind) {
	case CELL_NUMBER:
	case CELL_MONEY:
	case CELL_BYTES:
		return "number";
	case CELL_TIME:
	case CELL_DAY:
		return "time";
	case CELL_TEXT:
	case CELL_WORDS:
	case CELL_PICTURE:
		break;
	}
	return "text";
}

struct view cell_bytes(struct call *c, int64_t bytes)
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
	int64_t tenths = bytes * 10;
	size_t u = 0;

	while (tenths >= 10000 && u + 1 < ARRAY_LEN(units)) {
		tenths /= 1000;
		u++;
	}
	if (!u)
		return arena_printf(c->arena, "%" PRId64 " B", bytes);
	return arena_printf(c->arena, "%" PRId64 "%.*s%" PRId64 " %s", tenths / 10,
			    VIEW_ARG(page_say(c, decimal_point)), tenths % 10, units[u]);
}

struct view cell_money(struct call *c, int64_t micro)
{
	char text[AMOUNT_MAX];

	amount_said(page_tongue(c), micro, text);
	return arena_printf(c->arena, "%s %s", text, c->core->config.currency);
}

static struct view day_said(struct arena *a, int64_t day)
{
	char text[DAY_LEN + 1];

	day_text((int32_t)day, text);
	return arena_view(a, view_of(text));
}

static void draw_text(struct html *h, const struct cell *cell, struct view text)
{
	if (!text.len)
		return;
	if (cell->path.len)
		html_elem(h, "a", text, A("href", cell->path), A("dir", V("auto")));
	else
		html_elem(h, "bdi", text);
}

static void draw_picture(struct html *h, const struct cell *cell)
{
	html_tag(h, "img", A("src", cell->path), A("alt", V("")), A("class", V("emoji")), A("loading", V("lazy")));
	html_text(h, V(" "));
	html_elem(h, "span", cell->text);
}

void cell_draw(struct call *c, struct html *h, enum cell_kind kind, const struct cell *cell, int64_t now)
{
	switch (kind) {
	case CELL_TEXT:
		draw_text(h, cell, cell->text);
		break;
	case CELL_WORDS:
		draw_text(h, cell, page_say(c, cell->text));
		break;
	case CELL_NUMBER:
		draw_number(c, h, cell->n);
		break;
	case CELL_TIME:
		if (cell->n)
			draw_time(c, h, cell->n, now);
		break;
	case CELL_DAY:
		html_text(h, day_said(c->arena, cell->n));
		break;
	case CELL_MONEY:
		html_text(h, cell_money(c, cell->n));
		break;
	case CELL_BYTES:
		html_text(h, cell_bytes(c, cell->n));
		break;
	case CELL_PICTURE:
		draw_picture(h, cell);
		break;
	}
}

/* ---- CSV ---- */

static bool is_formula(struct view v)
{
	static const struct view begins[] = {V("="),  V("+"),  V("-"),	V("@"),	 V("\t"), V("\r"),
					     V("\n"), V("＝"), V("＋"), V("－"), V("＠")};

	for (size_t i = 0; i < ARRAY_LEN(begins); i++)
		if (view_starts(v, begins[i]))
			return true;
	return false;
}

void cell_csv(struct arena *a, enum cell_kind kind, const struct cell *cell, struct buf *out)
{
	char text[CLOCK_ISO_LEN + 1 > AMOUNT_MAX ? CLOCK_ISO_LEN + 1 : AMOUNT_MAX] = "";

	switch (kind) {
	case CELL_TEXT:
	case CELL_WORDS:
	case CELL_PICTURE:
		csv_add(out, is_formula(cell->text) ? arena_printf(a, "'%.*s", VIEW_ARG(cell->text)) : cell->text);
		return;
	case CELL_NUMBER:
	case CELL_BYTES:
		buf_add_i64(out, cell->n);
		return;
	case CELL_TIME:
		if (cell->n)
			clock_iso(cell->n, text);
		break;
	case CELL_DAY:
		day_text((int32_t)cell->n, text);
		break;
	case CELL_MONEY:
		amount_text(cell->n, text);
		break;
	}
	buf_add_str(out, text);
}
