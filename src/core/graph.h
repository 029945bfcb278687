/*
 * graph.h - who follows, blocks and mutes whom. Every change is one store_write; events are announced behind it, and
 * follow counts of both sides are exact. Words of refusal and side effects are Mastodon's (docs: methods/accounts).
 */
#ifndef CORE_GRAPH_H
#define CORE_GRAPH_H

#include "core/core.h"
#include "core/events.h"
#include "core/page.h"

struct follow_options {
	bool has_boosts, boosts, has_notify, notify, has_languages;
	struct view languages; /* separated by commas, empty for all */
};
/*
 * Follows, or asks a locked account; changes the options where it follows or has asked already. ERR_NOT_FOUND: oneself,
 * or suspended. ERR_FORBIDDEN: blocked either way, or the target has moved. ERR_UNPROCESSABLE: LIMIT_FOLLOWS reached.
 */
enum err graph_follow(struct core *c, struct account_id who, struct account_id target, const struct follow_options *o,
		      struct problem *problem);
/*
 * What was given as languages of a follow, for its options: known codes with commas between, each once; blanks are left
 * out. ERR_UNPROCESSABLE: an unknown one, as a filter that lets nothing through helps nobody, or over
 * LIMIT_FOLLOW_LANGUAGES. *ret lives in the arena.
 */
enum err graph_languages_read(struct arena *a, const struct view *given, size_t n, struct view *ret,
			      struct problem *problem);
bool graph_has_language(struct view languages, const char *code); /* is the code one of those between the commas? */
enum err graph_unfollow(struct core *c, struct account_id who, struct account_id target); /* takes back a request too */
enum err graph_remove_follower(struct core *c, struct account_id who, struct account_id follower);

/* ERR_NOT_FOUND: requester has not asked. */
enum err graph_authorize(struct core *c, struct account_id who, struct account_id requester);
enum err graph_reject(struct core *c, struct account_id who, struct account_id requester);
enum err graph_authorize_all(struct core *c, struct db *db, struct account_id who); /* after unlocking */

/* Blocking ends follows, requests, places on lists and in collections both ways, and forgets notifications. Oneself: nothing. */
enum err graph_block(struct core *c, struct account_id who, struct account_id target);
enum err graph_unblock(struct core *c, struct account_id who, struct account_id target);
/* seconds 0: until unmuted. notifications: hide those too. Muting again changes both. Oneself: nothing. */
enum err graph_mute(struct core *c, struct account_id who, struct account_id target, bool notifications,
		    int64_t seconds);
enum err graph_unmute(struct core *c, struct account_id who, struct account_id target);
/* Ends mutes whose time is over; cheap when there are none. Called each second. */
enum err graph_expire_mutes(struct core *c, struct db *db, int64_t now);

/* A note to oneself, at most LIMIT_ACCOUNT_NOTE_CHARS; empty takes it away. */
#define LIMIT_ACCOUNT_NOTE_CHARS 2000
enum err graph_note(struct core *c, struct account_id who, struct account_id target, struct view note,
		    struct problem *problem);
/* Recommending needs following: ERR_UNPROCESSABLE otherwise. */
enum err graph_endorse(struct core *c, struct account_id who, struct account_id target, bool on,
		       struct problem *problem);

struct relationship {
	struct account_id id;
	bool following, showing_boosts, notifying, followed_by, blocking, blocked_by, muting, muting_notifications,
		requested, requested_by, domain_blocking, endorsed;
	int64_t muting_until; /* 0: no end, or not muted */
	struct view languages, note;
};
/* ret has room for n; texts live in the arena. */
enum err graph_relationships(struct db *db, struct arena *a, struct account_id who, const struct account_id *ids,
			     size_t n, struct relationship *ret);

/* Lists of accounts, each with a cursor of its own. */
enum graph_list { GRAPH_FOLLOWERS, GRAPH_FOLLOWING, GRAPH_REQUESTS, GRAPH_BLOCKS, GRAPH_MUTES, GRAPH_ENDORSED };
struct graph_entry {
	struct account_id account;
	int64_t cursor, until; /* until: of timed mutes */
};
/* Newest first, without mutes whose time is over; ret has room for page->limit. */
enum err graph_page(struct db *db, enum graph_list list, struct account_id who, const struct page *page,
		    struct graph_entry *ret, size_t *ret_n);

/* Whom `who` follows among the followers of target, leaving out those who hide their follows. */
enum err graph_familiar(struct db *db, struct account_id who, struct account_id target, size_t limit,
			struct account_id *ret, size_t *ret_n);
/*
 * Accounts for people who know few: discoverable, followed by many whom one follows, neither followed, muted nor blocked,
 * nor forgotten.
 */
enum err graph_suggestions(struct db *db, struct account_id who, size_t limit, struct account_id *ret, size_t *ret_n);
enum err graph_forget_suggestion(struct core *c, struct account_id who, struct account_id target); /* idempotent */
/* The profile directory: discoverable accounts, by their newest post or (newest) by age. */
enum err graph_directory(struct db *db, bool newest, bool local, size_t limit, size_t offset, struct account_id *ret,
			 size_t *ret_n);

#endif
