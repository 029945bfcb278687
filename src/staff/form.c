/*
 * form.c - see form.h. Filters have ids of their own, because a form on the same page may have fields of the same names.
 */
#include "base/base.h"

#include "staff/form.h"

#include "web/form.h"

static const struct view any = N_("All");

const struct param *staff_param(const struct endpoint *row, const char *name)
{
	for (const struct param *p = row->params; p && p->name; p++)
		if (strcmp(p->name, name) == 0)
			return p;
	return NULL;
}

static const struct param *param_of(const struct endpoint *row, const struct staff_field *f)
{
	const struct param *p = staff_param(row, f->name);

	if (!p)
		BUG("%s has no parameter %s", row->path, f->name);
	return p;
}

/* As it was sent, in the form it has in a field. */
static struct view sent(struct call *c, const struct param *p)
{
	if (c->refused && strcmp(c->wrong.name, p->name) == 0)
		return c->wrong.value;
	if (!arg_given(c, p->name))
		return V("");
	switch (p->type) {
	case PARAM_CHOICE:
		return view_of(p->choices[arg_choice(c, p->name)]);
	case PARAM_BOOL:
		return arg_bool(c, p->name) ? V("1") : V("");
	case PARAM_INT:
		return arena_printf(c->arena, "%" PRId64, arg_int(c, p->name));
	case PARAM_ID:
		return arg_id(c, p->name) ? arena_printf(c->arena, "%" PRId64, arg_id(c, p->name)) : V("");
	case PARAM_STRING:
		return arg_str(c, p->name);
	default:
		return V("");
	}
}

void staff_option_draw(struct html *h, struct view value, struct view words, bool chosen)
{
	html_tag(h, "option", A("value", value));
	html_flag(h, "selected", chosen);
	html_text(h, words);
	html_close(h, "option");
}

/* without: the option for no choice at all; empty: there is none. */
static void draw_choice(struct call *c, struct html *h, const struct param *p, const struct staff_field *f,
			struct view id, struct view value, struct view without)
{
	html_elem(h, "label", page_say(c, f->words), A("for", id));
	html_tag(h, "select", A("name", view_of(f->name)), A("id", id));
	if (without.len)
		staff_option_draw(h, V(""), page_say(c, without), !value.len);
	for (size_t i = 0; p->choices[i]; i++)
		staff_option_draw(h, view_of(p->choices[i]), page_say(c, f->choices[i]), view_is(value, p->choices[i]));
	html_close(h, "select");
}

static const char *type_of(const struct param *p, const struct staff_field *f)
{
	if (f->look == FIELD_AREA)
		return "textarea";
	if (f->look == FIELD_DAY)
		return "date";
	return p->type == PARAM_INT ? "number" : p->type == PARAM_FILE ? "file" : NULL;
}

static void draw_one(struct call *c, struct html *h, const struct param *p, const struct staff_field *f,
		     struct view value)
{
	if (f->look == FIELD_HIDDEN)
		page_hidden(h, f->name, value);
	else if (p->type == PARAM_CHOICE)
		draw_choice(c, h, p, f, view_of(f->name), value, V(""));
	else if (p->type == PARAM_BOOL)
		draw_box(c, h, f->name, f->words, view_is(value, "1"));
	else
		draw_field(c, h,
			   &(struct form_field){.name = f->name,
						.type = type_of(p, f),
						.label = f->words,
						.hint = f->hint,
						.value = value,
						.required = p->required,
						.min_number = p->min,
						.max_number = p->type == PARAM_INT ? p->max : 0});
}

void staff_fields_draw(struct call *c, struct html *h, const struct endpoint *row, const struct staff_field *fields,
		       const struct view *values)
{
	for (size_t i = 0; fields && fields[i].name; i++) {
		const struct param *p = param_of(row, &fields[i]);

		draw_one(c, h, p, &fields[i], values ? values[i] : c->row == row ? sent(c, p) : V(""));
	}
}

void staff_filters_draw(struct call *c, struct html *h, const struct endpoint *row, const struct staff_field *fields)
{
	for (; fields && fields->name; fields++) {
		const struct param *p = param_of(row, fields);
		struct view id = arena_printf(c->arena, "by-%s", fields->name);

		html_open(h, "p");
		if (p->type == PARAM_CHOICE) {
			draw_choice(c, h, p, fields, id, sent(c, p), fields->look == FIELD_FIRST ? V("") : any);
		} else {
			html_elem(h, "label", page_say(c, fields->words), A("for", id));
			html_tag(h, "input", A("name", view_of(fields->name)), A("id", id), A("value", sent(c, p)));
		}
		html_close(h, "p");
	}
}
