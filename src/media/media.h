/*
 * media.h - pictures, films and sounds on their way from an upload to a post: kept as uploaded, converted by a job
 * (media_job.h; it survives a restart), then ready.
 */
#ifndef MEDIA_MEDIA_H
#define MEDIA_MEDIA_H

#include "core/core.h"
#include "core/post_load.h"

struct media_details {
	bool has_description, has_focus;
	struct view description;
	double focus_x, focus_y; /* -1…1 */
	struct view thumbnail;	 /* a picture that stands for a film or a sound; empty without */
};

/* "x,y", both -1…1 (Mastodon: "focal points"). */
bool media_focus_parse(struct view v, double *ret_x, double *ret_y);

/*
 * Keeps the upload durably and has it converted; waits up to wait_ms for the end of that. *ret_state tells how far it
 * came. ERR_TOO_LARGE, ERR_UNPROCESSABLE (nothing that is taken), ERR_BUSY, ERR_NO_SPACE.
 */
enum err media_upload(struct core *c, struct db *db, struct account_id account, struct view data,
		      const struct media_details *details, int wait_ms, int64_t *ret_id, enum media_state *ret_state,
		      struct problem *problem);
/* State of an account's own, not yet posted attachment; the words of a failure go to problem. ERR_NOT_FOUND: not theirs. */
enum err media_progress(struct db *db, struct account_id account, int64_t id, enum media_state *ret,
			struct problem *problem);
/* Whether it is theirs, and belongs to no post, or to this one. */
enum err media_is_own(struct db *db, struct account_id account, int64_t id, struct post_id post, bool *ret);
/* ERR_NOT_FOUND when it is not theirs, also where nothing is to be changed. Blocks when there is a thumbnail. */
enum err media_update(struct core *c, struct db *db, struct account_id account, int64_t id,
		      const struct media_details *details, struct problem *problem);
/* ERR_UNPROCESSABLE when it belongs to a post. */
enum err media_delete(struct core *c, struct account_id account, int64_t id, struct problem *problem);

/* What was uploaded before a time (ms), is not part of a post, and does not wait to be. */
struct media_abandoned {
	int64_t count, bytes;
};
enum err media_abandoned_count(struct db *db, int64_t before, struct media_abandoned *ret);
enum err media_abandoned_drop(struct core *c, struct db *db, int64_t before, struct arena *a);
/* The same, after a day. */
enum err media_sweep(struct core *c, struct db *db, struct arena *a, int64_t now);

#endif
