/*
 * announcements.h - what the people who run the server say to everybody on it, and how everybody reacts (docs: methods/
 * announcements). Made by `kicau announce`.
 */
#ifndef CORE_ANNOUNCEMENTS_H
#define CORE_ANNOUNCEMENTS_H

#include "core/core.h"

#define LIMIT_ANNOUNCEMENTS 100		/* shown at once, the newest */
#define LIMIT_ANNOUNCEMENT_EMOJIS 8	/* that people may react with to one (Mastodon's) */
#define LIMIT_ANNOUNCEMENT_CHARS 5000
#define ANNOUNCEMENT_EMOJI_BYTES 64

struct announcement {
	int64_t id, starts_at, ends_at, published_at, updated_at; /* starts_at, ends_at: 0 without */
	bool all_day, read;
	struct view text;
};

struct reaction {
	int64_t emoji; /* its number, as in EVENT_ANNOUNCEMENT_REACTION */
	struct view name;
	int64_t count;
	bool me;
};

/* In the order of publishing, without what has ended. who 0: nobody, who has read none. ret has LIMIT_ANNOUNCEMENTS. */
enum err announcements_load(struct db *db, struct arena *a, struct account_id who, bool with_read,
			    struct announcement *ret, size_t *ret_n);
/* ERR_NOT_FOUND also when it has ended. */
enum err announcement_load(struct db *db, struct arena *a, struct account_id who, int64_t id, struct announcement *ret);
/* In the order of the first of each. ret has LIMIT_ANNOUNCEMENT_EMOJIS. */
enum err announcement_reactions(struct db *db, struct arena *a, struct account_id who, int64_t announcement,
				struct reaction *ret, size_t *ret_n);
/* One emoji as it stands now, 0 when nobody reacts with it; ERR_NOT_FOUND when the announcement is gone. */
enum err announcement_reaction_load(struct db *db, struct arena *a, int64_t emoji, struct reaction *ret,
				    int64_t *ret_announcement);

/* Announces EVENT_ANNOUNCEMENT. ERR_UNPROCESSABLE with words. new->id is ignored. */
enum err announcement_create(struct core *c, const struct announcement *new, int64_t *ret_id, struct problem *problem);
/* Its text and days; who has read it has read it, reactions stay. ERR_NOT_FOUND; else as announcement_create. */
enum err announcement_update(struct core *c, const struct announcement *n, struct problem *problem);
enum err announcement_delete(struct core *c, int64_t id);

/* Idempotent, all three. announcement_dismiss announces EVENT_ANNOUNCEMENT_READ. */
enum err announcement_dismiss(struct core *c, struct account_id who, int64_t id);
/* name: one character that is an emoji, or the shortcode of one of this server's. ERR_UNPROCESSABLE: neither, or an
 * emoji too many. */
enum err announcement_react(struct core *c, struct arena *a, struct account_id who, int64_t id, struct view name,
			    struct problem *problem);
enum err announcement_unreact(struct core *c, struct account_id who, int64_t id, struct view name);

#endif
