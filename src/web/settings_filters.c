/*
 * settings_filters.c - /settings/filters: words one does not want to read. Keywords are typed one to a line; what apps
 * have added besides, single posts, is kept.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/filters.h"
#include "web/login.h"
#include "web/settings.h"
#include "web/web.h"

#define PATH "/settings/filters"
#define KEYWORDS_SHOWN 200 /* lines of one filter */

static const struct {
	struct view title, lead, fresh, name, keywords, keywords_hint, where, action, until, make, save, delete, none;
} words = {
	.title = N_("Filters"),
	.lead = N_("Posts with these words are hidden from you. Nobody else notices."),
	.fresh = N_("A new filter"),
	.name = N_("Name"),
	.keywords = N_("Words"),
	.keywords_hint = N_("One to a line. Only whole words are found."),
	.where = N_("Where it counts"),
	.action = N_("What happens to such a post"),
	.until = N_("Until"),
	.make = N_("Make the filter"),
	.save = N_("Save"),
	.delete = N_("Delete the filter"),
	.none = N_("No filters yet."),
};

static const struct {
	const char *name;
	struct view words;
} contexts[] = {
	{"home", N_("Home and lists")},
	{"notifications", N_("Notifications")},
	{"public", N_("Public timelines and search")},
	{"thread", N_("Conversations")},
	{"account", N_("Profiles")},
};
static const struct view action_words[FILTER_ACTIONS] = {N_("It is covered, with the name of the filter"),
							 N_("It is left out"), N_("Its pictures are blurred")};
static const char *const spans[] = {"keep", "forever", "1800", "3600", "86400", "604800", NULL};
static const struct view span_words[] = {N_("as it is"),    N_("for good"),  N_("for half an hour"),
					 N_("for an hour"), N_("for a day"), N_("for a week")};

/* A filter as it is typed. */
struct typed {
	int64_t id;
	struct view title, keywords;
	unsigned contexts;
	enum filter_action action;
	size_t span;
};

static void draw_contexts(struct call *c, struct html *h, unsigned chosen)
{
	html_tag(h, "fieldset", A("class", V("options")));
	html_elem(h, "legend", page_say(c, words.where));
	for (size_t i = 0; i < ARRAY_LEN(contexts); i++) {
		html_tag(h, "label", A("class", V("check")));
		html_tag(h, "input", A("type", V("checkbox")), A("name", V("where[]")),
			 A("value", view_of(contexts[i].name)));
		html_flag(h, "checked", chosen >> i & 1);
		html_elem(h, "span", page_say(c, contexts[i].words));
		html_close(h, "label");
	}
	html_close(h, "fieldset");
}

/* Ids of fields are told apart by the filter. */
static const char *id_of(struct call *c, const char *name, int64_t id)
{
	return arena_cstr(c->arena, arena_printf(c->arena, "%s%" PRId64, name, id));
}

static void draw_select(struct call *c, struct html *h, const struct settings_choice *choice, int64_t id, size_t from)
{
	struct view field = view_of(id_of(c, choice->name, id));

	html_elem(h, "label", page_say(c, choice->label), A("for", field));
	html_tag(h, "select", A("name", view_of(choice->name)), A("id", field));
	for (size_t i = from; choice->names[i]; i++) {
		html_tag(h, "option", A("value", view_of(choice->names[i])));
		html_flag(h, "selected", i == choice->chosen);
		html_text(h, page_say(c, choice->words[i]));
		html_close(h, "option");
	}
	html_close(h, "select");
}

