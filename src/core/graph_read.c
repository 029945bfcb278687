/*
 * graph_read.c - relationships, and lists of accounts out of the graph.
 */
#include "base/base.h"

#include "core/graph.h"

#include "base/clock.h"

/* Of all kinds: $1 who asks, $2 the others. What is read beside the id differs. */
SQL(rel_following,
    "SELECT target_id, show_boosts, notify, languages FROM following WHERE account_id = $1 AND target_id IN IDS($2)");
SQL(rel_requested, "SELECT account_id, show_boosts, notify, languages FROM follow_requests "
		   "WHERE requester_id = $1 AND account_id IN IDS($2)");
SQL(rel_followed_by, "SELECT follower_id FROM followers WHERE account_id = $1 AND follower_id IN IDS($2)");
SQL(rel_requested_by, "SELECT requester_id FROM follow_requests WHERE account_id = $1 AND requester_id IN IDS($2)");
SQL(rel_blocking, "SELECT target_id FROM blocks WHERE account_id = $1 AND target_id IN IDS($2)");
SQL(rel_blocked_by, "SELECT blocker_id FROM blocked_by WHERE account_id = $1 AND blocker_id IN IDS($2)");
SQL(rel_muting,
    "SELECT target_id, notifications, expires_at FROM mutes WHERE account_id = $1 AND target_id IN IDS($2)");
SQL(rel_endorsed, "SELECT target_id FROM endorsements WHERE account_id = $1 AND target_id IN IDS($2)");
SQL(rel_domain, "SELECT a.id FROM accounts a JOIN user_domain_blocks d ON d.account_id = $1 AND d.domain = a.domain "
		"WHERE a.id IN IDS($2)");
SQL(rel_notes, "SELECT target_id, note FROM account_notes WHERE account_id = $1 AND target_id IN IDS($2)");

static void on_following(const struct rows *r, struct arena *a, struct relationship *rel)
{
	rel->following = true;
	rel->showing_boosts = row_int(r, 1);
	rel->notifying = row_int(r, 2);
	rel->languages = row_copy(r, 3, a);
}

static void on_requested(const struct rows *r, struct arena *a, struct relationship *rel)
{
	on_following(r, a, rel);
	rel->following = false;
	rel->requested = true;
}

static void on_muting(const struct rows *r, struct arena *a, struct relationship *rel)
{
	(void)a;
	int64_t until = row_int(r, 2);
	if (until && until <= clock_now())
		return;
	rel->muting = true;
	rel->muting_notifications = row_int(r, 1);
	rel->muting_until = until;
}

static void on_notes(const struct rows *r, struct arena *a, struct relationship *rel)
{
	rel->note = row_copy(r, 1, a);
}

/* Where only being there matters: the flag to set. */
static const struct {
	const struct sql *sql;
	void (*fill)(const struct rows *r, struct arena *a, struct relationship *rel);
	size_t flag;
} kinds[] = {
	{&rel_requested, on_requested, 0},
	{&rel_following, on_following, 0},
	{&rel_muting, on_muting, 0},
	{&rel_notes, on_notes, 0},
	{&rel_followed_by, NULL, offsetof(struct relationship, followed_by)},
	{&rel_requested_by, NULL, offsetof(struct relationship, requested_by)},
	{&rel_blocking, NULL, offsetof(struct relationship, blocking)},
	{&rel_blocked_by, NULL, offsetof(struct relationship, blocked_by)},
	{&rel_domain, NULL, offsetof(struct relationship, domain_blocking)},
	{&rel_endorsed, NULL, offsetof(struct relationship, endorsed)},
};

