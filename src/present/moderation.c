/*
 * moderation.c - see moderation.h.
 */
#include "base/base.h"

#include "present/moderation.h"

#include "present/account.h"

enum err present_audit_entry(const struct present *p, const struct audit_entry *e, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", e->id);
	jw_kv_time(j, "created_at", id_time(e->id));
	jw_key(j, "by"); /* null: the command line */
	if (e->by.v)
		TRY(present_account_any(p, e->by, j));
	else
		jw_null(j);
	jw_kv_str(j, "action", e->action);
	jw_kv_str(j, "kind", e->kind);
	jw_kv_id(j, "target_id", e->target);
	jw_kv_str(j, "label", e->label);
	jw_object_end(j);
	return OK;
}
