/*
 * settings_sites.c - /settings/sites: which sites may name one as the author of their pages.
 */
#include "base/base.h"

#include "core/attribution.h"

#include "base/buf.h"
#include "base/limits.h"
#include "web/account_view.h"
#include "web/login.h"
#include "web/settings.h"
#include "web/web.h"

#define PATH "/settings/sites"
#define SITES_BYTES (LIMIT_ATTRIBUTION_DOMAINS * (LIMIT_DOMAIN_BYTES + 2))

static const struct {
	struct view title, lead, code, sites, sites_hint, save;
} words = {
	.title = N_("Pages you write"),
	.lead = N_("Where a link to a page of yours is posted, its preview can name you as the author, with a link to "
		   "your "
		   "profile. For that the page says who you are, and you say here that the site may."),
	.code = N_("In the head of the page stands:"),
	.sites = N_("Sites that may name you as the author"),
	.sites_hint = N_("One to a line. With example.org, blog.example.org is meant too."),
	.save = N_("Save"),
};

static enum err draw_code(struct call *c, struct html *h)
{
	struct account me;

	TRY(account_load(c->db, c->arena, c->auth.account, &me));
	html_elem(h, "p", page_say(c, words.code));
	html_tag(h, "p", A("class", V("code")));
	html_elem(h, "code",
		  arena_printf(c->arena, "<meta name=\"fediverse:creator\" content=\"%.*s\">",
			       VIEW_ARG(account_handle_full(c, &me))),
		  A("translate", V("no")));
	html_close(h, "p");
	return OK;
}

static enum err draw(struct call *c, struct view typed, struct view refusal)
{
	if (refusal.len)
		c->status = 422;
	struct html h = settings_page(c, words.title, NULL);
	draw_refusal(&h, page_say(c, refusal));
	html_elem(&h, "p", page_say(c, words.lead));
	TRY(draw_code(c, &h));
	page_form(c, &h, V(PATH), "stack");
	draw_field(c, &h,
		   &(struct form_field){.name = "sites",
					.type = "textarea",
					.label = words.sites,
					.hint = words.sites_hint,
					.value = typed});
	draw_submit(c, &h, words.save);
	html_close(&h, "form");
	return page_end(c, &h);
}

static enum err load(struct call *c, struct view *ret)
{
	struct view domains[LIMIT_ATTRIBUTION_DOMAINS];
	struct buf CLEANUP(buf_release) text = {.max = SITES_BYTES};
	size_t n = 0;

	TRY(attribution_load(c->db, c->arena, c->auth.account, domains, &n));
	for (size_t i = 0; i < n; i++) {
		buf_add(&text, domains[i]);
		buf_add_c(&text, '\n');
	}
	TRY(buf_err(&text));
	*ret = arena_view(c->arena, buf_view(&text));
	return OK;
}

static enum err show(struct call *c)
{
	struct view sites;

	if (!c->auth.session_id)
		return login_ask(c);
	TRY(load(c, &sites));
	return draw(c, sites, V(""));
}

/* Blank lines are left out by attribution_set(), and so is "\r". One more than is allowed is enough to be refused. */
static enum err apply(struct call *c, struct view text)
{
	struct view lines[LIMIT_ATTRIBUTION_DOMAINS + 1], line;
	size_t n = 0;

	while (n < ARRAY_LEN(lines) && view_split(&text, '\n', &line))
		if (view_trim(line).len)
			lines[n++] = view_trim(line);
	return attribution_set(c->core, c->arena, c->auth.account, lines, n, &c->problem);
}

static enum err save(struct call *c)
{
	struct view typed = arg_str(c, "sites"), refusal;

	if (!c->auth.session_id)
		return login_ask_then(c, V(PATH));
	enum err err = c->refused ? c->refused : apply(c, typed);
	if (settings_refused(c, err, &refusal))
		return draw(c, typed, refusal);
	TRY(err);
	return call_redirect(c, 303, V(PATH));
}

const struct endpoint web_settings_sites[] = {
	{PAGE_ROW(PATH, show),
	 .doc = "Which sites may name one as the author of their pages."},
	{SETTINGS_ROW, .path = PATH, .handle = save, .rate = RATE_DEFAULT, .refused_ok = true,
	 .params = PARAMS({.name = "sites", .max = SITES_BYTES, .doc = "One to a line, instead of those there are."}),
	 .doc = "Changes them."},
	ENDPOINTS_END,
};
