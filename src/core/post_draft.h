/*
 * post_draft.h - what somebody wants to post, checked against Mastodon's rules and made ready to be written: shared by
 * making a post and editing one. Reads only.
 */
#ifndef CORE_POST_DRAFT_H
#define CORE_POST_DRAFT_H

#include "base/limits.h"
#include "core/post_text.h"
#include "core/posts.h"
#include "text/lang.h"

struct draft_input {
	struct account_id author;
	struct post_id post; /* the post that is edited, or 0 */
	int64_t scheduled;   /* the scheduled post that holds the media, or 0 */
	struct view text, spoiler;
	struct view languages[4]; /* the first that is a language is taken; "en" when none is */
	bool sensitive, imported; /* imported: as posts.h says of new_post.origin */
	const int64_t *media;
	size_t n_media;
	const struct new_poll *poll; /* NULL without */
};

struct draft_media {
	int64_t id;
	struct view description;
	bool has_description;
};

struct post_draft {
	struct view text, spoiler;
	bool sensitive, imported;
	char language[LANG_BYTES];
	size_t n_media;
	struct draft_media media[LIMIT_POST_MEDIA];
	bool has_poll;
	struct new_poll poll; /* options without white space around, none empty */
	struct post_text made;
	struct view tokens;
};

/* Fills everything but made and tokens. ERR_UNPROCESSABLE with Mastodon's words. */
enum err post_draft_check(struct core *c, struct db *db, struct arena *a, const struct draft_input *in,
			  struct post_draft *ret, struct problem *problem);
/* Fills made and tokens from the rest. ERR_UNPROCESSABLE: a hashtag that may not be used. */
enum err post_draft_compose(struct core *c, struct db *db, struct arena *a, struct account_id author,
			    struct post_draft *draft, struct problem *problem);

#endif
