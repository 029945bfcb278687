/*
 * appeals.c - /admin/appeals: who says that what was done to them is wrong.
 */
#include "base/base.h"

#include "core/roles.h"
#include "moderation/people.h"
#include "moderation/warnings.h"
#include "staff/facts.h"
#include "staff/pages.h"
#include "staff/staff.h"

static const struct column columns[] = {
	{"account", N_("Who"), CELL_TEXT},   {"action", N_("What was done"), CELL_TEXT},
	{"warning", N_("Words to them"), CELL_TEXT}, {"appeal", N_("Their answer"), CELL_TEXT},
	{"at", N_("When"), CELL_TIME},	     {0},
};

enum { SHOW, GRANT, REFUSE };

static enum err load(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct appeal *list = ARENA_ARRAY(c->arena, page->limit, struct appeal);
	size_t n = 0;

	TRY(appeals_page(c->db, c->arena, page, list, &n));
	for (size_t i = 0; i < n; i++) {
		struct table_row *row = table_add(rows, list[i].warning.id);
		struct warning warning;

		TRY(warning_load(c->db, c->arena, row->id, &warning));
		row->acts = ~0u;
		row->cells[0] = account_cell(c, list[i].account);
		row->cells[1] = TEXT_CELL(view_of(action_names[warning.action]));
		row->cells[2] = TEXT_CELL(warning.text);
		row->cells[3] = TEXT_CELL(list[i].text);
		row->cells[4] = NUMBER_CELL(list[i].created_at);
	}
	return OK;
}

/* About those below oneself only, as with the action. */
static enum err decide(struct call *c, bool granted)
{
	struct warning warning;
	struct person person;

	TRY(warning_load(c->db, c->arena, arg_id(c, "id"), &warning));
	enum err err = person_load_below(c->db, c->arena, &c->auth, warning.account, &person);
	if (err == ERR_FORBIDDEN)
		return call_fail(c, err, "This action is not allowed");
	TRY(err);
	err = appeal_decide(c->core, c->auth.account, warning.id, granted);
	return err == ERR_FORBIDDEN ? call_fail(c, ERR_UNPROCESSABLE, "It is decided already") : err;
}

static enum err grant(struct call *c) { return decide(c, true); }
static enum err refuse(struct call *c) { return decide(c, false); }

#define DECIDE(verb, words)                                                                                            \
	STAFF_POST("/admin/appeals/:id/" verb, PERMISSION_MANAGE_APPEALS),                                             \
		.params = PARAMS(STAFF_ID("The warning."), STAFF_BACK), .doc = words

const struct endpoint staff_appeals[] = {
	[SHOW] = {STAFF_GET("/admin/appeals", PERMISSION_MANAGE_APPEALS), .params = PARAMS(TABLE_PARAMS),
		  .doc = "Appeals that wait."},
	[GRANT] = {DECIDE("grant", "Grants an appeal: what was done is undone.")},
	[REFUSE] = {DECIDE("refuse", "Refuses an appeal.")},
	ENDPOINTS_END,
};

static const struct table appeals = {.columns = columns, .load = load, .none = N_("No appeal waits.")};

static const struct staff_act acts[] = {
	{.row = &staff_appeals[GRANT], .run = grant, .words = N_("Grant")},
	{.row = &staff_appeals[REFUSE], .run = refuse, .words = N_("Refuse")},
	{0},
};

const struct staff_page page_appeals = {
	.row = &staff_appeals[SHOW],
	.title = N_("Appeals"),
	.lead = N_("Who says that what was done to them is wrong. Granted, it is undone."),
	.section = SECTION_PEOPLE,
	.table = &appeals,
	.acts = acts,
};
