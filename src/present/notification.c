/*
 * notification.c
 */
#include "base/base.h"

#include "present/notification.h"

#include "base/limits.h"
#include "present/notification_about.h"
#include "present/notification_fallback.h"

#define ALONE "ungrouped"

bool notification_key_parse(struct view key, struct notification_key *ret)
{
	size_t dash = key.len;
	enum notification_kind kind;

	while (dash > 0 && key.p[dash - 1] != '-')
		dash--;
	if (!dash)
		return false;
	struct view name = view_sub(key, 0, dash - 1);
	ret->grouped = !view_is(name, ALONE);
	if (ret->grouped && !notification_parse(name, &kind))
		return false;
	return parse_i64(view_sub(key, dash, key.len), 1, INT64_MAX, &ret->id);
}

void notification_key_write(enum notification_kind kind, const struct notification_key *key, struct jw *j)
{
	jw_key(j, "group_key");
	jw_raw(j, V("\""));
	buf_add_str(j->out, key->grouped ? notification_name(kind) : ALONE);
	buf_add_c(j->out, '-');
	buf_add_i64(j->out, key->id);
	buf_add_c(j->out, '"');
}

/* What makes a page fail is left out of it: nobody's notification may keep another from being read. */
#define PART_MAX (LIMIT_REPLY / 8 * 7 / NOTIFICATIONS_PAGE)

/* The parts that may turn out not to be shown are written aside first. */
struct parts {
	struct buf account, post, about; /* about: members with their keys, or none */
};

static void parts_init(struct parts *parts)
{
	buf_init(&parts->account, LIMIT_REPLY);
	buf_init(&parts->post, LIMIT_REPLY);
	buf_init(&parts->about, LIMIT_REPLY);
}

static void parts_release(struct parts *parts)
{
	buf_release(&parts->account);
	buf_release(&parts->post);
	buf_release(&parts->about);
}

static enum err make_parts(const struct present *p, const struct notification *n, struct parts *parts)
{
	struct jw account = jw_to(&parts->account), post = jw_to(&parts->post), about = jw_to(&parts->about);
	TRY(present_account(p, n->from, &account));
	if (n->post.v)
		TRY(present_post(p, n->post, &post));
	TRY(present_notification_about(p, n, &about));
	TRY(present_notification_fallback(p, n, &about));
	TRY(buf_err(&parts->about));
	TRY(buf_err(&parts->account));
	TRY(buf_err(&parts->post));
	return parts->account.len + parts->post.len + parts->about.len > PART_MAX ? ERR_NOT_FOUND : OK;
}

enum err present_notification(const struct present *p, const struct notification *n, struct jw *j)
{
	const struct notification_key key = {.id = n->group ? n->group : n->id, .grouped = n->group};
	struct parts parts CLEANUP(parts_release);

	parts_init(&parts);
	TRY(make_parts(p, n, &parts));
	jw_object(j);
	jw_kv_id(j, "id", n->id);
	jw_kv_cstr(j, "type", notification_name(n->kind));
	jw_kv_time(j, "created_at", n->created_at);
	notification_key_write(n->kind, &key, j);
	jw_kv_raw(j, "account", buf_view(&parts.account));
	if (n->post.v)
		jw_kv_raw(j, "status", buf_view(&parts.post));
	if (parts.about.len)
		jw_raw(j, buf_view(&parts.about));
	jw_object_end(j);
	return OK;
}

enum err present_notifications(const struct present *p, const struct notification *list, size_t n, struct jw *j)
{
	jw_array(j);
	for (size_t i = 0; i < n; i++) {
		enum err err = present_notification(p, &list[i], j);
		if (err != OK && err != ERR_NOT_FOUND)
			return err;
	}
	jw_array_end(j);
	return OK;
}
