/*
 * preview.c - see preview.h.
 */
#include "base/base.h"

#include "present/preview.h"

#include "present/tag.h"

static void kv_optional(struct jw *j, const char *key, struct view v)
{
	jw_key(j, key);
	if (v.len)
		jw_str(j, v);
	else
		jw_null(j);
}

static enum err authors(const struct present *p, const struct preview *card, struct jw *j)
{
	jw_key(j, "authors");
	jw_array(j);
	if (card->author_name.len || card->author_url.len || card->author.v) {
		jw_object(j);
		jw_kv_str(j, "name", card->author_name);
		jw_kv_str(j, "url", card->author_url);
		jw_key(j, "account");
		if (!card->author.v || present_account(p, card->author, j) != OK)
			jw_null(j);
		jw_object_end(j);
	}
	jw_array_end(j);
	return buf_err(j->out);
}

static enum err members(const struct present *p, const struct preview *card, struct jw *j)
{
	jw_kv_str(j, "url", card->url);
	jw_kv_str(j, "title", card->title);
	jw_kv_str(j, "description", card->description);
	kv_optional(j, "language", card->language);
	jw_kv_cstr(j, "type", preview_kind_name(card->kind));
	jw_kv_str(j, "author_name", card->author_name);
	jw_kv_str(j, "author_url", card->author_url);
	jw_kv_str(j, "provider_name", card->provider_name);
	jw_kv_str(j, "provider_url", card->provider_url);
	jw_kv_str(j, "html", card->html);
	jw_kv_int(j, "width", card->width);
	jw_kv_int(j, "height", card->height);
	kv_optional(j, "image", card->image.len ? present_file_url(p, card->image) : V(""));
	jw_kv_str(j, "image_description", card->image_text);
	jw_kv_str(j, "embed_url", card->embed_url);
	kv_optional(j, "blurhash", card->blurhash);
	jw_kv_time(j, "published_at", card->published_at);
	jw_kv_null(j, "missing_attribution"); /* the same for all viewers, so nobody is asked about their domains */
	return authors(p, card, j);
}

enum err present_preview(const struct present *p, const struct preview *card, struct jw *j)
{
	jw_object(j);
	TRY(members(p, card, j));
	jw_object_end(j);
	return OK;
}

enum err present_trend_link(const struct present *p, const struct preview *card, const struct tag_use days[TAG_DAYS],
			    const struct preview_review *review, struct jw *j)
{
	jw_object(j);
	if (review)
		jw_kv_id(j, "id", card->id);
	TRY(members(p, card, j));
	present_uses(p, days, j);
	if (review)
		jw_kv_bool(j, "requires_review", review->needed);
	jw_object_end(j);
	return OK;
}
