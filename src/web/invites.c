/*
 * invites.c - /settings/invites: making codes that let others in, and ending them.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/invites.h"
#include "web/form.h"
#include "web/login.h"
#include "web/web.h"

#define PATH "/settings/invites"
#define DAY_MS ((int64_t)24 * 3600 * 1000)

static const struct {
	struct view title, lead, staff_only, uses, uses_hint, days, days_hint, make, those, none, used, used_of, until,
		forever, end;
} words = {
	.title = N_("Invitations"),
	.lead = N_("Give the address of an invitation to somebody, and they can make an account here."),
	.staff_only = N_("Only the people who run this server may invite others."),
	.uses = N_("For how many people"),
	.uses_hint = N_("Empty: any number."),
	.days = N_("For how many days"),
	.days_hint = N_("Empty: until you end it."),
	.make = N_("Make an invitation"),
	.those = N_("Invitations that hold"),
	.none = N_("There are none."),
	.used = N_("used %s times"),
	.used_of = N_("used %s of %s times"),
	.until = N_("until %s"),
	.forever = N_("without an end"),
	.end = N_("End it"),
};

static struct view number(struct call *c, int64_t n)
{
	return arena_printf(c->arena, "%" PRId64, n);
}

static struct view day(struct call *c, int64_t ms)
{
	char iso[CLOCK_ISO_LEN + 1];

	clock_iso(ms, iso);
	return arena_printf(c->arena, "%.10s", iso);
}

static void draw_one(struct call *c, struct html *h, const struct invite *i)
{
	struct view used = i->max_uses ? PAGE_SAY_WITH(c, words.used_of, number(c, i->uses), number(c, i->max_uses))
				       : PAGE_SAY_WITH(c, words.used, number(c, i->uses));
	struct view until =
		i->expires_at ? PAGE_SAY_WITH(c, words.until, day(c, i->expires_at)) : page_say(c, words.forever);

	html_open(h, "li");
	html_open(h, "p");
	html_elem(h, "code", arena_printf(c->arena, "%s/invite/%.*s", c->core->config.base_url, VIEW_ARG(i->code)));
	html_close(h, "p");
	html_tag(h, "p", A("class", V("hint")));
	html_text(h, arena_printf(c->arena, "%.*s, %.*s", VIEW_ARG(used), VIEW_ARG(until)));
	html_close(h, "p");
	page_form(c, h, V(PATH "/end"), "inline");
	page_hidden(h, "code", i->code);
	html_elem(h, "button", page_say(c, words.end), A("type", V("submit")), A("class", V("plain")),
		  A("aria-label",
		    arena_printf(c->arena, "%.*s: %.*s", VIEW_ARG(page_say(c, words.end)), VIEW_ARG(i->code))));
	html_close(h, "form");
	html_close(h, "li");
}

static enum err draw_list(struct call *c, struct html *h)
{
	struct invite list[LIMIT_INVITES];
	size_t n = 0;

	TRY(invites_load(c->db, c->arena, c->auth.account, list, &n));
	html_elem(h, "h2", page_say(c, words.those));
	if (!n)
		html_elem(h, "p", page_say(c, words.none));
	else
		html_tag(h, "ul", A("class", V("rows")));
	for (size_t i = 0; i < n; i++)
		draw_one(c, h, &list[i]);
	if (n)
		html_close(h, "ul");
	return OK;
}

static void draw_form(struct call *c, struct html *h)
{
	const struct form_field fields[] = {
		{.name = "max_uses", .type = "number", .label = words.uses, .hint = words.uses_hint,
		 .value = arg_given(c, "max_uses") ? arg_str(c, "max_uses") : V("1"), .min_number = 1,
		 .max_number = INVITE_USES_MAX},
		{.name = "days", .type = "number", .label = words.days, .hint = words.days_hint,
		 .value = arg_given(c, "days") ? arg_str(c, "days") : V("7"), .min_number = 1, .max_number = INVITE_DAYS_MAX},
	};

	page_form(c, h, V(PATH), "stack");
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		draw_field(c, h, &fields[i]);
	draw_submit(c, h, words.make);
	html_close(h, "form");
}

static enum err draw(struct call *c, struct view refusal)
{
	struct page_head head = {.title = page_say(c, words.title), .noindex = true, .private = true, .narrow = true};
	struct html h = page_begin(c, &head);

	html_elem(&h, "h1", page_say(c, words.title));
	html_elem(&h, "p", page_say(c, words.lead));
	draw_refusal(&h, refusal);
	draw_form(c, &h);
	TRY(draw_list(c, &h));
	return page_end(c, &h);
}

static bool is_allowed(struct call *c)
{
	return invites_allowed(c->core, c->auth.role);
}

static enum err draw_staff_only(struct call *c)
{
	return draw_plain_page(c, &(struct plain_page){.title = words.title, .text = words.staff_only, .status = 403});
}

static enum err show(struct call *c)
{
	if (!c->auth.session_id)
		return login_ask(c);
	return is_allowed(c) ? draw(c, V("")) : draw_staff_only(c);
}

/* An empty field is 0: no bound. */
static bool read_number(struct view v, int64_t max, int64_t *ret)
{
	*ret = 0;
	return view_trim(v).len == 0 || parse_i64(view_trim(v), 1, max, ret);
}

