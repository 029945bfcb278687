/*
 * invoice_sheet.c - what the document of an invoice or credit note says to people, in their language.
 */
#include "base/base.h"

#include "meter/sheet.h"

#include <jansson.h>

#include "meter/amount.h"

static const struct view words_invoice = N_("Invoice %s"), words_credit_note = N_("Credit note %s");

/* What a line or a movement is called, by its type. */
static const struct {
	const char *type;
	struct view words;
} types[] = {
	{"fee", N_("Monthly fee: days")},
	{"posts_included", N_("Posts read, included")},
	{"posts", N_("Posts read")},
	{"users", N_("Accounts read")},
	{"repeated", N_("Read again the same day, free")},
	{"payment", N_("Payment")},
	{"refund", N_("Paid back")},
	{"credit", N_("Credit note")},
};

struct laying {
	struct sheet *sheet;
	struct arena *arena;
	enum tongue tongue;
	const json_t *doc;
};

static struct view text_of(const struct laying *w, const json_t *from, const char *key)
{
	const json_t *v = json_object_get(from, key);

	return json_is_string(v) ? arena_view(w->arena, view_make(json_string_value(v), json_string_length(v))) : V("");
}

static int64_t number_of(const json_t *from, const char *key)
{
	return json_integer_value(json_object_get(from, key));
}

static struct view name_of(const struct laying *w, const json_t *of)
{
	struct view type = text_of(w, of, "type");

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (view_is(type, types[i].type))
			return say(w->tongue, types[i].words);
	return type;
}

static struct view amount(const struct laying *w, const json_t *from, const char *key)
{
	char text[AMOUNT_MAX];

	amount_said(w->tongue, number_of(from, key), text);
	return arena_view(w->arena, view_of(text));
}

/* "20 / 31" of a month's days. */
static struct view quantity(const struct laying *w, const json_t *line)
{
	char n[AMOUNT_MAX], of[AMOUNT_MAX];

	count_said(w->tongue, number_of(line, "quantity"), n);
	count_said(w->tongue, number_of(line, "of"), of);
	return number_of(line, "of") ? arena_printf(w->arena, "%s / %s", n, of) : arena_view(w->arena, view_of(n));
}

/* --- rows --- */

static struct sheet_table *add_table(struct laying *w, size_t rows_max)
{
	struct sheet_table *t = &w->sheet->tables[w->sheet->n_tables++];

	t->rows = ARENA_ARRAY(w->arena, rows_max, struct sheet_row);
	return t;
}

static struct sheet_row *add_row(struct sheet_table *t)
{
	return &t->rows[t->n++];
}

static void add_line(const struct laying *w, struct sheet_table *t, const json_t *line)
{
	struct sheet_row *r = add_row(t);

	r->cells[0] = arena_printf(w->arena, "%.*s (%.*s, %" PRId64 ")", VIEW_ARG(name_of(w, line)),
				   VIEW_ARG(text_of(w, line, "plan")), number_of(line, "version"));
	r->cells[1] = quantity(w, line);
	r->cells[2] = amount(w, line, "unit_micro");
	r->cells[3] = amount(w, line, "amount_micro");
}

static void add_sum(const struct laying *w, struct sheet_table *t, struct view words, const char *key)
{
	struct sheet_row *r = add_row(t);

	r->cells[0] = say(w->tongue, words);
	r->cells[3] = amount(w, w->doc, key);
}

static void add_movement(const struct laying *w, struct sheet_table *t, const json_t *m)
{
	struct sheet_row *r = add_row(t);

	r->cells[0] = arena_printf(w->arena, "%.*s %.*s", VIEW_ARG(text_of(w, m, "date")), VIEW_ARG(name_of(w, m)));
	r->cells[1] = text_of(w, m, "reference");
	r->cells[3] = amount(w, m, "amount_micro");
}

/* --- tables --- */

static void lay_lines(struct laying *w)
{
	static const struct view heads[SHEET_COLUMNS] = {N_("What"), N_("How many"), N_("Each"), N_("Amount")};
	const json_t *lines = json_object_get(w->doc, "lines");
	struct sheet_table *t = add_table(w, json_array_size(lines) + 1);

	for (size_t i = 0; i < SHEET_COLUMNS; i++)
		t->heads[i] = say(w->tongue, heads[i]);
	for (size_t i = 0; i < json_array_size(lines); i++)
		add_line(w, t, json_array_get(lines, i));
	add_sum(w, t, N_("Total of the month"), "total_micro");
	t->rows[t->n - 1].strong = true;
}

static void lay_movements(struct laying *w)
{
	const json_t *movements = json_object_get(w->doc, "movements");
	struct sheet_table *t = add_table(w, json_array_size(movements) + 3);

	add_sum(w, t, N_("Balance before the month"), "balance_before_micro");
	for (size_t i = 0; i < json_array_size(movements); i++)
		add_movement(w, t, json_array_get(movements, i));
	add_sum(w, t, N_("Balance after the month"), "balance_after_micro");
	add_sum(w, t, N_("To be paid"), "due_micro");
	t->rows[t->n - 1].strong = true;
}

static void add_paragraph(struct laying *w, struct view text)
{
	w->sheet->paragraphs[w->sheet->n_paragraphs++] = text;
}

static void lay_head(struct laying *w, struct view title)
{
	w->sheet->tongue = w->tongue;
	w->sheet->title = SAY_WITH(w->tongue, w->arena, title, text_of(w, w->doc, "number"));
	w->sheet->date = text_of(w, w->doc, "date");
	add_paragraph(w, text_of(w, w->doc, "seller"));
	add_paragraph(w, text_of(w, json_object_get(w->doc, "licensee"), "name"));
	add_paragraph(w, arena_printf(w->arena, "%.*s: %.*s · %.*s", VIEW_ARG(say(w->tongue, N_("Month"))),
				      VIEW_ARG(text_of(w, w->doc, "month")), VIEW_ARG(w->sheet->date)));
	add_paragraph(w, SAY_WITH(w->tongue, w->arena, N_("All amounts are in %s."), text_of(w, w->doc, "currency")));
}

static void lay_invoice(struct laying *w)
{
	lay_head(w, words_invoice);
	lay_lines(w);
	lay_movements(w);
}

static void lay_credit(struct laying *w)
{
	lay_head(w, words_credit_note);
	add_paragraph(w, SAY_WITH(w->tongue, w->arena, N_("About invoice %s"), text_of(w, w->doc, "refers")));
	add_paragraph(w, text_of(w, w->doc, "reason"));
	add_sum(w, add_table(w, 1), N_("Given back"), "total_micro");
}

enum err invoice_sheet(struct arena *a, struct view document, enum tongue t, struct sheet *ret)
{
	json_t *doc = json_loadb(document.p, document.len, 0, NULL);
	struct laying w = {.sheet = ret, .arena = a, .tongue = t, .doc = doc};

	if (!json_is_object(doc)) {
		json_decref(doc);
		return ERR_CORRUPT;
	}
	*ret = (struct sheet){0};
	if (view_is(text_of(&w, doc, "kind"), "invoice"))
		lay_invoice(&w);
	else
		lay_credit(&w);
	json_decref(doc);
	return OK;
}
