/*
 * settings_passkeys.c - one's passkeys: adding them, and taking them away.
 */
#include "base/base.h"

#include "core/accounts.h"
#include "web/passkey_form.h"
#include "web/settings.h"
#include "web/web.h"

#define PATH SETTINGS_PATH "/passkeys"

static const struct {
	struct view title, lead, none, unnamed, since, used, never, add, remove, name, name_hint, make, wrong, many;
} words = {
	.title = N_("Passkeys"),
	.lead = N_("With a passkey your telephone, computer or security key logs you in, without a password."),
	.none = N_("You have none yet."),
	.unnamed = N_("Passkey"),
	.since = N_("made on %s"),
	.used = N_("last used on %s"),
	.never = N_("not used yet"),
	.add = N_("Add a passkey"),
	.remove = N_("Remove it"),
	.name = N_("Name"),
	.name_hint = N_("To tell it from others, such as: my telephone."),
	.make = N_("Make the passkey"),
	.wrong = N_("The passkey was not made. Please try again."),
	.many = N_("You have as many passkeys as one may have."),
};

static void draw_one(struct call *c, struct html *h, const struct passkey *p)
{
	struct view name = p->name.len ? p->name : page_say(c, words.unnamed);
	struct view since = PAGE_SAY_WITH(c, words.since, settings_day(c, p->created_at));
	struct view used =
		p->used_at ? PAGE_SAY_WITH(c, words.used, settings_day(c, p->used_at)) : page_say(c, words.never);

	html_open(h, "li");
	html_open(h, "p");
	html_elem(h, "strong", name, A("dir", V("auto")));
	html_close(h, "p");
	html_elem(h, "p", arena_printf(c->arena, "%.*s, %.*s", VIEW_ARG(since), VIEW_ARG(used)), A("class", V("hint")));
	settings_form(c, h,
		      &(struct settings_form){.action = PATH "/remove",
					      .button = words.remove,
					      .hidden = "id",
					      .value = arena_printf(c->arena, "%" PRId64, p->id),
					      .about = name});
	html_close(h, "li");
}

/* What one calls it, where a passkey is asked for again; it is asked for behind one's password, so here it waits. */
static struct view typed_name(struct call *c)
{
	bool asks = strcmp(c->row->path, PATH) == 0 || strcmp(c->row->path, PATH "/new") == 0;

	return asks ? arg_str(c, "name") : V("");
}

enum err settings_passkeys_draw(struct call *c, struct html *h)
{
	struct passkey list[LIMIT_PASSKEYS];
	size_t n = 0;

	TRY(passkeys_load(c->db, c->arena, c->auth.account, list, &n));
	html_elem(h, "h2", page_say(c, words.title));
	html_elem(h, "p", page_say(c, words.lead));
	if (!n)
		html_elem(h, "p", page_say(c, words.none));
	else
		html_tag(h, "ul", A("class", V("rows")));
	for (size_t i = 0; i < n; i++)
		draw_one(c, h, &list[i]);
	if (n)
		html_close(h, "ul");
	settings_form(c, h,
		      &(struct settings_form){.action = PATH "/new",
					      .id = "password-passkey",
					      .button = words.add,
					      .password = true,
					      .hidden = "name",
					      .value = typed_name(c)});
	return OK;
}

/* Ids with spaces between: a device is not asked for a second one. */
static enum err existing(struct call *c, struct view *ret)
{
	struct passkey list[LIMIT_PASSKEYS];
	struct view all = V("");
	size_t n = 0;

	TRY(passkeys_load(c->db, c->arena, c->auth.account, list, &n));
	for (size_t i = 0; i < n; i++)
		all = arena_printf(c->arena, "%.*s %.*s", VIEW_ARG(all), VIEW_ARG(list[i].credential));
	*ret = all;
	return OK;
}

static enum err draw_new(struct call *c)
{
	struct passkey_form form = {
		.action = PATH, .question = "create", .kind = CHALLENGE_PASSKEY_ADD, .account = c->auth.account};
	struct account me;

	TRY(account_load(c->db, c->arena, c->auth.account, &me));
	TRY(existing(c, &form.exclude));
	form.user = arena_printf(c->arena, "%" PRId64, me.id.v);
	form.name = me.username;
	struct html h = settings_page(c, words.add, PASSKEY_SCRIPT);
	TRY(passkey_form_begin(c, &h, &form));
	draw_field(c, &h,
		   &(struct form_field){.name = "name",
					.label = words.name,
					.hint = words.name_hint,
					.max = PASSKEY_NAME_CHARS,
					.value = typed_name(c)});
	draw_submit(c, &h, words.make);
	html_close(&h, "form");
	return page_end(c, &h);
}

static enum err begin(struct call *c)
{
	bool drawn;

	TRY(settings_may(c, true, &drawn));
	return drawn ? OK : draw_new(c);
}

static enum err add(struct call *c)
{
	struct passkey_answer answer = passkey_form_answer(c);
	bool drawn;

	TRY(settings_may(c, false, &drawn));
	if (drawn)
		return OK;
	enum err err = passkey_add(c->core, c->arena, c->auth.account, &answer, arg_str(c, "name"));
	if (err == ERR_UNAUTHORIZED)
		return settings_draw(c, words.wrong);
	if (err == ERR_UNPROCESSABLE)
		return settings_draw(c, words.many);
	TRY(err);
	return settings_done(c);
}

static enum err remove_one(struct call *c)
{
	bool drawn;

	TRY(settings_may(c, false, &drawn));
	if (drawn)
		return OK;
	enum err err = passkey_remove(c->core, c->auth.account, arg_id(c, "id"));
	if (err != ERR_NOT_FOUND) /* gone already */
		TRY(err);
	return settings_done(c);
}

const struct endpoint web_settings_passkeys[] = {
	{SETTINGS_ROW, .path = PATH "/new", .handle = begin, .refused_ok = true, .rate = RATE_LOGIN,
	 .params = PARAMS(SETTINGS_PASSWORD, {.name = "name", .doc = "What one calls it, where that was typed already."}),
	 .doc = "A page that asks the browser to make a passkey."},
	{SETTINGS_ROW, .path = PATH, .handle = add, .refused_ok = true, .rate = RATE_LOGIN,
	 .params = PARAMS(PASSKEY_PARAMS, {.name = "name", .doc = "What one calls it."}), .doc = "Keeps it."},
	{SETTINGS_ROW, .path = PATH "/remove", .handle = remove_one, .refused_ok = true, .rate = RATE_DEFAULT,
	 .params = PARAMS({.name = "id", .type = PARAM_ID, .doc = "Of a passkey of one's own."}), .doc = "Takes one away."},
	ENDPOINTS_END,
};
