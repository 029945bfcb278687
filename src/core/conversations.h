/*
 * conversations.h - direct posts by the thread they are in, for each account that takes part (docs: methods/
 * conversations). A conversation is called by its thread's id.
 */
#ifndef CORE_CONVERSATIONS_H
#define CORE_CONVERSATIONS_H

#include "core/events.h"
#include "core/page.h"

struct conversation {
	int64_t id;
	struct post_id last;
	bool unread;
};

/* Inside the transaction that makes a direct post: it joins the account's conversation. Pends EVENT_CONVERSATION. */
enum err conversation_add(struct db *tx, struct event_list *list, struct account_id who, int64_t thread,
			  struct post_id post, bool unread);
/* Inside the transaction that deletes one: it leaves everybody's, and what is empty then is gone. */
enum err conversations_drop_post(struct db *tx, struct post_id post);

/* Newest first, in pages by the newest post of each; ret has room for page->limit. Visibility is not judged. */
enum err conversations_page(struct db *db, struct account_id who, const struct page *page, struct conversation *ret,
			    size_t *ret_n);
enum err conversation_load(struct db *db, struct account_id who, int64_t id, struct conversation *ret);
/* Idempotent; ERR_NOT_FOUND when there is none. */
enum err conversation_set_read(struct core *c, struct account_id who, int64_t id, bool read);
/* For this account only. Its posts stay; a later one begins the conversation anew. */
enum err conversation_delete(struct core *c, struct account_id who, int64_t id);

#endif