enum err graph_relationships(struct db *db, struct arena *a, struct account_id who, const struct account_id *ids,
			     size_t n, struct relationship *ret)
{
	int64_t *list = ARENA_ARRAY(a, n, int64_t);
	for (size_t i = 0; i < n; i++) {
		ret[i] = (struct relationship){.id = ids[i]};
		list[i] = ids[i].v;
	}
	if (n == 0)
		return OK;
	struct bind others = bind_ids(a, list, n);
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct rows r;
		db_query(db, &r, kinds[k].sql, BINDS(B_INT(who.v), others));
		while (rows_next(&r)) {
			int64_t id = row_int(&r, 0);
			for (size_t i = 0; i < n; i++) {
				if (ids[i].v != id)
					continue;
				if (kinds[k].fill)
					kinds[k].fill(&r, a, &ret[i]);
				else
					*(bool *)((char *)&ret[i] + kinds[k].flag) = true;
			}
		}
		TRY(rows_end(&r));
	}
	return OK;
}

/* Pages: $1 whose, $2 older than, $3 newer than, $4 how many, $5 now. */
#define PAGE_SQL(id, other, until, table)                                                                              \
	SQL(id##_down, "SELECT " other ", id, " until " AS until FROM " table " WHERE account_id = $1 AND id < $2 "    \
		       "AND id > $3 AND COALESCE(" until ", $5) >= $5 ORDER BY id DESC LIMIT $4");                     \
	SQL(id##_up, "SELECT " other ", id, " until " AS until FROM " table " WHERE account_id = $1 AND id < $2 "      \
		     "AND id > $3 AND COALESCE(" until ", $5) >= $5 ORDER BY id ASC LIMIT $4")
#define ALWAYS "CAST(NULL AS BIGINT)"
PAGE_SQL(page_followers, "follower_id", ALWAYS, "followers");
PAGE_SQL(page_following, "target_id", ALWAYS, "following");
PAGE_SQL(page_requests, "requester_id", ALWAYS, "follow_requests");
PAGE_SQL(page_blocks, "target_id", ALWAYS, "blocks");
PAGE_SQL(page_mutes, "target_id", "expires_at", "mutes");
PAGE_SQL(page_endorsed, "target_id", ALWAYS, "endorsements");

static const struct sql *const pages[][2] = {
	[GRAPH_FOLLOWERS] = {&page_followers_down, &page_followers_up},
	[GRAPH_FOLLOWING] = {&page_following_down, &page_following_up},
	[GRAPH_REQUESTS] = {&page_requests_down, &page_requests_up},
	[GRAPH_BLOCKS] = {&page_blocks_down, &page_blocks_up},
	[GRAPH_MUTES] = {&page_mutes_down, &page_mutes_up},
	[GRAPH_ENDORSED] = {&page_endorsed_down, &page_endorsed_up},
};

enum err graph_page(struct db *db, enum graph_list list, struct account_id who, const struct page *page,
		    struct graph_entry *ret, size_t *ret_n)
{
	size_t n = 0;
	struct rows r;
	bool up = page_upward(page);
	db_query(db, &r, pages[list][up],
		 BINDS(B_INT(who.v), B_INT(page_ceiling(page)), B_INT(page_floor(page)), B_INT(page->limit),
		       B_INT(clock_now())));
	while (n < page->limit && rows_next(&r)) {
		ret[n] = (struct graph_entry){
			.account = {row_int(&r, 0)}, .cursor = row_int(&r, 1), .until = row_int(&r, 2)};
		n++;
	}
	TRY(rows_end(&r));
	for (size_t i = 0; up && i < n / 2; i++) {
		struct graph_entry swap = ret[i];
		ret[i] = ret[n - 1 - i];
		ret[n - 1 - i] = swap;
	}
	*ret_n = n;
	return OK;
}

static enum err read_ids(struct db *db, const struct sql *sql, const struct bind *binds, size_t n_binds, size_t limit,
			 struct account_id *ret, size_t *ret_n)
{
	size_t n = 0;
	struct rows r;
	db_query(db, &r, sql, binds, n_binds);
	while (n < limit && rows_next(&r))
		ret[n++].v = row_int(&r, 0);
	TRY(rows_end(&r));
	*ret_n = n;
	return OK;
}

