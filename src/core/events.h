/*
 * events.h - facts, announced after their commit. The domain calls no listener: who wants to know (streams, caches,
 * later federation and mail) subscribes at boot. Subscribers run on the announcing thread, in the order of
 * subscription, and must be quick; slow work goes to jobs/.
 */
#ifndef CORE_EVENTS_H
#define CORE_EVENTS_H

#include "base/vec.h"
#include "core/core.h"

enum event_kind {
	EVENT_POST_CREATED, /* post, account = author; also boosts */
	EVENT_POST_EDITED,  /* post, account; also poll results and finished media */
	EVENT_POST_DELETED, /* post, account, boost_of, visibility; boosts too (undo); other_id 1: it had hashtags */
	EVENT_POST_COUNTS,  /* post: replies, boosts or favourites changed */
	EVENT_POST_FLAGS,   /* account, post: favourited, boosted, bookmarked, pinned or voted by account */
	EVENT_THREAD_MUTED, /* account, other_id = thread; also unmuted */
	EVENT_ACCOUNT_CREATED,
	EVENT_ACCOUNT_POSTED,	     /* account, post: other_id = posts counted now, at = when it was posted */
	EVENT_ACCOUNT_CHANGED,	     /* account: profile, counts; other_id 1: suspended, unsuspended or deleted;
				      * 2: limited, its media hidden, or not any more;
				      * 3: its role */
	EVENT_GRAPH_CHANGED,	     /* account, target, change: follow, block, mute and their opposites */
	EVENT_LIST_CHANGED,	     /* account, other_id = list, target = the member it is about; one for each */
	EVENT_NOTIFICATION,	     /* account = who is told, other_id = notification, target = from, post */
	EVENT_NOTIFICATIONS_MERGED,  /* account: what waited in a request has joined its notifications */
	EVENT_NOTIFICATIONS_CHANGED, /* account: some were dismissed or taken back, or wait in a request */
	EVENT_CONVERSATION,	     /* account = who takes part, post = newest: a direct post arrived */
	EVENT_FILTERS_CHANGED,	     /* account */
	EVENT_TAGS_FOLLOWED,	     /* account: follows a hashtag, or does not any more */
	EVENT_ANNOUNCEMENT,	     /* other_id = announcement */
	EVENT_ANNOUNCEMENT_DELETED,  /* other_id = announcement */
	EVENT_ANNOUNCEMENT_REACTION, /* other_id = emoji, see announcements.h */
	EVENT_ANNOUNCEMENT_READ,     /* account: has taken one as read */
	EVENT_WORDS_CHANGED,	     /* rules, or longer texts (documents.h) */
	EVENT_TOKEN_REVOKED,	     /* other_id = token id (0: all), account */
	EVENT_EMOJI_CHANGED,
	EVENT_IP_BLOCKS_CHANGED,
	EVENT_MENTION_DELETED, /* account of this server = who was mentioned, post: it is deleted */
	EVENT_ACCOUNT_LICENCE, /* account: other_id = uses of its posts that hold now, + 256 * those that did before */
	EVENT_KINDS
};

enum graph_change { GRAPH_FOLLOW, GRAPH_UNFOLLOW, GRAPH_REQUEST, GRAPH_BLOCK, GRAPH_UNBLOCK, GRAPH_MUTE, GRAPH_UNMUTE };

struct event {
	enum event_kind kind;
	struct account_id account, target;
	struct post_id post, boost_of;
	int64_t other_id;
	enum graph_change change;
	int visibility; /* of post */
	int64_t at;	/* ms */
	bool local;	/* post made on this server */
	bool silent;	/* tell caches, but not people (imports, tests) */
	bool pushed;	/* EVENT_NOTIFICATION: jobs wait that push it */
};

struct events *events_new(void);
void events_free(struct events *e);
void events_subscribe(struct events *e, void (*fn)(void *arg, const struct event *ev), void *arg); /* at boot only */
void events_announce(struct events *e, const struct event *ev);

/*
 * What a transaction will have made true: filled inside it, announced behind it. A transaction may run twice, so it
 * begins with list->n = 0.
 */
struct event_list VEC(struct event);
void events_pend(struct event_list *list, struct event ev);
void events_announce_all(struct events *e, struct event_list *list); /* and frees the list */
void event_list_drop(struct event_list *list);			     /* the transaction failed */

#endif
