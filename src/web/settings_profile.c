/*
 * settings_profile.c - /settings/profile: what others see of one.
 */
#include "base/base.h"

#include "base/limits.h"
#include "core/accounts.h"
#include "media/profile_pictures.h"
#include "web/account_view.h"
#include "web/login.h"
#include "web/settings.h"
#include "web/web.h"

#define PATH "/settings/profile"
#define TEXT_BYTES (32 * LIMIT_KIB)
#define FIELDS 4

static const struct {
	struct view title, name, note, note_hint, fields, fields_hint, label, content, avatar, header, shows, no_avatar,
		no_header, bot, save, field_long, sites, tags;
} words = {
	.title = N_("Profile"),
	.name = N_("Name"),
	.note = N_("About you"),
	.note_hint = N_("Links, @names and #tags work."),
	.fields = N_("Details"),
	.fields_hint =
		N_("Up to four lines beside your profile: a page of yours, where you live, how to speak of you."),
	.label = N_("Label %s"),
	.content = N_("Content %s"),
	.avatar = N_("Picture"),
	.header = N_("Wide picture"),
	.shows = N_("What does it show?"),
	.no_avatar = N_("Take the picture away"),
	.no_header = N_("Take the wide picture away"),
	.bot = N_("This account acts by itself"),
	.save = N_("Save"),
	.sites = N_("Pages you write elsewhere"),
	.tags = N_("Hashtags on your profile"),
	.field_long = N_("A label or a content has 255 characters at most. Nothing was changed."),
};

struct shown {
	struct view name, note, field_names[FIELDS], field_values[FIELDS], avatar_words, header_words;
	bool bot;
};

static void draw_details(struct call *c, struct html *h, const struct shown *s)
{
	html_tag(h, "fieldset", A("class", V("options")));
	html_elem(h, "legend", page_say(c, words.fields));
	html_elem(h, "p", page_say(c, words.fields_hint), A("class", V("hint")));
	for (size_t i = 0; i < FIELDS; i++) {
		struct view n = arena_printf(c->arena, "%zu", i + 1);

		html_tag(h, "div", A("class", V("pair")));
		html_tag(h, "input", A("name", V("label[]")), A("aria-label", PAGE_SAY_WITH(c, words.label, n)),
			 A("value", s->field_names[i]), A("dir", V("auto")));
		form_mark(c, h, "label[]", s->field_names[i]);
		html_tag(h, "input", A("name", V("content[]")), A("aria-label", PAGE_SAY_WITH(c, words.content, n)),
			 A("value", s->field_values[i]), A("dir", V("auto")));
		form_mark(c, h, "content[]", s->field_values[i]);
		html_close(h, "div");
	}
	html_close(h, "fieldset");
}

static void draw_picture(struct call *c, struct html *h, const char *name, struct view label, struct view shows,
			 struct view remove, struct view key)
{
	html_tag(h, "fieldset", A("class", V("options")));
	html_elem(h, "legend", page_say(c, label));
	if (key.len)
		html_tag(h, "img", A("src", page_file(c, key)), A("alt", V("")), A("height", V("96")),
			 A("class", V("now")));
	html_tag(h, "input", A("type", V("file")), A("name", view_of(name)), A("accept", V("image/*")),
		 A("aria-label", page_say(c, label)));
	draw_field(c, h,
		   &(struct form_field){.name = arena_cstr(c->arena, arena_printf(c->arena, "%s_shows", name)),
					.label = words.shows,
					.value = shows});
	if (key.len)
		draw_box(c, h, arena_cstr(c->arena, arena_printf(c->arena, "no_%s", name)), remove, false);
	html_close(h, "fieldset");
}

static void draw_way(struct call *c, struct html *h, struct view text, const char *path)
{
	html_open(h, "p");
	html_elem(h, "a", page_say(c, text), A("href", view_of(path)));
	html_close(h, "p");
}

static enum err draw(struct call *c, const struct shown *s, struct view refusal)
{
	struct account me;

	TRY(account_load(c->db, c->arena, c->auth.account, &me));
	if (refusal.len)
		c->status = 422;
	struct html h = settings_page(c, words.title, NULL);
	draw_refusal(&h, page_say(c, refusal));
	page_form_files(c, &h, V(PATH), "stack");
	draw_field(c, &h, &(struct form_field){.name = "name", .label = words.name, .value = s->name});
	draw_field(c, &h,
		   &(struct form_field){.name = "note",
					.type = "textarea",
					.label = words.note,
					.hint = words.note_hint,
					.value = s->note});
	draw_details(c, &h, s);
	draw_picture(c, &h, "avatar", words.avatar, s->avatar_words, words.no_avatar, me.avatar_static);
	draw_picture(c, &h, "header", words.header, s->header_words, words.no_header, me.header_static);
	draw_box(c, &h, "bot", words.bot, s->bot);
	draw_submit(c, &h, words.save);
	html_close(&h, "form");
	draw_way(c, &h, words.tags, "/settings/tags#featured");
	draw_way(c, &h, words.sites, "/settings/sites");
	return page_end(c, &h);
}

static struct view text_of(struct call *c, const json_t *field, const char *key)
{
	const json_t *v = json_object_get(field, key);

	return json_is_string(v) ? arena_view(c->arena, view_make(json_string_value(v), json_string_length(v))) : V("");
}

static enum err show(struct call *c)
{
	struct account me;

