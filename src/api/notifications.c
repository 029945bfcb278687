/*
 * notifications.c - what happened to one (Mastodon: methods/notifications, methods/grouped_notifications).
 */
#include "base/base.h"

#include "api/answer.h"
#include "api/groups.h"
#include "base/limits.h"
#include "core/filters.h"
#include "core/markers.h"
#include "core/notification_groups.h"
#include "present/notification.h"
#include "present/notification_fallback.h"
#include "text/tongue.h"

#define PAGE_MAX NOTIFICATIONS_PAGE
#define COUNT_MAX NOTIFICATIONS_UNREAD

enum expand { EXPAND_FULL, EXPAND_PARTIAL };
static const char *const expansions[] = {[EXPAND_FULL] = "full", [EXPAND_PARTIAL] = "partial_avatars", NULL};

/* Types without a kind here happen to nobody: asking for them alone finds nothing. */
static unsigned read_kinds(struct call *c, const char *name, unsigned fallback)
{
	const struct view *types;
	size_t n = arg_strings(c, name, &types);
	unsigned kinds = 0;
	for (size_t i = 0; i < n; i++) {
		enum notification_kind k;
		if (notification_parse(types[i], &k))
			kinds |= 1u << k;
	}
	return n ? kinds : fallback;
}

/* Whose notifications are asked for by name is shown what is filtered, too, as by Mastodon. */
static struct notification_filter read_filter(struct call *c)
{
	struct notification_filter f = {.kinds = read_kinds(c, "types[]", NOTIFY_ALL) &
						 ~read_kinds(c, "exclude_types[]", 0),
					.from = {arg_id(c, "account_id")}};
	f.with_filtered = arg_bool(c, "include_filtered") || f.from.v;
	return f;
}

static struct notification_filter read_group_filter(struct call *c)
{
	struct notification_filter f = read_filter(c);
	f.grouped = read_kinds(c, "grouped_types[]", NOTIFY_GROUPED);
	return f;
}

/* on: where reading goes on, or 0. */
static void link_pages(struct call *c, const struct page *page, int64_t newest, int64_t oldest, int64_t on, size_t n)
{
	if (on)
		*(page_upward(page) ? &newest : &oldest) = on;
	call_link(c, newest, oldest, n < page->limit && !on);
}

static enum err read_page(struct call *c, struct notification ret[PAGE_MAX], size_t *ret_n)
{
	struct notification_filter filter = read_filter(c);
	struct page page = call_page(c);
	int64_t on;
	TRY(notifications_page(c->core, c->db, c->auth.account, &filter, &page, ret, ret_n, &on));
	link_pages(c, &page, *ret_n ? ret[0].id : 0, *ret_n ? ret[*ret_n - 1].id : 0, on, *ret_n);
	return OK;
}

static struct present presenter(struct call *c)
{
	struct present p = call_presenter(c);
	if (arg_given(c, "supported_types[]")) {
		p.fallbacks = NOTIFY_WITH_FALLBACK & ~read_kinds(c, "supported_types[]", 0);
		p.tongue = (uint8_t)tongue_accepted(http_header(c->x, "Accept-Language"));
	}
	return p;
}

/* A single notification is shown to who asks for it, whatever is filtered. */
static struct present page_presenter(struct call *c)
{
	struct present p = presenter(c);
	p.context = FILTER_NOTIFICATIONS;
	return p;
}

static enum err show_all(struct call *c)
{
	struct present p = page_presenter(c);
	struct notification list[PAGE_MAX];
	size_t n = 0;
	TRY(read_page(c, list, &n));
	return present_notifications(&p, list, n, &c->json);
}

static enum err show(struct call *c)
{
	struct present p = presenter(c);
	struct notification n;
	TRY(notification_load(c->db, c->auth.account, arg_id(c, "id"), &n));
	return present_notification(&p, &n, &c->json);
}

static enum err answer_count(struct call *c, struct notification_filter f,
			     enum err (*count)(struct core *core, struct db *db, struct arena *a, struct account_id to,
					       const struct notification_filter *f, int64_t after, int64_t limit,
					       int64_t *ret))
{
	struct marker m = {0};
	int64_t n;
	enum err err = marker_get(c->core, c->db, c->auth.account, MARKER_NOTIFICATIONS, &m);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	TRY(count(c->core, c->db, c->arena, c->auth.account, &f, m.last_read_id, arg_int(c, "limit"), &n));
	jw_object(&c->json);
	jw_kv_int(&c->json, "count", n);
	jw_object_end(&c->json);
	return OK;
}

static enum err unread_count(struct call *c)
{
	return answer_count(c, read_filter(c), notifications_unread);
}

static enum err unread_groups(struct call *c)
{
	return answer_count(c, read_group_filter(c), notification_groups_unread);
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
	struct present p = page_presenter(c);
	struct notification_filter filter = read_group_filter(c);
	struct page page = call_page(c);
	struct notification_group *list = ARENA_ARRAY(c->arena, PAGE_MAX, struct notification_group);
	int64_t on, oldest = INT64_MAX;
	size_t n = 0;
	TRY(notification_groups_page(c->core, c->db, c->auth.account, &filter, &page, list, &n, &on));
	for (size_t i = 0; i < n; i++)
		oldest = list[i].page_min_id < oldest ? list[i].page_min_id : oldest;
	link_pages(c, &page, n ? list[0].newest.id : 0, n ? oldest : 0, on, n);
	return present_notification_groups(&p, list, n, arg_choice(c, "expand_accounts") == EXPAND_PARTIAL, &c->json);
}

