/*
 * usage.c - /admin/usage: what licensees took lately, each with a link to what it took by day, app and plan; and the charts of it.
 */
#include "base/base.h"

#include "staff/usage.h"

#include "base/clock.h"
#include "core/roles.h"
#include "meter/calendar.h"
#include "meter/licensee_store.h"
#include "meter/usage.h"
#include "staff/cell.h"
#include "staff/chart.h"
#include "staff/facts.h"
#include "staff/pages.h"
#include "staff/staff.h"

#define DAYS 30

static const struct {
	struct view posts, cost;
} words = {
	.posts = N_("Posts charged, 30 days"),
	.cost = N_("What they cost"),
};

/* Sums of each of the last days, the oldest first. */
struct days {
	int64_t posts[DAYS], cost[DAYS];
	struct view labels[DAYS];
};

static enum err load_days(struct call *c, int64_t licensee, struct days *ret)
{
	int32_t first = day_of(clock_now()) - (DAYS - 1);
	struct usage_row *rows;
	size_t n;

	TRY(usage_load(c->db, c->arena, licensee, first, &rows, &n));
	for (size_t i = 0; i < n; i++) {
		int32_t at = rows[i].day - first;

		if (at < 0 || at >= DAYS)
			continue;
		ret->posts[at] += rows[i].posts_included + rows[i].posts_extra;
		ret->cost[at] += rows[i].cost_micro;
	}
	for (int32_t i = 0; i < DAYS; i++) {
		char day[DAY_LEN + 1];

		day_text(first + i, day);
		ret->labels[i] = arena_view(c->arena, view_of(day));
	}
	return OK;
}

enum err usage_charts_draw(struct call *c, struct html *h, int64_t licensee)
{
	struct days *days = ARENA_NEW(c->arena, struct days);

	TRY(load_days(c, licensee, days));
	html_tag(h, "div", A("class", V("cards")));
	chart_draw(c, h,
		   &(struct chart){.title = words.posts,
				   .kind = CELL_NUMBER,
				   .values = days->posts,
				   .labels = days->labels,
				   .n = DAYS});
	chart_draw(c, h,
		   &(struct chart){.title = words.cost,
				   .kind = CELL_MONEY,
				   .values = days->cost,
				   .labels = days->labels,
				   .n = DAYS});
	html_close(h, "div");
	return OK;
}

/* ---- all of them ---- */

static const struct column columns[] = {
	{"licensee", N_("Licensee"), CELL_TEXT},
	{"plan", N_("Plan"), CELL_TEXT},
	{"posts", N_("Posts charged, 30 days"), CELL_NUMBER},
	{"cost", N_("What they cost"), CELL_MONEY},
	{0},
};

static enum err load(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct licensee *list = ARENA_ARRAY(c->arena, page->limit, struct licensee);
	size_t n = 0;

	TRY(licensees_load(c->db, c->arena, page->max_id, page->limit, list, &n));
	for (size_t i = 0; i < n; i++) {
		struct cell *cells = table_add(rows, list[i].id)->cells;

		cells[0] =
			(struct cell){.text = list[i].name,
				      .path = arena_printf(c->arena, "/admin/licensees/%" PRId64 "/usage", list[i].id)};
		cells[1] = TEXT_CELL(arena_view(c->arena, view_of(list[i].plan.name)));
		TRY(usage_sum(c->db, list[i].id, day_of(clock_now()) - (DAYS - 1), &cells[2].n, &cells[3].n));
	}
	return OK;
}

/* ---- one of them ---- */

static const struct column usage_columns[] = {
	{"day", N_("Day"), CELL_DAY},
	{"app", N_("App"), CELL_NUMBER},
	{"plan", N_("Plan"), CELL_TEXT},
	{"posts_included", N_("Posts within the plan"), CELL_NUMBER},
	{"posts_extra", N_("Posts beyond it"), CELL_NUMBER},
	{"posts_repeated", N_("Posts read again"), CELL_NUMBER},
	{"users", N_("Accounts"), CELL_NUMBER},
	{"answers_broken", N_("Answers broken off"), CELL_NUMBER},
	{"cost", N_("What it cost"), CELL_MONEY},
	{0},
};

static enum err load_usage(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct usage_row *list;
	size_t n;

	TRY(usage_load(c->db, c->arena, arg_id(c, "id"), day_of(clock_now()) - USAGE_DAYS_MAX, &list, &n));
	for (size_t i = 0; i < n && i < page->limit; i++) {
		struct cell *cells = table_add(rows, (int64_t)i + 1)->cells;

		cells[0] = NUMBER_CELL(list[i].day);
		cells[1] = NUMBER_CELL(list[i].app);
		cells[2] = TEXT_CELL(
			arena_printf(c->arena, "%.*s, %" PRId64, VIEW_ARG(list[i].plan), list[i].plan_version));
		cells[3] = NUMBER_CELL(list[i].posts_included);
		cells[4] = NUMBER_CELL(list[i].posts_extra);
		cells[5] = NUMBER_CELL(list[i].posts_repeated);
		cells[6] = NUMBER_CELL(list[i].users_extra);
		cells[7] = NUMBER_CELL(list[i].answers_broken);
		cells[8] = NUMBER_CELL(list[i].cost_micro);
	}
	return OK;
}

static enum err draw_usage(struct call *c, struct html *h)
{
	struct licensee l;

	TRY(licensee_load(c->db, c->arena, arg_id(c, "id"), &l));
	html_tag(h, "p", A("class", V("lead")));
	html_elem(h, "a", l.name, A("href", arena_printf(c->arena, "/admin/licensees/%" PRId64, l.id)),
		  A("dir", V("auto")));
	html_close(h, "p");
	return usage_charts_draw(c, h, l.id);
}

#define MAY PERMISSION_MANAGE_DATA

enum { SHOW_ALL, SHOW };

const struct endpoint staff_usage[] = {
	[SHOW_ALL] = {STAFF_GET("/admin/usage", MAY), .params = PARAMS(TABLE_PARAMS), .doc = "What licensees took lately."},
	[SHOW] = {STAFF_GET("/admin/licensees/:id/usage", MAY), .params = PARAMS(STAFF_ID("The licensee."), TABLE_PARAMS),
		  .doc = "What a licensee took, by day, app and plan."},
	ENDPOINTS_END,
};

static const struct table all = {.columns = columns, .load = load};
static const struct table usage = {.columns = usage_columns, .load = load_usage, .whole = true};

const struct staff_page page_usage = {
	.row = &staff_usage[SHOW_ALL],
	.title = N_("Usage"),
	.lead = N_("The last 30 days, up to about a second ago. Each has a page with what it took by day."),
	.section = SECTION_DATA,
	.table = &all};
const struct staff_page page_usage_of = {.row = &staff_usage[SHOW],
					 .title = N_("Usage"),
					 .lead = N_("The last 90 days, up to about a second ago."),
					 .section = SECTION_DATA,
					 .of = &page_usage,
					 .table = &usage,
					 .draw = draw_usage};
