/*
 * reports.c - /admin/reports and /admin/reports/:id: what people tell the moderators of others.
 */
#include "base/base.h"

#include "core/post.h"
#include "core/posts.h"
#include "core/roles.h"
#include "core/rules.h"
#include "moderation/people.h"
#include "moderation/reports.h"
#include "staff/cell.h"
#include "staff/facts.h"
#include "staff/pages.h"
#include "staff/people.h"
#include "staff/staff.h"
#include "web/account_view.h"
#include "web/figures.h"
#include "web/post_view.h"

static const struct {
	struct view posts, no_posts, gone, about, by, category, comment, rules, assigned, settled, by_line, at,
		name_rules;
} words = {
	.posts = N_("What was reported"),
	.no_posts = N_("No posts: the account as a whole."),
	.gone = N_("A post that is deleted."),
	.about = N_("About"),
	.by = N_("Reported by"),
	.category = N_("Kind"),
	.comment = N_("Words"),
	.rules = N_("Rules it breaks"),
	.assigned = N_("Worked on by"),
	.settled = N_("Settled"),
	.at = N_("When"),
	.name_rules = N_("Change which rules it breaks"),
};

static const char *const states[] = {"open", "resolved", "all", NULL};
static const struct view state_words[] = {N_("Open"), N_("Settled"), N_("Open and settled")};
static const struct view category_words[REPORT_CATEGORIES] = {
	[REPORT_OTHER] = N_("Something else"),
	[REPORT_SPAM] = N_("Spam"),
	[REPORT_LEGAL] = N_("Against the law"),
	[REPORT_VIOLATION] = N_("Against the rules"),
};

/* ---- all of them ---- */

static const struct column columns[] = {
	{"about", N_("About"), CELL_TEXT},	   {"category", N_("Kind"), CELL_WORDS},
	{"comment", N_("Words"), CELL_TEXT},	   {"by", N_("Reported by"), CELL_TEXT},
	{"assigned_to", N_("Worked on by"), CELL_TEXT}, {"state", N_("State"), CELL_WORDS},
	{"at", N_("When"), CELL_TIME},		   {0},
};

static void fill(struct call *c, const struct report *r, struct table_rows *rows)
{
	struct cell *cells = table_add(rows, r->id)->cells;
	struct cell about = account_cell(c, r->target);

	about.path = arena_printf(c->arena, "/admin/reports/%" PRId64, r->id);
	cells[0] = about;
	cells[1] = TEXT_CELL(category_words[r->category]);
	cells[2] = TEXT_CELL(r->comment);
	cells[3] = account_cell(c, r->by);
	cells[4] = account_cell(c, r->assigned_to);
	cells[5] = TEXT_CELL(state_words[r->resolved_at != 0]);
	cells[6] = NUMBER_CELL(r->created_at);
}

static enum err load_some(struct call *c, bool resolved, const struct page *page, struct report *ret, size_t *ret_n)
{
	const struct report_filter f = {resolved, {arg_id(c, "account_id")}, {arg_id(c, "target_account_id")}};

	return reports_page(c->db, c->arena, &f, page, ret, ret_n);
}

/* Open and settled ones are two lists, each the newest first; together they are as one. */
static enum err load(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct report *lists[2];
	size_t n[2] = {0}, at[2] = {0}, state = arg_choice(c, "state");

	for (size_t i = 0; i < 2; i++) {
		lists[i] = ARENA_ARRAY(c->arena, page->limit, struct report);
		if (state == i || state == 2)
			TRY(load_some(c, i == 1, page, lists[i], &n[i]));
	}
	for (size_t taken = 0; taken < page->limit && (at[0] < n[0] || at[1] < n[1]); taken++) {
		bool second = at[0] == n[0] || (at[1] < n[1] && lists[1][at[1]].id > lists[0][at[0]].id);

		fill(c, &lists[second][at[second]++], rows);
	}
	return OK;
}

