/*
 * people.c - /admin/accounts and /admin/sign-ups: everybody, and those who wait to be let in.
 */
#include "base/base.h"

#include "staff/people.h"

#include "core/roles.h"
#include "moderation/people.h"
#include "staff/facts.h"
#include "staff/pages.h"
#include "staff/staff.h"

static const char *const origins[] = {"local", "remote", NULL};
static const struct view origin_words[] = {N_("Of this server"), N_("Of other servers")};
static const char *const states[] = {"active", "pending", "disabled", "silenced", "suspended", "sensitized", NULL};
static const struct view state_words[] = {N_("active"),	 N_("waits"),	  N_("cannot log in"),
					  N_("limited"), N_("suspended"), N_("media covered")};
static const char *const roles[] = {"user", "moderator", "admin", "owner", NULL};
const struct view role_words[] = {N_("Everybody"), N_("Moderator"), N_("Admin"), N_("Owner")};

static const struct view unconfirmed = N_("address not confirmed"), deleted = N_("deleted");

bool person_waits(const struct person *p)
{
	return p->has_user && !p->approved;
}

struct view person_state(const struct person *p)
{
	if (!p->domain.len && !p->has_user)
		return deleted;
	if (p->suspended)
		return state_words[PEOPLE_SUSPENDED - PEOPLE_ACTIVE];
	if (p->disabled)
		return state_words[PEOPLE_DISABLED - PEOPLE_ACTIVE];
	if (person_waits(p))
		return state_words[PEOPLE_PENDING - PEOPLE_ACTIVE];
	if (p->silenced)
		return state_words[PEOPLE_SILENCED - PEOPLE_ACTIVE];
	if (p->sensitized)
		return state_words[PEOPLE_SENSITIZED - PEOPLE_ACTIVE];
	return p->has_user && !p->confirmed ? unconfirmed : state_words[0];
}

static struct view plain_role(const struct person *p)
{
	return p->has_user && p->role != ROLE_USER ? role_words[p->role] : V("");
}

static struct people_filter filter(struct call *c)
{
	struct people_filter f = {.username = arg_str(c, "username"),
				  .email = arg_str(c, "email"),
				  .domain = arg_str(c, "by_domain"),
				  .ip = view_trim(arg_str(c, "ip")),
				  .invited_by.v = arg_id(c, "invited_by"),
				  .any_role = !arg_given(c, "role")};

	if (arg_given(c, "origin"))
		f.origin = arg_choice(c, "origin") ? PEOPLE_REMOTE : PEOPLE_LOCAL;
	if (arg_given(c, "state"))
		f.state = (enum people_state)(PEOPLE_ACTIVE + arg_choice(c, "state"));
	if (arg_given(c, "role"))
		f.roles[arg_choice(c, "role")] = true;
	return f;
}

static enum err load(struct call *c, const struct people_filter *f, const struct page *page, struct table_rows *rows,
		     void (*fill)(struct call *c, const struct person *p, struct cell *cells))
{
	struct person *list = ARENA_ARRAY(c->arena, page->limit, struct person);
	size_t n = 0;

	TRY(people_page(c->db, c->arena, f, page, list, &n, &c->problem));
	for (size_t i = 0; i < n; i++) {
		struct table_row *row = table_add(rows, list[i].id.v);

		row->acts = person_acts_of(&list[i]);
		fill(c, &list[i], row->cells);
	}
	return OK;
}

/* ---- everybody ---- */

static const struct column columns[] = {
	{"username", N_("Name"), CELL_TEXT},	{"email", N_("E-mail address"), CELL_TEXT},
	{"state", N_("State"), CELL_WORDS},	{"role", N_("Role"), CELL_WORDS},
	{"ip", N_("Signed up from"), CELL_TEXT}, {"created_at", N_("Since"), CELL_TIME},
	{0},
};

