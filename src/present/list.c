/*
 * list.c
 */
#include "base/base.h"

#include "present/list.h"

void present_list(const struct list *l, struct jw *j)
{
	jw_object(j);
	jw_kv_id(j, "id", l->id);
	jw_kv_str(j, "title", l->title);
	jw_kv_cstr(j, "replies_policy", replies_policy_name(l->replies));
	jw_kv_bool(j, "exclusive", l->exclusive);
	jw_object_end(j);
}

void present_lists(const struct list *lists, size_t n, struct jw *j)
{
	jw_array(j);
	for (size_t i = 0; i < n; i++)
		present_list(&lists[i], j);
	jw_array_end(j);
}
