/*
 * keys.c - /admin/keys: keys of the data API, also those that do not hold any more; and the page that shows a new one.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/roles.h"
#include "meter/amount.h"
#include "meter/answers.h"
#include "meter/journal.h"
#include "meter/keys.h"
#include "staff/facts.h"
#include "staff/money.h"
#include "staff/pages.h"
#include "staff/staff.h"

static const struct {
	struct view title, once, on;
} words = {
	.title = N_("The key"),
	.once = N_(
		"This is the key. It is shown now and never again: give it to the licensee, and keep it nowhere else."),
	.on = N_("Done, on to where you were"),
};

enum err money_read(struct call *c, int64_t *ret)
{
	if (amount_parse(arg_str(c, "amount"), MONEY_MAX, ret))
		return OK;
	return call_fail(c, ERR_UNPROCESSABLE, "amount is written as 12 or 12.50");
}

enum err key_token_draw(struct call *c, const struct staff_page *page, const char *token)
{
	struct html h = staff_begin(c, page, words.title);

	html_elem(&h, "p", page_say(c, words.once), A("class", V("notice")));
	html_tag(&h, "p", A("class", V("code")));
	html_elem(&h, "code", view_of(token), A("translate", V("no")));
	html_close(&h, "p");
	html_open(&h, "p");
	html_elem(&h, "a", page_say(c, words.on),
		  A("href", page_local(c, arg_str(c, "back"), view_of("/admin/licensees"))));
	html_close(&h, "p");
	return page_end(c, &h);
}

enum { SHOW, ROTATE, REVOKE };
enum { ACT_ROTATE, ACT_REVOKE };

static const struct column columns[] = {
	{"key", N_("Key"), CELL_TEXT},		{"licensee", N_("Licensee"), CELL_TEXT},
	{"project", N_("Project"), CELL_TEXT},	{"app", N_("App"), CELL_TEXT},
	{"state", N_("State"), CELL_TEXT},	{"created_at", N_("Since"), CELL_TIME},
	{"last_used_at", N_("Last used"), CELL_TIME}, {"expires_at", N_("Until"), CELL_TIME},
	{0},
};

static enum err load(struct call *c, const struct page *page, struct table_rows *rows)
{
	struct data_key *list = ARENA_ARRAY(c->arena, page->limit, struct data_key);
	int64_t now = clock_now();
	size_t n = 0;

	TRY(keys_load(c->db, c->arena, arg_id(c, "licensee_id"), page->max_id, page->limit, list, &n));
	for (size_t i = 0; i < n; i++) {
		struct table_row *row = table_add(rows, list[i].id);
		const char *state = key_state(&list[i], now);

		row->acts = strcmp(state, "active") == 0 ? 1u << ACT_ROTATE | 1u << ACT_REVOKE : 0;
		row->cells[0] = TEXT_CELL(arena_printf(c->arena, "…%.*s", VIEW_ARG(list[i].hint)));
		row->cells[1] =
			(struct cell){.text = list[i].licensee_name,
				      .path = arena_printf(c->arena, "/admin/licensees/%" PRId64, list[i].licensee)};
		row->cells[2] = TEXT_CELL(list[i].project_name);
		row->cells[3] = TEXT_CELL(list[i].app_name);
		row->cells[4] = TEXT_CELL(view_of(state));
		row->cells[5] = NUMBER_CELL(list[i].created_ms);
		row->cells[6] = NUMBER_CELL(list[i].last_used_ms);
		row->cells[7] = NUMBER_CELL(list[i].expires_ms);
	}
	return OK;
}

/* The old key holds on for a day, for who has to change it in their programs. */
static enum err rotate(struct call *c)
{
	char token[KEY_TOKEN_LEN + 1];
	int64_t id;

	TRY(key_rotate(c->core, c->auth.account, arg_id(c, "id"), CLOCK_DAY_MS, token, &id, &c->problem));
	return key_token_draw(c, &page_keys, token);
}

static enum err revoke(struct call *c)
{
	return key_revoke(c->core, c->auth.account, arg_id(c, "id"));
}

#define MAY PERMISSION_MANAGE_DATA

const struct endpoint staff_keys[] = {
	[SHOW] = {STAFF_GET("/admin/keys", MAY),
		  .params = PARAMS({.name = "licensee_id", .type = PARAM_ID, .doc = "Of this licensee."}, TABLE_PARAMS),
		  .doc = "Keys of the data API."},
	[ROTATE] = {STAFF_POST("/admin/keys/:id/rotate", MAY), .params = PARAMS(STAFF_ID("The key."), STAFF_BACK),
		    .doc = "A new key in the place of one, which holds on for a day."},
	[REVOKE] = {STAFF_POST("/admin/keys/:id/revoke", MAY), .params = PARAMS(STAFF_ID("The key."), STAFF_BACK),
		    .doc = "Makes a key worthless, at once."},
	ENDPOINTS_END,
};

static const struct staff_act acts[] = {
	[ACT_ROTATE] = {.row = &staff_keys[ROTATE], .run = rotate, .words = N_("Replace in a day"), .grave = true},
	[ACT_REVOKE] = {.row = &staff_keys[REVOKE], .run = revoke, .words = N_("Revoke now"), .grave = true},
	{0},
};

static const struct staff_field filters[] = {
	{.name = "licensee_id", .words = N_("Number of the licensee")},
	{0},
};

static const struct table keys = {.columns = columns, .filters = filters, .load = load};

const struct staff_page page_keys = {
	.row = &staff_keys[SHOW], .title = N_("Keys"), .section = SECTION_DATA, .table = &keys, .acts = acts};
