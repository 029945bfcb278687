/*
 * profile_pictures.c - see profile_pictures.h.
 */
#include "base/base.h"

#include "media/profile_pictures.h"

#include "media/files.h"
#include "media/pictures.h"

/* Keeps an uploaded picture under new keys. */
static enum err keep(struct core *c, struct arena *a, const char *mode, struct view data, bool *ret_has,
		     struct view *ret_key, struct view *ret_static, struct problem *problem)
{
	char key[FILE_KEY_MAX], still[FILE_KEY_MAX];

	if (!data.len)
		return OK;
	TRY(media_store_picture(c, mode, data, key, still, problem));
	*ret_has = true;
	*ret_key = arena_view(a, view_of(key));
	*ret_static = arena_view(a, view_of(still));
	return OK;
}

static void drop(const char *dir, struct view file, struct view still)
{
	files_delete(dir, file);
	if (!view_eq(file, still))
		files_delete(dir, still);
}

enum err profile_change_apply(struct core *c, struct db *db, struct arena *a, struct account_id id,
			      struct profile_change *change, const struct profile_pictures *pictures,
			      struct problem *problem)
{
	struct account before;

	TRY(keep(c, a, "avatar", pictures->avatar, &change->has_avatar, &change->avatar, &change->avatar_static,
		 problem));
	TRY(keep(c, a, "header", pictures->header, &change->has_header, &change->header, &change->header_static,
		 problem));
	TRY(account_load(db, a, id, &before));
	TRY(account_update(c, db, a, id, change, problem));
	if (change->has_avatar)
		drop(c->config.data_dir, before.avatar, before.avatar_static);
	if (change->has_header)
		drop(c->config.data_dir, before.header, before.header_static);
	return OK;
}
