/*
 * picture_cache.c - see picture_cache.h. What was asked for latest is kept: a card is asked for anew when its link is
 * posted again after a while.
 */
#include "base/base.h"
#include "links/picture_cache.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/vec.h"
#include "core/previews.h"
#include "media/files.h"

#define DROPPED_AT_ONCE 2000

SQL(cached_pictures, "SELECT id, image FROM preview_cards WHERE image <> '' ORDER BY updated_at DESC, id DESC");

struct victim {
	int64_t card;
	struct view image;
};

struct sweep {
	struct core *core;
	struct arena *arena;
	uint64_t kept, room;
	struct victim victims[DROPPED_AT_ONCE];
	size_t n;
};

static void look(struct sweep *s, int64_t card, struct view image)
{
	uint64_t bytes = files_size(s->core->config.data_dir, image);

	if (s->kept + bytes <= s->room)
		s->kept += bytes;
	else if (s->n < DROPPED_AT_ONCE)
		s->victims[s->n++] = (struct victim){card, arena_view(s->arena, image)};
}

static enum err drop(struct sweep *s)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct victim *v = &s->victims[i];
		enum err err = preview_drop_image(s->core, v->card, v->image);

		if (err == OK)
			files_delete(s->core->config.data_dir, v->image);
		else if (err != ERR_NOT_FOUND)
			return err;
	}
	if (s->n)
		log_info("pictures of links went, to keep to remote_media_mb", F_INT("pictures", s->n));
	return OK;
}

enum err picture_cache_sweep(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	struct sweep *s = ARENA_NEW(a, struct sweep);
	struct rows r;

	(void)now;
	s->core = c;
	s->arena = a;
	s->room = c->config.remote_media_bytes;
	if (s->room == 0)
		return OK;
	db_query(db, &r, &cached_pictures, NO_BINDS);
	while (rows_next(&r))
		look(s, row_int(&r, 0), row_text(&r, 1));
	TRY(rows_end(&r));
	return drop(s);
}
