/*
 * notification.c
 */
#include "base/base.h"

#include "present/notification.h"

#include "base/limits.h"

bool notification_key_parse(struct view key, int64_t *ret_id)
{
	struct view prefix = V(NOTIFICATION_KEY_PREFIX);
	return view_starts(key, prefix) && parse_i64(view_sub(key, prefix.len, key.len), 1, INT64_MAX, ret_id);
}

static struct view group_key(const struct present *p, const struct notification *n)
{
	return arena_printf(p->arena, NOTIFICATION_KEY_PREFIX "%" PRId64, n->id);
}

/* What makes a page fail is left out of it: nobody's notification may keep another from being read. */
#define PART_MAX (LIMIT_REPLY / 8 * 7 / NOTIFICATIONS_PAGE)

/* The parts that may turn out not to be shown are written aside first. */
struct parts {
	struct buf account, post;
};

static void parts_init(struct parts *parts)
{
	buf_init(&parts->account, LIMIT_REPLY);
	buf_init(&parts->post, LIMIT_REPLY);
}

static void parts_release(struct parts *parts)
{
	buf_release(&parts->account);
	buf_release(&parts->post);
}

static enum err make_parts(const struct present *p, const struct notification *n, struct parts *parts)
{
	struct jw account = jw_to(&parts->account), post = jw_to(&parts->post);
	TRY(present_account(p, n->from, &account));
	if (n->post.v)
		TRY(present_post(p, n->post, &post));
	TRY(buf_err(&parts->account));
	TRY(buf_err(&parts->post));
	return parts->account.len + parts->post.len > PART_MAX ? ERR_NOT_FOUND : OK;
}

enum err present_notification(const struct present *p, const struct notification *n, struct jw *j)
{
	struct parts parts CLEANUP(parts_release);
	parts_init(&parts);
	TRY(make_parts(p, n, &parts));
	jw_object(j);
	jw_kv_id(j, "id", n->id);
	jw_kv_cstr(j, "type", notification_name(n->kind));
	jw_kv_time(j, "created_at", n->created_at);
	jw_kv_str(j, "group_key", group_key(p, n));
	jw_kv_raw(j, "account", buf_view(&parts.account));
	if (n->post.v)
		jw_kv_raw(j, "status", buf_view(&parts.post));
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

static void write_group(const struct present *p, const struct notification *n, struct jw *j)
{
	jw_object(j);
	jw_kv_str(j, "group_key", group_key(p, n));
	jw_kv_int(j, "notifications_count", 1);
	jw_kv_cstr(j, "type", notification_name(n->kind));
	jw_kv_int(j, "most_recent_notification_id", n->id);
	jw_kv_id(j, "page_min_id", n->id);
	jw_kv_id(j, "page_max_id", n->id);
	jw_kv_time(j, "latest_page_notification_at", n->created_at);
	jw_key(j, "sample_account_ids");
	jw_array(j);
	jw_id(j, n->from.v);
	jw_array_end(j);
	if (n->post.v)
		jw_kv_id(j, "status_id", n->post.v);
	jw_object_end(j);
}

static bool seen_before(const int64_t *ids, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* Each account and each post once. */
enum err present_notification_groups(const struct present *p, const struct notification *list, size_t n, struct jw *j)
{
	struct buf bufs[3];
	struct jw out[3];
	int64_t *accounts = ARENA_ARRAY(p->arena, n, int64_t), *posts = ARENA_ARRAY(p->arena, n, int64_t);
	size_t n_accounts = 0, n_posts = 0;
	enum err err = OK;
	for (size_t i = 0; i < 3; i++) {
		buf_init(&bufs[i], LIMIT_REPLY);
		out[i] = jw_to(&bufs[i]);
		jw_array(&out[i]);
	}
	for (size_t i = 0; i < n && err == OK; i++) {
		struct parts parts CLEANUP(parts_release);
		parts_init(&parts);
		err = make_parts(p, &list[i], &parts);
		if (err == ERR_NOT_FOUND) {
			err = OK;
			continue;
		}
		if (!seen_before(accounts, n_accounts, list[i].from.v)) {
			accounts[n_accounts++] = list[i].from.v;
			jw_raw(&out[0], buf_view(&parts.account));
		}
		if (list[i].post.v && !seen_before(posts, n_posts, list[i].post.v)) {
			posts[n_posts++] = list[i].post.v;
			jw_raw(&out[1], buf_view(&parts.post));
		}
		write_group(p, &list[i], &out[2]);
	}
	static const char *const keys[] = {"accounts", "statuses", "notification_groups"};
	jw_object(j);
	for (size_t i = 0; i < 3; i++) {
		jw_array_end(&out[i]);
		jw_kv_raw(j, keys[i], buf_view(&bufs[i]));
		err = bufs[i].over && err == OK ? ERR_TOO_LARGE : err;
		buf_release(&bufs[i]);
	}
	jw_object_end(j);
	return err;
}
