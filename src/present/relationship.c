/*
 * relationship.c
 */
#include "base/base.h"

#include "present/relationship.h"

static void languages(struct jw *j, struct view list)
{
	struct view language;
	jw_key(j, "languages");
	if (list.len == 0) {
		jw_null(j);
		return;
	}
	jw_array(j);
	while (view_split(&list, ',', &language))
		jw_str(j, language);
	jw_array_end(j);
}

void present_relationship(const struct relationship *r, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", r->id.v);
	jw_kv_bool(j, "following", r->following);
	jw_kv_bool(j, "showing_reblogs", r->showing_boosts);
	jw_kv_bool(j, "notifying", r->notifying);
	languages(j, r->languages);
	jw_kv_bool(j, "followed_by", r->followed_by);
	jw_kv_bool(j, "blocking", r->blocking);
	jw_kv_bool(j, "blocked_by", r->blocked_by);
	jw_kv_bool(j, "muting", r->muting);
	jw_kv_bool(j, "muting_notifications", r->muting_notifications);
	jw_kv_time(j, "muting_expires_at", r->muting_until);
	jw_kv_bool(j, "requested", r->requested);
	jw_kv_bool(j, "requested_by", r->requested_by);
	jw_kv_bool(j, "domain_blocking", r->domain_blocking);
	jw_kv_bool(j, "endorsed", r->endorsed);
	jw_kv_str(j, "note", r->note);
	jw_object_end(j);
}
