/*
 * scheduled.c - see scheduled.h.
 */
#include "base/base.h"

#include "present/scheduled.h"

#include "core/post_load.h"
#include "present/media.h"

enum err present_scheduled(const struct present *p, const struct scheduled *s, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", s->id);
	jw_kv_time(j, "scheduled_at", s->at);
	jw_kv_raw(j, "params", s->params);
	jw_key(j, "media_attachments");
	jw_array(j);
	for (size_t i = 0; i < s->n_media; i++) {
		struct post_media m;
		enum err err = media_load(p->db, p->arena, s->media[i], &m);

		if (err == OK)
			present_media(p, &m, j);
		else if (err != ERR_NOT_FOUND)
			return err;
	}
	jw_array_end(j);
	jw_object_end(j);
	return OK;
}
