/*
 * activity.c
 */
#include "base/base.h"

#include "core/activity.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define WEEK_MS (7 * DAY_MS)
#define FIRST_MONDAY (4 * DAY_MS) /* 1970-01-05 */

SQL(activity_posts, "SELECT COUNT(*) FROM (SELECT 1 FROM posts WHERE id >= $1 AND id < $2 AND domain = '' LIMIT $3) p");
SQL(activity_logins, "SELECT COUNT(DISTINCT account_id) FROM tokens WHERE id >= $1 AND id < $2");
SQL(activity_registrations, "SELECT COUNT(*) FROM users WHERE account_id >= $1 AND account_id < $2");
SQL(activity_owner, "SELECT account_id FROM users WHERE role <> 'user' AND role = 'owner' ORDER BY account_id LIMIT 1");

enum err activity_read(struct db *db, int64_t now, struct activity_week ret[ACTIVITY_WEEKS])
{
	int64_t begin = now - (now - FIRST_MONDAY) % WEEK_MS;
	for (size_t i = 0; i < ACTIVITY_WEEKS; i++, begin -= WEEK_MS) {
		struct activity_week *w = &ret[i];
		int64_t from = id_at(begin), to = id_at(begin + WEEK_MS);
		w->begin = begin;
		TRY(db_int(db, &activity_posts, BINDS(B_INT(from), B_INT(to), B_INT(ACTIVITY_MAX)), &w->posts));
		TRY(db_int(db, &activity_logins, BINDS(B_INT(from), B_INT(to)), &w->logins));
		TRY(db_int(db, &activity_registrations, BINDS(B_INT(from), B_INT(to)), &w->registrations));
	}
	return OK;
}

enum err activity_contact(struct db *db, struct account_id *ret)
{
	enum err err = db_int(db, &activity_owner, NO_BINDS, &ret->v);
	if (err == ERR_NOT_FOUND)
		ret->v = 0;
	return err == ERR_NOT_FOUND ? OK : err;
}