static void fill_person(struct call *c, const struct person *p, struct cell *cells)
{
	cells[0] = person_cell(c, p->id, p->username, p->domain);
	cells[1] = TEXT_CELL(p->email);
	cells[2] = TEXT_CELL(person_state(p));
	cells[3] = TEXT_CELL(plain_role(p));
	cells[4] = TEXT_CELL(p->sign_up_ip);
	cells[5] = NUMBER_CELL(p->created_at);
}

static enum err load_people(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct people_filter f = filter(c);

	return load(c, &f, page, rows, fill_person);
}

static const struct staff_field filters[] = {
	{.name = "username", .words = N_("Name begins with")},
	{.name = "email", .words = N_("E-mail address begins with")},
	{.name = "ip", .words = N_("Was at this address or network")},
	{.name = "state", .words = N_("State"), .choices = state_words},
	{.name = "role", .words = N_("Role"), .choices = role_words},
	{.name = "origin", .words = N_("Where"), .choices = origin_words},
	{0},
};

static const struct table people = {
	.columns = columns,
	.filters = filters,
	.load = load_people,
};

/* ---- those who wait ---- */

static const struct column waiting_columns[] = {
	{"username", N_("Name"), CELL_TEXT},	 {"email", N_("E-mail address"), CELL_TEXT},
	{"reason", N_("Why they want to join"), CELL_TEXT}, {"ip", N_("Signed up from"), CELL_TEXT},
	{"confirmed", N_("Address confirmed"), CELL_WORDS}, {"created_at", N_("Since"), CELL_TIME},
	{0},
};

static void fill_waiting(struct call *c, const struct person *p, struct cell *cells)
{
	cells[0] = person_cell(c, p->id, p->username, p->domain);
	cells[1] = TEXT_CELL(p->email);
	cells[2] = TEXT_CELL(p->reason);
	cells[3] = TEXT_CELL(p->sign_up_ip);
	cells[4] = flag_cell(p->confirmed);
	cells[5] = NUMBER_CELL(p->created_at);
}

static enum err load_waiting(struct call *c, const struct page *page, struct table_rows *rows)
{
	static const struct people_filter f = {.state = PEOPLE_PENDING, .any_role = true};

	return load(c, &f, page, rows, fill_waiting);
}

static const struct table waiting = {
	.columns = waiting_columns, .load = load_waiting, .none = N_("Nobody waits to be let in.")};

#define TEXT(n, words) {.name = n, .doc = words}

enum { PEOPLE, SIGN_UPS };
const struct endpoint staff_people[] = {
	[PEOPLE] = {STAFF_GET("/admin/accounts", PERMISSION_MANAGE_USERS),
		    .params = PARAMS(TEXT("username", "Whose name begins so."), TEXT("email", "Whose mail address begins so."),
				     TEXT("by_domain", "Of this other server."), TEXT("ip", "Who was at this address, or in this network."),
				     {.name = "invited_by", .type = PARAM_ID, .doc = "Whom this account invited."},
				     {.name = "state", .type = PARAM_CHOICE, .choices = states, .doc = "In which state they are."},
				     {.name = "role", .type = PARAM_CHOICE, .choices = roles, .doc = "Who have this role."},
				     {.name = "origin", .type = PARAM_CHOICE, .choices = origins, .doc = "Of this server, or of others."},
				     TABLE_PARAMS),
		    .doc = "Accounts, for moderators."},
	[SIGN_UPS] = {STAFF_GET("/admin/sign-ups", PERMISSION_MANAGE_USERS), .params = PARAMS(TABLE_PARAMS),
		      .doc = "Who waits to be let in."},
	ENDPOINTS_END,
};

const struct staff_page page_people = {
	.row = &staff_people[PEOPLE], .title = N_("Accounts"), .section = SECTION_PEOPLE, .table = &people};
const struct staff_page page_sign_ups = {.row = &staff_people[SIGN_UPS],
					 .title = N_("Sign-ups"),
					 .lead = N_("Who has signed up and waits for a moderator to let them in."),
					 .section = SECTION_PEOPLE,
					 .table = &waiting,
					 .acts = person_acts};
