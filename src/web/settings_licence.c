/*
 * settings_licence.c - /settings/licence: a licence for the posts of this server that somebody takes for themselves, under one of
 * its plans, and the keys that programs read with. A key is shown once.
 */
#include "base/base.h"

#include "base/clock.h"
#include "base/limits.h"
#include "meter/amount.h"
#include "meter/answers.h"
#include "meter/licence_take.h"
#include "meter/plan_store.h"
#include "web/act.h"
#include "web/login.h"
#include "web/settings.h"
#include "web/web.h"

#define PATH "/settings/licence"
#define KEYS_SHOWN 50

static const struct {
	struct view title, lead, closed, ask, name, name_hint, plans, take, free, month, included, no_more, more,
		approval, has, since, waits, suspended, keys, no_keys, made, revoke, fresh, project, app, usual, make,
		token, token_hint, back;
} words = {
	.title = N_("Your licence for data"),
	.lead = N_(
		"With a licence your programs read the public posts of people here who have agreed to it, and pay for "
		"what they read."),
	.closed = N_("Licences are given by the people who run this server."),
	.ask = N_("Ask %s for one."),
	.name = N_("Name"),
	.name_hint = N_(
		"Of a person or a company, as invoices are to call it. They go to the e-mail address of your account."),
	.plans = N_("Plan"),
	.take = N_("Take the licence"),
	.free = N_("costs nothing"),
	.month = N_("%s a month"),
	.included = N_("%s posts included"),
	.no_more = N_("and no more than those"),
	.more = N_("%s for each further post"),
	.approval = N_("the people who run this server look at it first"),
	.has = N_("%s, under the plan “%s”."),
	.since = N_("It holds since %s."),
	.waits = N_("It waits: the people who run this server look at it first. Keys do not work before."),
	.suspended = N_("It is suspended: keys do not work."),
	.keys = N_("Keys"),
	.no_keys = N_("No keys yet."),
	.made = N_("made on %s"),
	.revoke = N_("Make it worthless"),
	.fresh = N_("A new key"),
	.project = N_("Project"),
	.app = N_("Program"),
	.usual = N_("May be left empty."),
	.make = N_("Make the key"),
	.token = N_("Your new key"),
	.token_hint =
		N_("It is shown this once. Keep it where nobody else reads it; your program sends it with each call."),
	.back = N_("I have kept it"),
};
/* In the order of the bits of enum data_use. */
static const struct view use_words[] = {N_("Search"), N_("Research"), N_("Business"), N_("Training of AI")};

/* ---- plans ---- */

static struct view money(struct call *c, int64_t micro)
{
	char text[AMOUNT_MAX];

	amount_said(page_tongue(c), micro, text);
	return arena_printf(c->arena, "%s %s", text, c->core->config.currency);
}

static struct view number(struct call *c, int64_t n)
{
	char text[AMOUNT_MAX];

	count_said(page_tongue(c), n, text);
	return arena_view(c->arena, view_of(text));
}

static void draw_part(struct html *h, struct view text)
{
	html_text(h, V(" · "));
	html_text(h, text);
}

static void draw_terms(struct call *c, struct html *h, const struct plan *p)
{
	html_tag(h, "span", A("class", V("hint")));
	html_text(h,
		  p->month_micro ? PAGE_SAY_WITH(c, words.month, money(c, p->month_micro)) : page_say(c, words.free));
	draw_part(h, PAGE_SAY_WITH(c, words.included, number(c, p->included)));
	draw_part(h, p->hard_stop ? page_say(c, words.no_more) : PAGE_SAY_WITH(c, words.more, money(c, p->post_micro)));
	for (size_t i = 0; i < ARRAY_LEN(use_words); i++)
		if (p->uses >> i & 1)
			draw_part(h, page_say(c, use_words[i]));
	if (p->approval)
		draw_part(h, page_say(c, words.approval));
	html_close(h, "span");
}

static void draw_plan(struct call *c, struct html *h, const struct plan *p, bool chosen)
{
	html_tag(h, "label", A("class", V("check")));
	html_tag(h, "input", A("type", V("radio")), A("name", V("plan")), A("value", view_of(p->name)));
	html_flag(h, "required", true);
	html_flag(h, "checked", chosen);
	html_open(h, "span");
	html_open(h, "strong");
	html_text(h, view_of(p->name));
	html_close(h, "strong");
	html_text(h, V(" "));
	draw_terms(c, h, p);
	html_close(h, "span");
	html_close(h, "label");
}

