/*
 * notification_request.c - see notification_request.h.
 */
#include "base/base.h"

#include "present/notification_request.h"

#include "base/limits.h"

/* A request with more is shown without the post, so that no page outgrows a reply. */
#define PART_MAX (LIMIT_REPLY / 8 * 3 / NOTIFICATION_REQUESTS_PAGE)

/* The post is left out when it may not be seen (any more). */
static enum err last_post(const struct present *p, struct post_id id, struct jw *j)
{
	struct buf CLEANUP(buf_release) post = {.max = PART_MAX};
	struct jw inner = jw_to(&post);
	enum err err = id.v ? present_post(p, id, &inner) : ERR_NOT_FOUND;

	if (err && err != ERR_NOT_FOUND)
		return err;
	if (err || post.over)
		return OK;
	jw_kv_raw(j, "last_status", buf_view(&post));
	return OK;
}

enum err present_notification_request(const struct present *p, const struct notification_request *r, struct jw *j)
{
	struct buf CLEANUP(buf_release) account = {.max = PART_MAX};
	struct jw inner = jw_to(&account);

	TRY(present_account(p, r->from, &inner));
	if (account.over)
		return ERR_NOT_FOUND;
	jw_object(j);
	jw_kv_id(j, "id", r->id);
	jw_kv_time(j, "created_at", id_time(r->id));
	jw_kv_time(j, "updated_at", r->updated_at);
	jw_kv_raw(j, "account", buf_view(&account));
	jw_kv_id(j, "notifications_count", r->count);
	TRY(last_post(p, r->last, j));
	jw_object_end(j);
	return OK;
}

enum err present_notification_requests(const struct present *p, const struct notification_request *list, size_t n,
				       struct jw *j)
{
	jw_array(j);
	for (size_t i = 0; i < n; i++) {
		enum err err = present_notification_request(p, &list[i], j);

		if (err && err != ERR_NOT_FOUND)
			return err;
	}
	jw_array_end(j);
	return OK;
}
