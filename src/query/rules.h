/*
 * rules.h - many queries against one post: the rules of filtered streams. Each rule is filed under literals of which a
 * matching post must have one (a word, a tag, a name, an id), so a post is compared only with rules it has something in
 * common with. Not thread-safe: the owner locks.
 */
#ifndef QUERY_RULES_H
#define QUERY_RULES_H

#include "query/query.h"

struct rules;

struct rules *rules_new(void);
void rules_free(struct rules *r); /* NULL-safe */

/* Keeps a copy of q. id: positive, the caller's; ERR_CONFLICT when a rule has it. */
enum err rules_add(struct rules *r, int64_t id, const struct query *q);
bool rules_remove(struct rules *r, int64_t id);
size_t rules_count(const struct rules *r);

/* Ids of the rules that match, in no order, at most cap; returns how many. Allocates nothing. */
size_t rules_match(struct rules *r, const struct query_post *post, int64_t *ret, size_t cap);

#endif
