/*
 * settings_filters.c - /settings/filters: words one does not want to read, typed one to a line, and single posts, which come
 * here from their menu.
 */
#include "base/base.h"

#include "base/clock.h"
#include "core/filters.h"
#include "web/login.h"
#include "web/post_view.h"
#include "web/settings.h"
#include "web/web.h"

#define PATH "/settings/filters"
#define KEYWORDS_SHOWN 200 /* lines of one filter, in each of its two fields */
#define POSTS_SHOWN 50	   /* of one filter */

static const struct {
	struct view title, lead, fresh, name, keywords, keywords_hint, parts, parts_hint, where, action, until, make,
		save, delete, none, posts, take_out, this_post, put, or_new, ends, ended;
} words = {
	.title = N_("Filters"),
	.lead = N_("Posts with these words are hidden from you. Nobody else notices."),
	.fresh = N_("A new filter"),
	.name = N_("Name"),
	.keywords = N_("Words"),
	.keywords_hint = N_("One to a line. Only whole words are found."),
	.parts = N_("Parts of words"),
	.parts_hint = N_("One to a line. These are found inside longer words too."),
	.where = N_("Where it counts"),
	.action = N_("What happens to such a post"),
	.until = N_("Until"),
	.make = N_("Make the filter"),
	.save = N_("Save"),
	.delete = N_("Delete the filter"),
	.none = N_("No filters yet."),
	.posts = N_("Posts it hides"),
	.take_out = N_("Take out"),
	.this_post = N_("Filter this post"),
	.put = N_("Put it into “%s”"),
	.or_new = N_("Or make a new filter below; the post goes into it."),
	.ends = N_("until %s"),
	.ended = N_("has ended"),
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
	struct view title, keywords, parts;
	unsigned contexts;
	enum filter_action action;
	size_t span;
	struct post_id post; /* that goes into a new one; 0: none */
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
	else if (t->post.v)
		page_hidden(h, "post", arena_printf(c->arena, "%" PRId64, t->post.v));
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
	draw_field(c, h,
		   &(struct form_field){.name = "parts",
					.id = id_of(c, "parts", t->id),
					.type = "textarea",
					.label = words.parts,
					.hint = words.parts_hint,
					.value = t->parts});
	draw_contexts(c, h, t->contexts);
	draw_select(c, h,
		    &(struct settings_choice){"action", words.action, filter_action_names, action_words, t->action},
		    t->id, 0);
	draw_select(c, h, &(struct settings_choice){"until", words.until, spans, span_words, t->span}, t->id,
		    t->id ? 0 : 1);
	draw_submit(c, h, t->id ? words.save : words.make);
	html_close(h, "form");
}

static struct view keywords_of(struct call *c, const struct filters *all, int64_t filter, bool whole)
{
	struct buf CLEANUP(buf_release) text = {.max = LIMIT_FILTER_KEYWORDS * 4096};

	for (size_t i = 0; i < all->n_keywords; i++) {
		if (all->keywords[i].filter != filter || all->keywords[i].whole_word != whole)
			continue;
		buf_add(&text, all->keywords[i].text);
		buf_add_c(&text, '\n');
	}
	return buf_err(&text) == OK ? arena_view(c->arena, buf_view(&text)) : V("");
}

static void draw_post_row(struct call *c, struct html *h, const struct shown_post *s, int64_t id)
{
	html_tag(h, "li", A("class", V("who")));
	draw_excerpt(c, h, s);
	page_form(c, h, V(PATH "/posts"), "inline end");
	page_hidden(h, "id", arena_printf(c->arena, "%" PRId64, id));
	html_elem(h, "button", page_say(c, words.take_out), A("name", V("do")), A("value", V("remove")));
	html_close(h, "form");
	html_close(h, "li");
}

/* What may not be seen by now is not shown; it stays in the filter. */
static enum err draw_posts(struct call *c, struct html *h, const struct filters *all, int64_t filter)
{
	struct shown_post s;
	size_t drawn = 0, shown = 0;

	for (size_t i = 0; i < all->n_statuses && drawn < POSTS_SHOWN; i++) {
		if (all->statuses[i].filter != filter)
			continue;
		TRY(shown_load(c, &all->statuses[i].post, 1, visible_to, 0, &s, &shown));
		if (!shown)
			continue;
		if (!drawn++) {
			html_elem(h, "h2", page_say(c, words.posts));
			html_tag(h, "ul", A("class", V("rows people")));
		}
		draw_post_row(c, h, &s, all->statuses[i].id);
	}
	if (drawn)
		html_close(h, "ul");
	return OK;
}

