/*
 * admin.c - see admin.h.
 */
#include "base/base.h"

#include "present/admin.h"

#include "core/rules.h"
#include "present/account.h"
#include "present/report.h"

static enum err addresses(const struct present *p, const struct person *person, struct jw *j)
{
	struct person_address list[PERSON_ADDRESSES];
	size_t n = 0;

	TRY(person_addresses(p->db, p->arena, person, list, &n));
	jw_key(j, "ip");
	if (n)
		jw_str(j, list[0].ip);
	else
		jw_null(j);
	jw_key(j, "ips");
	jw_array(j);
	for (size_t i = 0; i < n; i++) {
		jw_object(j);
		jw_kv_str(j, "ip", list[i].ip);
		jw_kv_time(j, "used_at", list[i].used_at);
		jw_object_end(j);
	}
	jw_array_end(j);
	return OK;
}

static void text_or_null(struct jw *j, const char *key, struct view v)
{
	if (v.len)
		jw_kv_str(j, key, v);
	else
		jw_kv_null(j, key);
}

enum err present_person(const struct present *p, const struct person *person, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", person->id.v);
	jw_kv_str(j, "username", person->username);
	text_or_null(j, "domain", person->domain);
	jw_kv_time(j, "created_at", person->created_at);
	text_or_null(j, "email", person->email);
	TRY(addresses(p, person, j));
	jw_kv_bool(j, "confirmed", person->confirmed);
	jw_kv_bool(j, "suspended", person->suspended);
	jw_kv_bool(j, "silenced", person->silenced);
	jw_kv_bool(j, "sensitized", person->sensitized);
	jw_kv_bool(j, "disabled", person->disabled);
	jw_kv_bool(j, "approved", person->approved);
	text_or_null(j, "locale", person->locale);
	text_or_null(j, "invite_request", person->reason);
	if (person->app_id)
		jw_kv_id(j, "created_by_application_id", person->app_id);
	if (person->invited_by.v)
		jw_kv_id(j, "invited_by_account_id", person->invited_by.v);
	jw_key(j, "account");
	TRY(present_account_any(p, person->id, j));
	jw_key(j, "role");
	if (person->has_user)
		present_role(p, person->role, j);
	else
		jw_null(j);
	jw_object_end(j);
	return OK;
}

/* One who takes part in a report; null when there is none. */
static enum err part(const struct present *p, const char *key, struct account_id id, struct jw *j)
{
	struct person person;

	jw_key(j, key);
	enum err err = id.v ? person_load(p->db, p->arena, id, &person) : ERR_NOT_FOUND;
	if (err == ERR_NOT_FOUND) {
		jw_null(j);
		return OK;
	}
	TRY(err);
	return present_person(p, &person, j);
}

/* Whatever is reported stands there to be judged, though its author be suspended and whomever it was meant for. */
static enum err posts(const struct present *p, const struct report *r, struct jw *j)
{
	struct post_id *ids;
	size_t n;

	TRY(report_posts(p->db, p->arena, r->id, &ids, &n));
	jw_key(j, "statuses");
	return present_posts_reported(p, ids, n, j);
}

static enum err broken_rules(const struct present *p, const struct report *r, struct jw *j)
{
	struct rule rules[LIMIT_RULES];
	size_t n = 0;

	TRY(rules_load(p->db, p->arena, rules, &n));
	jw_key(j, "rules");
	jw_array(j);
	for (size_t i = 0; i < n; i++) {
		struct view id = arena_printf(p->arena, "\"%" PRId64 "\"", rules[i].id);

		if (memmem(r->rules.p, r->rules.len, id.p, id.len))
			present_rule(&rules[i], j);
	}
	jw_array_end(j);
	return OK;
}

enum err present_admin_report(const struct present *p, const struct report *r, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", r->id);
	jw_kv_bool(j, "action_taken", r->resolved_at != 0);
	jw_kv_time(j, "action_taken_at", r->resolved_at);
	jw_kv_cstr(j, "category", report_categories[r->category]);
	jw_kv_str(j, "comment", r->comment);
	jw_kv_bool(j, "forwarded", r->forwarded);
	jw_kv_time(j, "created_at", r->created_at);
	jw_kv_time(j, "updated_at", r->updated_at);
	TRY(part(p, "account", r->by, j));
	TRY(part(p, "target_account", r->target, j));
	TRY(part(p, "assigned_account", r->assigned_to, j));
	TRY(part(p, "action_taken_by_account", r->resolved_by, j));
	TRY(posts(p, r, j));
	TRY(broken_rules(p, r, j));
	jw_object_end(j);
	return OK;
}
