/*
 * filter.c - see filter.h.
 */
#include "base/base.h"

#include "present/filter.h"

static void contexts(unsigned bits, struct jw *j)
{
	jw_key(j, "context");
	jw_array(j);
	for (size_t i = 0; filter_context_names[i]; i++)
		if (bits & 1u << i)
			jw_str(j, view_of(filter_context_names[i]));
	jw_array_end(j);
}

static void members(const struct filter *f, struct jw *j)
{
	jw_kv_id(j, "id", f->id);
	jw_kv_str(j, "title", f->title);
	contexts(f->contexts, j);
	jw_kv_time(j, "expires_at", f->expires_at);
	jw_kv_cstr(j, "filter_action", filter_action_names[f->action]);
}

void present_filter_keyword(const struct filter_keyword *k, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", k->id);
	jw_kv_str(j, "keyword", k->text);
	jw_kv_bool(j, "whole_word", k->whole_word);
	jw_object_end(j);
}

void present_filter_status(const struct filter_status *s, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", s->id);
	jw_kv_id(j, "status_id", s->post.v);
	jw_object_end(j);
}

static void keywords_of(const struct filters *all, int64_t filter, struct jw *j)
{
	jw_array(j);
	for (size_t i = 0; i < all->n_keywords; i++)
		if (all->keywords[i].filter == filter)
			present_filter_keyword(&all->keywords[i], j);
	jw_array_end(j);
}

static void statuses_of(const struct filters *all, int64_t filter, struct jw *j)
{
	jw_array(j);
	for (size_t i = 0; i < all->n_statuses; i++)
		if (all->statuses[i].filter == filter)
			present_filter_status(&all->statuses[i], j);
	jw_array_end(j);
}

static void whole(const struct filters *all, const struct filter *f, struct jw *j)
{
	jw_object(j);
	members(f, j);
	jw_key(j, "keywords");
	keywords_of(all, f->id, j);
	jw_key(j, "statuses");
	statuses_of(all, f->id, j);
	jw_object_end(j);
}

void present_filter(const struct filters *one, struct jw *j)
{
	whole(one, &one->list[0], j);
}

void present_filters(const struct filters *all, struct jw *j)
{
	jw_array(j);
	for (size_t i = 0; i < all->n; i++)
		whole(all, &all->list[i], j);
	jw_array_end(j);
}

void present_filter_keywords(const struct filters *one, struct jw *j)
{
	keywords_of(one, one->list[0].id, j);
}

void present_filter_statuses(const struct filters *one, struct jw *j)
{
	statuses_of(one, one->list[0].id, j);
}

void present_filter_v1(const struct filter *f, const struct filter_keyword *k, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", k->id);
	jw_kv_str(j, "phrase", k->text);
	contexts(f->contexts, j);
	jw_kv_bool(j, "whole_word", k->whole_word);
	jw_kv_time(j, "expires_at", f->expires_at);
	jw_kv_bool(j, "irreversible", f->action == FILTER_HIDE);
	jw_object_end(j);
}

static void matched_keywords(const struct set_filter *filter, const struct filtered *f, struct jw *j)
{
	jw_array(j);
	for (size_t i = 0; i < filter->n_keywords; i++)
		if (filter_keyword_matches(&filter->keywords[i], f))
			jw_str(j, filter->keywords[i].text);
	jw_array_end(j);
}

static void matched_posts(const struct set_filter *filter, const struct filtered *f, struct jw *j)
{
	jw_array(j);
	for (size_t i = 0; i < filter->n_posts; i++)
		if (filter_post_matches(filter->posts[i], f))
			jw_id(j, filter->posts[i]);
	jw_array_end(j);
}

void present_filtered(const struct filter_set *set, const struct filtered *f, struct buf *out)
{
	struct jw j = jw_to(out);

	jw_array(&j);
	for (size_t i = 0; i < set->n; i++) {
		const struct set_filter *filter = &set->filters[i];

		if (!filter_matches(filter, f))
			continue;
		jw_object(&j);
		jw_key(&j, "filter");
		jw_object(&j);
		members(&filter->filter, &j);
		jw_object_end(&j);
		jw_key(&j, "keyword_matches");
		matched_keywords(filter, f, &j);
		jw_key(&j, "status_matches");
		matched_posts(filter, f, &j);
		jw_object_end(&j);
	}
	jw_array_end(&j);
}
