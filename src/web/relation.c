/*
 * relation.c - /relation: all that is between who is logged in and one account, in plain words and one form: what of it comes
 * home, whether one is told of its posts, for how long it is muted, and a note nobody else sees.
 */
#include "base/base.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "core/graph.h"
#include "core/post_lists.h"
#include "text/lang.h"
#include "web/account_view.h"
#include "web/act.h"
#include "web/form.h"
#include "web/login.h"
#include "web/people.h"
#include "web/post_view.h"
#include "web/settings.h"
#include "web/web.h"

#define PATH "/relation"
#define LOOKED_AT 20 /* posts of theirs, for the languages they write in */

static const struct {
	struct view title, following, boosts, notify, endorse, languages, languages_hint, other, none, mute, span,
		mute_notifications, note, note_hint, save;
} words = {
	.title = N_("You and %s"),
	.following = N_("What you see of them"),
	.boosts = N_("Show me their boosts at home"),
	.notify = N_("Tell me about each of their posts"),
	.endorse = N_("Recommend them on my profile"),
	.languages = N_("Only posts in these languages"),
	.languages_hint = N_("Where none is ticked, you see all of them."),
	.other = N_("One more language"),
	.none = N_("none"),
	.mute = N_("Muting"),
	.span = N_("They are muted"),
	.mute_notifications = N_("Do not tell me what they do either"),
	.note = N_("Your note about them"),
	.note_hint = N_("Nobody else sees it. Empty takes it away."),
	.save = N_("Save"),
};

/* How it stands, in sentences. */
static const struct {
	struct view follow, asked, no_follow, followed, not_followed, blocked, server, muted, until;
} now_words = {
	.follow = N_("You follow them."),
	.asked = N_("You have asked to follow them."),
	.no_follow = N_("You do not follow them."),
	.followed = N_("They follow you."),
	.not_followed = N_("They do not follow you."),
	.blocked = N_("You have blocked them."),
	.server = N_("You have blocked their server."),
	.muted = N_("You have muted them."),
	.until = N_("You have muted them until %s."),
};

/* The first is for who is muted already. */
static const char *const spans[] = {"keep",   "no",	"1800",	   "3600",   "21600", "86400",
				    "259200", "604800", "2592000", "always", NULL};
static const struct view span_words[] = {
	N_("as it is"),	  N_("not at all"),	N_("for half an hour"), N_("for an hour"), N_("for 6 hours"),
	N_("for a day"),  N_("for three days"), N_("for a week"),	N_("for 30 days"), N_("until I take it back"),
};
enum { SPAN_KEEP, SPAN_NO };

/* As it is typed, or as it is. */
struct typed {
	bool boosts, notify, endorsed, mute_notifications;
	size_t span;
	struct view languages, note;
};

/* ---- the page ---- */

static void draw_sentence(struct call *c, struct html *h, struct view sentence)
{
	html_text(h, page_say(c, sentence));
	html_text(h, V(" "));
}

static void draw_now(struct call *c, struct html *h, const struct relationship *r)
{
	html_open(h, "p");
	draw_sentence(c, h, r->following ? now_words.follow : r->requested ? now_words.asked : now_words.no_follow);
	draw_sentence(c, h, r->followed_by ? now_words.followed : now_words.not_followed);
	if (r->muting && r->muting_until)
		html_text(h, PAGE_SAY_WITH(c, now_words.until, settings_time(c, r->muting_until)));
	else if (r->muting)
		draw_sentence(c, h, now_words.muted);
	if (r->blocking)
		draw_sentence(c, h, now_words.blocked);
	if (r->domain_blocking)
		draw_sentence(c, h, now_words.server);
	html_close(h, "p");
}

/* Codes with commas between: those chosen, one's own, and those of their newest posts. */
static enum err offered_languages(struct call *c, const struct account *a, struct view chosen, struct view *ret)
{
	struct buf CLEANUP(buf_release) list = {.max = LIMIT_KIB * 4};
	struct shown_post posts[LOOKED_AT];
	struct post_id ids[LOOKED_AT];
	struct user me;
	size_t n = 0, shown = 0;
	int64_t on;

	TRY(user_load(c->db, c->arena, c->auth.account, &me));
	TRY(account_posts(c->core, c->db, c->arena, c->viewer, a->id,
			  &(struct account_posts_filter){.exclude_boosts = true}, &(struct page){.limit = LOOKED_AT},
			  ids, &n, &on));
	TRY(shown_load(c, ids, n, profile_listed_for, 0, posts, &shown));
	buf_printf(&list, "%.*s,%.*s", VIEW_ARG(chosen),
		   VIEW_ARG(me.default_language.len ? me.default_language : me.locale));
	for (size_t i = 0; i < shown; i++)
		buf_printf(&list, ",%.*s", VIEW_ARG(posts[i].post.language));
	TRY(buf_err(&list));
	*ret = arena_view(c->arena, buf_view(&list));
	return OK;
}

