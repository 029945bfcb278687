/*
 * roles.c - see roles.h.
 */
#include "base/base.h"

#include "core/roles.h"

#include "core/accounts.h"

#define STAFF_MAX 64 /* who are told */

SQL(roles_staff, "SELECT account_id, role FROM users WHERE role <> 'user' ORDER BY account_id LIMIT $1");

static const struct role_row rows[] = {
	[ROLE_USER] = {"-99", "", 0x10000},
	[ROLE_MODERATOR] = {"1", "Moderator", 0x51c},
	[ROLE_ADMIN] = {"2", "Admin", 0xefffc | PERMISSION_MANAGE_DATA},
	[ROLE_OWNER] = {"3", "Owner", 0x1fffff | PERMISSION_MANAGE_DATA},
};

static const struct {
	enum permission bit;
	const char *name;
} names[] = {
	{PERMISSION_VIEW_AUDIT_LOG, "View Audit Log"},
	{PERMISSION_VIEW_DASHBOARD, "View Dashboard"},
	{PERMISSION_MANAGE_REPORTS, "Manage Reports"},
	{PERMISSION_MANAGE_FEDERATION, "Manage Federation"},
	{PERMISSION_MANAGE_BLOCKS, "Manage Blocks"},
	{PERMISSION_MANAGE_TAXONOMIES, "Manage Taxonomies"},
	{PERMISSION_MANAGE_APPEALS, "Manage Appeals"},
	{PERMISSION_MANAGE_USERS, "Manage Users"},
	{PERMISSION_DELETE_USER_DATA, "Delete User Data"},
	{PERMISSION_MANAGE_DATA, "Manage Data"},
	{PERMISSION_MANAGE_SETTINGS, "Manage Settings"},
	{PERMISSION_MANAGE_RULES, "Manage Rules"},
	{PERMISSION_MANAGE_ANNOUNCEMENTS, "Manage Announcements"},
	{PERMISSION_MANAGE_CUSTOM_EMOJIS, "Manage Custom Emojis"},
};

const struct role_row *role_row(enum role r)
{
	return &rows[r];
}

bool role_by_id(struct view id, enum role *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (view_is(id, rows[i].id)) {
			*ret = (enum role)i;
			return true;
		}
	}
	return false;
}

bool role_may(enum role r, uint32_t permissions)
{
	return (rows[r].permissions & permissions) == permissions;
}

bool role_above(enum role r, enum role other)
{
	return r > other;
}

void permission_names(uint32_t permissions, char *ret, size_t cap)
{
	size_t n = 0;

	ret[0] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(names) && n < cap; i++)
		if (permissions & names[i].bit)
			n += (size_t)snprintf(ret + n, cap - n, "%s%s", n ? ", " : "", names[i].name);
}

enum err staff_tell(struct db *tx, struct event_list *list, enum permission permission, enum notification_kind kind,
		    struct account_id from, int64_t about)
{
	struct account_id who[STAFF_MAX];
	enum role role;
	size_t n = 0;
	struct rows r;

	db_query(tx, &r, &roles_staff, BINDS(B_INT(STAFF_MAX)));
	while (n < ARRAY_LEN(who) && rows_next(&r))
		if (role_parse(row_text(&r, 1), &role) && role_may(role, permission))
			who[n++].v = row_int(&r, 0);
	TRY(rows_end(&r));
	for (size_t i = 0; i < n; i++)
		TRY(notification_add_about(tx, list, who[i], kind, from, about));
	return OK;
}
