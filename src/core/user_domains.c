/*
 * user_domains.c - see user_domains.h.
 */
#include "base/base.h"

#include "core/user_domains.h"

#include "base/limits.h"
#include "core/events.h"
#include "core/graph_private.h"
#include "text/domain.h"

#define DROP_ROWS 200 /* follows undone in a transaction */

SQL(user_domains_count, "SELECT COUNT(*) FROM user_domain_blocks WHERE account_id = $1");
SQL(user_domain_add,
    "INSERT INTO user_domain_blocks (account_id, domain, id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
SQL(user_domain_remove, "DELETE FROM user_domain_blocks WHERE account_id = $1 AND domain = $2");
#define PAGE(order)                                                                                                    \
	"SELECT id, domain FROM user_domain_blocks WHERE account_id = $1 AND id > $2 AND id < $3 ORDER BY id " order    \
	" LIMIT $4"
SQL(user_domains_down, PAGE("DESC"));
SQL(user_domains_up, PAGE("ASC"));
/* Who follows whom of that server, in either direction. */
SQL(user_domain_ties, "SELECT f.account_id, f.target_id FROM following f JOIN accounts a ON a.id = f.target_id "
		      "WHERE f.account_id = $1 AND a.domain = $2 UNION ALL "
		      "SELECT f.follower_id, f.account_id FROM followers f JOIN accounts a ON a.id = f.follower_id "
		      "WHERE f.account_id = $1 AND a.domain = $2 LIMIT $3");
SQL(user_domain_ties_number,
    "SELECT (SELECT COUNT(*) FROM following f JOIN accounts a ON a.id = f.target_id"
    " WHERE f.account_id = $1 AND a.domain = $2), (SELECT COUNT(*) FROM followers f JOIN accounts a"
    " ON a.id = f.follower_id WHERE f.account_id = $1 AND a.domain = $2)");

struct change {
	struct account_id who;
	struct view domain;
	struct problem *problem;
	size_t dropped;
	struct event_list events;
};

static enum err write_block(struct db *tx, void *arg)
{
	struct change *ch = arg;
	int64_t n;

	TRY(db_int(tx, &user_domains_count, BINDS(B_INT(ch->who.v)), &n));
	if (n >= LIMIT_USER_DOMAINS)
		return fail(ch->problem, ERR_UNPROCESSABLE,
			    "Validation failed: You have blocked %d servers, which is the most one may",
			    LIMIT_USER_DOMAINS);
	return db_exec(tx, &user_domain_add, BINDS(B_INT(ch->who.v), B_TEXT(ch->domain), B_INT(id_next())), NULL);
}

static enum err drop_ties(struct db *tx, void *arg)
{
	struct change *ch = arg;
	struct account_id ties[DROP_ROWS][2];
	struct rows r;

	ch->events.n = 0;
	ch->dropped = 0;
	db_query(tx, &r, &user_domain_ties, BINDS(B_INT(ch->who.v), B_TEXT(ch->domain), B_INT(DROP_ROWS)));
	for (; ch->dropped < DROP_ROWS && rows_next(&r); ch->dropped++) {
		ties[ch->dropped][0].v = row_int(&r, 0);
		ties[ch->dropped][1].v = row_int(&r, 1);
	}
	TRY(rows_end(&r));
	for (size_t i = 0; i < ch->dropped; i++)
		TRY(graph_drop_follow(tx, &ch->events, ties[i][0], ties[i][1]));
	return OK;
}

static enum err block(struct core *c, struct change *ch)
{
	TRY(store_write(c->store, write_block, ch));
	do {
		enum err err = store_write(c->store, drop_ties, ch);

		if (err) {
			event_list_drop(&ch->events);
			return err;
		}
		events_announce_all(c->events, &ch->events);
	} while (ch->dropped == DROP_ROWS);
	return OK;
}

enum err user_domain_block(struct core *c, struct account_id who, struct view domain, struct problem *problem)
{
	char name[LIMIT_DOMAIN_BYTES + 1];
	struct change ch = {.who = who, .problem = problem};

	if (!domain_read(domain, name))
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Domain is not a valid domain name");
	ch.domain = view_of(name);
	if (view_is(ch.domain, c->config.domain))
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Domain is that of this server");
	return block(c, &ch);
}

static enum err write_unblock(struct db *tx, void *arg)
{
	const struct change *ch = arg;

	return db_exec(tx, &user_domain_remove, BINDS(B_INT(ch->who.v), B_TEXT(ch->domain)), NULL);
}

enum err user_domain_unblock(struct core *c, struct account_id who, struct view domain)
{
	char name[LIMIT_DOMAIN_BYTES + 1];

	if (!domain_read(domain, name))
		return OK;
	return store_write(c->store, write_unblock, &(struct change){.who = who, .domain = view_of(name)});
}

enum err user_domains_page(struct db *db, struct arena *a, struct account_id who, const struct page *page,
			   struct user_domain *ret, size_t *ret_n)
{
	bool up = page_upward(page);
	size_t n = 0;
	struct rows r;

	db_query(db, &r, up ? &user_domains_up : &user_domains_down,
		 BINDS(B_INT(who.v), B_INT(page_floor(page)), B_INT(page_ceiling(page)), B_INT(page->limit)));
	for (; rows_next(&r); n++)
		ret[n] = (struct user_domain){row_int(&r, 0), row_copy(&r, 1, a)};
	TRY(rows_end(&r));
	for (size_t i = 0; up && i < n / 2; i++) {
		struct user_domain swap = ret[i];

		ret[i] = ret[n - 1 - i];
		ret[n - 1 - i] = swap;
	}
	*ret_n = n;
	return OK;
}

enum err user_domain_ties_count(struct db *db, struct account_id who, struct view domain, struct user_domain_ties *ret)
{
	char name[LIMIT_DOMAIN_BYTES + 1];
	struct rows r;

	*ret = (struct user_domain_ties){0};
	if (!domain_read(domain, name))
		return OK;
	db_query(db, &r, &user_domain_ties_number, BINDS(B_INT(who.v), B_TEXT(view_of(name))));
	if (rows_next(&r))
		*ret = (struct user_domain_ties){row_int(&r, 0), row_int(&r, 1)};
	return rows_end(&r);
}
