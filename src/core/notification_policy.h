/*
 * notification_policy.h - whose notifications one is told of at once, asked about, or spared (docs: entities/
 * NotificationPolicy). Each rule names a sort of sender; the strictest of those that fit decides. Who is followed,
 * answers, or was accepted once is not a stranger.
 */
#ifndef CORE_NOTIFICATION_POLICY_H
#define CORE_NOTIFICATION_POLICY_H

#include "core/notifications.h"

/* Stored as two bits each, from the lowest: append only. */
enum notification_rule {
	RULE_NOT_FOLLOWING,    /* whom one does not follow */
	RULE_NOT_FOLLOWERS,    /* who does not follow one, or only since NOTIFICATION_FOLLOWER_MS */
	RULE_NEW_ACCOUNTS,     /* made less than NOTIFICATION_NEW_MS ago */
	RULE_PRIVATE_MENTIONS, /* of strangers whom one has not written to above in the thread */
	RULE_LIMITED_ACCOUNTS, /* that moderators have limited, and are not followed */
	RULE_BOTS,	       /* that are not followed */
	NOTIFICATION_RULES
};
#define NOTIFICATION_FOLLOWER_MS ((int64_t)3 * 24 * 3600 * 1000)
#define NOTIFICATION_NEW_MS ((int64_t)30 * 24 * 3600 * 1000)

enum notification_verdict { VERDICT_ACCEPT, VERDICT_FILTER, VERDICT_DROP, VERDICTS };

struct notification_policy {
	enum notification_verdict rules[NOTIFICATION_RULES];
};

/* Of who has never chosen: private mentions of strangers and what limited accounts do is filtered, as by Mastodon. */
enum err notification_policy_load(struct db *db, struct account_id who, struct notification_policy *ret);
enum err notification_policy_save(struct core *c, struct account_id who, const struct notification_policy *p);

/* Inside a store_write. Kinds that come from the server or that one has asked for are accepted always. */
enum err notification_judge(struct db *tx, struct account_id to, enum notification_kind kind, struct account_id from,
			    struct post_id post, enum notification_verdict *ret);

#endif
