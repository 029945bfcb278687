/*
 * status_edit.c - see status_edit.h.
 */
#include "base/base.h"

#include "present/status_edit.h"

#include "core/post_history.h"
#include "core/post_load.h"
#include "present/emoji.h"
#include "present/media.h"
#include "present/status_quote.h"

static enum err media(const struct present *p, const struct post_version *v, struct jw *j)
{
	jw_key(j, "media_attachments");
	jw_array(j);
	for (size_t i = 0; i < v->n_media; i++) {
		struct post_media m;
		enum err err = media_load(p->db, p->arena, v->media[i].id, &m);

		if (err == ERR_NOT_FOUND)
			continue;
		TRY(err);
		m.description = v->media[i].description;
		m.has_description = v->media[i].has_description;
		present_media(p, &m, j);
	}
	jw_array_end(j);
	return OK;
}

static void poll(const struct post_version *v, struct jw *j)
{
	if (!v->has_poll)
		return;
	jw_key(j, "poll");
	jw_object(j);
	jw_key(j, "options");
	jw_array(j);
	for (size_t i = 0; i < v->n_options; i++) {
		jw_object(j);
		jw_kv_str(j, "title", v->options[i]);
		jw_object_end(j);
	}
	jw_array_end(j);
	jw_object_end(j);
}

/* ShallowQuote, or null. What a post quotes stays through its edits; whether it is shown is judged now. */
static enum err quote(const struct present *p, const struct post_meta *m, struct jw *j)
{
	struct quote_shown q;

	TRY(quote_find(p, m, &q));
	jw_key(j, "quote");
	if (q.state) {
		jw_object(j);
		jw_kv_cstr(j, "state", q.state);
		jw_kv_id(j, "quoted_status_id", q.card ? m->quote_of.v : 0);
		jw_object_end(j);
	} else {
		jw_null(j);
	}
	card_put(q.card);
	return OK;
}

static enum err version(const struct present *p, const struct post_version *v, const struct post_meta *m, struct jw *j)
{
	struct view texts[] = {v->html, v->spoiler};

	jw_object(j);
	jw_kv_str(j, "content", v->html);
	jw_kv_str(j, "spoiler_text", v->spoiler);
	jw_kv_bool(j, "sensitive", v->sensitive);
	jw_kv_time(j, "created_at", v->created_at);
	jw_key(j, "account");
	TRY(present_account(p, m->author, j));
	poll(v, j);
	TRY(media(p, v, j));
	jw_key(j, "emojis");
	present_emojis_in(p, texts, ARRAY_LEN(texts), j);
	TRY(quote(p, m, j));
	jw_object_end(j);
	return OK;
}

enum err present_history(const struct present *p, struct post_id id, struct jw *j)
{
	const struct post_version *versions;
	struct post_meta meta;
	size_t n;

	TRY(post_load_meta(p->core, p->db, p->arena, id, &meta));
	TRY(post_history(p->core, p->db, p->arena, id, &versions, &n));
	jw_array(j);
	for (size_t i = 0; i < n; i++)
		TRY(version(p, &versions[i], &meta, j));
	jw_array_end(j);
	return OK;
}

enum err present_source(const struct present *p, struct post_id id, struct jw *j)
{
	struct post post;

	TRY(post_load(p->core, p->db, p->arena, id, &post));
	jw_object(j);
	jw_kv_id(j, "id", post.meta.id.v);
	jw_kv_str(j, "text", post.text);
	jw_kv_str(j, "spoiler_text", post.spoiler);
	jw_object_end(j);
	return OK;
}