	if (!c->auth.session_id)
		return login_ask(c);
	TRY(account_load(c->db, c->arena, c->auth.account, &me));
	struct shown s = {.name = me.display_name,
			  .note = me.note,
			  .avatar_words = me.avatar_description,
			  .header_words = me.header_description,
			  .bot = me.bot};
	json_t *fields = json_loadb(me.fields.p, me.fields.len, 0, NULL);
	for (size_t i = 0; i < FIELDS && i < json_array_size(fields); i++) {
		s.field_names[i] = text_of(c, json_array_get(fields, i), "name");
		s.field_values[i] = text_of(c, json_array_get(fields, i), "value");
	}
	json_decref(fields);
	return draw(c, &s, V(""));
}

static void read_shown(struct call *c, struct shown *ret)
{
	struct shown s = {.name = arg_str(c, "name"),
			  .note = arg_str(c, "note"),
			  .avatar_words = arg_str(c, "avatar_shows"),
			  .header_words = arg_str(c, "header_shows"),
			  .bot = arg_bool(c, "bot")};
	const struct view *labels, *contents;
	size_t n = arg_strings(c, "label[]", &labels), m = arg_strings(c, "content[]", &contents);

	for (size_t i = 0; i < FIELDS && i < n && i < m; i++) {
		s.field_names[i] = labels[i];
		s.field_values[i] = contents[i];
	}
	*ret = s;
}

static struct profile_change change_of(struct call *c, const struct shown *s)
{
	struct profile_change ch = {
		.has_display_name = true,
		.display_name = s->name,
		.has_note = true,
		.note = s->note,
		.has_fields = true,
		.has_bot = true,
		.bot = s->bot,
		.has_avatar_description = true,
		.avatar_description = s->avatar_words,
		.has_header_description = true,
		.header_description = s->header_words,
		.has_avatar = arg_bool(c, "no_avatar"),
		.has_header = arg_bool(c, "no_header"),
	};

	for (size_t i = 0; i < FIELDS; i++) {
		if (!view_trim(s->field_names[i]).len && !view_trim(s->field_values[i]).len)
			continue;
		ch.field_names[ch.n_fields] = s->field_names[i];
		ch.field_values[ch.n_fields++] = s->field_values[i];
	}
	return ch;
}

static bool is_long(struct view line)
{
	size_t at = 0, n = 0, step;

	line = view_trim(line);
	while (n <= LIMIT_FIELD_CHARS && (step = utf8_step(line, at)) > 0) {
		at += step;
		n++;
	}
	return n > LIMIT_FIELD_CHARS;
}

/* Apps have lines that are too long cut; who typed them is told instead. */
static enum err check(struct call *c, const struct shown *s)
{
	TRY(c->refused);
	for (size_t i = 0; i < FIELDS; i++)
		if (is_long(s->field_names[i]) || is_long(s->field_values[i]))
			return call_fail(c, ERR_UNPROCESSABLE, "%.*s", VIEW_ARG(words.field_long));
	return OK;
}

static struct view file_of(struct call *c, const char *name)
{
	struct upload up;

	return arg_file(c, name, &up) ? up.data : V("");
}

static enum err save(struct call *c)
{
	struct profile_pictures pictures = {file_of(c, "avatar"), file_of(c, "header")};
	struct shown s;
	struct view refusal;

	if (!c->auth.session_id)
		return login_ask_then(c, V(PATH));
	read_shown(c, &s);
	struct profile_change ch = change_of(c, &s);
	enum err err = check(c, &s);
	if (!err)
		err = profile_change_apply(c->core, c->db, c->arena, c->auth.account, &ch, &pictures, &c->problem);
	if (settings_refused(c, err, &refusal))
		return draw(c, &s, refusal);
	TRY(err);
	return call_redirect(c, 303, V(PATH));
}

const struct endpoint web_settings_profile[] = {
	{PAGE_ROW(PATH, show),
	 .doc = "What others see of one."},
	{.method = HTTP_POST,
	 .path = PATH,
	 .handle = save,
	 .auth = AUTH_SESSION,
	 .rate = RATE_DEFAULT,
	 .meter = METER_FREE,
	 .body = BODY_UPLOAD,
	 .run = RUN_WORKER,
	 .kind = REPLY_HTML,
	 .reply = "Page",
	 .refused_ok = true,
	 .params = PARAMS({.name = "name", .max = TEXT_BYTES, .doc = "Name to show."},
			  {.name = "note", .max = TEXT_BYTES, .doc = "About oneself."},
			  {.name = "label[]", .type = PARAM_STRINGS, .max = TEXT_BYTES, .doc = "Of lines beside it."},
			  {.name = "content[]", .type = PARAM_STRINGS, .max = TEXT_BYTES, .doc = "Of the same."},
			  {.name = "avatar", .type = PARAM_FILE, .doc = "Picture."},
			  {.name = "header", .type = PARAM_FILE, .doc = "Wide picture."},
			  {.name = "avatar_shows", .max = TEXT_BYTES, .doc = "What it shows."},
			  {.name = "header_shows", .max = TEXT_BYTES, .doc = "What it shows."},
			  {.name = "no_avatar", .type = PARAM_BOOL, .doc = "Take the picture away."},
			  {.name = "no_header", .type = PARAM_BOOL, .doc = "Take the wide picture away."},
			  {.name = "bot", .type = PARAM_BOOL, .doc = "The account acts by itself."}),
	 .doc = "Changes it."},
	ENDPOINTS_END,
};
