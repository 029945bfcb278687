/*
 * measures.c - see measures.h. A measure is a row: the statement that counts it by day, and one for the total where that
 * is not the sum of the days. $1 and $2 are the period, as ids or as times; $3 the subject, $4 the most rows that are
 * looked at. Each walks an index from one end of the period to the other.
 */
#include "base/base.h"

#include "moderation/measures.h"

#include "base/clock.h"

#define DAY "86400000"
#define DAY_OF_ID(id) id " / 5662310400000" /* 86400000 << 16 */
#define DAY_OF(time) time " / " DAY

SQL(measure_active_users,
    "SELECT " DAY_OF("day") ", COUNT(*) FROM active_days WHERE day >= $1 AND day < $2 GROUP BY day");
SQL(measure_active_users_all, "SELECT COUNT(DISTINCT account_id) FROM active_days WHERE day >= $1 AND day < $2");
SQL(measure_new_users, "SELECT " DAY_OF_ID("account_id") ", COUNT(*) FROM users WHERE account_id >= $1"
							 " AND account_id < $2 GROUP BY 1");
/* What is done with posts of this server: favourites, boosts, answers. */
SQL(measure_interactions,
    "SELECT x.day, CAST(SUM(x.n) AS BIGINT) FROM ("
    "SELECT " DAY_OF_ID("f.id") " AS day, COUNT(*) AS n FROM (SELECT id, post_id FROM favourites WHERE id >= $1"
				" AND id < $2 ORDER BY id DESC LIMIT $3) f JOIN posts t ON t.id = f.post_id AND "
				"t.domain = '' GROUP BY 1"
				" UNION ALL "
				"SELECT " DAY_OF_ID("p.id") " AS day, COUNT(*) AS n FROM (SELECT id, boost_of, "
							    "reply_to FROM posts WHERE id >= $1"
							    " AND id < $2 ORDER BY id DESC LIMIT $3) p JOIN posts t ON "
							    "t.id = COALESCE(p.boost_of, p.reply_to)"
							    " AND t.domain = '' GROUP BY 1) x GROUP BY x.day");
SQL(measure_opened_reports, "SELECT " DAY_OF_ID("id") ", COUNT(*) FROM reports WHERE id >= $1 AND id < $2 GROUP BY 1");
SQL(measure_resolved_reports, "SELECT " DAY_OF("resolved_at") ", COUNT(*) FROM reports WHERE resolved_at >= $1"
							      " AND resolved_at < $2 GROUP BY 1");
#define TAG_DAYS_OF "FROM tag_days WHERE name = $3 AND day >= $1 AND day < $2"
SQL(measure_tag_accounts, "SELECT " DAY_OF("day") ", COUNT(*) " TAG_DAYS_OF " GROUP BY day");
SQL(measure_tag_accounts_all, "SELECT COUNT(DISTINCT account_id) " TAG_DAYS_OF);
SQL(measure_tag_uses, "SELECT " DAY_OF("day") ", CAST(SUM(uses) AS BIGINT) " TAG_DAYS_OF " GROUP BY day");
#define TAG_SERVERS                                                                                                    \
	"FROM (SELECT post_id FROM tag_posts WHERE name = $3 AND post_id >= $1 AND post_id < $2"                       \
	" ORDER BY post_id DESC LIMIT $4) t JOIN posts p ON p.id = t.post_id AND p.domain <> ''"
SQL(measure_tag_servers, "SELECT " DAY_OF_ID("p.id") ", COUNT(DISTINCT p.domain) " TAG_SERVERS " GROUP BY 1");
SQL(measure_tag_servers_all, "SELECT COUNT(DISTINCT p.domain) " TAG_SERVERS);
/* Of another server. The second half of the condition is what its index is for. */
#define ACCOUNTS_THERE "FROM accounts a"
#define THERE(table) " WHERE " table ".domain = $3 AND " table ".domain <> ''"
#define BETWEEN(id) " AND " id " >= $1 AND " id " < $2 GROUP BY 1"
SQL(measure_instance_accounts, "SELECT " DAY_OF_ID("a.id") ", COUNT(*) " ACCOUNTS_THERE THERE("a") BETWEEN("a.id"));
SQL(measure_instance_media, "SELECT " DAY_OF_ID("p.id") ", CAST(SUM(m.bytes) AS BIGINT) FROM posts p JOIN media m"
							" ON m.post_id = p.id" THERE("p") BETWEEN("p.id"));
SQL(measure_instance_reports,
    "SELECT " DAY_OF_ID("r.id") ", COUNT(*) " ACCOUNTS_THERE " JOIN reports r ON r.target_id = a.id" THERE("a")
	    BETWEEN("r.id"));
SQL(measure_instance_statuses, "SELECT " DAY_OF_ID("p.id") ", COUNT(*) FROM posts p" THERE("p") BETWEEN("p.id"));
SQL(measure_instance_follows,
    "SELECT " DAY_OF_ID("f.id") ", COUNT(*) " ACCOUNTS_THERE
				" JOIN followers f ON f.account_id = a.id JOIN accounts b ON b.id = f.follower_id"
				" AND b.domain = ''" THERE("a") BETWEEN("f.id"));
SQL(measure_instance_followers,
    "SELECT " DAY_OF_ID("f.id") ", COUNT(*) " ACCOUNTS_THERE
				" JOIN following f ON f.account_id = a.id JOIN accounts b ON b.id = f.target_id"
				" AND b.domain = ''" THERE("a") BETWEEN("f.id"));

