/*
 * conversation.h - Conversation (docs: entities/Conversation): the thread of a direct post, as one of those in it sees
 * it. Its id is the thread's.
 */
#ifndef PRESENT_CONVERSATION_H
#define PRESENT_CONVERSATION_H

#include "present/present.h"

/* The conversation whose newest post is `last`. ERR_NOT_FOUND, and nothing written, when the viewer may not see that. */
enum err present_conversation(const struct present *p, struct post_id last, bool unread, struct jw *j);

#endif
