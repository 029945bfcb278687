/*
 * ties.c - see ties.h.
 */
#include "base/base.h"

#include "stream/ties.h"

#include "base/limits.h"
#include "core/visibility.h"

#define IDS_AT_ONCE 1000

/* Each names the account's side, by which these tables are sharded, and finds a row or none for each account. */
SQL(ties_followers, "SELECT follower_id, 0 FROM followers WHERE account_id = $2 AND follower_id IN IDS($1)");
SQL(ties_favourited, "SELECT account_id, 1 FROM favourites WHERE account_id IN IDS($1) AND post_id = $2");
SQL(ties_boosted, "SELECT account_id, 2 FROM account_boosts WHERE account_id IN IDS($1) AND post_id = $2");
SQL(ties_bookmarked, "SELECT account_id, 4 FROM bookmarks WHERE account_id IN IDS($1) AND post_id = $2");
SQL(ties_muted, "SELECT account_id, 16 FROM thread_mutes WHERE account_id IN IDS($1) AND thread_id = $2");
SQL(ties_voted_in, "SELECT DISTINCT account_id, 0 FROM poll_votes WHERE post_id = $2 AND account_id IN IDS($1)");
_Static_assert(POST_FAVOURITED == 1 && POST_BOOSTED == 2 && POST_BOOKMARKED == 4 && POST_THREAD_MUTED == 16,
	       "the numbers in the statements");

struct accounts VEC(int64_t);

/* Each account once: those who see flags are receivers in a channel of their own. */
static void distinct(const struct targets *receivers, struct accounts *ret)
{
	struct idset seen;

	idset_init(&seen);
	for (size_t i = 0; i < receivers->n; i++) {
		enum channel_key key = channel_rows[receivers->v[i].channel].key;
		int64_t account = receivers->v[i].l->auth.account.v;

		if (account && (key == KEY_ACCOUNT || key == KEY_LIST) && idset_add(&seen, (uint64_t)account))
			VEC_PUSH(ret, account);
	}
	idset_release(&seen);
}

/* add() for each account that has a row. */
static enum err each_row(struct db *db, const struct sql *sql, const struct accounts *accounts, int64_t key,
			 void (*add)(void *arg, int64_t account, uint8_t flag), void *arg)
{
	struct arena a;
	enum err err = OK;

	arena_init(&a, LIMIT_MIB);
	for (size_t at = 0; at < accounts->n && !err; at += IDS_AT_ONCE) {
		size_t n = accounts->n - at < IDS_AT_ONCE ? accounts->n - at : IDS_AT_ONCE;
		struct rows r;

		db_query(db, &r, sql, BINDS(bind_ids(&a, accounts->v + at, n), B_INT(key)));
		while (rows_next(&r))
			add(arg, row_int(&r, 0), (uint8_t)row_int(&r, 1));
		err = rows_end(&r);
		arena_reset(&a);
	}
	arena_release(&a);
	return err;
}

static void add_member(void *arg, int64_t account, uint8_t flag)
{
	(void)flag;
	idset_add(arg, (uint64_t)account);
}

static void add_flag(void *arg, int64_t account, uint8_t flag)
{
	struct map *flags = arg;
	uintptr_t had = (uintptr_t)map_get(flags, (uint64_t)account);

	map_put(flags, (uint64_t)account, (void *)(had | (uintptr_t)flag << 1 | 1));
}

static enum err load_marks(struct ties *t, struct db *db, const struct accounts *accounts,
			   const struct post_meta *subject)
{
	TRY(each_row(db, &ties_favourited, accounts, subject->id.v, add_flag, &t->flags));
	TRY(each_row(db, &ties_boosted, accounts, subject->id.v, add_flag, &t->flags));
	TRY(each_row(db, &ties_bookmarked, accounts, subject->id.v, add_flag, &t->flags));
	TRY(each_row(db, &ties_muted, accounts, subject->thread_id, add_flag, &t->flags));
	return subject->has_poll ? each_row(db, &ties_voted_in, accounts, subject->id.v, add_member, &t->voters) : OK;
}

static enum err add_person(struct ties *t, struct cache *cache, struct db *db, struct account_id account)
{
	struct aversions *a;

	TRY(aversions_get(cache, db, account, &a));
	if (!a->blocked.count && !a->blocking.count && !a->muting.count) {
		cached_unref(&a->cached);
		return OK;
	}
	t->people[t->n_people].account = account;
	t->people[t->n_people++].aversions = a;
	return OK;
}

/* What home_listed_for() asks about beyond listed_for(). */
static enum err add_involved(struct ties *t, struct cache *cache, struct db *db)
{
	const struct post_meta *m = t->meta;

	if (m->reply_to_account.v && !account_eq(m->reply_to_account, m->author))
		TRY(add_person(t, cache, db, m->reply_to_account));
	for (size_t i = 0; i < m->n_mentions; i++)
		TRY(add_person(t, cache, db, m->mentions[i]));
	return OK;
}