static const struct staff_field filters[] = {
	{.name = "state", .words = N_("State"), .choices = state_words, .look = FIELD_FIRST},
	{0},
};

static const struct table reports = {
	.columns = columns,
	.filters = filters,
	.load = load,
	.none = N_("There is no report that waits."),
};

/* ---- one of them ---- */

static bool names_rule(struct call *c, const struct report *r, int64_t rule)
{
	struct view id = arena_printf(c->arena, "\"%" PRId64 "\"", rule);

	return memmem(r->rules.p, r->rules.len, id.p, id.len);
}

static enum err rules_said(struct call *c, const struct report *r, struct view *ret)
{
	struct rule rules[LIMIT_RULES];
	struct buf CLEANUP(buf_release) out = {.max = LIMIT_REPLY};
	size_t n = 0;

	TRY(rules_load(c->db, c->arena, rules, &n));
	for (size_t i = 0; i < n; i++) {
		if (!names_rule(c, r, rules[i].id))
			continue;
		buf_add_str(&out, out.len ? "\n" : "");
		buf_add(&out, rules[i].text);
	}
	*ret = arena_view(c->arena, buf_view(&out));
	return OK;
}

static enum err draw_facts(struct call *c, struct html *h, const struct report *r)
{
	const struct cell about = account_cell(c, r->target), by = account_cell(c, r->by),
			  assigned = account_cell(c, r->assigned_to);
	struct view broken;

	TRY(rules_said(c, r, &broken));
	facts_begin(h);
	fact_draw(c, h, words.about, CELL_TEXT, &about);
	fact_draw(c, h, words.by, CELL_TEXT, &by);
	fact_draw(c, h, words.category, CELL_WORDS, &TEXT_CELL(category_words[r->category]));
	fact_draw(c, h, words.comment, CELL_TEXT, &TEXT_CELL(r->comment));
	fact_draw(c, h, words.rules, CELL_TEXT, &TEXT_CELL(broken));
	fact_draw(c, h, words.assigned, CELL_TEXT, &assigned);
	fact_draw(c, h, words.at, CELL_TIME, &NUMBER_CELL(r->created_at));
	fact_draw(c, h, words.settled, CELL_TIME, &NUMBER_CELL(r->resolved_at));
	facts_end(h);
	return OK;
}

/* It stands there to be judged, though its author be suspended and whomever it was meant for. */
static enum err draw_reported(struct call *c, struct html *h, struct post_id id)
{
	struct account author;
	struct post post;
	enum err err = post_load(c->core, c->db, c->arena, id, &post);

	if (err == OK)
		err = account_load(c->db, c->arena, post.meta.author, &author);
	if (err == ERR_NOT_FOUND) {
		html_elem(h, "p", page_say(c, words.gone), A("class", V("over-feed hint")));
		return OK;
	}
	TRY(err);
	html_tag(h, "article", A("class", V("post")));
	html_tag(h, "div", A("class", V("who")));
	draw_account_line(c, h, &author);
	html_tag(h, "span", A("class", V("when")));
	draw_time_full(c, h, post.created_at);
	html_close(h, "span");
	html_close(h, "div");
	if (post.spoiler.len)
		html_elem(h, "p", post.spoiler, A("class", V("notice")), A("dir", V("auto")));
	html_tag(h, "div", A("class", V("text")), A("dir", V("auto")));
	html_safe(h, html_trust_stored(post.html));
	html_close(h, "div");
	draw_media(c, h, &post, V(""));
	html_close(h, "article");
	return OK;
}

static enum err draw_posts(struct call *c, struct html *h, const struct report *r)
{
	struct post_id *ids;
	size_t n;

	TRY(report_posts(c->db, c->arena, r->id, &ids, &n));
	html_elem(h, "h2", page_say(c, words.posts));
	if (!n)
		html_elem(h, "p", page_say(c, words.no_posts), A("class", V("hint")));
	html_tag(h, "div", A("class", V("feed")));
	for (size_t i = 0; i < n; i++)
		TRY(draw_reported(c, h, ids[i]));
	html_close(h, "div");
	return OK;
}

