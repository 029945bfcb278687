/*
 * media.c - see media.h.
 */
#include "base/base.h"

#include "present/media.h"

static void url(const struct present *p, struct jw *j, const char *key, struct view file, struct view remote)
{
	jw_key(j, key);
	if (file.len)
		jw_str(j, present_file_url(p, file));
	else if (remote.len)
		jw_str(j, remote);
	else
		jw_null(j);
}

static void size(const struct present *p, struct jw *j, const char *key, int width, int height)
{
	if (width <= 0 || height <= 0)
		return;
	jw_key(j, key);
	jw_object(j);
	jw_kv_int(j, "width", width);
	jw_kv_int(j, "height", height);
	jw_kv_str(j, "size", arena_printf(p->arena, "%dx%d", width, height));
	jw_key(j, "aspect");
	jw_double(j, (double)width / height);
	jw_object_end(j);
}

static void meta(const struct present *p, const struct post_media *m, struct jw *j)
{
	jw_key(j, "meta");
	if (!m->ready) {
		jw_null(j);
		return;
	}
	jw_object(j);
	size(p, j, "original", m->width, m->height);
	size(p, j, "small", m->preview_width, m->preview_height);
	jw_key(j, "focus");
	jw_object(j);
	jw_key(j, "x");
	jw_double(j, m->focus_x);
	jw_key(j, "y");
	jw_double(j, m->focus_y);
	jw_object_end(j);
	jw_object_end(j);
}

void present_media(const struct present *p, const struct post_media *m, struct jw *j)
{
	struct view file = m->ready ? m->file : V(""), preview = m->ready ? m->preview : V("");

	jw_object(j);
	jw_kv_id(j, "id", m->id);
	jw_kv_str(j, "type", m->kind);
	url(p, j, "url", file, m->remote_url);
	url(p, j, "preview_url", preview.len ? preview : file, m->remote_url);
	url(p, j, "remote_url", V(""), m->remote_url);
	jw_kv_null(j, "preview_remote_url");
	jw_kv_null(j, "text_url");
	meta(p, m, j);
	jw_key(j, "description");
	if (m->has_description)
		jw_str(j, m->description);
	else
		jw_null(j);
	jw_key(j, "blurhash");
	if (m->blurhash.len)
		jw_str(j, m->blurhash);
	else
		jw_null(j);
	jw_object_end(j);
}
