/*
 * post_parts.h - writing what belongs to a post, inside the transaction of making, editing or deleting it. For
 * post_*.c and polls.c only.
 */
#ifndef CORE_POST_PARTS_H
#define CORE_POST_PARTS_H

#include "core/events.h"
#include "core/post_draft.h"

/* account_posts.kind */
enum account_post_kind { POST_REPLY = 1, POST_BOOST = 2, POST_MEDIA = 4, POST_SELF_REPLY = 8 };

struct post_place {
	struct post_id id;
	struct account_id author;
	enum visibility visibility;
	int64_t at; /* ms */
};

enum err post_write_tags(struct db *tx, const struct post_place *place, const struct post_tag *tags, size_t n);
/* As post_write_tags, and takes away those it had that are not among them. */
enum err post_change_tags(struct db *tx, const struct post_place *place, const struct post_tag *tags, size_t n);
enum err post_drop_tags(struct db *tx, const struct post_place *place);
enum err post_write_poll(struct db *tx, struct post_id id, const struct new_poll *poll, int64_t now);
/* Sets the options anew and forgets all votes. */
enum err post_reset_poll(struct db *tx, struct post_id id, const struct new_poll *poll, int64_t now);
enum err post_drop_poll(struct db *tx, struct post_id id);
/* ERR_UNPROCESSABLE when one of them has meanwhile gone elsewhere. */
enum err post_attach_media(struct db *tx, const struct post_place *place, const struct draft_media *media, size_t n,
			   struct problem *problem);

/*
 * Keeps the post from being deleted by another transaction until this one ends, for rows that belong to it. ERR_NOT_FOUND
 * when it is gone. post_count_add() does the same.
 */
enum err post_hold(struct db *tx, struct post_id id);

enum post_count { COUNT_REPLIES, COUNT_BOOSTS, COUNT_FAVOURITES, COUNT_QUOTES };
/* Adds by (1 or -1), not below 0, and pends EVENT_POST_COUNTS. ERR_NOT_FOUND when the post is gone. */
enum err post_count_add(struct db *tx, struct event_list *events, struct post_id id, enum post_count which, int by);

/* A post or boost of this account has come (1) or gone (-1); direct posts do not count. Pends EVENT_ACCOUNT_CHANGED. */
enum err account_posts_add(struct db *tx, struct event_list *events, const struct post_place *place, int by);
/* The post in its author's index. */
enum err account_post_put(struct db *tx, const struct post_place *place, unsigned kind);
enum err account_post_drop(struct db *tx, struct account_id author, struct post_id id);

#endif
