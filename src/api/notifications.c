/*
 * notifications.c - what happened to one (Mastodon: methods/notifications, methods/grouped_notifications). In the
 * grouped form every notification is a group of its own, which the interface allows.
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "core/filters.h"
#include "core/markers.h"
#include "core/notifications.h"
#include "present/notification.h"

#define PAGE_MAX NOTIFICATIONS_PAGE
#define COUNT_MAX NOTIFICATIONS_UNREAD

/* Types without a kind here happen to nobody: asking for them alone finds nothing. */
static unsigned read_kinds(struct call *c, const char *name)
{
	const struct view *types;
	size_t n = arg_strings(c, name, &types);
	unsigned kinds = 0;
	for (size_t i = 0; i < n; i++) {
		enum notification_kind k;
		if (notification_parse(types[i], &k))
			kinds |= 1u << k;
	}
	return kinds;
}

static struct notification_filter read_filter(struct call *c)
{
	struct notification_filter f = {.kinds = NOTIFY_ALL, .from = {arg_id(c, "account_id")}};
	const struct view *any;
	if (arg_strings(c, "types[]", &any) > 0)
		f.kinds = read_kinds(c, "types[]");
	f.kinds &= ~read_kinds(c, "exclude_types[]");
	return f;
}

static enum err read_page(struct call *c, struct notification ret[PAGE_MAX], size_t *ret_n)
{
	struct notification_filter filter = read_filter(c);
	struct page page = call_page(c);
	int64_t on;
	TRY(notifications_page(c->db, c->auth.account, &filter, &page, ret, ret_n, &on));
	int64_t newest = *ret_n ? ret[0].id : 0, oldest = *ret_n ? ret[*ret_n - 1].id : 0;
	if (on)
		*(page_upward(&page) ? &newest : &oldest) = on;
	call_link(c, newest, oldest, *ret_n < page.limit && !on);
	return OK;
}

/* Of pages: a single notification is shown to who asks for it. */
static struct present presenter(const struct call *c)
{
	struct present p = call_presenter(c);
	p.context = FILTER_NOTIFICATIONS;
	return p;
}

static enum err show_all(struct call *c)
{
	struct present p = presenter(c);
	struct notification list[PAGE_MAX];
	size_t n = 0;
	TRY(read_page(c, list, &n));
	return present_notifications(&p, list, n, &c->json);
}

static enum err show(struct call *c)
{
	struct present p = call_presenter(c);
	struct notification n;
	TRY(notification_load(c->db, c->auth.account, arg_id(c, "id"), &n));
	return present_notification(&p, &n, &c->json);
}

static enum err unread_count(struct call *c)
{
	struct notification_filter filter = read_filter(c);
	struct marker m = {0};
	int64_t count;
	enum err err = marker_get(c->db, c->auth.account, MARKER_NOTIFICATIONS, &m);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	TRY(notifications_unread(c->db, c->auth.account, &filter, m.last_read_id, arg_int(c, "limit"), &count));
	jw_object(&c->json);
	jw_kv_int(&c->json, "count", count);
	jw_object_end(&c->json);
	return OK;
}

static enum err clear(struct call *c)
{
	TRY(notifications_clear_all(c->core, c->db, c->auth.account));
	return answer_empty(c);
}

static enum err dismiss(struct call *c)
{
	TRY(notification_dismiss(c->core, c->auth.account, arg_id(c, "id")));
	return answer_empty(c);
}

static enum err show_groups(struct call *c)
{
	struct present p = presenter(c);
	struct notification list[PAGE_MAX];
	size_t n = 0;
	TRY(read_page(c, list, &n));
	return present_notification_groups(&p, list, n, &c->json);
}

static enum err load_group(struct call *c, struct notification *ret)
{
	int64_t id;
	if (!notification_key_parse(arg_str(c, "group_key"), &id))
		return ERR_NOT_FOUND;
	return notification_load(c->db, c->auth.account, id, ret);
}

static enum err show_group(struct call *c)
{
	struct present p = call_presenter(c);
	struct notification n;
	TRY(load_group(c, &n));
	return present_notification_groups(&p, &n, 1, &c->json);
}

static enum err group_accounts(struct call *c)
{
	struct present p = call_presenter(c);
	struct notification n;
	TRY(load_group(c, &n));
	return present_accounts(&p, &n.from, 1, &c->json);
}

