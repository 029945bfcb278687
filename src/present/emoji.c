/*
 * emoji.c
 */
#include "base/base.h"

#include "present/emoji.h"

void present_emoji(const struct present *p, const struct emoji *e, struct jw *j)
{
	jw_object(j);
	jw_kv_str(j, "shortcode", e->shortcode);
	jw_kv_str(j, "url", present_file_url(p, e->file));
	jw_kv_str(j, "static_url", present_file_url(p, e->static_file));
	jw_kv_bool(j, "visible_in_picker", e->visible);
	jw_key(j, "category");
	if (e->category.len > 0)
		jw_str(j, e->category);
	else
		jw_null(j);
	jw_object_end(j);
}

void present_emojis_in(const struct present *p, const struct view *texts, size_t n, struct jw *j)
{
	const struct emoji *emojis;
	size_t count;
	emojis_in(p->core, p->arena, texts, n, &emojis, &count);
	jw_array(j);
	for (size_t i = 0; i < count; i++)
		present_emoji(p, &emojis[i], j);
	jw_array_end(j);
}
