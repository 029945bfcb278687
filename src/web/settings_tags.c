/*
 * settings_tags.c - /settings/tags: hashtags one follows, and those one shows on one's profile.
 */
#include "base/base.h"

#include "base/limits.h"
#include "core/featured_tags.h"
#include "core/tag_follows.h"
#include "core/tags.h"
#include "web/figures.h"
#include "web/login.h"
#include "web/settings.h"
#include "web/web.h"

#define PATH "/settings/tags"
#define SUGGESTIONS 5

static const struct {
	struct view title, followed, followed_lead, followed_none, name, follow, unfollow, featured, featured_lead,
		featured_none, feature, unfeature, suggested, bad;
	struct noun posts;
} words = {
	.title = N_("Hashtags"),
	.followed = N_("Hashtags you follow"),
	.followed_lead = N_("Public posts with them come to your home, whoever wrote them."),
	.followed_none = N_("You follow no hashtag yet."),
	.name = N_("Hashtag"),
	.follow = N_("Follow"),
	.unfollow = N_("Unfollow"),
	.featured = N_("Hashtags on your profile"),
	.featured_lead = N_("What you write about, for everybody to see."),
	.featured_none = N_("There is none on your profile yet."),
	.feature = N_("Show on my profile"),
	.unfeature = N_("Take off my profile"),
	.suggested = N_("You use these most:"),
	.bad = N_("That is no hashtag."),
	.posts = {N_("post"), N_("posts")},
};

static const char *const deeds[] = {"follow", "unfollow", "feature", "unfeature", NULL};
enum deed { DO_FOLLOW, DO_UNFOLLOW, DO_FEATURE, DO_UNFEATURE };

static struct view hashed(struct call *c, struct view name)
{
	return arena_printf(c->arena, "#%.*s", VIEW_ARG(name));
}

static void draw_deed(struct call *c, struct html *h, enum deed deed, struct view text, struct view name)
{
	page_form(c, h, V(PATH), "inline end");
	page_hidden(h, "name", name);
	html_tag(h, "button", A("name", V("do")), A("value", view_of(deeds[deed])));
	html_text(h, page_say(c, text));
	html_tag(h, "span", A("class", V("unseen")));
	html_text(h, V(": "));
	html_text(h, hashed(c, name));
	html_close(h, "span");
	html_close(h, "button");
	html_close(h, "form");
}

/* What was refused is there once more. */
struct refused {
	struct view words, name; /* words empty: nothing was */
	enum deed deed;
};

static void draw_typed(struct call *c, struct html *h, enum deed deed, struct view text, const struct refused *r)
{
	page_form(c, h, V(PATH), "stack");
	draw_field(c, h,
		   &(struct form_field){.name = "name",
					.id = deeds[deed],
					.label = words.name,
					.required = true,
					.value = r->words.len && r->deed == deed ? r->name : V("")});
	html_elem(h, "button", page_say(c, text), A("name", V("do")), A("value", view_of(deeds[deed])));
	html_close(h, "form");
}

static void begin_row(struct call *c, struct html *h, struct view name, struct view display)
{
	html_tag(h, "li", A("class", V("who")));
	html_elem(h, "a", hashed(c, display), A("href", arena_printf(c->arena, "/tags/%.*s", VIEW_ARG(name))),
		  A("dir", V("auto")));
}

static enum err draw_followed(struct call *c, struct html *h, const struct refused *r)
{
	struct tag_follow *list = ARENA_ARRAY(c->arena, LIMIT_FOLLOWED_TAGS, struct tag_follow);
	size_t n = 0;

	TRY(tag_follows_page(c->db, c->arena, c->auth.account, &(struct page){.limit = LIMIT_FOLLOWED_TAGS}, list, &n));
	html_elem(h, "h2", page_say(c, words.followed));
	html_elem(h, "p", page_say(c, n ? words.followed_lead : words.followed_none), A("class", V("hint")));
	html_tag(h, "ul", A("class", V("rows people")));
	for (size_t i = 0; i < n; i++) {
		struct tag tag;

		TRY(tag_load(c->db, c->arena, list[i].name, &tag));
		begin_row(c, h, list[i].name, tag.display.len ? tag.display : list[i].name);
		draw_deed(c, h, DO_UNFOLLOW, words.unfollow, list[i].name);
		html_close(h, "li");
	}
	html_close(h, "ul");
	draw_typed(c, h, DO_FOLLOW, words.follow, r);
	return OK;
}