enum { SHOW_ALL, SHOW, ASSIGN, UNASSIGN, RESOLVE, REOPEN, UPDATE, NAME_RULES };
enum { ACT_ASSIGN, ACT_UNASSIGN, ACT_RESOLVE, ACT_REOPEN, ACT_UPDATE, ACT_RULES };

static enum err act(struct call *c, enum report_deed deed)
{
	return report_do(c->core, c->auth.account, arg_id(c, "id"), deed);
}

static enum err assign(struct call *c) { return act(c, REPORT_ASSIGN); }
static enum err unassign(struct call *c) { return act(c, REPORT_UNASSIGN); }
static enum err resolve(struct call *c) { return act(c, REPORT_RESOLVE); }
static enum err reopen(struct call *c) { return act(c, REPORT_REOPEN); }

static enum err update(struct call *c)
{
	return report_update(c->core, c->auth.account, arg_id(c, "id"), (int)arg_choice(c, "category"), NULL);
}

/* Where there are rules that are broken, it is of that kind. */
static enum err name_rules(struct call *c)
{
	const int64_t *ids;
	size_t n = arg_ids(c, "rules[]", &ids);
	struct view rules;

	TRY(report_rules(c->db, c->arena, ids, n, &rules, &c->problem));
	return report_update(c->core, c->auth.account, arg_id(c, "id"), n ? REPORT_VIOLATION : -1, &rules);
}

static const struct staff_field category_field[] = {
	{.name = "category", .words = N_("Kind"), .choices = category_words},
	{0},
};

static const struct staff_act acts[] = {
	[ACT_ASSIGN] = {.row = &staff_reports[ASSIGN], .run = assign, .words = N_("Take it up")},
	[ACT_UNASSIGN] = {.row = &staff_reports[UNASSIGN], .run = unassign, .words = N_("Leave it to others")},
	[ACT_RESOLVE] = {.row = &staff_reports[RESOLVE], .run = resolve, .words = N_("It is settled")},
	[ACT_REOPEN] = {.row = &staff_reports[REOPEN], .run = reopen, .words = N_("Open it again")},
	[ACT_UPDATE] = {.row = &staff_reports[UPDATE],
			.run = update,
			.words = N_("Save"),
			.title = N_("Change of which kind it is"),
			.place = ACT_DRAWN,
			.fields = category_field},
	[ACT_RULES] = {.row = &staff_reports[NAME_RULES], .run = name_rules, .words = N_("Save"), .place = ACT_DRAWN},
	{0},
};

/* What is done to whom it is about settles the report. */
static void draw_deeds(struct call *c, struct html *h, const struct report *r)
{
	const struct view values[] = {V(""), V(""), V(""), arena_printf(c->arena, "%" PRId64, r->id)};
	struct person person;

	if (person_load_below(c->db, c->arena, &c->auth, r->target, &person) == OK)
		staff_act_draw(c, h, &person_acts[PERSON_ACT], &(struct table_row){.id = r->target.v}, V(""), values);
}

/* A box for each rule of the server; what stands in them is theirs, so the rows of staff/form.h cannot say it. */
static enum err draw_rules(struct call *c, struct html *h, const struct report *r)
{
	const struct staff_act *act = &acts[ACT_RULES];
	struct rule rules[LIMIT_RULES];
	size_t n = 0;

