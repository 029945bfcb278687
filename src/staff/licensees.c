/*
 * licensees.c - /admin/licensees: who takes data; and one of them.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/roles.h"
#include "meter/journal.h"
#include "meter/keys.h"
#include "meter/licensee_store.h"
#include "pay/payments.h"
#include "staff/cell.h"
#include "staff/facts.h"
#include "staff/money.h"
#include "staff/pages.h"
#include "staff/staff.h"
#include "staff/usage.h"

#define FOREVER_S 3153600000

static const struct view active = N_("active"), waits = N_("waits"), suspended = N_("suspended");

static struct view state_of(const struct licensee *l)
{
	return l->suspended_ms ? suspended : l->waits ? waits : active;
}

enum { SHOW_ALL, SHOW, CREATE, APPROVE, SUSPEND, UNSUSPEND, GIVE_PLAN, CREATE_KEY, PAY };

/* ---- all of them ---- */

static const struct column columns[] = {
	{"name", N_("Name"), CELL_TEXT},    {"email", N_("E-mail address"), CELL_TEXT}, {"plan", N_("Plan"), CELL_TEXT},
	{"state", N_("State"), CELL_WORDS}, {"keys", N_("Keys"), CELL_NUMBER},		{"since", N_("Since"), CELL_TIME},
	{0},
};

static enum err load(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct licensee *list = ARENA_ARRAY(c->arena, page->limit, struct licensee);
	size_t n = 0;

	TRY(licensees_load(c->db, c->arena, page->max_id, page->limit, list, &n));
	for (size_t i = 0; i < n; i++) {
		struct cell *cells = table_add(rows, list[i].id)->cells;

		cells[0] = (struct cell){.text = list[i].name,
					 .path = arena_printf(c->arena, "/admin/licensees/%" PRId64, list[i].id)};
		cells[1] = TEXT_CELL(list[i].email);
		cells[2] = TEXT_CELL(arena_view(c->arena, view_of(list[i].plan.name)));
		cells[3] = TEXT_CELL(state_of(&list[i]));
		cells[4] = NUMBER_CELL(list[i].keys);
		cells[5] = NUMBER_CELL(list[i].created_ms);
	}
	return OK;
}

static enum err create(struct call *c)
{
	const struct new_licensee new = {
		.name = arg_str(c, "name"), .email = arg_str(c, "email"), .plan = arg_str(c, "plan")};
	int64_t id;

	return licensee_create(c->core, c->auth.account, &new, &id, &c->problem);
}

/* ---- one of them ---- */

static enum err approve(struct call *c)
{
	return licensee_approve(c->core, c->auth.account, arg_id(c, "id"));
}

static enum err suspend(struct call *c)
{
	return licensee_suspend(c->core, c->auth.account, arg_id(c, "id"), true);
}

static enum err unsuspend(struct call *c)
{
	return licensee_suspend(c->core, c->auth.account, arg_id(c, "id"), false);
}

static enum err give_plan(struct call *c)
{
	return licensee_set_plan(c->core, c->auth.account, arg_id(c, "id"), arg_str(c, "plan"), &c->problem);
}

static enum err create_key(struct call *c)
{
	int64_t days = arg_int(c, "days"), id;
	const struct new_key new = {.licensee = arg_id(c, "id"),
				    .project = arg_str(c, "project"),
				    .app = arg_str(c, "app"),
				    .expires_ms = days ? clock_now() + days * CLOCK_DAY_MS : 0};
	char token[KEY_TOKEN_LEN + 1];

	TRY(key_create(c->core, c->auth.account, &new, token, &id, &c->problem));
	return key_token_draw(c, &page_licensee, token);
}

static enum err pay(struct call *c)
{
	struct new_payment new = {.by = c->auth.account,
				  .provider = "manual",
				  .book = BOOK_MANUAL,
				  .kind = arg_bool(c, "refund") ? ENTRY_REFUND : ENTRY_PAYMENT,
				  .licensee = arg_id(c, "id"),
				  .reference = arg_str(c, "reference"),
				  .memo = arg_str(c, "note")};

	TRY(money_read(c, &new.micro));
	return payment_book(c->core, &new, &c->problem);
}

