/*
 * tags.c - see tags.h. Uses are written with posts, in post_parts.c.
 */
#include "base/base.h"

#include "core/tags.h"

#include "base/clock.h"
#include "text/compose.h"

#define MS_PER_DAY ((int64_t)24 * 3600 * 1000)
#define CANDIDATES 500
#define BEHIND_ALL "\xF4\x8F\xBF\xBF" /* U+10FFFF: no name goes on with it */

SQL(tag_row, "SELECT id, display FROM tags WHERE name = $1");
SQL(tag_uses,
    "SELECT day, CAST(SUM(uses) AS BIGINT), count(*) FROM tag_days WHERE name = $1 AND day > $2 GROUP BY day");
SQL(tag_prefix, "SELECT name FROM (SELECT name, last_used_at FROM tags WHERE name >= $1 AND name < $2"
		" AND listable = 1 ORDER BY name LIMIT $3) t"
		" ORDER BY CASE WHEN name = $1 THEN 0 ELSE 1 END, last_used_at DESC, name LIMIT $4 OFFSET $5");

SQL(tag_featured, "SELECT COUNT(*) FROM featured_tags WHERE account_id = $1 AND name = $2");

enum err tag_is_featured(struct db *db, struct account_id who, struct view name, bool *ret)
{
	int64_t n;

	TRY(db_int(db, &tag_featured, BINDS(B_INT(who.v), B_TEXT(name)), &n));
	*ret = n > 0;
	return OK;
}

enum err tag_name(struct arena *a, struct view written, struct view *ret)
{
	struct buf CLEANUP(buf_release) key = {.max = COMPOSE_TAG_BYTES + 1};

	if (view_starts(written, V("#")))
		written = view_sub(written, 1, written.len);
	if (compose_tag_key(&key, written) != OK)
		return ERR_NOT_FOUND;
	*ret = arena_view(a, buf_view(&key));
	return OK;
}

enum err tag_written(struct arena *a, struct view written, struct view *ret_name, struct view *ret_display)
{
	struct token token;
	size_t at = 0;
	bool has_sign = view_starts(written, V("#"));
	struct view text = has_sign ? written : arena_printf(a, "#%.*s", VIEW_ARG(written)), name;

	if (!compose_next(text, &at, &token) || token.kind != TOKEN_TAG || token.len != text.len)
		return ERR_NOT_FOUND;
	TRY(tag_name(a, token.name, &name));
	*ret_name = name;
	*ret_display = token.name;
	return OK;
}

static enum err load_days(struct db *db, struct tag *t)
{
	int64_t now = clock_now(), today = now - now % MS_PER_DAY;
	struct rows r;

	for (size_t i = 0; i < TAG_DAYS; i++)
		t->days[i].day = today - (int64_t)i * MS_PER_DAY;
	db_query(db, &r, &tag_uses, BINDS(B_TEXT(t->name), B_INT(today - TAG_DAYS * MS_PER_DAY)));
	while (rows_next(&r)) {
		int64_t back = (today - row_int(&r, 0)) / MS_PER_DAY;

		if (back < 0 || back >= TAG_DAYS)
			continue;
		t->days[back].uses = row_int(&r, 1);
		t->days[back].accounts = row_int(&r, 2);
	}
	return rows_end(&r);
}

enum err tag_load(struct db *db, struct arena *a, struct view name, struct tag *ret)
{
	struct tag t = {0};
	struct rows r;

	TRY(tag_name(a, name, &t.name));
	db_query(db, &r, &tag_row, BINDS(B_TEXT(t.name)));
	t.display = name;
	if (rows_next(&r)) {
		t.id = row_int(&r, 0);
		t.display = row_copy(&r, 1, a);
	}
	TRY(rows_end(&r));
	TRY(load_days(db, &t));
	*ret = t;
	return OK;
}

enum err tags_find(struct db *db, struct arena *a, struct view prefix, size_t limit, size_t offset, struct view *ret,
		   size_t *ret_n)
{
	struct view name, end;
	size_t n = 0;
	struct rows r;
	enum err err = tag_name(a, prefix, &name);

	*ret_n = 0;
	if (err)
		return err == ERR_NOT_FOUND ? OK : err;
	end = arena_printf(a, "%.*s" BEHIND_ALL, VIEW_ARG(name));
	db_query(db, &r, &tag_prefix, BINDS(B_TEXT(name), B_TEXT(end), B_INT(CANDIDATES), B_INT(limit), B_INT(offset)));
	while (n < limit && rows_next(&r))
		ret[n++] = row_copy(&r, 0, a);
	*ret_n = n;
	return rows_end(&r);
}