static enum err draw_take(struct call *c, struct html *h)
{
	struct plan *plans;
	size_t n = 0;

	if (!c->core->config.licence_sign_up) {
		html_open(h, "p");
		html_text(h, page_say(c, words.closed));
		html_text(h, V(" "));
		if (c->core->config.contact_email[0])
			html_text(h, PAGE_SAY_WITH(c, words.ask, view_of(c->core->config.contact_email)));
		html_close(h, "p");
		return OK;
	}
	TRY(plans_load(c->db, c->arena, &plans, &n));
	page_form(c, h, V(PATH), "stack");
	draw_field(c, h,
		   &(struct form_field){.name = "name",
					.label = words.name,
					.hint = words.name_hint,
					.value = arg_str(c, "name"),
					.required = true,
					.max = LICENSEE_NAME_MAX});
	html_tag(h, "fieldset", A("class", V("options")));
	html_elem(h, "legend", page_say(c, words.plans));
	for (size_t i = 0; i < n; i++)
		draw_plan(c, h, &plans[i], view_is(arg_str(c, "plan"), plans[i].name));
	html_close(h, "fieldset");
	draw_submit(c, h, words.take);
	html_close(h, "form");
	return OK;
}

/* ---- the licence and its keys ---- */

static void draw_key(struct call *c, struct html *h, const struct data_key *k)
{
	html_open(h, "li");
	html_tag(h, "p", A("class", V("about")));
	html_text(h, k->project_name);
	html_text(h, V(" / "));
	html_text(h, k->app_name);
	html_text(h, V(" "));
	html_elem(h, "code", arena_printf(c->arena, "…%.*s", VIEW_ARG(k->hint)), A("translate", V("no")));
	html_text(h, V(" "));
	html_elem(h, "span", PAGE_SAY_WITH(c, words.made, settings_day(c, k->created_ms)), A("class", V("hint")));
	html_close(h, "p");
	settings_form(c, h,
		      &(struct settings_form){.action = PATH "/keys/revoke",
					      .button = words.revoke,
					      .hidden = "id",
					      .value = arena_printf(c->arena, "%" PRId64, k->id),
					      .about = k->hint});
	html_close(h, "li");
}

static enum err draw_keys(struct call *c, struct html *h, int64_t licensee)
{
	struct data_key *keys = ARENA_ARRAY(c->arena, KEYS_SHOWN, struct data_key);
	size_t n = 0, shown = 0;

	html_elem(h, "h2", page_say(c, words.keys));
	TRY(keys_load(c->db, c->arena, licensee, 0, KEYS_SHOWN, keys, &n));
	for (size_t i = 0; i < n; i++) {
		if (strcmp(key_state(&keys[i], clock_now()), "active") != 0)
			continue;
		if (!shown++)
			html_tag(h, "ul", A("class", V("rows")));
		draw_key(c, h, &keys[i]);
	}
	if (shown)
		html_close(h, "ul");
	else
		html_elem(h, "p", page_say(c, words.no_keys), A("class", V("empty")));
	return OK;
}

static void draw_fresh(struct call *c, struct html *h)
{
	const struct form_field fields[] = {
		{.name = "project", .label = words.project, .hint = words.usual, .value = arg_str(c, "project"), .max = DATA_NAME_MAX},
		{.name = "app", .label = words.app, .hint = words.usual, .value = arg_str(c, "app"), .max = DATA_NAME_MAX},
	};

	html_elem(h, "h2", page_say(c, words.fresh));
	page_form(c, h, V(PATH "/keys"), "stack");
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		draw_field(c, h, &fields[i]);
	draw_submit(c, h, words.make);
	html_close(h, "form");
}

static enum err draw_licence(struct call *c, struct html *h, const struct licensee *l)
{
	html_open(h, "p");
	html_text(h, PAGE_SAY_WITH(c, words.has, l->name, view_of(l->plan.name)));
	html_text(h, V(" "));
	if (!l->waits)
		html_text(h, PAGE_SAY_WITH(c, words.since, settings_day(c, l->plan_since_ms)));
	html_close(h, "p");
	if (l->waits || l->suspended_ms)
		html_elem(h, "p", page_say(c, l->suspended_ms ? words.suspended : words.waits),
			  A("class", V("notice")));
	html_open(h, "p");
	draw_terms(c, h, &l->plan);
	html_close(h, "p");
	TRY(draw_keys(c, h, l->id));
	draw_fresh(c, h);
	return OK;
}

