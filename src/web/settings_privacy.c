/*
 * settings_privacy.c - /settings/privacy: who may follow and find one, what new posts are like, and whose notifications
 * one is told of.
 */
#include "base/base.h"

#include "core/accounts.h"
#include "core/notification_policy.h"
#include "text/lang.h"
#include "web/compose.h"
#include "web/login.h"
#include "web/settings.h"
#include "web/web.h"

#define PATH "/settings/privacy"

static const struct {
	struct view title, reach, locked, discoverable, indexable, hidden, posts, visibility, quotes, language,
		sensitive, save, notifications, notifications_lead, aside, people;
} words = {
	.title = N_("Privacy"),
	.reach = N_("Who finds and follows you"),
	.locked = N_("I decide who follows me"),
	.discoverable = N_("Suggest my account to others"),
	.indexable = N_("Everybody may find my public posts by searching, here and with search engines"),
	.hidden = N_("Hide whom I follow and who follows me"),
	.posts = N_("Your new posts"),
	.visibility = N_("Who may see them"),
	.quotes = N_("Who may quote them"),
	.language = N_("Their language (its code)"),
	.sensitive = N_("Cover my pictures until the reader opens them"),
	.save = N_("Save"),
	.notifications = N_("Notifications"),
	.notifications_lead = N_("What is filtered waits aside and is not announced; what is left out is not kept."),
	.aside = N_("What waits aside"),
	.people = N_("Follow requests, muted and blocked people"),
};

/* In the order of enum visibility. */
static const char *const visibilities[] = {"public", "unlisted", "private", NULL};
static const struct view visibility_words[] = {N_("Everybody"), N_("Everybody, but not in public lists"),
					       N_("My followers")};

static const char *const verdicts[] = {"accept", "filter", "drop", NULL};
static const struct view verdict_words[] = {N_("Tell me"), N_("Filter"), N_("Leave out")};
static const struct {
	const char *name;
	struct view words;
} rules[NOTIFICATION_RULES] = {
	[RULE_NOT_FOLLOWING] = {"not_following", N_("People I do not follow")},
	[RULE_NOT_FOLLOWERS] = {"not_followers", N_("People who do not follow me")},
	[RULE_NEW_ACCOUNTS] = {"new_accounts", N_("Accounts of less than 30 days")},
	[RULE_PRIVATE_MENTIONS] = {"private_mentions", N_("Private posts of strangers")},
	[RULE_LIMITED_ACCOUNTS] = {"limited_accounts", N_("Accounts that moderators have limited")},
	[RULE_BOTS] = {"bots", N_("Accounts that act by themselves")},
};

struct shown {
	bool locked, discoverable, indexable, hidden, sensitive;
	enum visibility visibility;
	enum quote_policy quotes;
	struct view language;
	struct notification_policy policy;
};

static void draw_reach(struct call *c, struct html *h, const struct shown *s)
{
	html_tag(h, "fieldset", A("class", V("options")));
	html_elem(h, "legend", page_say(c, words.reach));
	draw_box(c, h, "locked", words.locked, s->locked);
	draw_box(c, h, "discoverable", words.discoverable, s->discoverable);
	draw_box(c, h, "indexable", words.indexable, s->indexable);
	draw_box(c, h, "hidden", words.hidden, s->hidden);
	html_close(h, "fieldset");
}

static void draw_posts(struct call *c, struct html *h, const struct shown *s)
{
	html_tag(h, "fieldset", A("class", V("options")));
	html_elem(h, "legend", page_say(c, words.posts));
	settings_choice(c, h,
			&(struct settings_choice){"visibility", words.visibility, visibilities, visibility_words,
						  s->visibility});
	settings_choice(
		c, h,
		&(struct settings_choice){"quotes", words.quotes, quote_policy_names, quote_policy_words, s->quotes});
	draw_field(c, h,
		   &(struct form_field){.name = "language", .label = words.language, .value = s->language, .max = 16});
	draw_box(c, h, "sensitive", words.sensitive, s->sensitive);
	html_close(h, "fieldset");
}

static void draw_notifications(struct call *c, struct html *h, const struct notification_policy *policy)
{
	html_elem(h, "h2", page_say(c, words.notifications), A("id", V("notifications")));
	html_open(h, "p");
	html_text(h, page_say(c, words.notifications_lead));
	html_text(h, V(" "));
	html_elem(h, "a", page_say(c, words.aside), A("href", V("/notifications/requests")));
	html_close(h, "p");
	page_form(c, h, V("/settings/notifications"), "stack");
	for (size_t i = 0; i < NOTIFICATION_RULES; i++)
		settings_choice(c, h,
				&(struct settings_choice){rules[i].name, rules[i].words, verdicts, verdict_words,
							  policy->rules[i]});
	draw_submit(c, h, words.save);
	html_close(h, "form");
}

static enum err draw(struct call *c, const struct shown *s, struct view refusal)
{
	if (refusal.len)
		c->status = 422;
	struct html h = settings_page(c, words.title, NULL);
	draw_refusal(&h, page_say(c, refusal));
	page_form(c, &h, V(PATH), "stack");
	draw_reach(c, &h, s);
	draw_posts(c, &h, s);
	draw_submit(c, &h, words.save);
	html_close(&h, "form");
	html_open(&h, "p");
	html_elem(&h, "a", page_say(c, words.people), A("href", V("/follow_requests")));
	html_close(&h, "p");
	draw_notifications(c, &h, &s->policy);
	return page_end(c, &h);
}

