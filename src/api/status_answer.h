/*
 * status_answer.h - what the handlers of posts have in common.
 */
#ifndef API_STATUS_ANSWER_H
#define API_STATUS_ANSWER_H

#include "api/answer.h"
#include "core/page_read.h"

/* The Status as it is after a change of the caller's: with flags and graph read anew. */
enum err answer_changed_post(struct call *c, struct post_id id);

/* A page of posts that are their own cursors, with its Link header. */
enum err answer_post_page(struct call *c, const struct page *page, const struct post_id *ids, size_t n, bool listed);
/* The same where cursors are apart from the posts. */
enum err answer_post_items(struct call *c, const struct page *page, const struct page_item *items, size_t n,
			   bool listed);

#define POST_ID_PARAM {.name = "id", .type = PARAM_POST, .required = true, .doc = "Id of the post."}

#endif
