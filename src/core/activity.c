/*
 * activity.c
 */
#include "base/base.h"

#include "core/activity.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)
#define WEEK_MS (7 * DAY_MS)
#define FIRST_MONDAY (4 * DAY_MS) /* 1970-01-05 */
#define ACTIVITY_SETTING V("activity") /* "begin posts logins registrations " of each week */

SQL(activity_posts, "SELECT COUNT(*) FROM (SELECT 1 FROM posts WHERE id >= $1 AND id < $2 AND domain = '' LIMIT $3) p");
SQL(activity_logins, "SELECT COUNT(DISTINCT account_id) FROM tokens WHERE id >= $1 AND id < $2");
SQL(activity_registrations, "SELECT COUNT(*) FROM users WHERE account_id >= $1 AND account_id < $2");
SQL(activity_remembered, "SELECT value FROM settings WHERE key = $1");
SQL(activity_remember,
    "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
SQL(activity_owner, "SELECT account_id FROM users WHERE role <> 'user' AND role = 'owner' ORDER BY account_id LIMIT 1");

static void begin_weeks(int64_t now, struct activity_week weeks[ACTIVITY_WEEKS])
{
	int64_t begin = now - (now - FIRST_MONDAY) % WEEK_MS;
	for (size_t i = 0; i < ACTIVITY_WEEKS; i++)
		weeks[i] = (struct activity_week){.begin = begin - (int64_t)i * WEEK_MS};
}

static bool next_number(struct view *text, int64_t *ret)
{
	struct view word;
	return view_split(text, ' ', &word) && parse_i64(word, 0, INT64_MAX, ret);
}

/* Each week that was counted to its place, which may have moved on since. */
static void read_weeks(struct view text, struct activity_week weeks[ACTIVITY_WEEKS])
{
	struct activity_week w;
	while (next_number(&text, &w.begin) && next_number(&text, &w.posts) && next_number(&text, &w.logins) &&
	       next_number(&text, &w.registrations))
		for (size_t i = 0; i < ACTIVITY_WEEKS; i++)
			if (weeks[i].begin == w.begin)
				weeks[i] = w;
}

enum err activity_read(struct db *db, int64_t now, struct activity_week ret[ACTIVITY_WEEKS])
{
	struct rows r;
	begin_weeks(now, ret);
	db_query(db, &r, &activity_remembered, BINDS(B_TEXT(ACTIVITY_SETTING)));
	if (rows_next(&r))
		read_weeks(row_text(&r, 0), ret);
	return rows_end(&r);
}

static enum err count_week(struct db *db, struct activity_week *w)
{
	int64_t from = id_at(w->begin), to = id_at(w->begin + WEEK_MS);
	TRY(db_int(db, &activity_posts, BINDS(B_INT(from), B_INT(to), B_INT(ACTIVITY_MAX)), &w->posts));
	TRY(db_int(db, &activity_logins, BINDS(B_INT(from), B_INT(to)), &w->logins));
	return db_int(db, &activity_registrations, BINDS(B_INT(from), B_INT(to)), &w->registrations);
}

static enum err remember(struct db *tx, void *arg)
{
	const struct activity_week *weeks = arg;
	char text[ACTIVITY_WEEKS * 84 + 1];
	size_t len = 0;
	for (size_t i = 0; i < ACTIVITY_WEEKS; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " ", weeks[i].begin,
					weeks[i].posts, weeks[i].logins, weeks[i].registrations);
	return db_exec(tx, &activity_remember, BINDS(B_TEXT(ACTIVITY_SETTING), B_TEXT(view_make(text, len))), NULL);
}

/* An idle server writes nothing. */
enum err activity_count(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	struct activity_week weeks[ACTIVITY_WEEKS], before[ACTIVITY_WEEKS];
	(void)a;
	begin_weeks(now, weeks);
	TRY(activity_read(db, now, before));
	for (size_t i = 0; i < ACTIVITY_WEEKS; i++) {
		if (i > 1 && before[i].posts) /* long over and counted */
			weeks[i] = before[i];
		else
			TRY(count_week(db, &weeks[i]));
	}
	if (memcmp(weeks, before, sizeof(weeks)) == 0)
		return OK;
	return store_write(c->store, remember, weeks);
}

enum err activity_contact(struct db *db, struct account_id *ret)
{
	enum err err = db_int(db, &activity_owner, NO_BINDS, &ret->v);
	if (err == ERR_NOT_FOUND)
		ret->v = 0;
	return err == ERR_NOT_FOUND ? OK : err;
}
