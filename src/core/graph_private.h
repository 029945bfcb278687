/*
 * graph_private.h - what graph.c and graph_block.c share: one change of the graph, and the undoing of follows; and how
 * others wait for such a change.
 */
#ifndef CORE_GRAPH_PRIVATE_H
#define CORE_GRAPH_PRIVATE_H

#include "core/graph.h"

struct graph_op {
	struct account_id who, target;
	const struct follow_options *options;
	struct problem *problem;
	struct event_list events;
	struct view note;
	int64_t id, now, until;
	bool notifications, on;
};

/* Runs fn in a store_write, and announces what it pended. fn begins with op->events.n = 0. */
enum err graph_run(struct core *c, enum err (*fn)(struct db *tx, void *op), struct graph_op *op);
void graph_pend(struct event_list *list, struct account_id account, struct account_id target, enum graph_change change);

/*
 * First of all in a change between two accounts: others between the same two wait, and what is read behind it is still
 * so at the end. Without it, of a follow and a block at the same time both could find nothing of the other (PostgreSQL,
 * READ COMMITTED). Always the older account first, so that two changes never wait for each other.
 */
enum err graph_lock(struct db *tx, const struct graph_op *op);
enum err graph_lock_account(struct db *tx, struct account_id who); /* one of several; the caller keeps to that order */

/* Both do nothing where there is nothing. */
enum err graph_drop_follow(struct db *tx, struct event_list *list, struct account_id who, struct account_id target);
enum err graph_drop_request(struct db *tx, struct event_list *list, struct account_id requester,
			    struct account_id target);

#endif