static void draw_summary(struct call *c, struct html *h, const struct filter *f)
{
	html_open(h, "summary");
	html_elem(h, "bdi", f->title);
	if (f->expires_at) {
		html_text(h, V(" "));
		html_elem(h, "span",
			  f->expires_at > clock_now() ? PAGE_SAY_WITH(c, words.ends, settings_time(c, f->expires_at))
						      : page_say(c, words.ended),
			  A("class", V("hint")));
	}
	html_close(h, "summary");
}

static enum err draw_filter(struct call *c, struct html *h, const struct filters *all, const struct filter *f,
			    const struct typed *again)
{
	struct typed t = {.id = f->id,
			  .title = f->title,
			  .keywords = keywords_of(c, all, f->id, true),
			  .parts = keywords_of(c, all, f->id, false),
			  .contexts = f->contexts,
			  .action = f->action};
	bool open = again && again->id == f->id;

	html_open(h, "li");
	html_open(h, "details");
	html_flag(h, "open", open);
	draw_summary(c, h, f);
	draw_form(c, h, open ? again : &t);
	TRY(draw_posts(c, h, all, f->id));
	html_close(h, "details");
	settings_form(c, h,
		      &(struct settings_form){.action = PATH "/delete",
					      .button = words.delete,
					      .hidden = "id",
					      .value = arena_printf(c->arena, "%" PRId64, f->id),
					      .about = f->title});
	html_close(h, "li");
	return OK;
}

/* A post that came here from its menu: into which of them? */
static enum err draw_asked(struct call *c, struct html *h, const struct filters *all, struct post_id post)
{
	struct shown_post s;
	size_t shown = 0;

	TRY(shown_load(c, &post, 1, visible_to, 0, &s, &shown));
	if (!shown)
		return OK;
	html_tag(h, "section", A("class", V("card")));
	html_elem(h, "h2", page_say(c, words.this_post));
	html_tag(h, "div", A("class", V("about-post")));
	draw_excerpt(c, h, &s);
	html_close(h, "div");
	page_form(c, h, V(PATH "/posts"), "deciding");
	page_hidden(h, "post", arena_printf(c->arena, "%" PRId64, post.v));
	page_hidden(h, "do", V("add"));
	for (size_t i = 0; i < all->n; i++)
		html_elem(h, "button", PAGE_SAY_WITH(c, words.put, all->list[i].title), A("name", V("filter")),
			  A("value", arena_printf(c->arena, "%" PRId64, all->list[i].id)), A("dir", V("auto")));
	html_close(h, "form");
	html_elem(h, "p", page_say(c, words.or_new), A("class", V("hint")));
	html_close(h, "section");
	return OK;
}

static enum err draw(struct call *c, const struct typed *again, struct view refusal)
{
	struct typed fresh = {
		.contexts = FILTER_HOME | FILTER_PUBLIC | FILTER_THREAD, .span = 1, .post = arg_post(c, "post")};
	struct filters all;

	TRY(filters_load(c->db, c->arena, c->auth.account, 0, &all));
	if (refusal.len)
		c->status = 422;
	struct html h = settings_page(c, words.title, NULL);
	html_elem(&h, "p", page_say(c, words.lead));
	draw_refusal(&h, page_say(c, refusal));
	if (fresh.post.v)
		TRY(draw_asked(c, &h, &all, fresh.post));
	if (!all.n)
		html_elem(&h, "p", page_say(c, words.none), A("class", V("empty")));
	else
		html_tag(&h, "ul", A("class", V("rows")));
	for (size_t i = 0; i < all.n; i++)
		TRY(draw_filter(c, &h, &all, &all.list[i], again));
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

/* Of one that is there: it goes where neither field has it, or is found as the field says that has it now. */
static bool change_old(const struct filter_keyword *k, const struct typed *t, struct keyword_change *ret)
{
	bool whole = is_typed(t->keywords, k->text), part = is_typed(t->parts, k->text);

	*ret = (struct keyword_change){.id = k->id, .gone = !whole && !part};
	if (ret->gone)
		return true;
	ret->has_whole_word = true;
	ret->whole_word = k->whole_word ? whole : !part;
	return ret->whole_word != k->whole_word;
}

static size_t add_lines(const struct filters *old, struct view text, bool whole, struct keyword_change *ret, size_t max)
{
	struct view line;
	size_t n = 0;

	while (n < max && view_split(&text, '\n', &line)) {
		line = view_trim(line);
		if (line.len && !find_keyword(old, line))
			ret[n++] = (struct keyword_change){
				.has_text = true, .text = line, .has_whole_word = true, .whole_word = whole};
	}
	return n;
}

/* Lines that were not there are added; keywords that are no line any more go. */
static void change_keywords(struct call *c, const struct filters *old, const struct typed *t, struct filter_change *ret)
{
	size_t n_old = old ? old->n_keywords : 0, n = 0;
	struct keyword_change *changes = ARENA_ARRAY(c->arena, n_old + 2 * KEYWORDS_SHOWN, struct keyword_change);

	for (size_t i = 0; i < n_old; i++)
		if (change_old(&old->keywords[i], t, &changes[n]))
			n++;
	n += add_lines(old, t->keywords, true, changes + n, KEYWORDS_SHOWN);
	n += add_lines(old, t->parts, false, changes + n, KEYWORDS_SHOWN);
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
	int64_t id, place;

	change_expiry(t, &ch);
	if (!t->id) {
		change_keywords(c, NULL, t, &ch);
		TRY(filter_create(c->core, c->auth.account, &ch, &id, &c->problem));
		return t->post.v ? filter_status_add(c->core, c->auth.account, id, t->post, &place, &c->problem) : OK;
	}
	TRY(filters_load(c->db, c->arena, c->auth.account, t->id, &old));
	change_keywords(c, &old, t, &ch);
	return filter_update(c->core, c->auth.account, t->id, &ch, &c->problem);
}

static enum err save(struct call *c)
{
	struct typed t = {.id = arg_id(c, "id"),
			  .title = arg_str(c, "title"),
			  .keywords = arg_str(c, "keywords"),
			  .parts = arg_str(c, "parts"),
			  .contexts = contexts_of(c),
			  .action = (enum filter_action)arg_choice(c, "action"),
			  .span = arg_choice(c, "until"),
			  .post = arg_post(c, "post")};
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

static const char *const deeds[] = {"add", "remove", NULL};

static enum err change_posts(struct call *c)
{
	bool add = arg_choice(c, "do") == 0;
	struct view refusal;
	int64_t id;

