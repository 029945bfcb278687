/*
 * compose.c - see compose.h.
 */
#include "base/base.h"

#include "web/compose.h"

#include "core/accounts.h"
#include "core/authors.h"
#include "text/lang.h"
#include "text/url.h"
#include "web/account_view.h"
#include "web/figures.h"
#include "web/form.h"
#include "web/post_view.h"

#define PATH_MAX_BYTES (15 * LIMIT_KIB) /* with the login form's own path around it, a request's line holds it */

static const struct {
	struct view write, reply, quote, edit, text, warning, warning_hint, who, language, quotes, quotes_hint, poll,
		poll_hint, option, poll_for, multiple, sensitive, later, later_hint, more, post, save, answering,
		quoting, chars, short_label, open;
	struct noun days, hours, minutes;
} words = {
	.write = N_("Write"),
	.reply = N_("Reply"),
	.quote = N_("Quote"),
	.edit = N_("Edit your post"),
	.text = N_("What is on your mind?"),
	.warning = N_("Warning"),
	.warning_hint = N_("Shown instead of the post, until the reader opens it. May be left empty."),
	.who = N_("Who may see it"),
	.language = N_("Language"),
	.quotes = N_("Who may quote it"),
	.quotes_hint = N_("A post for followers or for those it names is quoted by nobody else."),
	.poll = N_("Poll"),
	.poll_hint = N_("Two to four answers. What is empty is left out."),
	.option = N_("Answer %s"),
	.poll_for = N_("Open for"),
	.multiple = N_("Several answers may be chosen"),
	.sensitive = N_("Cover pictures until the reader opens them"),
	.later = N_("Post it later"),
	.later_hint = N_("Date and time in UTC, at least five minutes from now. Empty: at once."),
	.more = N_("Warning, poll, language, time"),
	.post = N_("Post"),
	.save = N_("Save the changes"),
	.answering = N_("You reply to this"),
	.quoting = N_("You quote this"),
	.chars = N_("At most %s characters; a link counts as 23."),
	.open = N_("More options"),
	.days = {N_("day"), N_("days")},
	.hours = {N_("hour"), N_("hours")},
	.minutes = {N_("minute"), N_("minutes")},
};

const char *const visibility_names[] = {"public", "unlisted", "private", "direct", NULL};
static const struct view visibilities[] = {
	[VISIBILITY_PUBLIC] = N_("Everybody"),
	[VISIBILITY_UNLISTED] = N_("Everybody, but not in public lists"),
	[VISIBILITY_PRIVATE] = N_("My followers"),
	[VISIBILITY_DIRECT] = N_("Only those I name"),
};

const char *const quote_policy_names[] = {"public", "followers", "nobody", NULL};
const struct view quote_policy_words[QUOTE_POLICIES] = {N_("Everybody"), N_("My followers"), N_("Nobody")};

static const int64_t poll_spans[] = {300, 1800, 3600, 6 * 3600, 12 * 3600, 86400, 3 * 86400, 7 * 86400};
#define POLL_SPAN_USUAL 86400

void draft_read(struct call *c, struct draft *ret)
{
	struct draft d = {
		.reply = arg_post(c, "reply"),
		.quote = arg_post(c, "quote"),
		.edit = arg_post(c, "edit"),
		.text = arg_str(c, "text"),
		.warning = arg_str(c, "warning"),
		.language = arg_str(c, "language"),
		.visibility = (enum visibility)arg_choice(c, "visibility"),
		.has_quotes = arg_given(c, "quotes"),
		.quotes = (enum quote_policy)arg_choice(c, "quotes"),
		.sensitive = arg_bool(c, "sensitive"),
		.poll_for = arg_int(c, "poll_for"),
		.multiple = arg_bool(c, "multiple"),
		.at = view_trim(arg_str(c, "at")),
		.key = arg_str(c, "key"),
		.back = arg_str(c, "back"),
	};
	if (form_is_refused(c, "language", d.language))
		d.language = V("");
	const struct view *options, *alts;
	const int64_t *files;
	size_t n_options = arg_strings(c, "option[]", &options), n_alts = arg_strings(c, "alt[]", &alts),
	       n_files = arg_ids(c, "media[]", &files);

	for (; d.n_options < n_options && d.n_options < LIMIT_POLL_OPTIONS; d.n_options++)
		d.options[d.n_options] = options[d.n_options];
	for (; d.n_files < n_files && d.n_files < LIMIT_POST_MEDIA; d.n_files++)
		d.files[d.n_files] =
			(struct draft_file){files[d.n_files], d.n_files < n_alts ? alts[d.n_files] : V("")};
	*ret = d;
}

