/*
 * emoji_keep.c - see emoji_keep.h.
 */
#include "base/base.h"

#include "media/emoji_keep.h"

#include "base/limits.h"
#include "core/events.h"
#include "media/files.h"
#include "media/pictures.h"

SQL(emoji_files, "SELECT file, static_file FROM custom_emojis WHERE domain = '' AND shortcode = $1");
SQL(emoji_insert, "INSERT INTO custom_emojis (shortcode, domain, file, static_file, category, visible) "
		  "VALUES ($1, '', $2, $3, $4, $5) ON CONFLICT (domain, shortcode) DO UPDATE SET file = excluded.file, "
		  "static_file = excluded.static_file, category = excluded.category, visible = excluded.visible");
SQL(emoji_delete, "DELETE FROM custom_emojis WHERE domain = '' AND shortcode = $1");

struct kept {
	const struct new_emoji *new;
	char file[FILE_KEY_MAX], static_file[FILE_KEY_MAX];
};

bool emoji_shortcode_ok(struct view v)
{
	for (size_t i = 0; i < v.len; i++)
		if (!((v.p[i] >= 'a' && v.p[i] <= 'z') || (v.p[i] >= 'A' && v.p[i] <= 'Z') ||
		      (v.p[i] >= '0' && v.p[i] <= '9') || v.p[i] == '_'))
			return false;
	return v.len >= EMOJI_SHORTCODE_MIN && v.len <= EMOJI_SHORTCODE_MAX;
}

static enum err write_emoji(struct db *tx, void *arg)
{
	const struct kept *k = arg;
	const struct new_emoji *new = k->new;

	return db_exec(tx, &emoji_insert,
		       BINDS(B_TEXT(new->shortcode), B_TEXT(view_of(k->file)), B_TEXT(view_of(k->static_file)),
			     new->category.len ? B_TEXT(new->category) : B_NULL, B_INT(new->visible)),
		       NULL);
}

static enum err delete_emoji(struct db *tx, void *arg)
{
	const struct view *shortcode = arg;

	return db_exec(tx, &emoji_delete, BINDS(B_TEXT(*shortcode)), NULL);
}

/* The files of an emoji that stands already; "" without. */
static enum err old_files(struct db *db, struct arena *a, struct view shortcode, struct view ret[2])
{
	struct rows r;

	ret[0] = ret[1] = V("");
	db_query(db, &r, &emoji_files, BINDS(B_TEXT(shortcode)));
	bool found = rows_next(&r);
	for (int i = 0; found && i < 2; i++)
		ret[i] = row_copy(&r, i, a);
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

/* Everybody reads them anew, this process too. */
static enum err change(struct core *c, enum err (*write)(struct db *tx, void *arg), void *arg, const struct view old[2])
{
	TRY(store_write(c->store, write, arg));
	events_announce(c->events, &(struct event){.kind = EVENT_EMOJI_CHANGED});
	files_delete(c->config.data_dir, old[0]);
	files_delete(c->config.data_dir, old[1]);
	return OK;
}

enum err emoji_keep(struct core *c, struct db *db, struct arena *a, const struct new_emoji *new,
		    struct problem *problem)
{
	struct kept kept = {.new = new};
	struct view old[2];

	if (!emoji_shortcode_ok(new->shortcode))
		return fail(problem, ERR_UNPROCESSABLE, "a shortcode has %d to %d letters (a-z), digits or _",
			    EMOJI_SHORTCODE_MIN, EMOJI_SHORTCODE_MAX);
	if (!new->picture.len || new->picture.len > LIMIT_EMOJI_BYTES)
		return fail(problem, ERR_UNPROCESSABLE, "the picture has at most %zu KiB",
			    LIMIT_EMOJI_BYTES / LIMIT_KIB);
	TRY(media_store_picture(c, "emoji", new->picture, kept.file, kept.static_file, problem));
	enum err err = old_files(db, a, new->shortcode, old);
	return err == OK || err == ERR_NOT_FOUND ? change(c, write_emoji, &kept, old) : err;
}

enum err emoji_drop(struct core *c, struct db *db, struct arena *a, struct view shortcode)
{
	struct view old[2];

	TRY(old_files(db, a, shortcode, old));
	return change(c, delete_emoji, &shortcode, old);
}
