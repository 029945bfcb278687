/*
 * polls.h - votes, and the end of polls. Making polls is posts.h's; poll_vote() too.
 */
#ifndef CORE_POLLS_H
#define CORE_POLLS_H

#include "core/post.h"

#define POLL_OPTIONS_MAX 20

/* The positions an account chose, ascending; *ret_n 0: has not voted. */
enum err poll_own_votes(struct db *db, struct account_id who, struct post_id post, int64_t ret[POLL_OPTIONS_MAX],
			size_t *ret_n);

/* Polls whose time has come by now: closed, and those who took part are told. Called every second by jobs/. */
enum err polls_close_due(struct core *c, struct db *db, int64_t now);

#endif
