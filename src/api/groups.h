/*
 * groups.h - the endpoint tables of api/, one array for each resource file. Listed in server/groups.c.
 */
#ifndef API_GROUPS_H
#define API_GROUPS_H

#include "gate/endpoint.h"

extern const struct endpoint api_accounts[];
extern const struct endpoint api_account_lists[];
extern const struct endpoint api_account_update[];
extern const struct endpoint api_admin_accounts[];
extern const struct endpoint api_admin_domains[];
extern const struct endpoint api_admin_data[];
extern const struct endpoint api_admin_money[];
extern const struct endpoint api_admin_withholding[];
extern const struct endpoint api_licence_sign_up[];
extern const struct endpoint api_admin_reports[];
extern const struct endpoint api_admin_tags[];
extern const struct endpoint api_admin_trends[];
extern const struct endpoint api_admin_numbers[];
extern const struct endpoint api_absent[];
extern const struct endpoint api_admin_sign_up_blocks[];
extern const struct endpoint api_announcements[];
extern const struct endpoint api_documents[];
extern const struct endpoint api_blocks_mutes[];
extern const struct endpoint api_collections[];
extern const struct endpoint api_conversations[];
extern const struct endpoint api_data_licence[];
extern const struct endpoint api_discovery[];
extern const struct endpoint api_follow_requests[];
extern const struct endpoint api_featured_tags[];
extern const struct endpoint api_filters[];
extern const struct endpoint api_filters_v1[];
extern const struct endpoint api_instance[];
extern const struct endpoint api_languages[];
extern const struct endpoint api_lists[];
extern const struct endpoint api_markers[];
extern const struct endpoint api_media[];
extern const struct endpoint api_moderation[];
extern const struct endpoint api_notification_policy[];
extern const struct endpoint api_oembed[];
extern const struct endpoint api_notifications[];
extern const struct endpoint api_oauth[];
extern const struct endpoint api_push[];
extern const struct endpoint api_relationships[];
extern const struct endpoint api_reports[];
extern const struct endpoint api_sign_up[];
extern const struct endpoint api_transfer[];
extern const struct endpoint api_trends[];
extern const struct endpoint api_wellknown[];
extern const struct endpoint api_ledger[];

/* Posts */
extern const struct endpoint api_statuses[];
extern const struct endpoint api_status_parts[];
extern const struct endpoint api_status_actions[];
extern const struct endpoint api_scheduled[];
extern const struct endpoint api_polls[];
extern const struct endpoint api_timelines[];
extern const struct endpoint api_account_statuses[];
extern const struct endpoint api_bookmarks_favourites[];
extern const struct endpoint api_search[];
extern const struct endpoint api_tags[];
extern const struct endpoint api_custom_emojis[];

#endif