static void draw_language(struct html *h, const struct language *l, bool on)
{
	html_tag(h, "label", A("class", V("check")));
	html_tag(h, "input", A("type", V("checkbox")), A("name", V("languages[]")), A("value", view_of(l->code)));
	html_flag(h, "checked", on);
	html_elem(h, "span", view_of(l->name));
	html_close(h, "label");
}

static enum err draw_languages(struct call *c, struct html *h, const struct account *a, struct view chosen)
{
	struct view offered;

	TRY(offered_languages(c, a, chosen, &offered));
	html_tag(h, "fieldset", A("class", V("options")));
	html_elem(h, "legend", page_say(c, words.languages));
	html_elem(h, "p", page_say(c, words.languages_hint), A("class", V("hint")));
	for (size_t i = 0; i < n_lang_table; i++)
		if (graph_has_language(offered, lang_table[i].code))
			draw_language(h, &lang_table[i], graph_has_language(chosen, lang_table[i].code));
	html_elem(h, "label", page_say(c, words.other), A("for", V("language")));
	html_tag(h, "select", A("name", V("languages[]")), A("id", V("language")));
	html_elem(h, "option", page_say(c, words.none), A("value", V("")));
	for (size_t i = 0; i < n_lang_table; i++)
		if (!graph_has_language(offered, lang_table[i].code))
			html_elem(h, "option", view_of(lang_table[i].name), A("value", view_of(lang_table[i].code)));
	html_close(h, "select");
	html_close(h, "fieldset");
	return OK;
}

/* Where one neither follows nor has asked to there is nothing to choose. */
static enum err draw_following(struct call *c, struct html *h, const struct account *a, const struct relationship *r,
			       const struct typed *t)
{
	if (!r->following && !r->requested)
		return OK;
	page_hidden(h, "follows", V("1"));
	html_tag(h, "fieldset", A("class", V("options")));
	html_elem(h, "legend", page_say(c, words.following));
	draw_box(c, h, "boosts", words.boosts, t->boosts);
	draw_box(c, h, "notify", words.notify, t->notify);
	if (r->following)
		draw_box(c, h, "endorsed", words.endorse, t->endorsed);
	html_close(h, "fieldset");
	return draw_languages(c, h, a, t->languages);
}

static void draw_muting(struct call *c, struct html *h, const struct relationship *r, const struct typed *t)
{
	size_t from = r->muting ? SPAN_KEEP : SPAN_NO;

	html_tag(h, "fieldset", A("class", V("options")));
	html_elem(h, "legend", page_say(c, words.mute));
	settings_choice(c, h,
			&(struct settings_choice){"mute", words.span, spans + from, span_words + from,
						  t->span < from ? 0 : t->span - from});
	draw_box(c, h, "quiet", words.mute_notifications, t->mute_notifications);
	html_close(h, "fieldset");
}

static enum err draw_form(struct call *c, struct html *h, const struct account *a, const struct relationship *r,
			  const struct typed *t)
{
	page_form(c, h, V(PATH), "stack");
	page_hidden(h, "account", arena_printf(c->arena, "%" PRId64, a->id.v));
	TRY(draw_following(c, h, a, r, t));
	draw_muting(c, h, r, t);
	draw_field(c, h,
		   &(struct form_field){.name = "note",
					.type = "textarea",
					.label = words.note,
					.hint = words.note_hint,
					.value = t->note,
					.max = LIMIT_ACCOUNT_NOTE_CHARS});
	draw_submit(c, h, words.save);
	html_close(h, "form");
	return OK;
}

static enum err draw(struct call *c, const struct account *a, const struct relationship *r, const struct typed *t,
		     struct view refusal)
{
	struct page_head head = {.title = PAGE_SAY_WITH(c, words.title, account_handle(c, a)),
				 .noindex = true,
				 .private = true,
				 .narrow = true};

	if (refusal.len)
		c->status = 422;
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	draw_refusal(&h, page_say(c, refusal));
	html_tag(&h, "div", A("class", V("people")));
	html_tag(&h, "div", A("class", V("who")));
	draw_account_line(c, &h, a);
	draw_account_actions(c, &h, a, r);
	html_close(&h, "div");
	html_close(&h, "div");
	draw_now(c, &h, r);
	TRY(draw_form(c, &h, a, r, t));
	return page_end(c, &h);
}

/* With oneself there is none. */
static enum err load(struct call *c, struct account *a, struct relationship *r)
{
	struct account_id id = arg_account(c, "account");

	if (account_eq(id, c->auth.account))
		return ERR_NOT_FOUND;
	TRY(account_load(c->db, c->arena, id, a));
	return graph_relationships(c->db, c->arena, c->auth.account, &id, 1, r);
}

static enum err show(struct call *c)
{
	struct relationship r;
	struct account a;

	if (!c->auth.session_id)
		return login_ask(c);
	TRY(load(c, &a, &r));
	return draw(c, &a, &r,
		    &(struct typed){.boosts = r.showing_boosts,
				    .notify = r.notifying,
				    .endorsed = r.endorsed,
				    .mute_notifications = !r.muting || r.muting_notifications,
				    .span = r.muting ? SPAN_KEEP : SPAN_NO,
				    .languages = r.languages,
				    .note = r.note},
		    V(""));
}