static const struct staff_field create_fields[] = {
	{.name = "name", .words = N_("Name"), .hint = N_("Nobody else's.")},
	{.name = "email", .words = N_("E-mail address"), .hint = N_("Where invoices go.")},
	{.name = "plan", .words = N_("Plan"), .hint = N_("Its name, as the page of plans has it.")},
	{0},
};
static const struct staff_field plan_fields_of_form[] = {
	{.name = "plan", .words = N_("Plan"), .hint = N_("Its name, as the page of plans has it. It holds from now on.")},
	{0},
};
static const struct staff_field key_fields[] = {
	{.name = "project", .words = N_("Project"), .hint = N_("Made when it is missing.")},
	{.name = "app", .words = N_("App"), .hint = N_("Made when it is missing.")},
	{.name = "days", .words = N_("For how many days"), .hint = N_("Empty: until somebody ends it.")},
	{0},
};
static const struct staff_field pay_fields[] = {
	{.name = "amount", .words = N_("Amount"), .hint = N_("In the server's currency: 12 or 12.50.")},
	{.name = "reference", .words = N_("Reference"), .hint = N_("Of the bank's statement, or of yours. It is booked once.")},
	{.name = "note", .words = N_("Note")},
	{.name = "refund", .words = N_("It went back to the licensee")},
	{0},
};

enum { ACT_APPROVE, ACT_SUSPEND, ACT_UNSUSPEND, ACT_PLAN, ACT_KEY, ACT_PAY };
static const struct staff_act acts[] = {
	[ACT_APPROVE] = {.row = &staff_licensees[APPROVE], .run = approve, .words = N_("Let in")},
	[ACT_SUSPEND] = {.row = &staff_licensees[SUSPEND], .run = suspend, .words = N_("Suspend"), .grave = true},
	[ACT_UNSUSPEND] = {.row = &staff_licensees[UNSUSPEND], .run = unsuspend, .words = N_("End the suspension")},
	[ACT_PLAN] = {.row = &staff_licensees[GIVE_PLAN],
		      .run = give_plan,
		      .words = N_("Save"),
		      .title = N_("Another plan"),
		      .place = ACT_DRAWN,
		      .fields = plan_fields_of_form},
	[ACT_KEY] = {.row = &staff_licensees[CREATE_KEY],
		     .run = create_key,
		     .words = N_("Make the key"),
		     .title = N_("A new key"),
		     .place = ACT_DRAWN,
		     .fields = key_fields},
	[ACT_PAY] = {.row = &staff_licensees[PAY],
		     .run = pay,
		     .words = N_("Book it"),
		     .title = N_("Money that came or went back"),
		     .place = ACT_DRAWN,
		     .fields = pay_fields},
	{0},
};

static const struct {
	struct view name, email, plan, plan_since, state, keys, balance, since, invoices, entries, all_usage,
		not_confirmed;
} words = {
	.name = N_("Name"),
	.email = N_("E-mail address"),
	.plan = N_("Plan"),
	.plan_since = N_("Has it since"),
	.state = N_("State"),
	.keys = N_("Keys"),
	.balance = N_("Balance"),
	.since = N_("Since"),
	.invoices = N_("Invoices"),
	.entries = N_("Entries in the books"),
	.all_usage = N_("What it took, by day"),
	.not_confirmed = N_("Deletions it has not confirmed"),
};

static void draw_link(struct call *c, struct html *h, struct view said, struct view to)
{
	html_open(h, "li");
	html_elem(h, "a", page_say(c, said), A("href", to));
	html_close(h, "li");
}

static enum err draw_facts(struct call *c, struct html *h, const struct licensee *l)
{
	const struct cell plan = {.text = arena_printf(c->arena, "%s, %d", l->plan.name, l->plan.version),
				  .path = arena_printf(c->arena, "/admin/plans/%s", l->plan.name)};
	int64_t balance;

	TRY(journal_balance(c->db, l->id, &balance));
	facts_begin(h);
	fact_draw(c, h, words.name, CELL_TEXT, &TEXT_CELL(l->name));
	fact_draw(c, h, words.state, CELL_WORDS, &TEXT_CELL(state_of(l)));
	fact_draw(c, h, words.email, CELL_TEXT, &TEXT_CELL(l->email));
	fact_draw(c, h, words.plan, CELL_TEXT, &plan);
	fact_draw(c, h, words.plan_since, CELL_TIME, &NUMBER_CELL(l->plan_since_ms));
	fact_draw(c, h, words.balance, CELL_MONEY, &NUMBER_CELL(balance));
	fact_draw(c, h, words.keys, CELL_NUMBER, &NUMBER_CELL(l->keys));
	fact_draw(c, h, words.since, CELL_TIME, &NUMBER_CELL(l->created_ms));
	facts_end(h);
	return OK;
}

static enum err draw(struct call *c, struct html *h)
{
	struct licensee l;