const struct measure_kind measure_kinds[MEASURES] = {
	[MEASURE_ACTIVE_USERS] = {"active_users"},
	[MEASURE_NEW_USERS] = {"new_users"},
	[MEASURE_INTERACTIONS] = {"interactions"},
	[MEASURE_OPENED_REPORTS] = {"opened_reports"},
	[MEASURE_RESOLVED_REPORTS] = {"resolved_reports"},
	[MEASURE_TAG_ACCOUNTS] = {"tag_accounts", SUBJECT_TAG},
	[MEASURE_TAG_USES] = {"tag_uses", SUBJECT_TAG},
	[MEASURE_TAG_SERVERS] = {"tag_servers", SUBJECT_TAG},
	[MEASURE_INSTANCE_ACCOUNTS] = {"instance_accounts", SUBJECT_DOMAIN, .ever = true},
	[MEASURE_INSTANCE_MEDIA] = {"instance_media_attachments", SUBJECT_DOMAIN, .bytes = true, .ever = true},
	[MEASURE_INSTANCE_REPORTS] = {"instance_reports", SUBJECT_DOMAIN, .ever = true},
	[MEASURE_INSTANCE_STATUSES] = {"instance_statuses", SUBJECT_DOMAIN, .ever = true},
	[MEASURE_INSTANCE_FOLLOWS] = {"instance_follows", SUBJECT_DOMAIN, .ever = true},
	[MEASURE_INSTANCE_FOLLOWERS] = {"instance_followers", SUBJECT_DOMAIN, .ever = true},
};

static const struct {
	const struct sql *days, *total;
	bool times;	/* the period is bound as times, not as ids */
	size_t n_binds; /* $1…, of what counting() makes */
} statements[MEASURES] = {
	[MEASURE_ACTIVE_USERS] = {&measure_active_users, &measure_active_users_all, true, 2},
	[MEASURE_NEW_USERS] = {&measure_new_users, NULL, false, 2},
	[MEASURE_INTERACTIONS] = {&measure_interactions, NULL, false, 3},
	[MEASURE_OPENED_REPORTS] = {&measure_opened_reports, NULL, false, 2},
	[MEASURE_RESOLVED_REPORTS] = {&measure_resolved_reports, NULL, true, 2},
	[MEASURE_TAG_ACCOUNTS] = {&measure_tag_accounts, &measure_tag_accounts_all, true, 3},
	[MEASURE_TAG_USES] = {&measure_tag_uses, NULL, true, 3},
	[MEASURE_TAG_SERVERS] = {&measure_tag_servers, &measure_tag_servers_all, false, 4},
	[MEASURE_INSTANCE_ACCOUNTS] = {&measure_instance_accounts, NULL, false, 3},
	[MEASURE_INSTANCE_MEDIA] = {&measure_instance_media, NULL, false, 3},
	[MEASURE_INSTANCE_REPORTS] = {&measure_instance_reports, NULL, false, 3},
	[MEASURE_INSTANCE_STATUSES] = {&measure_instance_statuses, NULL, false, 3},
	[MEASURE_INSTANCE_FOLLOWS] = {&measure_instance_follows, NULL, false, 3},
	[MEASURE_INSTANCE_FOLLOWERS] = {&measure_instance_followers, NULL, false, 3},
};

struct counting {
	struct bind binds[4];
};

static struct counting counting(enum measure_key key, const struct period *p, struct view subject)
{
	struct counting c = {{B_INT(p->from), B_INT(p->to)}};

	if (!statements[key].times) {
		c.binds[0] = B_INT(id_at(p->from));
		c.binds[1] = B_INT(id_at(p->to));
	}
	c.binds[2] = measure_kinds[key].subject ? B_TEXT(subject) : B_INT(MEASURE_ROWS_MAX);
	c.binds[3] = B_INT(MEASURE_ROWS_MAX);
	return c;
}

/* By day where days is given, and their sum. */
static enum err read_days(struct db *db, enum measure_key key, const struct period *p, struct view subject,
			  int64_t *days, int64_t *ret_sum)
{
	struct counting c = counting(key, p, subject);
	int64_t first = p->from / CLOCK_DAY_MS, sum = 0;
	struct rows r;

	db_query(db, &r, statements[key].days, c.binds, statements[key].n_binds);
	while (rows_next(&r)) {
		if (days)
			days[row_int(&r, 0) - first] = row_int(&r, 1);
		sum += row_int(&r, 1);
	}
	TRY(rows_end(&r));
	*ret_sum = sum;
	return OK;
}

static enum err read_total(struct db *db, enum measure_key key, const struct period *p, struct view subject,
			   int64_t *ret)
{
	struct counting c = counting(key, p, subject);

	if (!statements[key].total)
		return read_days(db, key, p, subject, NULL, ret);
	return db_int(db, statements[key].total, c.binds, statements[key].n_binds, ret);
}

enum err measure_read(struct db *db, enum measure_key key, const struct period *p, struct view subject,
		      struct measure *ret)
{
	static const struct period ever = {0, INT64_MAX};
	struct period before = period_before(p);

	*ret = (struct measure){0};
	TRY(read_days(db, key, p, subject, ret->days, &ret->total));
	if (measure_kinds[key].ever)
		return read_total(db, key, &ever, subject, &ret->total);
	if (statements[key].total)
		TRY(read_total(db, key, p, subject, &ret->total));
	return read_total(db, key, &before, subject, &ret->previous);
}
