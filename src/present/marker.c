/*
 * marker.c
 */
#include "base/base.h"

#include "present/marker.h"

void present_marker_member(enum marker_timeline t, const struct marker *m, struct jw *j)
{
	jw_key(j, marker_name(t));
	jw_object(j);
	jw_kv_id(j, "last_read_id", m->last_read_id);
	jw_kv_int(j, "version", m->version);
	jw_kv_time(j, "updated_at", m->updated_at);
	jw_object_end(j);
}

void present_preferences(const struct user *u, struct jw *j)
{
	jw_object(j);
	jw_kv_cstr(j, "posting:default:visibility", visibility_name(u->default_visibility));
	jw_kv_bool(j, "posting:default:sensitive", u->default_sensitive);
	jw_key(j, "posting:default:language");
	if (u->default_language.len > 0)
		jw_str(j, u->default_language);
	else
		jw_null(j);
	jw_kv_cstr(j, "posting:default:quote_policy", quote_policy_name(u->default_quote_policy));
	jw_kv_cstr(j, "reading:expand:media", "default");
	jw_kv_bool(j, "reading:expand:spoilers", false);
	jw_kv_bool(j, "reading:autoplay:gifs", false);
	jw_object_end(j);
}