bool draft_has_poll(const struct draft *d)
{
	for (size_t i = 0; i < d->n_options; i++)
		if (view_trim(d->options[i]).len)
			return true;
	return false;
}

void draft_fields(struct call *c, const struct draft *d, draft_field_fn *add, void *to)
{
	const struct {
		const char *name;
		int64_t value;
	} numbers[] = {
		{"reply", d->reply.v},	     {"quote", d->quote.v},	{"edit", d->edit.v},
		{"sensitive", d->sensitive}, {"poll_for", d->poll_for}, {"multiple", d->multiple},
	};

	/* What was filled in for them and taken out again is not filled in once more. */
	add(to, "text", d->text);
	add(to, "warning", d->warning);
	add(to, "visibility", view_of(visibility_names[d->visibility]));
	add(to, "language", d->language);
	add(to, "at", d->at);
	add(to, "key", d->key);
	add(to, "back", d->back);
	if (d->has_quotes)
		add(to, "quotes", view_of(quote_policy_names[d->quotes]));
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (numbers[i].value)
			add(to, numbers[i].name, arena_printf(c->arena, "%" PRId64, numbers[i].value));
	for (size_t i = 0; i < d->n_files; i++) {
		add(to, "media[]", arena_printf(c->arena, "%" PRId64, d->files[i].id));
		add(to, "alt[]", d->files[i].words);
	}
	for (size_t i = 0; i < d->n_options && draft_has_poll(d); i++)
		add(to, "option[]", d->options[i]);
}

static void add_param(void *to, const char *name, struct view value)
{
	url_add_param(to, 0, view_of(name), value);
}

enum err draft_path(struct call *c, const struct draft *d, struct view *ret)
{
	struct buf CLEANUP(buf_release) to = {.max = PATH_MAX_BYTES};

	buf_add_str(&to, WRITE_PATH);
	draft_fields(c, d, add_param, &to);
	if (buf_err(&to) != OK)
		return ERR_TOO_LARGE;
	*ret = arena_view(c->arena, buf_view(&to));
	return OK;
}

struct view draft_key(struct call *c, const struct draft *d)
{
	struct buf CLEANUP(buf_release) all = {.max = LIMIT_BODY};
	char key[TOKEN_HASH_LEN + 1];

	draft_fields(c, d, add_param, &all);
	if (!d->key.len || buf_err(&all) != OK)
		return d->key;
	token_hash(buf_view(&all), key);
	return arena_view(c->arena, view_of(key));
}

/* ---- parts of the form ---- */

static void draw_option(struct html *h, struct view value, struct view text, bool selected)
{
	html_tag(h, "option", A("value", value));
	html_flag(h, "selected", selected);
	html_text(h, text);
	html_close(h, "option");
}

static void draw_visibility(struct call *c, struct html *h, enum visibility chosen)
{
	html_tag(h, "select", A("name", V("visibility")), A("aria-label", page_say(c, words.who)));
	for (size_t i = 0; i < ARRAY_LEN(visibilities); i++)
		draw_option(h, view_of(visibility_names[i]), page_say(c, visibilities[i]), i == chosen);
	html_close(h, "select");
}

static void draw_languages(struct call *c, struct html *h, struct view chosen)
{
	html_elem(h, "label", page_say(c, words.language), A("for", V("language")));
	html_tag(h, "select", A("name", V("language")), A("id", V("language")));
	for (size_t i = 0; i < n_lang_table; i++)
		draw_option(h, view_of(lang_table[i].code), view_of(lang_table[i].name),
			    view_is(chosen, lang_table[i].code));
	html_close(h, "select");
}

static void draw_quotes(struct call *c, struct html *h, enum quote_policy chosen)
{
	html_elem(h, "label", page_say(c, words.quotes), A("for", V("quotes")));
	html_elem(h, "p", page_say(c, words.quotes_hint), A("class", V("hint")), A("id", V("quotes-hint")));
	html_tag(h, "select", A("name", V("quotes")), A("id", V("quotes")), A("aria-describedby", V("quotes-hint")));
	for (size_t i = 0; i < QUOTE_POLICIES; i++)
		draw_option(h, view_of(quote_policy_names[i]), page_say(c, quote_policy_words[i]), i == chosen);
	html_close(h, "select");
}