static void draw_form(struct call *c, struct html *h, const struct typed *t)
{
	page_form(c, h, V(PATH), "stack");
	if (t->id)
		page_hidden(h, "id", arena_printf(c->arena, "%" PRId64, t->id));
	draw_field(c, h,
		   &(struct form_field){.name = "title",
					.id = id_of(c, "title", t->id),
					.label = words.name,
					.required = true,
					.value = t->title});
	draw_field(c, h,
		   &(struct form_field){.name = "keywords",
					.id = id_of(c, "keywords", t->id),
					.type = "textarea",
					.label = words.keywords,
					.hint = words.keywords_hint,
					.value = t->keywords});
	draw_contexts(c, h, t->contexts);
	draw_select(c, h,
		    &(struct settings_choice){"action", words.action, filter_action_names, action_words, t->action},
		    t->id, 0);
	draw_select(c, h, &(struct settings_choice){"until", words.until, spans, span_words, t->span}, t->id,
		    t->id ? 0 : 1);
	draw_submit(c, h, t->id ? words.save : words.make);
	html_close(h, "form");
}

static struct view keywords_of(struct call *c, const struct filters *all, int64_t filter)
{
	struct buf CLEANUP(buf_release) text = {.max = LIMIT_FILTER_KEYWORDS * 4096};

	for (size_t i = 0; i < all->n_keywords; i++) {
		if (all->keywords[i].filter != filter)
			continue;
		buf_add(&text, all->keywords[i].text);
		buf_add_c(&text, '\n');
	}
	return buf_err(&text) == OK ? arena_view(c->arena, buf_view(&text)) : V("");
}

static void draw_filter(struct call *c, struct html *h, const struct filters *all, const struct filter *f,
			const struct typed *again)
{
	struct typed t = {f->id, f->title, keywords_of(c, all, f->id), f->contexts, f->action, 0};
	bool open = again && again->id == f->id;

	html_open(h, "li");
	html_open(h, "details");
	html_flag(h, "open", open);
	html_elem(h, "summary", f->title, A("dir", V("auto")));
	draw_form(c, h, open ? again : &t);
	html_close(h, "details");
	settings_form(c, h,
		      &(struct settings_form){.action = PATH "/delete",
					      .button = words.delete,
					      .hidden = "id",
					      .value = arena_printf(c->arena, "%" PRId64, f->id),
					      .about = f->title});
	html_close(h, "li");
}

static enum err draw(struct call *c, const struct typed *again, struct view refusal)
{
	struct typed fresh = {.contexts = FILTER_HOME | FILTER_PUBLIC | FILTER_THREAD, .span = 1};
	struct filters all;

	TRY(filters_load(c->db, c->arena, c->auth.account, 0, &all));
	if (refusal.len)
		c->status = 422;
	struct html h = settings_page(c, words.title, NULL);
	html_elem(&h, "p", page_say(c, words.lead));
	draw_refusal(&h, page_say(c, refusal));
	if (!all.n)
		html_elem(&h, "p", page_say(c, words.none), A("class", V("empty")));
	else
		html_tag(&h, "ul", A("class", V("rows")));
	for (size_t i = 0; i < all.n; i++)
		draw_filter(c, &h, &all, &all.list[i], again);
	if (all.n)
		html_close(&h, "ul");
	html_elem(&h, "h2", page_say(c, words.fresh));
	draw_form(c, &h, again && !again->id ? again : &fresh);
	return page_end(c, &h);
}

static enum err show(struct call *c)
{
	return c->auth.session_id ? draw(c, NULL, V("")) : login_ask(c);
}

/* ---- changes ---- */

static unsigned contexts_of(struct call *c)
{
	const struct view *names;
	size_t n = arg_strings(c, "where[]", &names);
	unsigned ret = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < ARRAY_LEN(contexts); k++)
			if (view_is(names[i], contexts[k].name))
				ret |= 1u << k;
	return ret;
}

static bool is_typed(struct view text, struct view keyword)
{
	struct view line;

	while (view_split(&text, '\n', &line))
		if (view_eq(view_trim(line), keyword))
			return true;
	return false;
}

static const struct filter_keyword *find_keyword(const struct filters *old, struct view text)
{
	for (size_t i = 0; old && i < old->n_keywords; i++)
		if (view_eq(old->keywords[i].text, text))
			return &old->keywords[i];
	return NULL;
}