static enum err draw_suggested(struct call *c, struct html *h)
{
	struct view names[SUGGESTIONS];
	size_t n = 0;

	TRY(featured_tags_suggest(c->db, c->arena, c->auth.account, SUGGESTIONS, names, &n));
	if (!n)
		return OK;
	html_elem(h, "p", page_say(c, words.suggested), A("class", V("hint")));
	html_tag(h, "ul", A("class", V("rows people")));
	for (size_t i = 0; i < n; i++) {
		begin_row(c, h, names[i], names[i]);
		draw_deed(c, h, DO_FEATURE, words.feature, names[i]);
		html_close(h, "li");
	}
	html_close(h, "ul");
	return OK;
}

static enum err draw_featured_tags(struct call *c, struct html *h, const struct refused *r)
{
	struct featured_tag tags[LIMIT_FEATURED_TAGS];
	size_t n = 0;

	TRY(featured_tags_load(c->db, c->arena, c->auth.account, tags, &n));
	html_elem(h, "h2", page_say(c, words.featured), A("id", V("featured")));
	html_elem(h, "p", page_say(c, n ? words.featured_lead : words.featured_none), A("class", V("hint")));
	html_tag(h, "ul", A("class", V("rows people")));
	for (size_t i = 0; i < n; i++) {
		begin_row(c, h, tags[i].name, tags[i].display);
		html_tag(h, "span", A("class", V("hint")));
		draw_counted(c, h, tags[i].posts, &words.posts);
		html_close(h, "span");
		draw_deed(c, h, DO_UNFEATURE, words.unfeature, tags[i].name);
		html_close(h, "li");
	}
	html_close(h, "ul");
	if (n == LIMIT_FEATURED_TAGS)
		return OK;
	draw_typed(c, h, DO_FEATURE, words.feature, r);
	return draw_suggested(c, h);
}

static enum err draw(struct call *c, const struct refused *r)
{
	if (r->words.len)
		c->status = 422;
	struct html h = settings_page(c, words.title, NULL);
	draw_refusal(&h, page_say(c, r->words));
	TRY(draw_followed(c, &h, r));
	TRY(draw_featured_tags(c, &h, r));
	return page_end(c, &h);
}

static enum err show(struct call *c)
{
	return c->auth.session_id ? draw(c, &(struct refused){0}) : login_ask(c);
}

/* What is typed has to be a hashtag as it stands; what is there already is taken off by its name, whatever that is. */
static enum err change(struct call *c, struct view typed)
{
	struct view name, display;
	enum err err = OK;

	switch ((enum deed)arg_choice(c, "do")) {
	case DO_FOLLOW:
		TRY(tag_written(c->arena, typed, &name, &display));
		err = tag_follow(c->core, c->auth.account, name, &c->problem);
		break;
	case DO_UNFOLLOW:
		TRY(tag_name(c->arena, typed, &name));
		err = tag_unfollow(c->core, c->auth.account, name);
		break;
	case DO_FEATURE:
		err = tag_feature(c->core, c->arena, c->auth.account, typed, &c->problem);
		break;
	case DO_UNFEATURE:
		err = tag_unfeature(c->core, c->arena, c->auth.account, typed);
		break;
	}
	return err;
}

static enum err save(struct call *c)
{
	struct refused r = {words.bad, arg_str(c, "name"), (enum deed)arg_choice(c, "do")};

	if (!c->auth.session_id)
		return login_ask_then(c, V(PATH));
	enum err err = c->refused ? c->refused : change(c, view_trim(r.name));
	if (err == ERR_NOT_FOUND || settings_refused(c, err, &r.words))
		return draw(c, &r);
	TRY(err);
	return call_redirect(c, 303, r.deed < DO_FEATURE ? V(PATH) : V(PATH "#featured"));
}

const struct endpoint web_settings_tags[] = {
	{PAGE_ROW(PATH, show),
	 .doc = "Hashtags one follows, and those one shows on one's profile."},
	{SETTINGS_ROW, .path = PATH, .handle = save, .refused_ok = true, .rate = RATE_DEFAULT,
	 .params = PARAMS(
		 {.name = "name", .max = 1024, .doc = "A hashtag, with # or without."},
		 {.name = "do", .type = PARAM_CHOICE, .choices = deeds, .required = true, .doc = "What to do."}),
	 .doc = "Follows or features a hashtag, or does not any more."},
	ENDPOINTS_END,
};
