/*
 * form.c - see form.h.
 */
#include "base/base.h"

#include "web/form.h"

#include "base/buf.h"
#include "base/limits.h"

static const char *id_of(const struct form_field *f)
{
	return f->id ? f->id : f->name;
}

bool form_is_refused(const struct call *c, const char *name, struct view value)
{
	return c->refused && strcmp(c->wrong.name, name) == 0 && view_eq(c->wrong.value, value);
}

void form_mark(const struct call *c, struct html *h, const char *name, struct view value)
{
	if (!form_is_refused(c, name, value))
		return;
	html_attr(h, "aria-invalid", V("true"));
	html_attr(h, "aria-describedby", V("refusal"));
}

struct view form_refusal(struct call *c)
{
	return c->refused ? arena_view(c->arena, view_of(c->problem.text)) : V("");
}

/* "email-hint email-wrong": what a reader is told with the field. */
static void describe(struct call *c, struct html *h, const struct form_field *f)
{
	struct buf CLEANUP(buf_release) ids = {.max = LIMIT_KIB};

	if (f->hint.len)
		buf_printf(&ids, "%s-hint ", id_of(f));
	if (f->wrong.len)
		buf_printf(&ids, "%s-wrong ", id_of(f));
	if (form_is_refused(c, f->name, f->value))
		buf_add_str(&ids, "refusal ");
	if (ids.len)
		html_attr(h, "aria-describedby", arena_view(c->arena, view_trim(buf_view(&ids))));
}

static void draw_numbers(struct html *h, const struct form_field *f)
{
	if (f->max_number) {
		html_attr_int(h, "min", f->min_number);
		html_attr_int(h, "max", f->max_number);
	}
	if (f->max)
		html_attr_int(h, "maxlength", f->max);
	if (f->inputmode)
		html_attr(h, "inputmode", view_of(f->inputmode));
	if (f->pattern)
		html_attr(h, "pattern", view_of(f->pattern));
}

static bool is_name_or_secret(const struct form_field *f)
{
	return f->autocomplete && (strstr(f->autocomplete, "username") || strstr(f->autocomplete, "code"));
}

static void draw_input(struct call *c, struct html *h, const struct form_field *f)
{
	bool area = f->type && strcmp(f->type, "textarea") == 0;

	html_open(h, area ? "textarea" : "input");
	html_attr(h, "id", view_of(id_of(f)));
	html_attr(h, "name", view_of(f->name));
	if (!area)
		html_attr(h, "type", view_of(f->type ? f->type : "text"));
	if (f->autocomplete)
		html_attr(h, "autocomplete", view_of(f->autocomplete));
	if (is_name_or_secret(f)) {
		html_attr(h, "autocapitalize", V("none"));
		html_attr(h, "spellcheck", V("false"));
	} else if (area || !f->type) {
		html_attr(h, "dir", V("auto"));
	}
	draw_numbers(h, f);
	if (!area && f->value.len)
		html_attr(h, "value", f->value);
	html_flag(h, "required", f->required);
	html_flag(h, "autofocus", f->focus);
	if (f->wrong.len || form_is_refused(c, f->name, f->value))
		html_attr(h, "aria-invalid", V("true"));
	describe(c, h, f);
	if (area) {
		html_text(h, f->value);
		html_close(h, "textarea");
	}
}

void draw_field(struct call *c, struct html *h, const struct form_field *f)
{
	html_elem(h, "label", page_say(c, f->label), A("for", view_of(id_of(f))));
	if (f->hint.len)
		html_elem(h, "p", page_say(c, f->hint), A("class", V("hint")),
			  A("id", arena_printf(c->arena, "%s-hint", id_of(f))));
	draw_input(c, h, f);
	if (f->wrong.len)
		html_elem(h, "p", f->wrong, A("class", V("refusal")),
			  A("id", arena_printf(c->arena, "%s-wrong", id_of(f))));
}

void draw_checkbox(struct call *c, struct html *h, const char *name, struct view words, struct view wrong)
{
	html_tag(h, "label", A("class", V("check")));
	html_tag(h, "input", A("type", V("checkbox")), A("name", view_of(name)), A("value", V("1")));
	html_flag(h, "required", true);
	if (wrong.len)
		html_attr(h, "aria-invalid", V("true"));
	html_elem(h, "span", page_say(c, words));
	html_close(h, "label");
	if (wrong.len)
		html_elem(h, "p", wrong, A("class", V("refusal")));
}

void draw_box(struct call *c, struct html *h, const char *name, struct view words, bool on)
{
	html_tag(h, "label", A("class", V("check")));
	html_tag(h, "input", A("type", V("checkbox")), A("name", view_of(name)), A("value", V("1")));
	html_flag(h, "checked", on);
	html_elem(h, "span", page_say(c, words));
	html_close(h, "label");
}

void draw_refusal(struct html *h, struct view words)
{
	if (words.len)
		html_elem(h, "p", words, A("class", V("refusal")), A("id", V("refusal")), A("role", V("alert")));
}

void draw_submit(struct call *c, struct html *h, struct view words)
{
	html_elem(h, "button", page_say(c, words), A("type", V("submit")), A("class", V("main")));
}

enum err draw_plain_page(struct call *c, const struct plain_page *page)
{
	struct page_head head = {.title = page_say(c, page->title), .noindex = true, .private = true, .narrow = true};

	c->status = page->status;
	struct html h = page_begin(c, &head);
	html_elem(&h, "h1", page_say(c, page->title));
	html_elem(&h, "p", page_say(c, page->text));
	if (page->path) {
		html_open(&h, "p");
		html_elem(&h, "a", page_say(c, page->link), A("href", view_of(page->path)));
		html_close(&h, "p");
	}
	return page_end(c, &h);
}