/* From the side of the one who asks, whose follows are bounded. What neither end shows on its own is not told here. */
SQL(familiar,
    "SELECT f.follower_id FROM following g CROSS JOIN followers f CROSS JOIN accounts a WHERE g.account_id = $1 "
    "AND f.account_id = $2 AND f.follower_id = g.target_id AND a.id = f.follower_id AND a.hide_collections = 0 "
    "AND a.suspended_at IS NULL AND EXISTS (SELECT 1 FROM accounts t WHERE t.id = $2 AND t.hide_collections = 0) "
    "AND NOT EXISTS (SELECT 1 FROM blocked_by b WHERE b.account_id = $1 AND b.blocker_id = $2) "
    "ORDER BY f.id DESC LIMIT $3");

enum err graph_familiar(struct db *db, struct account_id who, struct account_id target, size_t limit,
			struct account_id *ret, size_t *ret_n)
{
	return read_ids(db, &familiar, BINDS(B_INT(who.v), B_INT(target.v), B_INT(limit)), limit, ret, ret_n);
}

/* Candidates first, few and by index; then the exceptions. */
SQL(suggestions,
    "SELECT a.id FROM (SELECT f.target_id AS id, COUNT(*) AS n FROM (SELECT target_id AS friend FROM following "
    "WHERE account_id = $1 ORDER BY id DESC LIMIT 100) mine JOIN following f ON f.account_id = mine.friend "
    "GROUP BY f.target_id) near JOIN accounts a ON a.id = near.id "
    "WHERE a.discoverable = 1 AND a.suspended_at IS NULL AND a.silenced_at IS NULL AND a.moved_to IS NULL "
    "AND a.id <> $1 AND NOT EXISTS (SELECT 1 FROM following x WHERE x.account_id = $1 AND x.target_id = a.id) "
    "AND NOT EXISTS (SELECT 1 FROM follow_requests x WHERE x.requester_id = $1 AND x.account_id = a.id) "
    "AND NOT EXISTS (SELECT 1 FROM blocks x WHERE x.account_id = $1 AND x.target_id = a.id) "
    "AND NOT EXISTS (SELECT 1 FROM blocked_by x WHERE x.account_id = $1 AND x.blocker_id = a.id) "
    "AND NOT EXISTS (SELECT 1 FROM mutes x WHERE x.account_id = $1 AND x.target_id = a.id) "
    "AND NOT EXISTS (SELECT 1 FROM suggestion_dismissals x WHERE x.account_id = $1 AND x.target_id = a.id) "
    "ORDER BY near.n DESC, a.id LIMIT $2");

enum err graph_suggestions(struct db *db, struct account_id who, size_t limit, struct account_id *ret, size_t *ret_n)
{
	return read_ids(db, &suggestions, BINDS(B_INT(who.v), B_INT(limit)), limit, ret, ret_n);
}

/* Who posted last, among the newest of those who want to be found: anybody may ask, so not all are sorted. */
#define DIRECTORY_ACTIVE 10000
#define DIRECTORY_WHERE                                                                                                \
	"WHERE a.discoverable = 1 AND a.suspended_at IS NULL AND a.silenced_at IS NULL AND a.moved_to IS NULL "        \
	"AND ($1 = 0 OR a.domain = '') "
SQL(directory_active, "SELECT a.id FROM (SELECT id FROM accounts WHERE discoverable = 1 ORDER BY id DESC LIMIT $4) d "
		      "JOIN accounts a ON a.id = d.id JOIN account_counts c ON c.account_id = a.id " DIRECTORY_WHERE
		      "ORDER BY COALESCE(c.last_post_at, 0) DESC, a.id DESC LIMIT $2 OFFSET $3");
SQL(directory_newest, "SELECT a.id FROM accounts a " DIRECTORY_WHERE "ORDER BY a.id DESC LIMIT $2 OFFSET $3");

enum err graph_directory(struct db *db, bool newest, bool local, size_t limit, size_t offset, struct account_id *ret,
			 size_t *ret_n)
{
	const struct bind binds[] = {B_INT(local), B_INT(limit), B_INT(offset), B_INT(DIRECTORY_ACTIVE)};
	return read_ids(db, newest ? &directory_newest : &directory_active, binds, newest ? 3 : 4, limit, ret, ret_n);
}
