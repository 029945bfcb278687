/*
 * record.c - /admin/record: everything moderators have done.
 */
#include "base/base.h"

#include "core/roles.h"
#include "moderation/audit.h"
#include "staff/facts.h"
#include "staff/pages.h"
#include "staff/staff.h"

static const struct view command_line = N_("the command line");

/* Actions and kinds are words of the record, the same in every language. */
static const struct column columns[] = {
	{"at", N_("When"), CELL_TIME},	   {"by", N_("Who"), CELL_TEXT},	 {"action", N_("What"), CELL_TEXT},
	{"kind", N_("To what"), CELL_TEXT}, {"label", N_("Which"), CELL_TEXT}, {0},
};

static struct view path_of(struct call *c, const struct audit_entry *e)
{
	if (view_is(e->kind, "account") && role_may(c->auth.role, PERMISSION_MANAGE_USERS))
		return arena_printf(c->arena, "/admin/accounts/%" PRId64, e->target);
	if (view_is(e->kind, "report") && role_may(c->auth.role, PERMISSION_MANAGE_REPORTS))
		return arena_printf(c->arena, "/admin/reports/%" PRId64, e->target);
	return V("");
}

static enum err load(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct audit_entry *list = ARENA_ARRAY(c->arena, page->limit, struct audit_entry);
	size_t n = 0;

	TRY(audit_page(c->db, c->arena, page, list, &n));
	for (size_t i = 0; i < n; i++) {
		struct cell *cells = table_add(rows, list[i].id)->cells;

		cells[0] = NUMBER_CELL(id_time(list[i].id));
		cells[1] = list[i].by.v ? account_cell(c, list[i].by) : TEXT_CELL(page_say(c, command_line));
		cells[2] = TEXT_CELL(list[i].action);
		cells[3] = TEXT_CELL(list[i].kind);
		cells[4] = (struct cell){.text = list[i].label, .path = path_of(c, &list[i])};
	}
	return OK;
}

static const struct table record = {.columns = columns, .load = load};

const struct endpoint staff_record[] = {
	{STAFF_GET("/admin/record", PERMISSION_VIEW_AUDIT_LOG), .params = PARAMS(TABLE_PARAMS),
	 .doc = "Everything moderators and operators have done."},
	ENDPOINTS_END,
};

const struct staff_page page_record = {.row = &staff_record[0],
				       .title = N_("Record"),
				       .lead = N_("Everything that moderators and operators have done."),
				       .section = SECTION_OVERVIEW,
				       .table = &record};
