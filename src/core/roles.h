/*
 * roles.h - what somebody of this server may do beyond posting (docs: entities/Role). Numbers of permissions and the
 * permissions of each role are Mastodon's, as it is installed; but for those marked ours.
 */
#ifndef CORE_ROLES_H
#define CORE_ROLES_H

#include "core/events.h"
#include "core/notifications.h"
#include "core/sessions.h"

enum permission {
	PERMISSION_VIEW_AUDIT_LOG = 1 << 2,
	PERMISSION_VIEW_DASHBOARD = 1 << 3,
	PERMISSION_MANAGE_REPORTS = 1 << 4,
	PERMISSION_MANAGE_FEDERATION = 1 << 5,
	PERMISSION_MANAGE_SETTINGS = 1 << 6,
	PERMISSION_MANAGE_BLOCKS = 1 << 7,
	PERMISSION_MANAGE_TAXONOMIES = 1 << 8,
	PERMISSION_MANAGE_APPEALS = 1 << 9,
	PERMISSION_MANAGE_USERS = 1 << 10,
	PERMISSION_MANAGE_RULES = 1 << 12,
	PERMISSION_MANAGE_ANNOUNCEMENTS = 1 << 13,
	PERMISSION_MANAGE_CUSTOM_EMOJIS = 1 << 14,
	PERMISSION_DELETE_USER_DATA = 1 << 19,
	PERMISSION_MANAGE_DATA = 1 << 30, /* ours; from the top, as Mastodon's go on from below */
};

struct role_row {
	const char *id, *name; /* "2", "Admin"; the role of everybody has no name */
	uint32_t permissions;
};
const struct role_row *role_row(enum role r);
/* By Mastodon's number of the role. */
bool role_by_id(struct view id, enum role *ret);

/* Has all of these bits. */
bool role_may(enum role r, uint32_t permissions);
/* Staff acts on those below only: no moderator on another, and nobody on themselves. */
bool role_above(enum role r, enum role other);

/* "Manage Users, Manage Reports", for the docs; the names are Mastodon's. cap bytes are enough for all there are. */
#define PERMISSION_NAMES_MAX 256
void permission_names(uint32_t permissions, char *ret, size_t cap);

/*
 * Tells everybody whose role has the permission, but not the one who did it. about: 0, or the report. Inside a
 * store_write.
 */
enum err staff_tell(struct db *tx, struct event_list *list, enum permission permission, enum notification_kind kind,
		    struct account_id from, int64_t about);

#endif
