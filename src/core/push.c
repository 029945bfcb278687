/*
 * push.c - see push.h.
 */
#include "base/base.h"

#include "core/push.h"

#include "base/clock.h"
#include "core/job_lane.h"

#define PAYLOAD_BYTES 80

const char *const push_policy_names[] = {"all", "followed", "follower", "none", NULL};

SQL(push_insert,
    "INSERT INTO push_subscriptions (account_id, token_id, id, endpoint, p256dh, auth, access_token, standard, alerts,"
    " policy, created_at) SELECT CAST($1 AS BIGINT), t.id, CAST($3 AS BIGINT), $4, $5, $6, $7, CAST($8 AS INTEGER),"
    " CAST($9 AS BIGINT), CAST($10 AS INTEGER), CAST($11 AS BIGINT) FROM tokens t WHERE t.id = $2"
    " AND t.revoked_at IS NULL");
SQL(push_update, "UPDATE push_subscriptions SET alerts = $3, policy = $4 WHERE account_id = $1 AND token_id = $2");
SQL(push_delete_token, "DELETE FROM push_subscriptions WHERE account_id = $1 AND token_id = $2");
SQL(push_delete_all, "DELETE FROM push_subscriptions WHERE account_id = $1");
SQL(push_delete, "DELETE FROM push_subscriptions WHERE account_id = $1 AND id = $2");
#define COLUMNS                                                                                                        \
	"SELECT p.id, p.token_id, p.endpoint, p.p256dh, p.auth, p.access_token, p.standard, p.alerts, p.policy"        \
	" FROM push_subscriptions p "
SQL(push_of_token, COLUMNS "WHERE p.account_id = $1 AND p.token_id = $2");
SQL(push_by_id, COLUMNS "JOIN tokens t ON t.id = p.token_id AND t.revoked_at IS NULL "
			"JOIN users u ON u.account_id = p.account_id AND u.disabled = 0 "
			"JOIN accounts a ON a.id = p.account_id AND a.suspended_at IS NULL "
			"WHERE p.account_id = $1 AND p.id = $2");
SQL(push_wanted, /* by policies: see enum push_policy */
    "SELECT p.id FROM push_subscriptions p WHERE p.account_id = $1 AND p.alerts & $2 <> 0 AND (p.policy = 0"
    " OR (p.policy = 1 AND EXISTS (SELECT 1 FROM following f WHERE f.account_id = $1 AND f.target_id = $3))"
    " OR (p.policy = 2 AND EXISTS (SELECT 1 FROM followers f WHERE f.account_id = $1 AND f.follower_id = $3)))"
    " ORDER BY p.token_id DESC LIMIT $4");
SQL(push_job_insert, "INSERT INTO jobs (id, kind, payload, run_at, lane) VALUES ($1, $2, $3, $4, $5)");

static void read_one(const struct rows *r, struct arena *a, struct account_id account, struct push_subscription *ret)
{
	*ret = (struct push_subscription){.account = account,
					  .id = row_int(r, 0),
					  .token_id = row_int(r, 1),
					  .endpoint = row_copy(r, 2, a),
					  .p256dh = row_copy(r, 3, a),
					  .auth = row_copy(r, 4, a),
					  .access_token = row_copy(r, 5, a),
					  .standard = row_int(r, 6) != 0,
					  .alerts = (unsigned)row_int(r, 7),
					  .policy = (enum push_policy)row_int(r, 8)};
}

static enum err load(struct db *db, struct arena *a, const struct sql *sql, struct account_id account, int64_t key,
		     struct push_subscription *ret)
{
	struct rows r;

	db_query(db, &r, sql, BINDS(B_INT(account.v), B_INT(key)));
	bool found = rows_next(&r);
	if (found)
		read_one(&r, a, account, ret);
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

/* ---- what the client asks for ---- */

static enum err insert(struct db *tx, void *arg)
{
	const struct push_subscription *s = arg;
	int64_t made;

