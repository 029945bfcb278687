/*
 * lines.c - see lines.h.
 */
#include "base/base.h"
#include "dataapi/lines.h"

void lines_init(struct lines *l, struct core *c, struct db *db, struct arena *a, const struct licence *licence,
		const struct xfields *fields, const char *end, size_t text_max)
{
	l->core = c;
	l->db = db;
	l->arena = a;
	l->licence = licence;
	l->fields = fields;
	l->end = end;
	l->n_items = l->n_lines = 0;
	l->largest = 0;
	l->marks = NULL;
	buf_init(&l->text, text_max);
}

void lines_release(struct lines *l)
{
	buf_release(&l->text);
}

bool lines_have_room(const struct lines *l)
{
	return l->n_items + LINE_ITEMS_MAX <= LEDGER_ITEMS_MAX;
}

static bool has_item(const struct lines *l, int64_t id)
{
	size_t at = id > l->largest ? 0 : l->n_items;

	while (at > 0 && l->items[at - 1].id != id)
		at--;
	return at > 0;
}

/* What is in two lines is delivered once. */
static enum err add_items(struct lines *l, struct xanswer *a)
{
	size_t n;
	const struct ledger_item *items = xanswer_posts(a, &n);

	if (n > LINE_ITEMS_MAX)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < n; i++) {
		if (has_item(l, items[i].id))
			continue;
		l->items[l->n_items++] = items[i];
		if (items[i].id > l->largest)
			l->largest = items[i].id;
	}
	return OK;
}

static void write_line(struct lines *l, const struct xanswer *a, void (*more)(void *arg, struct jw *j), void *arg)
{
	struct jw j = jw_to(&l->text);

	jw_object(&j);
	jw_key(&j, "data");
	xanswer_write_post(a, &j);
	xanswer_write_includes(a, &j);
	if (more)
		more(arg, &j);
	jw_object_end(&j);
	buf_add(&l->text, view_of(l->end));
	l->n_lines++;
}

enum err lines_add(struct lines *l, int64_t id, void (*more)(void *arg, struct jw *j), void *arg, bool *ret_added)
{
	struct xanswer a;
	enum err err;

	xanswer_begin(&a, l->core, l->db, l->arena, l->licence, l->fields);
	err = xanswer_add_post(&a, (struct post_id){id});
	if (ret_added)
		*ret_added = err == OK;
	if (err == OK)
		err = xanswer_close_whole(&a);
	if (err == OK)
		err = add_items(l, &a);
	if (err == OK)
		write_line(l, &a, more, arg);
	if (err == OK && l->marks)
		line_marks_add(l->marks, &a, id, l->text.len);
	xanswer_end(&a);
	return err == ERR_NOT_FOUND ? OK : err;
}