static enum err make(struct call *c)
{
	struct invite new = {.by = c->auth.account};
	char code[INVITE_CODE_LEN + 1];
	int64_t days;

	if (!c->auth.session_id)
		return call_redirect(c, 303, V(PATH));
	if (!is_allowed(c))
		return draw_staff_only(c);
	enum err err = ERR_UNPROCESSABLE;
	if (!c->refused && read_number(arg_str(c, "max_uses"), INVITE_USES_MAX, &new.max_uses) &&
	    read_number(arg_str(c, "days"), INVITE_DAYS_MAX, &days)) {
		new.expires_at = days ? clock_now() + days *DAY_MS : 0;
		err = invite_create(c->core, &new, code, &c->problem);
	} else if (!c->refused) {
		(void)fail(&c->problem, err, "An invitation is for 1 to %d accounts, and ends in the future",
			   INVITE_USES_MAX);
	}
	if (err == ERR_UNPROCESSABLE) {
		c->status = 422;
		return draw(c, page_say(c, view_of(c->problem.text)));
	}
	TRY(err);
	return call_redirect(c, 303, V(PATH));
}

static enum err end(struct call *c)
{
	if (c->auth.session_id) {
		enum err err = invite_end(c->core, c->auth.account, arg_str(c, "code"));
		if (err != ERR_NOT_FOUND) /* ended already */
			TRY(err);
	}
	return call_redirect(c, 303, V(PATH));
}

#define ROW .auth = AUTH_SESSION, .rate = RATE_DEFAULT, .meter = METER_FREE, .kind = REPLY_HTML, .reply = "Page"
#define NUMBERS {.name = "max_uses", .max = 16, .doc = "For how many accounts; empty: any number."}, \
		{.name = "days", .max = 16, .doc = "For how many days; empty: until it is ended."}

const struct endpoint web_invites[] = {
	{ROW, .method = HTTP_GET, .path = PATH, .handle = show, .run = RUN_INLINE, .params = PARAMS(NUMBERS),
	 .doc = "One's invitations that hold, and a form for new ones."},
	{ROW, .method = HTTP_POST, .path = PATH, .handle = make, .refused_ok = true, .body = BODY_FIELDS, .run = RUN_WORKER, .params = PARAMS(NUMBERS),
	 .doc = "Makes one."},
	{ROW, .method = HTTP_POST, .path = PATH "/end", .handle = end, .body = BODY_FIELDS, .run = RUN_WORKER,
	 .params = PARAMS({.name = "code", .max = 64, .doc = "Of an invitation of one's own."}), .doc = "Ends one."},
	ENDPOINTS_END,
};