	TRY(push_forget_token(tx, s->account, s->token_id));
	TRY(db_exec(tx, &push_insert,
		    BINDS(B_INT(s->account.v), B_INT(s->token_id), B_INT(id_next()), B_TEXT(s->endpoint),
			  B_TEXT(s->p256dh), B_TEXT(s->auth), B_TEXT(s->access_token), B_INT(s->standard),
			  B_INT(s->alerts), B_INT(s->policy), B_INT(clock_now())),
		    &made));
	return made ? OK : ERR_UNAUTHORIZED;
}

enum err push_subscribe(struct core *c, const struct push_subscription *s)
{
	struct push_subscription copy = *s;

	return store_write(c->store, insert, &copy);
}

enum err push_subscription_load(struct db *db, struct arena *a, const struct auth_info *who,
				struct push_subscription *ret)
{
	return load(db, a, &push_of_token, who->account, who->token_id, ret);
}

struct change {
	const struct auth_info *who;
	unsigned alerts;
	enum push_policy policy;
};

static enum err update(struct db *tx, void *arg)
{
	const struct change *ch = arg;
	int64_t changed;

	TRY(db_exec(tx, &push_update,
		    BINDS(B_INT(ch->who->account.v), B_INT(ch->who->token_id), B_INT(ch->alerts), B_INT(ch->policy)),
		    &changed));
	return changed ? OK : ERR_NOT_FOUND;
}

enum err push_subscription_change(struct core *c, const struct auth_info *who, unsigned alerts, enum push_policy policy)
{
	return store_write(c->store, update, &(struct change){who, alerts, policy});
}

static enum err forget(struct db *tx, void *arg)
{
	const struct change *ch = arg;

	return push_forget_token(tx, ch->who->account, ch->who->token_id);
}

enum err push_unsubscribe(struct core *c, const struct auth_info *who)
{
	return store_write(c->store, forget, &(struct change){.who = who});
}

enum err push_forget_token(struct db *tx, struct account_id account, int64_t token)
{
	if (!token)
		return db_exec(tx, &push_delete_all, BINDS(B_INT(account.v)), NULL);
	return db_exec(tx, &push_delete_token, BINDS(B_INT(account.v), B_INT(token)), NULL);
}

/* ---- jobs ---- */

static enum err add_job(struct db *tx, const struct push_task *t)
{
	char payload[PAYLOAD_BYTES];
	int n = snprintf(payload, sizeof(payload), "%" PRId64 " %" PRId64 " %" PRId64, t->account.v, t->subscription,
			 t->notification);

	return db_exec(tx, &push_job_insert,
		       BINDS(B_INT(id_next()), B_TEXT(V(PUSH_KIND)), B_TEXT(view_make(payload, (size_t)n)),
			     B_INT(clock_now()), B_INT(LANE_PUSH)),
		       NULL);
}

enum err push_pend(struct db *tx, struct account_id to, enum notification_kind kind, struct account_id from,
		   int64_t notification, bool *ret)
{
	struct push_task t = {.account = to, .notification = notification};
	int64_t ids[LIMIT_PUSH_SUBSCRIPTIONS];
	size_t n = 0;
	struct rows r;

	db_query(tx, &r, &push_wanted,
		 BINDS(B_INT(to.v), B_INT(INT64_C(1) << kind), B_INT(from.v), B_INT(LIMIT_PUSH_SUBSCRIPTIONS)));
	while (n < ARRAY_LEN(ids) && rows_next(&r))
		ids[n++] = row_int(&r, 0);
	TRY(rows_end(&r));
	for (size_t i = 0; i < n; i++) {
		t.subscription = ids[i];
		TRY(add_job(tx, &t));
	}
	*ret = n > 0;
	return OK;
}

bool push_task_parse(struct view payload, struct push_task *ret)
{
	struct push_task t;
	int64_t *const numbers[] = {&t.account.v, &t.subscription, &t.notification};
	struct view word;

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		if (!view_split(&payload, ' ', &word) || !parse_i64(word, 1, INT64_MAX, numbers[i]))
			return false;
	*ret = t;
	return true;
}

enum err push_task_subscription(struct db *db, struct arena *a, const struct push_task *t,
				struct push_subscription *ret)
{
	return load(db, a, &push_by_id, t->account, t->subscription, ret);
}

enum err push_task_gone(struct db *tx, struct view payload)
{
	struct push_task t;

	if (!push_task_parse(payload, &t))
		return OK;
	return db_exec(tx, &push_delete, BINDS(B_INT(t.account.v), B_INT(t.subscription)), NULL);
}
