/*
 * notification_policy.c - see notification_policy.h. What is known of the sender is read in one go, and only when the
 * policy could make a difference.
 */
#include "base/base.h"

#include "core/notification_policy.h"

#include "base/clock.h"

#define BITS 2
#define DEFAULT ((int64_t)VERDICT_FILTER << BITS * RULE_PRIVATE_MENTIONS | (int64_t)VERDICT_FILTER << BITS * RULE_LIMITED_ACCOUNTS)
/* What moderators, the server or one's own doing bring. */
#define ALWAYS                                                                                                         \
	(1u << NOTIFY_POLL | 1u << NOTIFY_STATUS | 1u << NOTIFY_UPDATE | 1u << NOTIFY_QUOTED_UPDATE | 1u << NOTIFY_ADMIN_SIGN_UP | 1u << NOTIFY_ADMIN_REPORT | 1u << NOTIFY_MODERATION_WARNING)

#define ANCESTORS 100 /* that are looked through for a mention of the sender */

SQL(policy_load, "SELECT rules FROM notification_policies WHERE account_id = $1");
SQL(policy_save, "INSERT INTO notification_policies (account_id, rules) VALUES ($1, $2) "
		 "ON CONFLICT (account_id) DO UPDATE SET rules = $2");
SQL(policy_facts, "SELECT "
		  "(SELECT COUNT(*) FROM notification_permissions p WHERE p.account_id = $1 AND p.from_id = $2), "
		  "(SELECT COUNT(*) FROM users u WHERE u.account_id = $2 AND u.role <> 'user'), "
		  "(SELECT COUNT(*) FROM following f WHERE f.account_id = $1 AND f.target_id = $2), "
		  "COALESCE((SELECT f.id FROM followers f WHERE f.account_id = $1 AND f.follower_id = $2), 0), "
		  "a.created_at, COALESCE(a.silenced_at, 0), "
		  "CASE WHEN a.actor_type IN ('Service', 'Application') THEN 1 ELSE 0 END, "
		  "COALESCE((SELECT p.visibility FROM posts p WHERE p.id = $3), 0) FROM accounts a WHERE a.id = $2");
/* Has $1 named $2 above the post $3? */
SQL(policy_asked,
    "WITH RECURSIVE above (id, depth) AS (SELECT p.reply_to, 1 FROM posts p WHERE p.id = $3 AND p.reply_to IS NOT NULL "
    "UNION ALL SELECT p.reply_to, a.depth + 1 FROM above a JOIN posts p ON p.id = a.id "
    "WHERE p.reply_to IS NOT NULL AND a.depth < $4) "
    "SELECT 1 FROM above a JOIN posts p ON p.id = a.id JOIN post_mentions m ON m.post_id = p.id AND m.account_id = $2 "
    "WHERE p.account_id = $1 LIMIT 1");

struct sender {
	bool permitted, staff, followed, limited, bot, direct;
	int64_t follows_since, since; /* 0: does not follow */
	bool asked;		      /* a private mention answers one's own */
};

static enum err load_rules(struct db *db, struct account_id who, int64_t *ret)
{
	enum err err = db_int(db, &policy_load, BINDS(B_INT(who.v)), ret);

	if (err == ERR_NOT_FOUND)
		*ret = DEFAULT;
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum notification_verdict rule(int64_t rules, enum notification_rule r)
{
	int64_t v = rules >> BITS * r & ((1 << BITS) - 1);

	return v < VERDICTS ? (enum notification_verdict)v : VERDICT_ACCEPT;
}

enum err notification_policy_load(struct db *db, struct account_id who, struct notification_policy *ret)
{
	int64_t rules;

	TRY(load_rules(db, who, &rules));
	for (int r = 0; r < NOTIFICATION_RULES; r++)
		ret->rules[r] = rule(rules, (enum notification_rule)r);
	return OK;
}

struct saving {
	struct account_id who;
	int64_t rules;
};

static enum err save(struct db *tx, void *arg)
{
	const struct saving *s = arg;

	return db_exec(tx, &policy_save, BINDS(B_INT(s->who.v), B_INT(s->rules)), NULL);
}

enum err notification_policy_save(struct core *c, struct account_id who, const struct notification_policy *p)
{
	struct saving s = {.who = who};

	for (int r = 0; r < NOTIFICATION_RULES; r++)
		s.rules |= (int64_t)p->rules[r] << BITS * r;
	return store_write(c->store, save, &s);
}

static enum err load_sender(struct db *tx, struct account_id to, struct account_id from, struct post_id post,
			    struct sender *ret)
{
	struct rows r;

	db_query(tx, &r, &policy_facts, BINDS(B_INT(to.v), B_INT(from.v), B_INT(post.v)));
	if (rows_next(&r)) {
		int64_t follow = row_int(&r, 3);

		*ret = (struct sender){.permitted = row_int(&r, 0),
				       .staff = row_int(&r, 1),
				       .followed = row_int(&r, 2),
				       .follows_since = follow ? id_time(follow) : 0,
				       .since = row_int(&r, 4),
				       .limited = row_int(&r, 5),
				       .bot = row_int(&r, 6),
				       .direct = row_int(&r, 7) == VISIBILITY_DIRECT};
	}
	return rows_end(&r);
}

static enum err load_asked(struct db *tx, struct account_id to, struct account_id from, struct post_id post, bool *ret)
{
	int64_t one;
	enum err err =
		db_int(tx, &policy_asked, BINDS(B_INT(to.v), B_INT(from.v), B_INT(post.v), B_INT(ANCESTORS)), &one);

	*ret = err == OK;
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum notification_verdict strictest(int64_t rules, const struct sender *s, int64_t now)
{
	const bool fits[NOTIFICATION_RULES] = {
		[RULE_NOT_FOLLOWING] = !s->followed,
		[RULE_NOT_FOLLOWERS] = !s->follows_since || now - s->follows_since < NOTIFICATION_FOLLOWER_MS,
		[RULE_NEW_ACCOUNTS] = now - s->since < NOTIFICATION_NEW_MS,
		[RULE_PRIVATE_MENTIONS] = s->direct && !s->followed && !s->asked,
		[RULE_LIMITED_ACCOUNTS] = s->limited && !s->followed,
		[RULE_BOTS] = s->bot && !s->followed,
	};
	enum notification_verdict ret = VERDICT_ACCEPT;

	for (int r = 0; r < NOTIFICATION_RULES; r++) {
		enum notification_verdict v = rule(rules, (enum notification_rule)r);

		if (fits[r] && v > ret)
			ret = v;
	}
	return ret;
}

enum err notification_judge(struct db *tx, struct account_id to, enum notification_kind kind, struct account_id from,
			    struct post_id post, enum notification_verdict *ret)
{
	struct sender s = {0};
	int64_t rules = 0;

	if (!(ALWAYS & 1u << kind))
		TRY(load_rules(tx, to, &rules));
	if (rules)
		TRY(load_sender(tx, to, from, post, &s));
	if (!rules || s.permitted || s.staff) {
		*ret = VERDICT_ACCEPT;
		return OK;
	}
	s.direct = s.direct && kind == NOTIFY_MENTION;
	if (s.direct && rule(rules, RULE_PRIVATE_MENTIONS))
		TRY(load_asked(tx, to, from, post, &s.asked));
	*ret = strictest(rules, &s, clock_now());
	return OK;
}