static enum err dismiss_group(struct call *c)
{
	int64_t id;
	if (notification_key_parse(arg_str(c, "group_key"), &id)) {
		enum err err = notification_dismiss(c->core, c->auth.account, id);
		if (err != OK && err != ERR_NOT_FOUND) /* a group may be empty already */
			return err;
	}
	return answer_empty(c);
}

#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of the notification."}
#define KEY {.name = "group_key", .type = PARAM_STRING, .required = true, .doc = "Key of the group."}
#define FILTER                                                                                                         \
	{.name = "types[]", .type = PARAM_STRINGS, .doc = "Only these types."},                                        \
		{.name = "exclude_types[]", .type = PARAM_STRINGS, .doc = "Not these types."},                         \
	{                                                                                                              \
		.name = "account_id", .type = PARAM_ID, .doc = "Only what this account did."                           \
	}
#define COUNT_PARAMS                                                                                                   \
	PARAMS(FILTER, {.name = "limit",                                                                               \
			.type = PARAM_INT,                                                                             \
			.clamp = true,                                                                                 \
			.min = 1,                                                                                      \
			.max = COUNT_MAX,                                                                              \
			.fallback = 100,                                                                               \
			.doc = "Where to stop counting."})
#define READ                                                                                                           \
	.method = HTTP_GET, .auth = AUTH_USER, .scope = SCOPE_READ_NOTIFICATIONS, .rate = RATE_DEFAULT,                \
	.meter = METER_FREE, .run = RUN_INLINE
#define WRITE                                                                                                          \
	.method = HTTP_POST, .auth = AUTH_USER, .scope = SCOPE_WRITE_NOTIFICATIONS, .rate = RATE_DEFAULT,              \
	.meter = METER_FREE, .body = BODY_FIELDS, .run = RUN_WORKER, .reply = "{}"

const struct endpoint api_notifications[] = {
	{READ, .path = "/api/v1/notifications", .handle = show_all, .params = PARAMS(FILTER, PAGE_PARAMS(40, PAGE_MAX)),
	 .reply = "[Notification]", .doc = "What happened, newest first."},
	{READ, .path = "/api/v1/notifications/unread_count", .handle = unread_count, .params = COUNT_PARAMS,
	 .reply = "Count", .doc = "How many are newer than one's marker."},
	{WRITE, .path = "/api/v1/notifications/clear", .handle = clear, .doc = "Forget all notifications."},
	{WRITE, .path = "/api/v1/notifications/dismiss", .handle = dismiss, .params = PARAMS(ID), .raw_path = true,
	 .doc = "Old form of :id/dismiss."},
	{READ, .path = "/api/v1/notifications/:id", .handle = show, .params = PARAMS(ID), .reply = "Notification",
	 .doc = "A notification."},
	{WRITE, .path = "/api/v1/notifications/:id/dismiss", .handle = dismiss, .params = PARAMS(ID),
	 .doc = "Forget a notification."},
	{READ, .path = "/api/v2/notifications", .handle = show_groups,
	 .params = PARAMS(FILTER, {.name = "grouped_types[]", .type = PARAM_STRINGS, .doc = "Taken and not used."},
			  {.name = "expand_accounts", .type = PARAM_STRING,
			  .doc = "Taken and not used: all are complete."},
			  PAGE_PARAMS(40, PAGE_MAX)),
	 .reply = "GroupedNotificationsResults", .doc = "What happened, as groups of one."},
	{READ, .path = "/api/v2/notifications/unread_count", .handle = unread_count, .params = COUNT_PARAMS,
	 .reply = "Count", .doc = "How many groups are newer than one's marker."},
	{READ, .path = "/api/v2/notifications/:group_key", .handle = show_group, .params = PARAMS(KEY),
	 .reply = "GroupedNotificationsResults", .doc = "A group."},
	{READ, .path = "/api/v2/notifications/:group_key/accounts", .handle = group_accounts, .params = PARAMS(KEY),
	 .reply = "[Account]", .doc = "Who is in a group."},
	{WRITE, .path = "/api/v2/notifications/:group_key/dismiss", .handle = dismiss_group, .params = PARAMS(KEY),
	 .doc = "Forget a group."},
	ENDPOINTS_END};