/* For followers only, or open to their quotes. */
static bool followers_matter(const struct post_meta *m)
{
	return m->visibility == VISIBILITY_PRIVATE || m->boost_visibility == VISIBILITY_PRIVATE ||
	       m->quote_policy == QUOTE_FOLLOWERS;
}

static enum err load_rest(struct ties *t, struct cache *cache, struct db *db, const struct post_meta *subject,
			  const struct targets *receivers)
{
	struct accounts accounts = {0};
	enum err err = OK;

	distinct(receivers, &accounts);
	if (accounts.n)
		err = add_involved(t, cache, db);
	if (!err && followers_matter(t->meta))
		err = each_row(db, &ties_followers, &accounts, t->meta->author.v, add_member, &t->followers);
	if (!err && subject)
		err = load_marks(t, db, &accounts, subject);
	VEC_FREE(&accounts);
	return err;
}

enum err ties_load(struct ties *t, struct cache *aversions, struct db *db, const struct post_meta *meta,
		   const struct post_meta *boosted, const struct post_meta *subject, const struct targets *receivers)
{
	*t = (struct ties){.meta = meta, .people = xcalloc(3 + meta->n_mentions, sizeof(*t->people))};
	idset_init(&t->followers);
	idset_init(&t->author);
	idset_init(&t->voters);
	map_init(&t->flags);
	if (meta->author.v)
		idset_add(&t->author, (uint64_t)meta->author.v);
	TRY(add_person(t, aversions, db, meta->author));
	if (boosted)
		TRY(add_person(t, aversions, db, boosted->author));
	t->n_authors = t->n_people;
	return load_rest(t, aversions, db, subject, receivers);
}

void ties_release(struct ties *t)
{
	idset_release(&t->followers);
	idset_release(&t->author);
	idset_release(&t->voters);
	map_release(&t->flags);
	for (size_t i = 0; i < t->n_people; i++)
		cached_unref(&t->people[i].aversions->cached);
	free(t->people);
}

static void add_aversions(const struct aversions *a, struct account_id of, struct viewer *v)
{
	uint64_t account = (uint64_t)v->account.v, id = (uint64_t)of.v;

	if (idset_has(&a->blocked, account))
		idset_add(&v->blocked_by, id);
	if (idset_has(&a->blocking, account))
		idset_add(&v->blocking, id);
	if (idset_has(&a->muting, account))
		idset_add(&v->muting, id);
	v->hides_anybody = true;
}

bool ties_listed(const struct ties *t, struct account_id account, bool home)
{
	struct viewer v = {.account = account};
	uint64_t id = (uint64_t)account.v;
	size_t n = home ? t->n_people : t->n_authors;

	if (!id)
		return listed_for(viewer_nobody(), t->meta);
	if (idset_has(&t->followers, id))
		v.following = t->author;
	idset_init(&v.blocked_by);
	idset_init(&v.blocking);
	idset_init(&v.muting);
	for (size_t i = 0; i < n; i++)
		if (aversions_tell(t->people[i].aversions, account))
			add_aversions(t->people[i].aversions, t->people[i].account, &v);
	bool listed = (home ? home_listed_for : listed_for)(&v, t->meta);
	idset_release(&v.blocked_by);
	idset_release(&v.blocking);
	idset_release(&v.muting);
	return listed;
}

uint8_t ties_flags(const struct ties *t, struct account_id account)
{
	return (uint8_t)((uintptr_t)map_get(&t->flags, (uint64_t)account.v) >> 1);
}

bool ties_voted(const struct ties *t, struct account_id account)
{
	return idset_has(&t->voters, (uint64_t)account.v);
}

bool ties_follows(const struct ties *t, struct account_id account)
{
	return idset_has(&t->followers, (uint64_t)account.v);
}

enum err ties_marked(struct db *db, const struct post_meta *m, const struct targets *receivers, struct idset *ret)
{
	static const struct sql *const marks[] = {&ties_favourited, &ties_boosted, &ties_bookmarked};
	struct accounts accounts = {0};
	enum err err = OK;

	distinct(receivers, &accounts);
	for (size_t i = 0; i < ARRAY_LEN(marks) && !err; i++)
		err = each_row(db, marks[i], &accounts, m->id.v, add_member, ret);
	if (!err)
		err = each_row(db, &ties_muted, &accounts, m->thread_id, add_member, ret);
	if (!err && m->has_poll)
		err = each_row(db, &ties_voted_in, &accounts, m->id.v, add_member, ret);
	for (size_t i = 0; i < accounts.n; i++) /* its author is shown what only they are */
		if (accounts.v[i] == m->author.v)
			idset_add(ret, (uint64_t)m->author.v);
	VEC_FREE(&accounts);
	return err;
}
