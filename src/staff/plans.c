/*
 * plans.c - /admin/plans: what licensees pay, and for how much of what.
 */
#include "base/base.h"

#include "core/roles.h"
#include "meter/plan_fields.h"
#include "meter/plan_store.h"
#include "staff/facts.h"
#include "staff/pages.h"
#include "staff/staff.h"

#define CHANGES_MAX (16 * LIMIT_KIB)

enum { SHOW_ALL, SHOW, MAKE, CHANGE };

static const struct column columns[] = {
	{"name", N_("Plan"), CELL_TEXT},	   {"version", N_("Version"), CELL_NUMBER},
	{"month", N_("A month"), CELL_MONEY},	   {"included", N_("Posts within the plan"), CELL_NUMBER},
	{"post", N_("Each post beyond it"), CELL_MONEY}, {"user", N_("Each account"), CELL_MONEY},
	{"prepaid", N_("Paid before"), CELL_WORDS}, {"approval", N_("By approval"), CELL_WORDS},
	{0},
};

static enum err load(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct plan *list;
	size_t n;

	(void)page;
	TRY(plans_load(c->db, c->arena, &list, &n));
	for (size_t i = 0; i < n; i++) {
		struct cell *cells = table_add(rows, list[i].id)->cells;
		struct view name = view_of(list[i].name);

		cells[0] = (struct cell){.text = name, .path = arena_printf(c->arena, "/admin/plans/%s", list[i].name)};
		cells[1] = NUMBER_CELL(list[i].version);
		cells[2] = NUMBER_CELL(list[i].month_micro);
		cells[3] = NUMBER_CELL(list[i].included);
		cells[4] = NUMBER_CELL(list[i].post_micro);
		cells[5] = NUMBER_CELL(list[i].user_micro);
		cells[6] = flag_cell(list[i].prepaid);
		cells[7] = flag_cell(list[i].approval);
	}
	return OK;
}

/* Every member is told, by the name it has in docs/plans.md and on the command line. */
static void draw_members(struct call *c, struct html *h, const struct plan *p)
{
	facts_begin(h);
	for (const struct plan_field *f = plan_fields; f->name; f++) {
		html_open(h, "div");
		html_tag(h, "dt", A("translate", V("no")));
		html_elem(h, "code", view_of(f->in_units ? f->in_units : f->name));
		html_close(h, "dt");
		html_open(h, "dd");
		html_elem(h, "strong", plan_field_show(p, f, c->arena));
		html_elem(h, "p", view_of(f->doc), A("class", V("hint")), A("lang", V("en")));
		html_close(h, "dd");
		html_close(h, "div");
	}
	facts_end(h);
}

/* A line for each change, as on the command line: "month=100". */
static enum err assign(struct call *c, struct plan *p)
{
	struct view rest = arg_str(c, "changes"), line;

	while (view_split(&rest, '\n', &line)) {
		line = view_trim(line);
		if (line.len)
			TRY(plan_assign(p, line, &c->problem));
	}
	return OK;
}

static enum err change(struct call *c)
{
	struct plan p;

	TRY(plan_begin(c->db, arg_str(c, "name"), &p, &c->problem));
	TRY(assign(c, &p));
	return plan_save(c->core, c->auth.account, &p, &p, &c->problem);
}

static const struct staff_field change_fields[] = {
	{.name = "changes",
	 .words = N_("Changes"),
	 .hint = N_("One a line, with the names below: month=100, uses=search,research, exports=true. It becomes the next version, which its licensees have from now on."),
	 .look = FIELD_AREA},
	{0},
};
static const struct staff_field make_fields[] = {
	{.name = "name", .words = N_("Name"), .hint = N_("Letters a-z, digits and -. The name of a plan there is makes its next version.")},
	{.name = "changes",
	 .words = N_("Its terms"),
	 .hint = N_("One a line: month=100, included=10000. What is not named is as in the plan there is, or the least there is."),
	 .look = FIELD_AREA},
	{0},
};

#define MAY PERMISSION_MANAGE_DATA
#define NAME {.name = "name", .required = true, .max = 64, .doc = "Name of the plan."}
#define CHANGES {.name = "changes", .max = CHANGES_MAX, .doc = "Lines such as month=100."}

const struct endpoint staff_plans[] = {
	[SHOW_ALL] = {STAFF_GET("/admin/plans", MAY), .params = PARAMS(TABLE_PARAMS), .doc = "The newest version of each plan."},
	[SHOW] = {STAFF_GET("/admin/plans/:name", MAY), .params = PARAMS(NAME), .doc = "A plan with all its terms."},
	[MAKE] = {STAFF_POST("/admin/plans", MAY), .params = PARAMS(NAME, CHANGES, STAFF_BACK), .doc = "Makes a plan."},
	[CHANGE] = {STAFF_POST("/admin/plans/:name", MAY), .params = PARAMS(NAME, CHANGES, STAFF_BACK),
		    .doc = "Makes a plan's next version."},
	ENDPOINTS_END,
};

static const struct staff_act acts[] = {
	{.row = &staff_plans[CHANGE],
	 .run = change,
	 .words = N_("Save"),
	 .title = N_("Change the plan"),
	 .place = ACT_DRAWN,
	 .fields = change_fields},
	{0},
};
static const struct staff_act make_acts[] = {
	{.row = &staff_plans[MAKE],
	 .run = change,
	 .words = N_("Save"),
	 .title = N_("A new plan"),
	 .place = ACT_BELOW,
	 .fields = make_fields},
	{0},
};

static enum err draw(struct call *c, struct html *h)
{
	struct plan p;

	TRY(plan_find(c->db, arg_str(c, "name"), &p, &c->problem));
	html_elem(h, "p", arena_printf(c->arena, "%s, %d", p.name, p.version), A("class", V("lead")));
	staff_act_draw(c, h, &acts[0], &(struct table_row){.key = arg_str(c, "name")}, V(""), NULL);
	draw_members(c, h, &p);
	return OK;
}

static const struct table plans = {.columns = columns, .load = load, .whole = true};

const struct staff_page page_plans = {.row = &staff_plans[SHOW_ALL],
				      .title = N_("Plans"),
				      .section = SECTION_DATA,
				      .table = &plans,
				      .acts = make_acts};
const struct staff_page page_plan = {.row = &staff_plans[SHOW],
				     .title = N_("Plan"),
				     .section = SECTION_DATA,
				     .of = &page_plans,
				     .draw = draw,
				     .acts = acts};
