/*
 * tag_rules.c - see tag_rules.h.
 */
#include "base/base.h"

#include "core/tag_rules.h"

SQL(rules_one, "SELECT id, name, usable, listable FROM tags WHERE id = $1");
SQL(rules_down, "SELECT id, name, usable, listable FROM tags WHERE id > $1 AND id < $2 ORDER BY id DESC LIMIT $3");
SQL(rules_up, "SELECT id, name, usable, listable FROM tags WHERE id > $1 AND id < $2 ORDER BY id ASC LIMIT $3");
SQL(rules_change, "UPDATE tags SET usable = COALESCE($2, usable), listable = COALESCE($3, listable),"
		  " display = COALESCE($4, display) WHERE id = $1");
SQL(rules_forbidden, "SELECT 1 FROM tags WHERE name = $1 AND usable = 0");

static struct tag_rules read_row(const struct rows *r, struct arena *a)
{
	return (struct tag_rules){row_int(r, 0), row_copy(r, 1, a), row_int(r, 2) != 0, row_int(r, 3) != 0};
}

enum err tag_rules_load(struct db *db, struct arena *a, int64_t id, struct tag_rules *ret)
{
	bool found;
	struct rows r;

	db_query(db, &r, &rules_one, BINDS(B_INT(id)));
	found = rows_next(&r);
	if (found)
		*ret = read_row(&r, a);
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

enum err tag_rules_page(struct db *db, struct arena *a, const struct page *page, struct tag_rules *ret, size_t *ret_n)
{
	bool upward = page_upward(page);
	size_t n = 0;
	struct rows r;

	db_query(db, &r, upward ? &rules_up : &rules_down,
		 BINDS(B_INT(page_floor(page)), B_INT(page_ceiling(page)), B_INT(page->limit)));
	while (n < page->limit && rows_next(&r))
		ret[n++] = read_row(&r, a);
	TRY(rows_end(&r));
	for (size_t i = 0; upward && i + 1 < n - i; i++) {
		struct tag_rules other = ret[i];

		ret[i] = ret[n - 1 - i];
		ret[n - 1 - i] = other;
	}
	*ret_n = n;
	return OK;
}

struct changing {
	int64_t id;
	const struct tag_rules_change *change;
};

static struct bind flag_if(bool given, bool value)
{
	return given ? B_INT(value) : B_NULL;
}

static enum err write_change(struct db *tx, void *arg)
{
	const struct changing *w = arg;
	const struct tag_rules_change *ch = w->change;

	return db_exec(tx, &rules_change,
		       BINDS(B_INT(w->id), flag_if(ch->has_usable, ch->usable), flag_if(ch->has_listable, ch->listable),
			     ch->display.len ? B_TEXT(ch->display) : B_NULL),
		       NULL);
}

enum err tag_rules_change(struct core *c, struct db *db, struct arena *a, int64_t id, const struct tag_rules_change *ch,
			  struct problem *problem)
{
	struct tag_rules tag;
	struct view name, display;

	TRY(tag_rules_load(db, a, id, &tag));
	if (ch->display.len && (tag_written(a, ch->display, &name, &display) != OK || !view_eq(name, tag.name)))
		return fail(problem, ERR_UNPROCESSABLE,
			    "Validation failed: Display name must be another way to write the same hashtag");
	return store_write(c->store, write_change, &(struct changing){id, ch});
}

enum err tag_rules_check(struct db *db, struct view name, struct problem *problem)
{
	int64_t one;
	enum err err = db_int(db, &rules_forbidden, BINDS(B_TEXT(name)), &one);

	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Text contained a disallowed hashtag: %.*s",
		    VIEW_ARG(name));
}
