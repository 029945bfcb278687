/*
 * rule_store.h - the rules of an app's filtered streams: queries it has put down, with tags that come back with what
 * matches (X API v2, "Filtered stream", rules).
 */
#ifndef DATAAPI_RULE_STORE_H
#define DATAAPI_RULE_STORE_H

#include "base/vec.h"
#include "core/core.h"
#include "meter/licensees.h"
#include "query/rules.h"

struct stream_rule {
	int64_t id;
	struct view value, tag;
};
#define RULE_TAG_MAX 256 /* bytes */

/* An app's rules, oldest first, in the arena. */
enum err stream_rules_list(struct db *db, struct arena *a, const struct licence *l, struct stream_rule **ret,
			   size_t *ret_n);

/*
 * In a store_write, before rules are added: nobody else adds any to this app until it has ended. And how many it has then,
 * those beyond the plan's included.
 */
enum err stream_rules_hold(struct db *tx, const struct licence *l);
enum err stream_rules_count(struct db *tx, const struct licence *l, int64_t *ret);
/* In a store_write. ERR_CONFLICT by *ret_taken: the app has this very value already; its id. */
enum err stream_rule_add(struct db *tx, const struct licence *l, const struct stream_rule *rule, int64_t now_ms,
			 int64_t *ret_taken);
/* By id. *ret_gone: it was there. */
enum err stream_rule_delete(struct db *tx, const struct licence *l, int64_t id, bool *ret_gone);

/* All rules of an app, ready to be compared with posts. A rule that can no longer be read is left out. */
struct rule_set {
	struct rules *rules;
	struct arena arena;
	struct stream_rule *list;
	size_t n;
};
enum err rule_set_load(struct db *db, const struct licence *l, struct rule_set **ret);
void rule_set_free(struct rule_set *s); /* NULL-safe */

#endif
