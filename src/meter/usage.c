/*
 * usage.c - see usage.h.
 */
#include "base/base.h"

#include "meter/usage.h"

#include "base/clock.h"

SQL(usage_rows, "SELECT u.day, u.app_id, a.project_id, u.terms, p.name, p.version, u.posts_included, u.posts_extra, "
		"u.posts_repeated, u.users_extra, u.users_repeated, u.answers_broken, u.cost_micro FROM usage_days u "
		"LEFT JOIN data_apps a ON a.licensee_id = u.licensee_id AND a.id = u.app_id "
		"LEFT JOIN plans p ON p.id = u.terms WHERE u.licensee_id = $1 AND u.day >= $2 "
		"ORDER BY u.day DESC, u.app_id, u.terms LIMIT $3");
SQL(usage_total, "SELECT CAST(COALESCE(SUM(posts_included + posts_extra), 0) AS BIGINT), "
		 "CAST(COALESCE(SUM(cost_micro), 0) AS BIGINT) FROM usage_days "
		 "WHERE licensee_id = $1 AND day >= $2");
SQL(usage_count, "SELECT COUNT(*) FROM usage_days WHERE licensee_id = $1 AND day >= $2");

static struct usage_row read_row(const struct rows *r, struct arena *a)
{
	return (struct usage_row){
		.day = (int32_t)row_int(r, 0),
		.app = row_int(r, 1),
		.project = row_int(r, 2),
		.terms = row_int(r, 3),
		.plan = row_copy(r, 4, a),
		.plan_version = row_int(r, 5),
		.posts_included = row_int(r, 6),
		.posts_extra = row_int(r, 7),
		.posts_repeated = row_int(r, 8),
		.users_extra = row_int(r, 9),
		.users_repeated = row_int(r, 10),
		.answers_broken = row_int(r, 11),
		.cost_micro = row_int(r, 12),
	};
}

enum err usage_load(struct db *db, struct arena *a, int64_t licensee, int32_t from_day, struct usage_row **ret,
		    size_t *ret_n)
{
	struct usage_row *list;
	int64_t count;
	size_t n = 0;
	struct rows r;

	TRY(db_int(db, &usage_count, BINDS(B_INT(licensee), B_INT(from_day)), &count));
	count = count < USAGE_ROWS_MAX ? count : USAGE_ROWS_MAX;
	list = ARENA_ARRAY(a, (size_t)count + 1, struct usage_row);
	db_query(db, &r, &usage_rows, BINDS(B_INT(licensee), B_INT(from_day), B_INT(count)));
	while (n < (size_t)count && rows_next(&r))
		list[n++] = read_row(&r, a);
	TRY(rows_end(&r));
	*ret = list;
	*ret_n = n;
	return OK;
}

static int32_t month_day(int64_t ms, int later)
{
	struct clock_date d = clock_split(ms);
	int months = d.year * 12 + d.month - 1 + later;

	d = (struct clock_date){.year = months / 12, .month = months % 12 + 1, .day = 1};
	return (int32_t)(clock_join(&d) / USAGE_DAY_MS);
}

enum err usage_sum(struct db *db, int64_t licensee, int32_t from_day, int64_t *ret_posts, int64_t *ret_cost)
{
	int64_t posts = 0, cost = 0;
	struct rows r;

	db_query(db, &r, &usage_total, BINDS(B_INT(licensee), B_INT(from_day)));
	if (rows_next(&r)) {
		posts = row_int(&r, 0);
		cost = row_int(&r, 1);
	}
	TRY(rows_end(&r));
	*ret_posts = posts;
	*ret_cost = cost;
	return OK;
}

int32_t usage_month_begin(int64_t ms)
{
	return month_day(ms, 0);
}

int32_t usage_month_end(int64_t ms)
{
	return month_day(ms, 1);
}