static enum err read_key(struct call *c, struct notification_key *ret)
{
	return notification_key_parse(arg_str(c, "group_key"), ret) ? OK : ERR_NOT_FOUND;
}

static enum err show_group(struct call *c)
{
	struct present p = presenter(c);
	struct notification_key key;
	struct notification_group group;
	TRY(read_key(c, &key));
	TRY(notification_group_load(c->db, c->auth.account, &key, &group));
	return present_notification_groups(&p, &group, 1, false, &c->json);
}

static enum err group_accounts(struct call *c)
{
	struct present p = call_presenter(c);
	struct page page = call_page(c);
	struct account_id who[PAGE_MAX];
	struct notification_key key;
	int64_t last = 0;
	size_t n;
	TRY(read_key(c, &key));
	TRY(notification_group_accounts(c->db, c->auth.account, &key, &page, who, &n, &last));
	if (!n && !page.max_id)
		return ERR_NOT_FOUND;
	call_link(c, 0, last, n < page.limit);
	return present_accounts(&p, who, n, &c->json);
}

static enum err dismiss_group(struct call *c)
{
	struct notification_key key;
	if (read_key(c, &key) == OK) /* a group may be empty already */
		TRY(notification_group_dismiss(c->core, c->auth.account, &key));
	return answer_empty(c);
}

#define ID {.name = "id", .type = PARAM_ID, .required = true, .doc = "Id of the notification."}
#define KEY {.name = "group_key", .type = PARAM_STRING, .required = true, .doc = "Key of the group."}
#define FILTER                                                                                                         \
	{.name = "types[]", .type = PARAM_STRINGS, .doc = "Only these types."},                                        \
		{.name = "exclude_types[]", .type = PARAM_STRINGS, .doc = "Not these types."},                         \
		{.name = "account_id", .type = PARAM_ID, .doc = "Only what this account did."},                        \
	{                                                                                                              \
		.name = "include_filtered", .type = PARAM_BOOL, .doc = "Also what waits in requests."                  \
	}
#define SUPPORTED                                                                                                      \
	{                                                                                                              \
		.name = "supported_types[]", .type = PARAM_STRINGS,                                                    \
		.doc = "What the app knows: of other types that are newer, words to show in their place are told."    \
	}
#define GROUPED_TYPES                                                                                                  \
	{                                                                                                              \
		.name = "grouped_types[]", .type = PARAM_STRINGS,                                                      \
		.doc = "Only these are grouped; without it, all that can be."                                          \
	}
#define COUNT_PARAMS(...)                                                                                              \
	PARAMS(__VA_ARGS__, {.name = "limit",                                                                               \
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
	{READ, .path = "/api/v1/notifications", .handle = show_all, .params = PARAMS(FILTER, SUPPORTED, PAGE_PARAMS(40, PAGE_MAX)),
	 .reply = "[Notification]", .doc = "What happened, newest first."},
	{READ, .path = "/api/v1/notifications/unread_count", .handle = unread_count, .params = COUNT_PARAMS(FILTER),
	 .reply = "Count", .doc = "How many are newer than one's marker."},
	{WRITE, .path = "/api/v1/notifications/clear", .handle = clear, .doc = "Forget all notifications."},
	{WRITE, .path = "/api/v1/notifications/dismiss", .handle = dismiss, .params = PARAMS(ID), .raw_path = true,
	 .doc = "Old form of :id/dismiss."},
	{READ, .path = "/api/v1/notifications/:id", .handle = show, .params = PARAMS(ID, SUPPORTED), .reply = "Notification",
	 .doc = "A notification."},
	{WRITE, .path = "/api/v1/notifications/:id/dismiss", .handle = dismiss, .params = PARAMS(ID),
	 .doc = "Forget a notification."},
	{READ, .path = "/api/v2/notifications", .handle = show_groups,
	 .params = PARAMS(FILTER, SUPPORTED, GROUPED_TYPES,
			  {.name = "expand_accounts",
			   .type = PARAM_CHOICE,
			   .choices = expansions,
			   .doc = "Whether all accounts are complete, or only the newest of each group."},
			  PAGE_PARAMS(40, PAGE_MAX)),
	 .reply = "GroupedNotificationsResults", .doc = "What happened, in groups, the newest first."},
	{READ, .path = "/api/v2/notifications/unread_count", .handle = unread_groups, .params = COUNT_PARAMS(FILTER, GROUPED_TYPES),
	 .reply = "Count", .doc = "How many groups are newer than one's marker."},
	{READ, .path = "/api/v2/notifications/:group_key", .handle = show_group, .params = PARAMS(KEY, SUPPORTED),
	 .reply = "GroupedNotificationsResults", .doc = "A group."},
	{READ, .path = "/api/v2/notifications/:group_key/accounts", .handle = group_accounts,
	 .params = PARAMS(KEY, PAGE_PARAMS(40, PAGE_MAX)),
	 .reply = "[Account]", .doc = "Who is in a group, the newest first."},
	{WRITE, .path = "/api/v2/notifications/:group_key/dismiss", .handle = dismiss_group, .params = PARAMS(KEY),
	 .doc = "Forget a group."},
	ENDPOINTS_END};
