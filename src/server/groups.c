/*
 * groups.c - the list of endpoint groups, in the order of the docs. tools/check_groups.sh fails when one is missing.
 */
#include "base/base.h"
#include "server/groups.h"

#include "api/groups.h"
#include "stream/stream.h"
#include "web/web.h"

const struct endpoint_group server_groups[] = {
	{"This server", api_instance},
	{"Languages", api_languages},
	{"Well-known addresses", api_wellknown},
	{"Applications and tokens", api_oauth},
	{"Signing up", api_sign_up},
	{"Accounts", api_accounts},
	{"One's own account", api_account_update},
	{"Posts and follows of an account", api_account_lists},
	{"Relationships", api_relationships},
	{"Blocks and mutes", api_blocks_mutes},
	{"Follow requests", api_follow_requests},
	{"Posts", api_statuses},
	{"What hangs on a post", api_status_parts},
	{"What one does with a post", api_status_actions},
	{"Posts of an account", api_account_statuses},
	{"Scheduled posts", api_scheduled},
	{"Posts on other sites", api_oembed},
	{"Polls", api_polls},
	{"Timelines", api_timelines},
	{"Bookmarks and favourites", api_bookmarks_favourites},
	{"Search", api_search},
	{"Hashtags", api_tags},
	{"Trends", api_trends},
	{"Hashtags on profiles", api_featured_tags},
	{"Custom emojis", api_custom_emojis},
	{"Media", api_media},
	{"Conversations", api_conversations},
	{"Lists", api_lists},
	{"Filters", api_filters},
	{"Filters of before", api_filters_v1},
	{"Notifications", api_notifications},
	{"Notification policy", api_notification_policy},
	{"Reports", api_reports},
	{"Moderating: accounts", api_admin_accounts},
	{"Moderating: reports", api_admin_reports},
	{"Announcements", api_announcements},
	{"Markers", api_markers},
	{"Discovery", api_discovery},
	{"Push", api_push},
	{"Import and export", api_transfer},
	{"Streaming", stream_endpoints},
	{"Pages", web_front},
	{"Profiles and posts as pages", web_profiles},
	{"Feeds for readers", web_syndication},
	{"Posts in frames", web_embed},
	{"Logging in", web_login},
	{"Authorizing applications", web_authorize},
	{"Files", server_files},
	{"Server", server_endpoints},
	{0},
};
