/*
 * report.c - see report.h.
 */
#include "base/base.h"

#include "present/report.h"

#include "present/account.h"

static void ids(struct jw *j, const char *key, const struct post_id *posts, size_t n)
{
	jw_key(j, key);
	if (!n) {
		jw_null(j);
		return;
	}
	jw_array(j);
	for (size_t i = 0; i < n; i++)
		jw_id(j, posts[i].v);
	jw_array_end(j);
}

enum err present_report(const struct present *p, const struct report *r, struct jw *j)
{
	struct post_id *posts;
	size_t n;

	TRY(report_posts(p->db, p->arena, r->id, &posts, &n));
	jw_object(j);
	jw_kv_id(j, "id", r->id);
	jw_kv_bool(j, "action_taken", r->resolved_at != 0);
	jw_kv_time(j, "action_taken_at", r->resolved_at);
	jw_kv_cstr(j, "category", report_categories[r->category]);
	jw_kv_str(j, "comment", r->comment);
	jw_kv_bool(j, "forwarded", r->forwarded);
	jw_kv_time(j, "created_at", r->created_at);
	ids(j, "status_ids", posts, n);
	jw_kv_null(j, "collection_ids"); /* reports are of accounts and posts */
	if (view_is(r->rules, "[]"))
		jw_kv_null(j, "rule_ids");
	else
		jw_kv_raw(j, "rule_ids", r->rules);
	jw_key(j, "target_account");
	TRY(present_account_any(p, r->target, j));
	jw_object_end(j);
	return OK;
}

static enum err appeal(const struct present *p, const struct warning *w, struct jw *j)
{
	struct appeal a;
	enum err err = appeal_load(p->db, p->arena, w->id, &a);

	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	jw_key(j, "appeal");
	if (err) {
		jw_null(j);
		return OK;
	}
	jw_object(j);
	jw_kv_str(j, "text", a.text);
	jw_kv_cstr(j, "state", appeal_states[a.state]);
	jw_object_end(j);
	return OK;
}

enum err present_warning(const struct present *p, const struct warning *w, struct jw *j)
{
	struct post_id *posts = NULL;
	size_t n = 0;

	if (w->report)
		TRY(report_posts(p->db, p->arena, w->report, &posts, &n));
	jw_object(j);
	jw_kv_id(j, "id", w->id);
	jw_kv_cstr(j, "action", action_names[w->action]);
	jw_kv_str(j, "text", w->text);
	ids(j, "status_ids", posts, n);
	jw_key(j, "target_account");
	TRY(present_account_any(p, w->account, j));
	TRY(appeal(p, w, j));
	jw_kv_time(j, "created_at", w->created_at);
	jw_object_end(j);
	return OK;
}

void present_rule(const struct rule *r, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", r->id);
	jw_kv_str(j, "text", r->text);
	jw_kv_str(j, "hint", r->hint);
	jw_key(j, "translations"); /* the people who run the server write them once */
	jw_raw(j, V("{}"));
	jw_object_end(j);
}
