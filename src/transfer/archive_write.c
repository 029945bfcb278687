/*
 * archive_write.c - writing an archive. Posts are walked twice, once for their files and once for what they say, because a
 * zip is written one entry after the other; nothing is kept of them between.
 */
#include "base/base.h"

#include "transfer/archive.h"

#include "base/limits.h"
#include "core/post_lists.h"
#include "core/visibility.h"
#include "media/files.h"
#include "transfer/activity.h"
#include "transfer/zip.h"

#define PAGE 50
#define ARENA (64 * LIMIT_MIB)
#define ITEM_BYTES (8 * LIMIT_MIB)

SQL(archive_posts,
    "SELECT post_id FROM account_posts WHERE account_id = $1 AND post_id > $2 ORDER BY post_id LIMIT $3");
SQL(archive_media,
    "SELECT file FROM media WHERE post_id IN IDS($1) AND account_id = $2 AND position >= 0 AND state = 1");
SQL(archive_uri, "SELECT uri FROM posts WHERE id = $1");

struct writing {
	struct core *core;
	struct db *db;
	struct account_id who;
	struct arena arena, page; /* of all of it; of a page of posts */
	struct account account;
	struct viewer *viewer;
	struct zip *zip;
	struct buf item;
	const struct archive_watch *watch;
	int64_t posts;
	size_t n; /* entries of the collection that is written */
};

static enum err watch(const struct writing *w)
{
	return !w->watch || w->watch->go_on(w->watch->arg, w->posts) ? OK : ERR_BUSY;
}

static enum err read_posts(struct writing *w, int64_t above, int64_t ret[PAGE], size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	db_query(w->db, &r, &archive_posts, BINDS(B_INT(w->who.v), B_INT(above), B_INT(PAGE)));
	while (n < PAGE && rows_next(&r))
		ret[n++] = row_int(&r, 0);
	*ret_n = n;
	return rows_end(&r);
}

/* ---- files ---- */

/* One that is gone is left out: the archive of what is there is worth having. */
static enum err add_stored(struct writing *w, struct view key, const char *name)
{
	char path[FILE_PATH_MAX], key_text[FILE_KEY_MAX];

	if (!files_key_valid(key))
		return OK;
	snprintf(key_text, sizeof(key_text), "%.*s", VIEW_ARG(key));
	files_path(w->core->config.data_dir, key_text, path);
	enum err err = zip_add_file(w->zip, name, path);
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err add_page_media(struct writing *w, const int64_t *ids, size_t n)
{
	struct view keys[PAGE * 16];
	size_t n_keys = 0;
	struct rows r;

	db_query(w->db, &r, &archive_media, BINDS(bind_ids(&w->page, ids, n), B_INT(w->who.v)));
	while (n_keys < ARRAY_LEN(keys) && rows_next(&r))
		keys[n_keys++] = row_copy(&r, 0, &w->page);
	TRY(rows_end(&r));
	for (size_t i = 0; i < n_keys; i++) {
		TRY(watch(w));
		TRY(add_stored(w, keys[i], activity_media_name(&w->page, keys[i]).p));
	}
	return OK;
}

static enum err write_media(struct writing *w)
{
	int64_t ids[PAGE], above = 0;
	size_t n;

	do {
		TRY(read_posts(w, above, ids, &n));
		above = n ? ids[n - 1] : above;
		if (n)
			TRY(add_page_media(w, ids, n));
		arena_reset(&w->page);
	} while (n == PAGE);
	return OK;
}

/* ---- collections ---- */

static enum err begin_collection(struct writing *w, const char *name)
{
	struct jw j = jw_to(&w->item);

	TRY(zip_begin(w->zip, name, true));
	buf_clear(&w->item);
	jw_object(&j);
	jw_kv_cstr(&j, "@context", ACTIVITY_CONTEXT);
	jw_kv_cstr(&j, "id", name);
	jw_kv_cstr(&j, "type", "OrderedCollection");
	jw_key(&j, "orderedItems");
	buf_add_c(&w->item, '[');
	w->n = 0;
	return zip_write(w->zip, buf_view(&w->item));
}

/* What w->item holds. */
static enum err put_item(struct writing *w)
{
	TRY(buf_err(&w->item));
	if (w->n++)
		TRY(zip_write(w->zip, V(",")));
	return zip_write(w->zip, buf_view(&w->item));
}

/* The number comes last, when it is known: members of an object have no order. */
static enum err end_collection(struct writing *w)
{
	buf_clear(&w->item);
	buf_printf(&w->item, "],\"totalItems\":%zu}", w->n);
	return zip_write(w->zip, buf_view(&w->item));
}

static enum err write_activities(struct writing *w, const int64_t *ids, size_t n)
{
	const struct activity_writer writer = {w->core, w->db, &w->page, &w->account, w->viewer};