static struct view span_words(struct call *c, int64_t seconds)
{
	const struct noun *noun = seconds >= 86400 ? &words.days : seconds >= 3600 ? &words.hours : &words.minutes;
	int64_t n = seconds / (seconds >= 86400 ? 86400 : seconds >= 3600 ? 3600 : 60);

	return arena_printf(c->arena, "%" PRId64 " %.*s", n, VIEW_ARG(page_say(c, n == 1 ? noun->one : noun->many)));
}

/* An edited poll's time is none of the usual ones. */
static void draw_poll_spans(struct call *c, struct html *h, int64_t chosen)
{
	bool usual = false;

	html_elem(h, "label", page_say(c, words.poll_for), A("for", V("poll_for")));
	html_tag(h, "select", A("name", V("poll_for")), A("id", V("poll_for")));
	for (size_t i = 0; i < ARRAY_LEN(poll_spans); i++) {
		usual = usual || poll_spans[i] == chosen;
		draw_option(h, arena_printf(c->arena, "%" PRId64, poll_spans[i]), span_words(c, poll_spans[i]),
			    poll_spans[i] == chosen);
	}
	if (!usual)
		draw_option(h, arena_printf(c->arena, "%" PRId64, chosen), span_words(c, chosen), true);
	html_close(h, "select");
}

static void draw_poll_fields(struct call *c, struct html *h, const struct draft *d)
{
	html_tag(h, "fieldset", A("class", V("options")));
	html_elem(h, "legend", page_say(c, words.poll));
	html_elem(h, "p", page_say(c, words.poll_hint), A("class", V("hint")));
	for (size_t i = 0; i < LIMIT_POLL_OPTIONS; i++) {
		struct view n = arena_printf(c->arena, "%zu", i + 1);

		html_tag(h, "input", A("name", V("option[]")), A("dir", V("auto")),
			 A("aria-label", PAGE_SAY_WITH(c, words.option, n)),
			 A("placeholder", PAGE_SAY_WITH(c, words.option, n)),
			 A("value", i < d->n_options ? d->options[i] : V("")));
		html_attr_int(h, "maxlength", LIMIT_POLL_OPTION_CHARS);
		if (i < d->n_options)
			form_mark(c, h, "option[]", d->options[i]);
	}
	draw_poll_spans(c, h, d->poll_for > 0 ? d->poll_for : POLL_SPAN_USUAL);
	draw_box(c, h, "multiple", words.multiple, d->multiple);
	html_close(h, "fieldset");
}

/* Did they type it, and not we? So it is behind a form, and with the key that each form has. */
static bool is_typed(struct call *c)
{
	return c->x->method == HTTP_POST || arg_given(c, "key");
}

static void draw_text_area(struct call *c, struct html *h, struct view text, bool whole)
{
	struct view most = arena_printf(c->arena, "%" PRId64, c->core->config.post_chars);

	html_tag(h, "textarea", A("name", V("text")), A("id", V("text")), A("aria-label", page_say(c, words.text)),
		 A("placeholder", page_say(c, words.text)), A("dir", V("auto")), A("aria-describedby", V("chars")));
	html_attr_int(h, "rows", whole ? 6 : 3);
	html_attr(h, "data-most", most);
	if (whole && is_typed(c))
		html_attr(h, "data-typed", V("1"));
	html_flag(h, "autofocus", whole);
	if (form_is_refused(c, "text", text))
		html_attr(h, "aria-invalid", V("true"));
	html_text(h, text);
	html_close(h, "textarea");
	html_elem(h, "p", PAGE_SAY_WITH(c, words.chars, most), A("class", V("hint chars")), A("id", V("chars")));
}

static void draw_when(struct call *c, struct html *h, const struct draft *d)
{
	html_elem(h, "label", page_say(c, words.later), A("for", V("at")));
	html_elem(h, "p", page_say(c, words.later_hint), A("class", V("hint")), A("id", V("at-hint")));
	html_tag(h, "input", A("type", V("datetime-local")), A("name", V("at")), A("id", V("at")), A("value", d->at),
		 A("aria-describedby", V("at-hint")));
}

/* What not every post has, folded away unless something is in it. */
static void draw_rest(struct call *c, struct html *h, const struct draft *d)
{
	html_tag(h, "details", A("class", V("options")));
	html_flag(h, "open", d->warning.len || draft_has_poll(d) || d->at.len || d->sensitive);
	html_elem(h, "summary", page_say(c, words.more));
	draw_field(c, h,
		   &(struct form_field){
			   .name = "warning", .label = words.warning, .hint = words.warning_hint, .value = d->warning});
	draw_box(c, h, "sensitive", words.sensitive, d->sensitive);
	draw_languages(c, h, d->language);
	draw_quotes(c, h, d->quotes);
	draw_poll_fields(c, h, d);
	if (!d->edit.v)
		draw_when(c, h, d);
	html_close(h, "details");
}

