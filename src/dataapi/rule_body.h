/*
 * rule_body.h - what a call says that changes rules (X API v2, "Add or delete rules"), read and bounded, before anything is
 * asked of the database.
 */
#ifndef DATAAPI_RULE_BODY_H
#define DATAAPI_RULE_BODY_H

#include <jansson.h>

#include "base/arena.h"

#define RULES_PER_CALL 1000

struct named_rule {
	int64_t id;	   /* 0: it is named by its value */
	struct view value; /* of the rule to add; or its name as it was written */
	struct view tag;
};

/* [{"value", "tag"}]. Texts are the tree's. ERR_INVALID with words. */
enum err rule_body_add(struct arena *a, const json_t *list, struct named_rule **ret, size_t *ret_n,
		       struct problem *problem);
/* {"ids": […]}, {"values": […]}, or both. */
enum err rule_body_delete(struct arena *a, const json_t *named, struct named_rule **ret, size_t *ret_n,
			  struct problem *problem);

#endif
