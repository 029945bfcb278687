/*
 * settings_look.c - /settings/look: language and colours of the pages, kept in this browser.
 */
#include "base/base.h"

#include "web/login.h"
#include "web/settings.h"
#include "web/web.h"

#define PATH "/settings/look"
#define KEPT_SECONDS (400 * 24 * 3600) /* browsers keep no cookie longer */

static const struct {
	struct view title, lead, language, theme, save, keys, keys_lead;
} words = {
	.title = N_("Language and colours"),
	.lead = N_("For this browser only."),
	.language = N_("Language of the pages"),
	.theme = N_("Colours"),
	.save = N_("Save"),
	.keys = N_("Keys"),
	.keys_lead = N_("On timelines, while nothing is being typed, and where scripts run:"),
};

static const struct {
	const char *key;
	struct view words;
} keys[] = {
	{"j", N_("the next post")}, {"k", N_("the post before")}, {"o", N_("open the post")},
	{"r", N_("reply")},	    {"f", N_("favourite")},	  {"b", N_("boost")},
	{"m", N_("bookmark")},	    {"n", N_("write")},		  {"/", N_("search")},
	{"h", N_("home")},	    {"i", N_("notifications")},	  {"Ctrl + Enter", N_("send what one has written")},
};

static void draw_keys(struct call *c, struct html *h)
{
	html_elem(h, "h2", page_say(c, words.keys));
	html_elem(h, "p", page_say(c, words.keys_lead));
	html_tag(h, "dl", A("class", V("fields")));
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		html_open(h, "div");
		html_open(h, "dt");
		html_elem(h, "kbd", view_of(keys[i].key));
		html_close(h, "dt");
		html_elem(h, "dd", page_say(c, keys[i].words));
		html_close(h, "div");
	}
	html_close(h, "dl");
}

static const char *const languages[] = {"auto", "en", "id", NULL};
static const struct view language_words[] = {N_("As the browser says"), N_("English"), N_("Indonesian")};
static const char *const themes[] = {"auto", "light", "dark", NULL};
static const struct view theme_words[] = {N_("As the system says"), N_("Light"), N_("Dark")};

static size_t chosen(struct call *c, const char *cookie, const char *const *names)
{
	struct view value = http_cookie(c->x, cookie);

	for (size_t i = 0; names[i]; i++)
		if (view_is(value, names[i]))
			return i;
	return 0;
}

static enum err show(struct call *c)
{
	if (!c->auth.session_id)
		return login_ask(c);
	struct html h = settings_page(c, words.title, NULL);
	html_elem(&h, "p", page_say(c, words.lead));
	page_form(c, &h, V(PATH), "stack");
	settings_choice(c, &h,
			&(struct settings_choice){"language", words.language, languages, language_words,
						  chosen(c, PAGE_LANGUAGE_COOKIE, languages)});
	settings_choice(c, &h,
			&(struct settings_choice){"theme", words.theme, themes, theme_words,
						  chosen(c, PAGE_THEME_COOKIE, themes)});
	draw_submit(c, &h, words.save);
	html_close(&h, "form");
	draw_keys(c, &h);
	return page_end(c, &h);
}

/* The first choice, "auto", takes the cookie away. */
static void keep(struct call *c, const char *cookie, const char *const *names, size_t choice)
{
	call_header(c, "Set-Cookie",
		    arena_printf(c->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d", cookie,
				 choice ? names[choice] : "", choice ? KEPT_SECONDS : 0));
}

static enum err save(struct call *c)
{
	if (!c->auth.session_id)
		return login_ask_then(c, V(PATH));
	keep(c, PAGE_LANGUAGE_COOKIE, languages, arg_choice(c, "language"));
	keep(c, PAGE_THEME_COOKIE, themes, arg_choice(c, "theme"));
	return call_redirect(c, 303, V(PATH));
}

const struct endpoint web_settings_look[] = {
	{PAGE_ROW(PATH, show),
	 .doc = "Language and colours of the pages."},
	{SETTINGS_ROW, .path = PATH, .handle = save, .rate = RATE_DEFAULT,
	 .params = PARAMS({.name = "language", .type = PARAM_CHOICE, .choices = languages, .doc = "Of the pages."},
			  {.name = "theme", .type = PARAM_CHOICE, .choices = themes, .doc = "Light or dark."}),
	 .doc = "Keeps them in cookies of this browser."},
	ENDPOINTS_END,
};
