/*
 * person.c - /admin/accounts/:id: one account, as its moderators see it.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/roles.h"
#include "moderation/people.h"
#include "moderation/warnings.h"
#include "staff/cell.h"
#include "staff/facts.h"
#include "staff/pages.h"
#include "staff/people.h"
#include "staff/staff.h"
#include "web/account_view.h"

#define WARNINGS_SHOWN 40

static const struct {
	struct view name, email, state, role, reason, ip, since, language, invited, addresses, warnings, no_warnings,
		reports, reported, invitees, overruled;
	struct view actions[ACTIONS];
} words = {
	.name = N_("Name"),
	.email = N_("E-mail address"),
	.state = N_("State"),
	.role = N_("Role"),
	.reason = N_("Why they want to join"),
	.ip = N_("Signed up from"),
	.since = N_("Since"),
	.language = N_("Language"),
	.invited = N_("Invited by"),
	.addresses = N_("Was lately at"),
	.warnings = N_("What was done before"),
	.no_warnings = N_("Nothing was done to this account."),
	.reports = N_("Reports about this account"),
	.reported = N_("Reports by this account"),
	.invitees = N_("Whom it has invited"),
	.overruled = N_("taken back after an appeal"),
	.actions = {[ACTION_NONE] = N_("warned"),
		    [ACTION_SENSITIVE] = N_("media covered"),
		    [ACTION_DISABLE] = N_("cannot log in"),
		    [ACTION_SILENCE] = N_("limited"),
		    [ACTION_SUSPEND] = N_("suspended")},
};

static void draw_facts(struct call *c, struct html *h, const struct person *p)
{
	const struct cell inviter = account_cell(c, p->invited_by);

	facts_begin(h);
	fact_draw(c, h, words.state, CELL_WORDS, &TEXT_CELL(person_state(p)));
	if (p->has_user)
		fact_draw(c, h, words.role, CELL_WORDS, &TEXT_CELL(role_words[p->role]));
	fact_draw(c, h, words.email, CELL_TEXT, &TEXT_CELL(p->email));
	fact_draw(c, h, words.reason, CELL_TEXT, &TEXT_CELL(p->reason));
	fact_draw(c, h, words.language, CELL_TEXT, &TEXT_CELL(p->locale));
	fact_draw(c, h, words.ip, CELL_TEXT, &TEXT_CELL(p->sign_up_ip));
	fact_draw(c, h, words.invited, CELL_TEXT, &inviter);
	fact_draw(c, h, words.since, CELL_TIME, &NUMBER_CELL(p->created_at));
	facts_end(h);
}

static enum err draw_addresses(struct call *c, struct html *h, const struct person *p)
{
	struct person_address list[PERSON_ADDRESSES];
	size_t n = 0;

	TRY(person_addresses(c->db, c->arena, p, list, &n));
	if (!n)
		return OK;
	html_elem(h, "h2", page_say(c, words.addresses));
	html_tag(h, "ul", A("class", V("rows")));
	for (size_t i = 0; i < n; i++) {
		html_open(h, "li");
		html_elem(h, "a", list[i].ip,
			  A("href", arena_printf(c->arena, "/admin/accounts?ip=%.*s", VIEW_ARG(list[i].ip))));
		html_text(h, V(" "));
		cell_draw(c, h, CELL_TIME, &NUMBER_CELL(list[i].used_at), clock_now());
		html_close(h, "li");
	}
	html_close(h, "ul");
	return OK;
}

static void draw_warning(struct call *c, struct html *h, const struct warning *w)
{
	html_open(h, "li");
	html_elem(h, "strong", page_say(c, words.actions[w->action]));
	html_text(h, V(" "));
	cell_draw(c, h, CELL_TIME, &NUMBER_CELL(w->created_at), clock_now());
	if (w->overruled_at) {
		html_text(h, V(" "));
		html_elem(h, "span", page_say(c, words.overruled), A("class", V("pill")));
	}
	if (w->text.len)
		html_elem(h, "p", w->text, A("class", V("as-typed")), A("dir", V("auto")));
	html_close(h, "li");
}

static enum err draw_warnings(struct call *c, struct html *h, struct account_id who)
{
	const struct page newest = {.limit = WARNINGS_SHOWN};
	struct warning list[WARNINGS_SHOWN];
	size_t n = 0;

	if (!role_may(c->auth.role, PERMISSION_MANAGE_REPORTS))
		return OK;
	TRY(warnings_page(c->db, c->arena, who, &newest, list, &n));
	html_elem(h, "h2", page_say(c, words.warnings));
	if (!n)
		html_elem(h, "p", page_say(c, words.no_warnings), A("class", V("hint")));
	html_tag(h, "ul", A("class", V("rows")));
	for (size_t i = 0; i < n; i++)
		draw_warning(c, h, &list[i]);
	html_close(h, "ul");
	return OK;
}

static void draw_link(struct call *c, struct html *h, struct view text, const char *to, struct account_id who)
{
	html_open(h, "li");
	html_elem(h, "a", page_say(c, text), A("href", arena_printf(c->arena, "%s%" PRId64, to, who.v)));
	html_close(h, "li");
}

static void draw_links(struct call *c, struct html *h, struct account_id who)
{
	html_tag(h, "ul", A("class", V("figures")));
	if (role_may(c->auth.role, PERMISSION_MANAGE_REPORTS)) {
		draw_link(c, h, words.reports, "/admin/reports?state=all&target_account_id=", who);
		draw_link(c, h, words.reported, "/admin/reports?state=all&account_id=", who);
	}
	draw_link(c, h, words.invitees, "/admin/accounts?invited_by=", who);
	html_close(h, "ul");
}

/* Who is above is looked at, and nothing more. */
static void draw_acts(struct call *c, struct html *h, const struct person *p)
{
	const struct table_row target = {.id = p->id.v, .acts = person_acts_of(p)};
	struct person below;

	if (person_load_below(c->db, c->arena, &c->auth, p->id, &below) != OK)
		return;
	staff_buttons_draw(c, h, person_acts, &target, V(""));
	staff_act_draw(c, h, &person_acts[PERSON_ACT], &target, V(""), NULL);
}

static enum err draw(struct call *c, struct html *h)
{
	struct person person;
	struct account account;

	TRY(person_load(c->db, c->arena, (struct account_id){arg_id(c, "id")}, &person));
	if (account_load(c->db, c->arena, person.id, &account) == OK) {
		html_tag(h, "div", A("class", V("who")));
		draw_account_line(c, h, &account);
		html_close(h, "div");
	}
	draw_facts(c, h, &person);
	draw_acts(c, h, &person);
	draw_links(c, h, person.id);
	TRY(draw_warnings(c, h, person.id));
	return draw_addresses(c, h, &person);
}

const struct endpoint staff_person[] = {
	{STAFF_GET("/admin/accounts/:id", PERMISSION_MANAGE_USERS), .params = PARAMS(STAFF_ID("The account.")),
	 .doc = "One account, with what only moderators see."},
	ENDPOINTS_END,
};

const struct staff_page page_person = {
	.row = &staff_person[0], .title = N_("Account"), .section = SECTION_PEOPLE, .of = &page_people, .draw = draw};
