/*
 * export_filters.c - filters as JSON, as Mastodon writes custom_filters.json.
 */
#include "base/base.h"

#include "transfer/export_private.h"

#include "base/json.h"
#include "base/limits.h"
#include "core/filters.h"

static void put_contexts(unsigned contexts, struct jw *j)
{
	jw_key(j, "context");
	jw_array(j);
	for (size_t i = 0; filter_context_names[i]; i++)
		if (contexts & (1U << i))
			jw_cstr(j, filter_context_names[i]);
	jw_array_end(j);
}

static enum err put_filter(struct export_job *e, struct arena *a, const struct viewer *v, const struct filters *all,
			   size_t i, struct jw *j)
{
	const struct filter *f = &all->list[i];

	jw_object(j);
	jw_kv_str(j, "title", f->title);
	jw_kv_time(j, "expire_at", f->expires_at);
	put_contexts(f->contexts, j);
	jw_kv_cstr(j, "action", filter_action_names[f->action]);
	jw_key(j, "keywords_attributes");
	jw_array(j);
	for (size_t k = 0; k < all->n_keywords; k++) {
		if (all->keywords[k].filter != f->id)
			continue;
		jw_object(j);
		jw_kv_str(j, "keyword", all->keywords[k].text);
		jw_kv_bool(j, "whole_word", all->keywords[k].whole_word);
		jw_object_end(j);
	}
	jw_array_end(j);
	jw_key(j, "statuses");
	jw_array(j);
	for (size_t s = 0; s < all->n_statuses; s++) {
		struct view uri = V("");

		if (all->statuses[s].filter == f->id)
			TRY(export_post_uri(e, a, v, all->statuses[s].post, &uri));
		if (uri.len)
			jw_str(j, uri);
	}
	jw_array_end(j);
	jw_object_end(j);
	return OK;
}

static enum err put_all(struct export_job *e, struct arena *a, const struct viewer *v)
{
	struct buf CLEANUP(buf_release) out = {.max = LIMIT_REPLY};
	struct jw j = jw_to(&out);
	struct filters all = {0};

	TRY(filters_load(e->db, a, e->who, 0, &all));
	jw_object(&j);
	jw_key(&j, "custom_filters");
	jw_array(&j);
	for (size_t i = 0; i < all.n; i++)
		TRY(put_filter(e, a, v, &all, i, &j));
	jw_array_end(&j);
	jw_object_end(&j);
	TRY(buf_err(&out));
	fwrite(out.p, 1, out.len, e->to);
	return OK;
}

enum err export_filters(struct export_job *e)
{
	struct viewer *v;
	struct arena a;

	TRY(viewer_get(e->core, e->db, e->who, &v));
	arena_init(&a, LIMIT_CALL_ARENA);
	enum err err = put_all(e, &a, v);
	arena_release(&a);
	viewer_put(v);
	return err;
}