static void hide_id(struct call *c, struct html *h, const char *name, struct post_id id)
{
	if (id.v)
		page_hidden(h, name, arena_printf(c->arena, "%" PRId64, id.v));
}

static void draw_key(struct call *c, struct html *h, struct view key)
{
	char fresh[TOKEN_LEN + 1];

	if (!key.len) {
		token_make(fresh);
		key = arena_view(c->arena, view_of(fresh));
	}
	page_hidden(h, "key", key);
}

static void begin_form(struct call *c, struct html *h, const struct draft *d, const char *class_name)
{
	page_form_files(c, h, V(WRITE_PATH), class_name);
	draw_key(c, h, d->key);
	page_hidden(h, "back", d->back);
	hide_id(c, h, "reply", d->reply);
	hide_id(c, h, "quote", d->quote);
	hide_id(c, h, "edit", d->edit);
}

/* The return key presses a form's first button: it is none that posts, or takes a picture off. */
static void draw_usual(struct call *c, struct html *h)
{
	html_tag(h, "button", A("name", V("do")), A("value", V("open")));
	html_flag(h, "hidden", true);
	html_text(h, page_say(c, words.open));
	html_close(h, "button");
}

/* What it is about, as far as that may be seen. */
static enum err draw_about(struct call *c, struct html *h, struct post_id id, struct view label)
{
	struct shown_post s;
	size_t n = 0;

	if (!id.v)
		return OK;
	TRY(shown_load(c, &id, 1, visible_to, 0, &s, &n));
	if (!n)
		return OK;
	html_tag(h, "blockquote", A("class", V("quoted")), A("aria-label", page_say(c, label)));
	html_elem(h, "p", page_say(c, label), A("class", V("hint")));
	draw_account_line(c, h, s.author);
	if (s.post.spoiler.len) {
		html_elem(h, "p", s.post.spoiler, A("dir", V("auto")));
	} else {
		html_tag(h, "div", A("class", V("text")), A("dir", V("auto")));
		html_safe(h, html_trust_stored(s.post.html));
		html_close(h, "div");
	}
	html_close(h, "blockquote");
	return OK;
}

static struct view title_of(const struct draft *d)
{
	return d->edit.v ? words.edit : d->reply.v ? words.reply : d->quote.v ? words.quote : words.write;
}

enum err compose_draw(struct call *c, const struct draft *d, struct view refusal)
{
	struct page_head head = {
		.title = page_say(c, title_of(d)), .noindex = true, .private = true, .narrow = true, .app = true};

	if (refusal.len)
		c->status = 422;
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", head.title);
	draw_refusal(&h, page_say(c, refusal));
	TRY(draw_about(c, &h, d->reply, words.answering));
	TRY(draw_about(c, &h, d->quote, words.quoting));
	begin_form(c, &h, d, "stack compose");
	draw_usual(c, &h);
	draw_text_area(c, &h, d->text, true);
	TRY(compose_files_draw(c, &h, d));
	html_tag(&h, "div", A("class", V("send")));
	if (!d->edit.v)
		draw_visibility(c, &h, d->visibility);
	html_elem(&h, "button", page_say(c, d->edit.v ? words.save : words.post), A("name", V("do")),
		  A("value", V("post")), A("class", V("main")));
	html_close(&h, "div");
	draw_rest(c, &h, d);
	html_close(&h, "form");
	return page_end(c, &h);
}

enum err compose_draw_short(struct call *c, struct html *h, struct view text, struct view back)
{
	struct author *author;
	struct draft d = {.text = text, .back = back};

	TRY(author_get(c->core, c->db, c->auth.account, &author));
	enum visibility usual = author->default_visibility;
	author_put(author);
	begin_form(c, h, &d, "compose short");
	draw_text_area(c, h, d.text, false);
	html_tag(h, "div", A("class", V("send")));
	draw_visibility(c, h, usual);
	html_elem(h, "button", page_say(c, words.open), A("name", V("do")), A("value", V("open")));
	html_elem(h, "button", page_say(c, words.post), A("name", V("do")), A("value", V("post")),
		  A("class", V("main")));
	html_close(h, "div");
	html_close(h, "form");
	return OK;
}
