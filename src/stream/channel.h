/*
 * channel.h - the channels there are, what a client has to say to have one, and who may. Names, paths and words of
 * refusal are Mastodon's (docs: methods/streaming; its streaming server).
 */
#ifndef STREAM_CHANNEL_H
#define STREAM_CHANNEL_H

#include "base/arena.h"
#include "core/sessions.h"

enum channel {
	CHANNEL_USER,
	CHANNEL_USER_NOTIFICATION,
	CHANNEL_DIRECT,
	CHANNEL_PUBLIC,
	CHANNEL_PUBLIC_MEDIA,
	CHANNEL_PUBLIC_LOCAL,
	CHANNEL_PUBLIC_LOCAL_MEDIA,
	CHANNEL_PUBLIC_REMOTE,
	CHANNEL_PUBLIC_REMOTE_MEDIA,
	CHANNEL_HASHTAG,
	CHANNEL_HASHTAG_LOCAL,
	CHANNEL_LIST,
	CHANNELS
};

enum channel_key {
	KEY_ACCOUNT, /* one's own */
	KEY_PUBLIC,
	KEY_TAG,
	KEY_LIST,
};

struct channel_row {
	const char *name; /* "public:local" */
	const char *path; /* "public/local", behind /api/v1/streaming/; NULL: none of its own */
	enum channel_key key;
	enum scope scope;
	bool local, remote, media; /* only these posts */
};
extern const struct channel_row channel_rows[CHANNELS];

/* What a client says. Empty views where it said nothing. */
struct wish {
	struct view stream, tag, list;
	bool only_media; /* public… becomes public…:media */
};

/* What it means. */
struct subscription {
	enum channel channel;
	int64_t list;
	struct view tag;   /* folded: what posts are found by */
	struct view label; /* as said: clients find their own subscription by it */
};

#define CHANNEL_TAG_BYTES 256

/* Texts go into the arena. ERR_INVALID with words. */
enum err subscription_parse(struct arena *a, const struct wish *w, struct subscription *ret, struct problem *problem);
/* The wish of GET /api/v1/streaming/PATH. */
bool channel_of_path(struct view path, enum channel *ret);
/*
 * ERR_UNAUTHORIZED with words. Public channels ask for no token, unless public_timelines_need_login; a token that is
 * there must have the scope. Asks the database for the owner of a list.
 */
enum err subscription_allowed(struct core *c, struct db *db, const struct auth_info *who, const struct subscription *s,
			      struct problem *problem);

#endif
