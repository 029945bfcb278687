/*
 * post_rest.h - what others left on a post, once it is gone: boosts, answers, marks, votes, notifications. There may be a
 * hundred thousand of them; whoever looks at one finds no post behind it, so they can go bit by bit.
 */
#ifndef CORE_POST_REST_H
#define CORE_POST_REST_H

#include "core/chores.h"
#include "core/events.h"

#define POST_REST_ROWS 500 /* in one transaction */

/* Inside a store_write. *ret_more: there may be something left, for a chore of this kind. */
enum err post_rest_drop(struct db *tx, struct event_list *events, struct post_id id, bool *ret_more);

#define POST_REST_KIND "delete-post"
extern const struct chore post_rest_chore;

#endif