static enum err draw(struct call *c, struct view refusal)
{
	struct licensee l;
	enum err err = licence_taken(c->db, c->arena, c->auth.account, &l);

	if (err != ERR_NOT_FOUND)
		TRY(err);
	if (refusal.len)
		c->status = 422;
	struct html h = settings_page(c, words.title, NULL);
	html_elem(&h, "p", page_say(c, words.lead));
	draw_refusal(&h, page_say(c, refusal));
	TRY(err == OK ? draw_licence(c, &h, &l) : draw_take(c, &h));
	return page_end(c, &h);
}

static enum err show(struct call *c)
{
	return c->auth.session_id ? draw(c, V("")) : login_ask(c);
}

/* ---- changes ---- */

/* Whatever the meter says in words is shown above the form. */
static enum err back(struct call *c, enum err err)
{
	if (err && err < ERR_INTERNAL && c->problem.text[0])
		return draw(c, arena_view(c->arena, view_of(c->problem.text)));
	TRY(err);
	return call_redirect(c, 303, V(PATH));
}

static enum err take(struct call *c)
{
	if (!c->auth.session_id)
		return login_ask_then(c, V(PATH));
	return back(c, c->refused ? c->refused
				  : licence_take(c->core, c->db, c->arena, c->auth.account, arg_str(c, "name"),
						 arg_str(c, "plan"), &c->problem));
}

static enum err draw_token(struct call *c, const char *token)
{
	struct html h = settings_page(c, words.token, NULL);

	html_elem(&h, "p", page_say(c, words.token_hint));
	html_tag(&h, "p", A("class", V("code")));
	html_elem(&h, "code", view_of(token), A("translate", V("no")));
	html_close(&h, "p");
	html_open(&h, "p");
	html_elem(&h, "a", page_say(c, words.back), A("href", V(PATH)));
	html_close(&h, "p");
	return page_end(c, &h);
}

static enum err make_key(struct call *c)
{
	const struct new_key new = {.project = view_trim(arg_str(c, "project")), .app = view_trim(arg_str(c, "app"))};
	char token[KEY_TOKEN_LEN + 1];
	int64_t id;

	if (!c->auth.session_id)
		return login_ask_then(c, V(PATH));
	enum err err = c->refused ? c->refused
				  : licence_key_create(c->core, c->db, c->arena, c->auth.account, &new, token, &id,
						       &c->problem);
	return err ? back(c, err) : draw_token(c, token);
}

static enum err revoke_key(struct call *c)
{
	if (!c->auth.session_id)
		return login_ask_then(c, V(PATH));
	TRY(licence_key_revoke(c->core, c->db, c->arena, c->auth.account, arg_id(c, "id")));
	return call_redirect(c, 303, V(PATH));
}

/* Of both forms, as the page that one of them is refused on has both. */
#define FIELDS                                                                                                         \
	{.name = "name", .max = LICENSEE_NAME_MAX, .doc = "Of the licensee, as invoices call it."},                    \
		{.name = "plan", .max = 64, .doc = "Name of a plan."},                                                 \
		{.name = "project", .max = DATA_NAME_MAX, .doc = "Of a key; made when it is missing."},                \
	{                                                                                                              \
		.name = "app", .max = DATA_NAME_MAX, .doc = "Of the project; likewise."                                \
	}

const struct endpoint web_settings_licence[] = {
	{PAGE_ROW(PATH, show), .params = PARAMS(FIELDS),
	 .doc = "The licence for data one has taken, or the plans there are."},
	{SETTINGS_ROW, .path = PATH, .handle = take, .rate = RATE_SIGN_UP, .refused_ok = true, .params = PARAMS(FIELDS),
	 .doc = "Takes a licence."},
	{SETTINGS_ROW, .path = PATH "/keys", .handle = make_key, .rate = RATE_DEFAULT, .refused_ok = true,
	 .params = PARAMS(FIELDS), .doc = "Makes a key, and shows it once."},
	{SETTINGS_ROW, .path = PATH "/keys/revoke", .handle = revoke_key, .rate = RATE_DEFAULT,
	 .params = PARAMS({.name = "id", .type = PARAM_ID, .required = true, .doc = "The key."}),
	 .doc = "Makes a key worthless, at once."},
	ENDPOINTS_END,
};