/* Lines that were not there are added; keywords that are no line any more go. */
static void change_keywords(struct call *c, const struct filters *old, struct view text, struct filter_change *ret)
{
	size_t max = KEYWORDS_SHOWN + (old ? old->n_keywords : 0), n = 0;
	struct keyword_change *changes = ARENA_ARRAY(c->arena, max, struct keyword_change);
	struct view rest = text, line;

	for (size_t i = 0; old && i < old->n_keywords; i++)
		if (!is_typed(text, old->keywords[i].text))
			changes[n++] = (struct keyword_change){.id = old->keywords[i].id, .gone = true};
	while (n < max && view_split(&rest, '\n', &line)) {
		line = view_trim(line);
		if (line.len && !find_keyword(old, line))
			changes[n++] = (struct keyword_change){.has_text = true, .text = line};
	}
	ret->keywords = changes;
	ret->n_keywords = n;
}

static void change_expiry(const struct typed *t, struct filter_change *ret)
{
	int64_t seconds = 0;

	ret->has_expiry = t->span > 0;
	if (parse_i64(view_of(spans[t->span]), 1, INT32_MAX, &seconds))
		ret->expires_at = clock_now() + seconds * 1000;
}

static enum err apply(struct call *c, const struct typed *t)
{
	struct filter_change ch = {.has_title = true,
				   .title = t->title,
				   .has_action = true,
				   .action = t->action,
				   .has_contexts = true,
				   .contexts = t->contexts};
	struct filters old;
	int64_t id;

	change_expiry(t, &ch);
	if (!t->id) {
		change_keywords(c, NULL, t->keywords, &ch);
		return filter_create(c->core, c->auth.account, &ch, &id, &c->problem);
	}
	TRY(filters_load(c->db, c->arena, c->auth.account, t->id, &old));
	change_keywords(c, &old, t->keywords, &ch);
	return filter_update(c->core, c->auth.account, t->id, &ch, &c->problem);
}

static enum err save(struct call *c)
{
	struct typed t = {arg_id(c, "id"),
			  arg_str(c, "title"),
			  arg_str(c, "keywords"),
			  contexts_of(c),
			  (enum filter_action)arg_choice(c, "action"),
			  arg_choice(c, "until")};
	struct view refusal;

	if (!c->auth.session_id)
		return login_ask_then(c, V(PATH));
	enum err err = c->refused ? c->refused : apply(c, &t);
	if (settings_refused(c, err, &refusal))
		return draw(c, &t, refusal);
	TRY(err);
	return call_redirect(c, 303, V(PATH));
}

static enum err delete_filter(struct call *c)
{
	if (!c->auth.session_id)
		return login_ask_then(c, V(PATH));
	enum err err = filter_delete(c->core, c->auth.account, arg_id(c, "id"));
	if (err != ERR_NOT_FOUND) /* gone already */
		TRY(err);
	return call_redirect(c, 303, V(PATH));
}

static const char *const actions[] = {"warn", "hide", "blur", NULL};

const struct endpoint web_settings_filters[] = {
	{PAGE_ROW(PATH, show),
	 .doc = "Words one does not want to read."},
	{SETTINGS_ROW, .path = PATH, .handle = save, .rate = RATE_DEFAULT, .refused_ok = true,
	 .params = PARAMS(
		 {.name = "id", .type = PARAM_ID, .doc = "Of a filter that is changed; without: a new one."},
		 {.name = "title", .max = 4096, .doc = "Its name."},
		 {.name = "keywords", .max = LIMIT_FILTER_KEYWORDS * 64, .doc = "One to a line."},
		 {.name = "where[]", .type = PARAM_STRINGS, .doc = "Where it counts."},
		 {.name = "action", .type = PARAM_CHOICE, .choices = actions, .doc = "What happens."},
		 {.name = "until", .type = PARAM_CHOICE, .choices = spans, .doc = "Seconds, for good, or as it is."}),
	 .doc = "Makes a filter, or changes one."},
	{SETTINGS_ROW, .path = PATH "/delete", .handle = delete_filter, .rate = RATE_DEFAULT,
	 .params = PARAMS({.name = "id", .type = PARAM_ID, .doc = "The filter."}), .doc = "Deletes a filter."},
	ENDPOINTS_END,
};