	TRY(licensee_load(c->db, c->arena, arg_id(c, "id"), &l));
	const struct table_row target = {.id = l.id,
					 .acts = (l.waits ? 1u << ACT_APPROVE : 0) |
						 1u << (l.suspended_ms ? ACT_UNSUSPEND : ACT_SUSPEND)};
	TRY(draw_facts(c, h, &l));
	staff_buttons_draw(c, h, acts, &target, V(""));
	html_tag(h, "ul", A("class", V("figures")));
	draw_link(c, h, words.keys, arena_printf(c->arena, "/admin/keys?licensee_id=%" PRId64, l.id));
	draw_link(c, h, words.all_usage, arena_printf(c->arena, "/admin/licensees/%" PRId64 "/usage", l.id));
	draw_link(c, h, words.not_confirmed,
		  arena_printf(c->arena, "/admin/unacknowledged?licensee_id=%" PRId64, l.id));
	draw_link(c, h, words.invoices, arena_printf(c->arena, "/admin/invoices?licensee_id=%" PRId64, l.id));
	draw_link(c, h, words.entries, arena_printf(c->arena, "/admin/entries?licensee_id=%" PRId64, l.id));
	html_close(h, "ul");
	TRY(usage_charts_draw(c, h, l.id));
	for (size_t i = ACT_PLAN; i <= ACT_PAY; i++)
		staff_act_draw(c, h, &acts[i], &target, V(""), NULL);
	return OK;
}

#define MAY PERMISSION_MANAGE_DATA
#define ID STAFF_ID("The licensee.")
#define PLAN {.name = "plan", .required = true, .max = 64, .doc = "Name of its plan."}
#define POST(verb, words) STAFF_POST("/admin/licensees/:id/" verb, MAY), .doc = words

const struct endpoint staff_licensees[] = {
	[SHOW_ALL] = {STAFF_GET("/admin/licensees", MAY), .params = PARAMS(TABLE_PARAMS), .doc = "Who takes data."},
	[SHOW] = {STAFF_GET("/admin/licensees/:id", MAY), .params = PARAMS(ID), .doc = "One licensee, with what it took lately."},
	[CREATE] = {STAFF_POST("/admin/licensees", MAY),
		    .params = PARAMS({.name = "name", .required = true, .max = LICENSEE_NAME_MAX, .doc = "Nobody else's."},
				     {.name = "email", .max = LICENSEE_EMAIL_MAX, .doc = "Where invoices go."}, PLAN, STAFF_BACK),
		    .doc = "Lets somebody take data."},
	[APPROVE] = {POST("approve", "Lets in a licensee that waits."), .params = PARAMS(ID, STAFF_BACK)},
	[SUSPEND] = {POST("suspend", "Refuses a licensee's keys."), .params = PARAMS(ID, STAFF_BACK)},
	[UNSUSPEND] = {POST("unsuspend", "Ends a suspension."), .params = PARAMS(ID, STAFF_BACK)},
	[GIVE_PLAN] = {POST("plan", "Gives a licensee another plan, from now on."), .params = PARAMS(ID, PLAN, STAFF_BACK)},
	[CREATE_KEY] = {POST("keys", "Makes a key. Its token is in this answer and nowhere else."),
			.params = PARAMS(ID, {.name = "project", .max = DATA_NAME_MAX, .doc = "Made when it is missing."},
					 {.name = "app", .max = DATA_NAME_MAX, .doc = "Of the project; likewise."},
					 {.name = "days", .type = PARAM_INT, .min = 0, .max = FOREVER_S / 86400, .doc = "How long it holds; 0: without an end."}, STAFF_BACK)},
	[PAY] = {POST("payments", "Books money that came from a licensee, or went back."),
		 .params = PARAMS(ID, MONEY_PARAM,
				  {.name = "reference", .required = true, .max = PAYMENT_REFERENCE_MAX, .doc = "Booked once."},
				  {.name = "note", .max = ENTRY_MEMO_MAX, .doc = "What else should be known."},
				  {.name = "refund", .type = PARAM_BOOL, .doc = "It went back to the licensee."}, STAFF_BACK)},
	ENDPOINTS_END,
};

static const struct staff_act create_acts[] = {
	{.row = &staff_licensees[CREATE],
	 .run = create,
	 .words = N_("Let them take data"),
	 .title = N_("A new licensee"),
	 .place = ACT_BELOW,
	 .fields = create_fields},
	{0},
};

static const struct table licensees = {.columns = columns, .load = load};

const struct staff_page page_licensees = {.row = &staff_licensees[SHOW_ALL],
					  .title = N_("Licensees"),
					  .section = SECTION_DATA,
					  .table = &licensees,
					  .acts = create_acts};
const struct staff_page page_licensee = {.row = &staff_licensees[SHOW],
					 .title = N_("Licensee"),
					 .section = SECTION_DATA,
					 .of = &page_licensees,
					 .draw = draw,
					 .acts = acts};
