/*
 * post_notify.h - telling many people of one post, behind the commit of what happened to it: in batches, each with a
 * transaction of its own, so that the writer is never held up by somebody's many followers.
 */
#ifndef CORE_POST_NOTIFY_H
#define CORE_POST_NOTIFY_H

#include "core/notifications.h"

/* NOTIFY_STATUS for the followers who asked for it, but those in except: they are told already. */
enum err post_notify_followers(struct core *c, struct db *db, struct arena *a, struct account_id author,
			       struct post_id post, int64_t thread_id, const struct account_id *except,
			       size_t n_except);
/* NOTIFY_UPDATE for those who boosted it or voted in its poll. */
enum err post_notify_edited(struct core *c, struct db *db, struct arena *a, struct account_id author,
			    struct post_id post, int64_t thread_id);
/* NOTIFY_POLL for those who voted, and the author. */
enum err post_notify_poll(struct core *c, struct db *db, struct arena *a, struct account_id author, struct post_id post,
			  int64_t thread_id);

#endif
