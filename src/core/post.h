/*
 * post.h - the shapes of a post: what decides who may see it (struct post_meta), and the whole of it (struct post) for
 * presentation. posts.h makes and changes posts; cards.h keeps them presented.
 */
#ifndef CORE_POST_H
#define CORE_POST_H

#include "core/core.h"

enum visibility { VISIBILITY_PUBLIC, VISIBILITY_UNLISTED, VISIBILITY_PRIVATE, VISIBILITY_DIRECT };
const char *visibility_name(enum visibility v); /* "public", "unlisted", "private", "direct" */
bool visibility_parse(struct view v, enum visibility *ret);

/* Who may quote a post; its author always. Stored numbers: append only. Names are Mastodon's. */
enum quote_policy { QUOTE_PUBLIC, QUOTE_FOLLOWERS, QUOTE_NOBODY, QUOTE_POLICIES };
const char *quote_policy_name(enum quote_policy p); /* "public", "followers", "nobody" */
bool quote_policy_parse(struct view v, enum quote_policy *ret);
/* What became of a quote. Stored numbers: append only. */
enum quote_state { QUOTE_NONE, QUOTE_ACCEPTED, QUOTE_REVOKED };

struct post_meta {
	struct post_id id, boost_of, reply_to; /* boost_of.v, reply_to.v: 0 when not */
	struct post_id quote_of;	       /* 0 when not; the post may be gone */
	struct account_id author, reply_to_account;
	struct account_id boost_author; /* author of boost_of */
	int64_t thread_id;
	uint8_t visibility;
	uint8_t boost_visibility; /* of boost_of */
	bool local, author_suspended, boost_author_suspended;
	bool author_silenced; /* followers alone find it */
	bool has_media, has_poll;
	uint8_t quote_state;  /* of quote_of */
	uint8_t quote_policy; /* who may quote this one */
	char language[8];
	uint16_t n_mentions;
	const struct account_id *mentions; /* everybody addressed, named or not; of a boost: none */
};

struct preview;

struct post_media {
	int64_t id;
	struct view kind, file, preview, remote_url, description, blurhash;
	bool has_description, ready;
	double focus_x, focus_y;
	int width, height, preview_width, preview_height;
	/* Of films and sounds; 0 and empty where there is none of it. */
	int64_t duration_ms, bit_rate;
	struct view frame_rate, sound_codec; /* "30000/1001"; ffmpeg's name */
	int sound_rate, channels;
};

struct post_mention {
	struct account_id id;
	struct view username, domain, url;
	bool silent;
};

struct post_poll {
	int64_t expires_at; /* 0: never */
	bool multiple, hide_totals;
	int64_t voters;
	size_t n_options;
	struct {
		struct view title;
		int64_t votes;
	} options[20];
};

/* Everything of one post; texts live in the arena it was loaded into. */
struct post {
	struct post_meta meta;
	struct view uri, url, text, html, spoiler, language;
	struct view app_name, app_website;
	bool sensitive;
	int64_t created_at, edited_at;
	int64_t replies, boosts, favourites, quotes;
	size_t n_media, n_tags, n_mentions;
	const struct post_media *media;
	const struct view *tags; /* names, folded; in the order of their bytes */
	const struct post_mention *mentions;
	const struct post_poll *poll; /* NULL without */
	int64_t card_id;
	const struct preview *card; /* previews.h; NULL without */
};

/* Loads by id, whoever may see it: callers judge with visibility.h. ERR_NOT_FOUND when it does not exist. */
enum err post_load(struct core *c, struct db *db, struct arena *a, struct post_id id, struct post *ret);
enum err post_load_meta(struct core *c, struct db *db, struct arena *a, struct post_id id, struct post_meta *ret);

#endif