	TRY(rules_load(c->db, c->arena, rules, &n));
	if (!n || !staff_may(c, act->row))
		return OK;
	html_tag(h, "details", A("class", V("card act-form")));
	html_elem(h, "summary", page_say(c, words.name_rules));
	page_form(c, h, staff_path(c, act->row->path, r->id, V("")), "stack");
	page_hidden(h, "back", c->x->target);
	for (size_t i = 0; i < n; i++) {
		html_tag(h, "label", A("class", V("check")));
		html_tag(h, "input", A("type", V("checkbox")), A("name", V("rules[]")),
			 A("value", arena_printf(c->arena, "%" PRId64, rules[i].id)));
		html_flag(h, "checked", names_rule(c, r, rules[i].id));
		html_elem(h, "span", rules[i].text, A("dir", V("auto")));
		html_close(h, "label");
	}
	html_elem(h, "button", page_say(c, act->words), A("class", V("main")));
	html_close(h, "form");
	html_close(h, "details");
	return OK;
}

static enum err draw(struct call *c, struct html *h)
{
	struct report r;

	TRY(report_load(c->db, c->arena, arg_id(c, "id"), &r));
	const struct table_row target = {
		.id = r.id,
		.acts = 1u << (account_eq(r.assigned_to, c->auth.account) ? ACT_UNASSIGN : ACT_ASSIGN) |
			1u << (r.resolved_at ? ACT_REOPEN : ACT_RESOLVE),
	};
	TRY(draw_facts(c, h, &r));
	staff_buttons_draw(c, h, acts, &target, V(""));
	draw_deeds(c, h, &r);
	staff_act_draw(c, h, &acts[ACT_UPDATE], &target, V(""),
		       (const struct view[]){view_of(report_categories[r.category])});
	TRY(draw_rules(c, h, &r));
	return draw_posts(c, h, &r);
}

#define MAY PERMISSION_MANAGE_REPORTS
#define DEED(verb, words)                                                                                              \
	STAFF_POST("/admin/reports/:id/" verb, MAY), .params = PARAMS(STAFF_ID("The report."), STAFF_BACK), .doc = words

const struct endpoint staff_reports[] = {
	[SHOW_ALL] = {STAFF_GET("/admin/reports", MAY),
		      .params = PARAMS({.name = "state", .type = PARAM_CHOICE, .choices = states, .doc = "Open ones, settled ones, or all; else the open ones."},
				       {.name = "account_id", .type = PARAM_ID, .doc = "Only what this account reported."},
				       {.name = "target_account_id", .type = PARAM_ID, .doc = "Only what is about this account."},
				       TABLE_PARAMS),
		      .doc = "Reports, for moderators."},
	[SHOW] = {STAFF_GET("/admin/reports/:id", MAY), .params = PARAMS(STAFF_ID("The report.")),
		  .doc = "One report with its posts, whoever they were meant for."},
	[ASSIGN] = {DEED("assign", "Takes a report up.")},
	[UNASSIGN] = {DEED("unassign", "Leaves a report to anybody.")},
	[RESOLVE] = {DEED("resolve", "Settles a report.")},
	[REOPEN] = {DEED("reopen", "A report is not settled after all.")},
	[UPDATE] = {STAFF_POST("/admin/reports/:id/category", MAY),
		    .params = PARAMS(STAFF_ID("The report."),
				     {.name = "category", .type = PARAM_CHOICE, .required = true, .choices = report_categories, .doc = "Of which kind it is."},
				     STAFF_BACK),
		    .doc = "Says what kind of report it is."},
	[NAME_RULES] = {STAFF_POST("/admin/reports/:id/rules", MAY),
			.params = PARAMS(STAFF_ID("The report."),
					 {.name = "rules[]", .type = PARAM_IDS, .doc = "Ids of the rules it breaks; none: of no rule."}, STAFF_BACK),
			.doc = "Says which rules a report is about."},
	ENDPOINTS_END,
};

const struct staff_page page_reports = {
	.row = &staff_reports[SHOW_ALL], .title = N_("Reports"), .section = SECTION_PEOPLE, .table = &reports};
const struct staff_page page_report = {.row = &staff_reports[SHOW],
				       .title = N_("Report"),
				       .section = SECTION_PEOPLE,
				       .of = &page_reports,
				       .draw = draw,
				       .acts = acts};