	for (size_t i = 0; i < n; i++) {
		buf_clear(&w->item);
		struct jw j = jw_to(&w->item);
		enum err err = activity_write(&writer, (struct post_id){ids[i]}, &j);

		if (err == OK)
			err = put_item(w);
		if (err && err != ERR_NOT_FOUND) /* deleted meanwhile */
			return err;
		w->posts += err == OK;
		arena_reset(&w->page);
	}
	return watch(w);
}

static enum err write_outbox(struct writing *w)
{
	int64_t ids[PAGE], above = 0;
	size_t n;

	TRY(begin_collection(w, "outbox.json"));
	do {
		TRY(read_posts(w, above, ids, &n));
		above = n ? ids[n - 1] : above;
		TRY(write_activities(w, ids, n));
	} while (n == PAGE);
	return end_collection(w);
}

/* Of a post they may see by now. */
static enum err put_uri(struct writing *w, struct post_id id)
{
	struct post_meta meta;
	struct rows r;
	enum err err = post_load_meta(w->core, w->db, &w->page, id, &meta);

	if (err == ERR_NOT_FOUND || (err == OK && !visible_to(w->viewer, &meta)))
		return OK;
	TRY(err);
	buf_clear(&w->item);
	struct jw j = jw_to(&w->item);
	db_query(w->db, &r, &archive_uri, BINDS(B_INT(id.v)));
	bool found = rows_next(&r);
	if (found)
		jw_str(&j, row_text(&r, 0));
	TRY(rows_end(&r));
	return found ? put_item(w) : OK;
}

static enum err write_marks(struct writing *w, const char *name,
			    enum err (*list)(struct db *db, struct account_id who, const struct page *page,
					     struct page_item *ret, size_t *ret_n))
{
	struct page page = {.limit = LIMIT_PAGE_POSTS};
	struct page_item items[LIMIT_PAGE_POSTS];
	size_t n;

	TRY(begin_collection(w, name));
	do {
		TRY(list(w->db, w->who, &page, items, &n));
		for (size_t i = 0; i < n; i++)
			TRY(put_uri(w, (struct post_id){items[i].id}));
		page.max_id = n ? items[n - 1].cursor : 0;
		arena_reset(&w->page);
		TRY(watch(w));
	} while (n == page.limit);
	return end_collection(w);
}

/* ---- the actor ---- */

/* "avatar.png", or NULL without a picture of their own. */
static const char *picture_name(struct writing *w, const char *base, struct view key)
{
	size_t dot = view_find(key, 0, '.');

	if (!files_key_valid(key))
		return NULL;
	return arena_printf(&w->arena, "%s%.*s", base, VIEW_ARG(view_sub(key, dot, key.len))).p;
}

static enum err write_actor(struct writing *w)
{
	const char *avatar = picture_name(w, "avatar", w->account.avatar);
	const char *header = picture_name(w, "header", w->account.header);

	if (avatar)
		TRY(add_stored(w, w->account.avatar, avatar));
	if (header)
		TRY(add_stored(w, w->account.header, header));
	buf_clear(&w->item);
	struct jw j = jw_to(&w->item);
	activity_write_actor(&w->arena, &w->account, avatar, header, &j);
	TRY(buf_err(&w->item));
	TRY(zip_begin(w->zip, "actor.json", true));
	return zip_write(w->zip, buf_view(&w->item));
}

static enum err write_all(struct writing *w)
{
	TRY(write_media(w));
	TRY(write_outbox(w));
	TRY(write_marks(w, "likes.json", account_favourites));
	TRY(write_marks(w, "bookmarks.json", account_bookmarks));
	return write_actor(w);
}

static enum err write_zip(struct writing *w, const char *file, int64_t *ret_bytes)
{
	TRY(account_load(w->db, &w->arena, w->who, &w->account));
	TRY(viewer_get(w->core, w->db, w->who, &w->viewer));
	enum err err = zip_open(file, &w->zip);
	if (err == OK) {
		err = write_all(w);
		if (err == OK)
			err = zip_finish(w->zip, ret_bytes);
		else
			zip_abandon(w->zip);
	}
	viewer_put(w->viewer);
	return err;
}

enum err archive_write_file(struct core *c, struct db *db, struct account_id who, const char *file,
			    const struct archive_watch *watch_by, int64_t *ret_bytes, int64_t *ret_posts,
			    struct problem *problem)
{
	struct writing *w = xcalloc(1, sizeof(*w));

	*w = (struct writing){.core = c, .db = db, .who = who, .watch = watch_by};
	arena_init(&w->arena, ARENA);
	arena_init(&w->page, ARENA);
	buf_init(&w->item, ITEM_BYTES);
	enum err err = write_zip(w, file, ret_bytes);
	if (err == OK)
		*ret_posts = w->posts;
	else if (err == ERR_NO_SPACE)
		err = fail(problem, err, "%s cannot be written: is the disk full?", file);
	buf_release(&w->item);
	arena_release(&w->page);
	arena_release(&w->arena);
	free(w);
	return err;
}