/* ---- changes ---- */

/* Browsers send "\r\n"; apps "\n". */
static struct view without_returns(struct call *c, struct view text)
{
	char *ret = arena_alloc(c->arena, text.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		if (text.p[i] != '\r')
			ret[n++] = text.p[i];
	return view_make(ret, n);
}

static enum err read_typed(struct call *c, const struct relationship *r, struct typed *ret)
{
	const struct view *languages;
	size_t n = arg_strings(c, "languages[]", &languages);

	*ret = (struct typed){.boosts = arg_bool(c, "boosts"),
			      .notify = arg_bool(c, "notify"),
			      .endorsed = arg_bool(c, "endorsed"),
			      .mute_notifications = arg_bool(c, "quiet"),
			      .span = arg_given(c, "mute") ? arg_choice(c, "mute") : SPAN_KEEP,
			      .languages = r->languages,
			      .note = view_trim(without_returns(c, arg_str(c, "note")))};
	return graph_languages_read(c->arena, languages, n, &ret->languages, c->refused ? NULL : &c->problem);
}

static enum err change_following(struct call *c, const struct relationship *r, const struct typed *t)
{
	struct follow_options o = {.has_boosts = true,
				   .boosts = t->boosts,
				   .has_notify = true,
				   .notify = t->notify,
				   .has_languages = true,
				   .languages = t->languages};

	/* A form that is older than the end of the follow does not begin it again. */
	if (!arg_bool(c, "follows") || (!r->following && !r->requested))
		return OK;
	if (t->boosts != r->showing_boosts || t->notify != r->notifying || !view_eq(t->languages, r->languages))
		TRY(graph_follow(c->core, c->auth.account, r->id, &o, &c->problem));
	if (!r->following || t->endorsed == r->endorsed)
		return OK;
	return graph_endorse(c->core, c->auth.account, r->id, t->endorsed, &c->problem);
}

static enum err change_mute(struct call *c, const struct relationship *r, const struct typed *t)
{
	int64_t seconds = 0;

	if (t->span == SPAN_NO)
		return r->muting ? graph_unmute(c->core, c->auth.account, r->id) : OK;
	if (t->span == SPAN_KEEP) {
		if (!r->muting || t->mute_notifications == r->muting_notifications)
			return OK;
		if (r->muting_until)
			seconds = (r->muting_until - clock_now()) / 1000 + 1;
	} else {
		parse_i64(view_of(spans[t->span]), 1, INT32_MAX, &seconds);
	}
	return graph_mute(c->core, c->auth.account, r->id, t->mute_notifications, seconds);
}

/* What may be refused comes first, so that a refused form has changed nothing. */
static enum err apply(struct call *c, const struct relationship *r, const struct typed *t)
{
	if (!view_eq(t->note, r->note))
		TRY(graph_note(c->core, c->auth.account, r->id, t->note, &c->problem));
	TRY(change_following(c, r, t));
	return change_mute(c, r, t);
}

static enum err save(struct call *c)
{
	struct relationship r;
	struct account a;
	struct typed t;
	struct view refusal;

	if (!c->auth.session_id)
		return login_ask_then(c, V("/home"));
	TRY(load(c, &a, &r));
	enum err err = read_typed(c, &r, &t);
	if (c->refused)
		err = c->refused;
	if (err == OK)
		err = apply(c, &r, &t);
	if (settings_refused(c, err, &refusal))
		return draw(c, &a, &r, &t, refusal);
	TRY(err);
	return call_redirect(c, 303, account_path(c, &a));
}

#define ACCOUNT                                                                                                        \
	{                                                                                                              \
		.name = "account", .type = PARAM_ACCOUNT, .required = true, .doc = "Whom it is about."                 \
	}
#define BOX(field, words_of_doc)                                                                                       \
	{                                                                                                              \
		.name = field, .type = PARAM_BOOL, .doc = words_of_doc                                                 \
	}

const struct endpoint web_relation[] = {
	{PAGE_ROW(PATH, show), .params = PARAMS(ACCOUNT), .doc = "All that is between oneself and an account."},
	{ACT_ROW, .path = PATH, .handle = save, .refused_ok = true,
	 .params = PARAMS(
		 ACCOUNT, BOX("follows", "The form has what follows have: the next four count."),
		 BOX("boosts", "Show their boosts at home."), BOX("notify", "Tell me when they post."),
		 BOX("endorsed", "Recommend them on one's profile."),
		 {.name = "languages[]", .type = PARAM_STRINGS, .max = 16, .doc = "Only posts in these languages."},
		 {.name = "mute", .type = PARAM_CHOICE, .choices = spans, .doc = "Seconds, or what becomes of it."},
		 BOX("quiet", "Hide their notifications too."),
		 {.name = "note", .max = 16 * LIMIT_KIB, .doc = "A note to oneself; empty takes it away."}),
	 .doc = "Changes it. A box that is not ticked is a no."},
	ENDPOINTS_END,
};
