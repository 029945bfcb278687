/*
 * census.c - see census.h.
 */
#include "base/base.h"

#include "core/census.h"

#include "base/clock.h"

#define FEW 2000 /* people: counting them takes a millisecond */
#define EVERYBODY INT64_MAX
#define ACTIVE_MS ((int64_t)30 * 24 * 3600 * 1000)
#define CENSUS_SETTING V("census") /* "people posts active" */

SQL(census_of,
    "SELECT COUNT(*), COALESCE(SUM(p.posts), 0), COALESCE(SUM(p.active), 0) FROM (SELECT c.posts AS posts, "
    "CASE WHEN u.last_active_at > $1 THEN 1 ELSE 0 END AS active FROM users u JOIN accounts a ON a.id = u.account_id "
    "LEFT JOIN account_counts c ON c.account_id = u.account_id WHERE u.approved = 1 AND u.disabled = 0 "
    "AND u.confirmed_at IS NOT NULL AND a.suspended_at IS NULL LIMIT $2) p");
SQL(census_remembered, "SELECT value FROM settings WHERE key = $1");
SQL(census_remember, "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = $2");

static enum err count(struct db *db, int64_t now, int64_t limit, struct census *ret)
{
	struct census census = {0};
	struct rows r;

	db_query(db, &r, &census_of, BINDS(B_INT(now - ACTIVE_MS), B_INT(limit)));
	if (rows_next(&r))
		census = (struct census){.people = row_int(&r, 0), .posts = row_int(&r, 1), .active = row_int(&r, 2)};
	TRY(rows_end(&r));
	*ret = census;
	return OK;
}

static bool parse(struct view text, struct census *ret)
{
	int64_t *const numbers[] = {&ret->people, &ret->posts, &ret->active};
	struct view word;
	size_t n = 0;

	while (n < ARRAY_LEN(numbers) && view_split(&text, ' ', &word) && parse_i64(word, 0, INT64_MAX, numbers[n]))
		n++;
	return n == ARRAY_LEN(numbers);
}

/* ERR_NOT_FOUND: never counted. */
static enum err remembered(struct db *db, struct census *ret)
{
	struct census census;
	struct rows r;
	bool found = false;

	db_query(db, &r, &census_remembered, BINDS(B_TEXT(CENSUS_SETTING)));
	if (rows_next(&r))
		found = parse(row_text(&r, 0), &census);
	TRY(rows_end(&r));
	if (!found)
		return ERR_NOT_FOUND;
	*ret = census;
	return OK;
}

enum err census_read(struct core *c, struct db *db, struct census *ret)
{
	struct census census;

	(void)c;
	TRY(count(db, clock_now(), FEW, &census));
	if (census.people == FEW) {
		enum err err = remembered(db, &census);
		if (err == ERR_NOT_FOUND)
			err = count(db, clock_now(), EVERYBODY, &census);
		TRY(err);
	}
	*ret = census;
	return OK;
}

static enum err remember(struct db *tx, void *arg)
{
	const struct census *census = arg;
	char text[64];

	snprintf(text, sizeof(text), "%" PRId64 " %" PRId64 " %" PRId64, census->people, census->posts, census->active);
	return db_exec(tx, &census_remember, BINDS(B_TEXT(CENSUS_SETTING), B_TEXT(view_of(text))), NULL);
}

enum err census_count(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	struct census census;

	(void)a;
	TRY(count(db, now, FEW, &census));
	if (census.people < FEW)
		return OK;
	TRY(count(db, now, EVERYBODY, &census));
	return store_write(c->store, remember, &census);
}
