/*
 * invoice_page.c - see invoice_page.h.
 */
#include "base/base.h"

#include "meter/invoice_page.h"

#include "meter/sheet.h"

static const struct {
	const char *ending, *type, *full_type;
} forms[] = {
	[INVOICE_JSON] = {".json", "application/json", "application/json; charset=utf-8"},
	[INVOICE_HTML] = {".html", "text/html", "text/html; charset=utf-8"},
	[INVOICE_PDF] = {".pdf", "application/pdf", "application/pdf"},
};

/* What is preferred by q= is left aside: who wants one of these names it first. */
static enum invoice_form accepted(struct view accept)
{
	struct view one;

	while (view_split(&accept, ',', &one)) {
		struct view type = view_trim(view_sub(one, 0, view_find(one, 0, ';')));

		for (size_t i = 0; i < ARRAY_LEN(forms); i++)
			if (view_is(type, forms[i].type))
				return (enum invoice_form)i;
	}
	return INVOICE_JSON;
}

enum invoice_form invoice_form_of(struct view *name, struct view accept)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		if (!view_ends(*name, view_of(forms[i].ending)))
			continue;
		name->len -= strlen(forms[i].ending);
		return (enum invoice_form)i;
	}
	return accepted(accept);
}

const char *invoice_form_type(enum invoice_form form)
{
	return forms[form].full_type;
}

enum err invoice_draw(const struct invoice_drawing *d, struct buf *out, struct problem *problem)
{
	struct sheet sheet;

	if (d->form == INVOICE_JSON) {
		buf_add(out, d->document);
		return buf_err(out);
	}
	TRY(invoice_sheet(d->arena, d->document, d->tongue, &sheet));
	return d->form == INVOICE_HTML ? sheet_html(&sheet, d->style, out) : sheet_pdf(&sheet, out, problem);
}
