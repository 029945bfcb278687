/*
 * rules.h - what this server asks of the people on it (docs: entities/Rule). The command line sets them.
 */
#ifndef CORE_RULES_H
#define CORE_RULES_H

#include "core/core.h"

#define LIMIT_RULES 100
#define LIMIT_RULE_CHARS 1000

struct rule {
	int64_t id;
	struct view text, hint;
};

/* In the order they were made; ret has room for LIMIT_RULES. */
enum err rules_load(struct db *db, struct arena *a, struct rule *ret, size_t *ret_n);
/* Each change announces EVENT_WORDS_CHANGED. ERR_UNPROCESSABLE with words: empty, too long, too many. */
enum err rule_create(struct core *c, struct view text, struct view hint, int64_t *ret, struct problem *problem);
/* ERR_NOT_FOUND; else as rule_create. It keeps its number and its place. */
enum err rule_update(struct core *c, const struct rule *rule, struct problem *problem);
/* Reports that name it keep its number. */
enum err rule_delete(struct core *c, int64_t id);

#endif