	if (!c->auth.session_id)
		return login_ask_then(c, V(PATH));
	if (add && !arg_post(c, "post").v)
		return ERR_NOT_FOUND;
	enum err err = add ? filter_status_add(c->core, c->auth.account, arg_id(c, "filter"), arg_post(c, "post"), &id,
					       &c->problem)
			   : filter_status_delete(c->core, c->auth.account, arg_id(c, "id"));
	if (settings_refused(c, err, &refusal))
		return draw(c, NULL, refusal);
	if (add || err != ERR_NOT_FOUND) /* gone already */
		TRY(err);
	return call_redirect(c, 303, V(PATH));
}

static const char *const actions[] = {"warn", "hide", "blur", NULL};

const struct endpoint web_settings_filters[] = {
	{PAGE_ROW(PATH, show), .params = PARAMS({.name = "post", .type = PARAM_POST, .doc = "A post that shall be filtered."}),
	 .doc = "Words and posts one does not want to read."},
	{SETTINGS_ROW, .path = PATH, .handle = save, .rate = RATE_DEFAULT, .refused_ok = true,
	 .params = PARAMS(
		 {.name = "id", .type = PARAM_ID, .doc = "Of a filter that is changed; without: a new one."},
		 {.name = "title", .max = 4096, .doc = "Its name."},
		 {.name = "keywords", .max = LIMIT_FILTER_KEYWORDS * 64, .doc = "Whole words, one to a line."},
		 {.name = "parts", .max = LIMIT_FILTER_KEYWORDS * 64, .doc = "What is found inside words, one to a line."},
		 {.name = "where[]", .type = PARAM_STRINGS, .doc = "Where it counts."},
		 {.name = "action", .type = PARAM_CHOICE, .choices = actions, .doc = "What happens."},
		 {.name = "until", .type = PARAM_CHOICE, .choices = spans, .doc = "Seconds, for good, or as it is."},
		 {.name = "post", .type = PARAM_POST, .doc = "Of a new filter: a post that goes into it."}),
	 .doc = "Makes a filter, or changes one."},
	{SETTINGS_ROW, .path = PATH "/posts", .handle = change_posts, .rate = RATE_DEFAULT,
	 .params = PARAMS(
		 {.name = "do", .type = PARAM_CHOICE, .choices = deeds, .required = true, .doc = "What to do."},
		 {.name = "filter", .type = PARAM_ID, .doc = "The filter that a post goes into."},
		 {.name = "post", .type = PARAM_POST, .doc = "The post."},
		 {.name = "id", .type = PARAM_ID, .doc = "The place that a post leaves."}),
	 .doc = "Puts a post into a filter, or takes it out."},
	{SETTINGS_ROW, .path = PATH "/delete", .handle = delete_filter, .rate = RATE_DEFAULT,
	 .params = PARAMS({.name = "id", .type = PARAM_ID, .doc = "The filter."}), .doc = "Deletes a filter."},
	ENDPOINTS_END,
};
