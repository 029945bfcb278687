/*
 * media.h - pictures on their way from an upload to a post: kept as uploaded, converted by a job (which survives a
 * restart), then ready. Avatars, headers and emojis take the same way, at once.
 */
#ifndef MEDIA_MEDIA_H
#define MEDIA_MEDIA_H

#include "core/core.h"
#include "core/post_load.h"
#include "jobs/jobs.h"
#include "media/files.h"

struct media_details {
	bool has_description, has_focus;
	struct view description;
	double focus_x, focus_y; /* -1…1 */
};

/* "x,y", both -1…1 (Mastodon: "focal points"). */
bool media_focus_parse(struct view v, double *ret_x, double *ret_y);

/*
 * Keeps the upload durably and has it converted; waits up to wait_ms for the end of that. *ret_state tells how far it
 * came. ERR_TOO_LARGE, ERR_UNPROCESSABLE (not a picture), ERR_NO_SPACE.
 */
enum err media_upload(struct core *c, struct db *db, struct account_id account, struct view data,
		      const struct media_details *details, int wait_ms, int64_t *ret_id, enum media_state *ret_state,
		      struct problem *problem);
/* State of an account's own, not yet posted attachment; the words of a failure go to problem. ERR_NOT_FOUND: not theirs. */
enum err media_progress(struct db *db, struct account_id account, int64_t id, enum media_state *ret,
			struct problem *problem);
/* ERR_NOT_FOUND when it is not theirs, also where nothing is to be changed. */
enum err media_update(struct core *c, struct account_id account, int64_t id, const struct media_details *details);
/* ERR_UNPROCESSABLE when it belongs to a post. */
enum err media_delete(struct core *c, struct account_id account, int64_t id, struct problem *problem);

/*
 * mode "avatar", "header" or "emoji": converts and keeps; the keys of the picture and of its still form. Blocks; ERR_BUSY
 * when others are at it, so that pictures never take all of the worker pool.
 */
enum err media_store_picture(struct core *c, const char *mode, struct view data, char ret_key[FILE_KEY_MAX],
			     char ret_static[FILE_KEY_MAX], struct problem *problem);

/* The files of an account's avatar and header, which is about to be deleted. */
struct account; /* core/accounts.h */
void media_drop_pictures(struct core *c, const struct account *account);

/* Registered in server/kinds.c: the job that converts, and the sweep of what was never posted for a day. */
extern const char media_job[];
enum err media_job_run(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem);
enum err media_sweep(struct core *c, struct db *db, struct arena *a, int64_t now);

#endif