static enum err load_shown(struct call *c, struct shown *ret)
{
	struct notification_policy policy;
	struct account me;
	struct user user;

	TRY(account_load(c->db, c->arena, c->auth.account, &me));
	TRY(user_load(c->db, c->arena, c->auth.account, &user));
	TRY(notification_policy_load(c->db, c->auth.account, &policy));
	*ret = (struct shown){.locked = me.locked,
			      .discoverable = me.discoverable,
			      .indexable = me.indexable,
			      .hidden = me.hide_collections,
			      .sensitive = user.default_sensitive,
			      .visibility = user.default_visibility,
			      .quotes = user.default_quote_policy,
			      .language = user.default_language.len ? user.default_language : user.locale,
			      .policy = policy};
	return OK;
}

static enum err show(struct call *c)
{
	struct shown s;

	if (!c->auth.session_id)
		return login_ask(c);
	TRY(load_shown(c, &s));
	return draw(c, &s, V(""));
}

/* As it is, with what was typed over it. */
static enum err read_shown(struct call *c, struct shown *ret)
{
	struct shown s;

	TRY(load_shown(c, &s));
	s.locked = arg_bool(c, "locked");
	s.discoverable = arg_bool(c, "discoverable");
	s.indexable = arg_bool(c, "indexable");
	s.hidden = arg_bool(c, "hidden");
	s.sensitive = arg_bool(c, "sensitive");
	if (arg_given(c, "visibility"))
		s.visibility = (enum visibility)arg_choice(c, "visibility");
	if (arg_given(c, "quotes"))
		s.quotes = (enum quote_policy)arg_choice(c, "quotes");
	if (arg_given(c, "language"))
		s.language = arg_str(c, "language");
	*ret = s;
	return OK;
}

static enum err apply(struct call *c, const struct shown *s)
{
	struct profile_change ch = {
		.has_locked = true,
		.locked = s->locked,
		.has_discoverable = true,
		.discoverable = s->discoverable,
		.has_indexable = true,
		.indexable = s->indexable,
		.has_hide_collections = true,
		.hide_collections = s->hidden,
		.has_sensitive = true,
		.sensitive = s->sensitive,
		.has_privacy = arg_given(c, "visibility"),
		.privacy = s->visibility,
		.has_quote_policy = arg_given(c, "quotes"),
		.quote_policy = s->quotes,
		.has_language = arg_given(c, "language"),
		.language = view_trim(s->language),
	};

	return account_update(c->core, c->db, c->arena, c->auth.account, &ch, &c->problem);
}

static enum err save(struct call *c)
{
	struct shown s;
	struct view refusal;

	if (!c->auth.session_id)
		return login_ask_then(c, V(PATH));
	TRY(read_shown(c, &s));
	enum err err = c->refused ? c->refused : apply(c, &s);
	if (settings_refused(c, err, &refusal))
		return draw(c, &s, refusal);
	TRY(err);
	return call_redirect(c, 303, V(PATH));
}

/* A rule that is not named stays as it is. */
static enum err save_notifications(struct call *c)
{
	struct shown s;

	if (!c->auth.session_id)
		return login_ask_then(c, V(PATH));
	TRY(load_shown(c, &s));
	for (size_t i = 0; i < NOTIFICATION_RULES; i++)
		if (arg_given(c, rules[i].name))
			s.policy.rules[i] = (enum notification_verdict)arg_choice(c, rules[i].name);
	if (c->refused)
		return draw(c, &s, form_refusal(c));
	TRY(notification_policy_save(c->core, c->auth.account, &s.policy));
	return call_redirect(c, 303, V(PATH "#notifications"));
}

#define BOX(field, words_of_doc)                                                                                       \
	{                                                                                                              \
		.name = field, .type = PARAM_BOOL, .doc = words_of_doc                                                 \
	}
#define VERDICT(field)                                                                                                 \
	{                                                                                                              \
		.name = field, .type = PARAM_CHOICE, .choices = verdicts, .doc = "What becomes of theirs."             \
	}

const struct endpoint web_settings_privacy[] = {
	{PAGE_ROW(PATH, show),
	 .doc = "Who may follow and find one, what new posts are like, whose notifications one is told of."},
	{SETTINGS_ROW, .path = PATH, .handle = save, .rate = RATE_DEFAULT, .refused_ok = true,
	 .params = PARAMS(
		 BOX("locked", "Followers must be let in."), BOX("discoverable", "May be suggested."),
		 BOX("indexable", "Public posts may be found by everybody."),
		 BOX("hidden", "Hide follows and followers."), BOX("sensitive", "Media is covered by default."),
		 {.name = "visibility", .type = PARAM_CHOICE, .choices = visibilities, .doc = "Of new posts."},
		 {.name = "quotes", .type = PARAM_CHOICE, .choices = quote_policy_names, .doc = "Who may quote new posts."},
		 {.name = "language", .max = 16, .doc = "Of new posts."}),
	 .doc = "Changes it. A box that is not ticked is a no."},
	{SETTINGS_ROW, .path = "/settings/notifications", .handle = save_notifications, .refused_ok = true, .rate = RATE_DEFAULT,
	 .params = PARAMS(VERDICT("not_following"), VERDICT("not_followers"), VERDICT("new_accounts"),
			  VERDICT("private_mentions"), VERDICT("limited_accounts"), VERDICT("bots")),
	 .doc = "Whose notifications one is told of."},
	ENDPOINTS_END,
};
