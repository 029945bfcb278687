/*
 * settings.c - rows of the table settings.
 */
#include "base/base.h"
#include "server/settings.h"

SQL(setting_find, "SELECT value FROM settings WHERE key = $1");
SQL(setting_write,
    "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value");

enum err setting_get(struct db *db, struct arena *a, const char *key, struct view *ret)
{
	struct rows r;
	struct view value = {0};

	db_query(db, &r, &setting_find, BINDS(B_TEXT(view_of(key))));
	bool found = rows_next(&r);
	if (found)
		value = row_copy(&r, 0, a);
	TRY(rows_end(&r));
	if (!found)
		return ERR_NOT_FOUND;
	*ret = value;
	return OK;
}

struct setting {
	const char *key;
	struct view value;
};

static enum err write_setting(struct db *tx, void *arg)
{
	const struct setting *s = arg;

	return db_exec(tx, &setting_write, BINDS(B_TEXT(view_of(s->key)), B_TEXT(s->value)), NULL);
}

enum err setting_put(struct store *s, const char *key, struct view value)
{
	return store_write(s, write_setting, &(struct setting){key, value});
}
