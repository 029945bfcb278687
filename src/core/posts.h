/*
 * posts.h - making and changing posts. Every function runs one store_write, announces the events behind it, and
 * returns when the change is durable. Mastodon's rules and words of refusal (problem->text) throughout.
 */
#ifndef CORE_POSTS_H
#define CORE_POSTS_H

#include "core/post.h"
#include "core/viewer.h"

struct new_poll {
	const struct view *options;
	size_t n_options;
	int64_t expires_in; /* seconds */
	bool multiple, hide_totals;
};

struct new_post {
	struct account_id author;
	struct view text, spoiler, language; /* language empty: the author's default */
	struct post_id reply_to;	     /* resolved and visible to the author, or 0 */
	struct post_id quote_of;	     /* 0: none. ERR_NOT_FOUND when the author may not quote it */
	bool has_quote_policy;		     /* else the author's default */
	enum quote_policy quote_policy;
	bool has_visibility, has_sensitive; /* else the author's defaults */
	enum visibility visibility;
	bool sensitive;
	const int64_t *media;
	size_t n_media;
	const struct new_poll *poll; /* NULL without */
	int64_t app_id;
	struct view idempotency_key; /* empty without: a repeat within the hour answers the first post's id */
	int64_t created_at;	     /* 0: now */
	/*
	 * What an imported post was called where it comes from; empty for others. Nobody is told of an imported post,
	 * "@name" in it means nobody of this server, and it may be longer than posts are. One of this author and name that
	 * is here already is answered instead.
	 */
	struct view origin;
	int64_t scheduled; /* the scheduled post that this is (scheduled.h), which is gone with it; 0: none */
};
/* Whether post_create would take it now, for who posts later: ERR_UNPROCESSABLE and ERR_FORBIDDEN, as there. */
enum err post_create_check(struct core *c, struct db *db, struct arena *a, const struct new_post *np,
			   struct problem *problem);
enum err post_create(struct core *c, struct db *db, struct arena *a, const struct new_post *np, struct post_id *ret,
		     struct problem *problem);

struct post_change {
	struct view text, spoiler, language;
	bool sensitive;
	const int64_t *media;
	size_t n_media;
	struct {
		int64_t id;
		struct view description; /* p NULL: as it was */
		bool has_focus;
		double focus_x, focus_y;
	} media_changes[4];
	size_t n_media_changes;
	const struct new_poll *poll;
};
enum err post_edit(struct core *c, struct db *db, struct arena *a, struct account_id who, struct post_id id,
		   const struct post_change *change, struct problem *problem);
/* Deletes with everything that belongs to it: boosts of it, notifications, counts, search entry. */
enum err post_delete(struct core *c, struct db *db, struct arena *a, struct account_id who, struct post_id id);

/* Idempotent; the second time nothing changes. boost answers the boost's id (the existing one). */
enum err post_boost(struct core *c, struct db *db, struct arena *a, struct viewer *who, struct post_id id,
		    bool has_visibility, enum visibility visibility, struct post_id *ret_boost,
		    struct problem *problem);
enum err post_unboost(struct core *c, struct db *db, struct arena *a, struct account_id who, struct post_id id);
enum err post_favourite(struct core *c, struct db *db, struct arena *a, struct account_id who, struct post_id id,
			bool on);
enum err post_bookmark(struct core *c, struct db *db, struct arena *a, struct account_id who, struct post_id id,
		       bool on);
enum err post_pin(struct core *c, struct db *db, struct arena *a, struct account_id who, struct post_id id, bool on,
		  struct problem *problem);
enum err post_mute_thread(struct core *c, struct db *db, struct arena *a, struct account_id who, struct post_id id,
			  bool on);
enum err poll_vote(struct core *c, struct db *db, struct arena *a, struct account_id who, struct post_id id,
		   const int64_t *choices, size_t n, struct problem *problem);

#endif
