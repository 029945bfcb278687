/*
 * archive.h - everything of an account in one zip file, laid out as Mastodon does it (app/services/backup_service.rb), so
 * that what reads those reads these: actor.json, outbox.json, likes.json, bookmarks.json, avatar and header, and the files
 * of posts under media_attachments/. Made by a job; it is there for its owner alone, for a week.
 */
#ifndef TRANSFER_ARCHIVE_H
#define TRANSFER_ARCHIVE_H

#include "core/core.h"

#define LIMIT_ARCHIVES 8			/* of an account that are remembered */
#define ARCHIVE_KEPT_MS (INT64_C(7) * 86400000)	/* Mastodon's */
#define ARCHIVE_AGAIN_MS (INT64_C(6) * 86400000) /* and how long until the next may be asked for */

enum archive_state { ARCHIVE_MAKING, ARCHIVE_READY, ARCHIVE_FAILED }; /* archives.state */

struct account_archive {
	int64_t id;
	enum archive_state state;
	int64_t bytes, posts;
	struct view error;
	int64_t created_at, expires_at;
};

/* Asks for one. ERR_UNPROCESSABLE: there is one that is young enough, or on its way. */
enum err archive_request(struct core *c, struct account_id who, int64_t *ret_id, struct problem *problem);
enum err archive_load(struct db *db, struct arena *a, struct account_id who, int64_t id, struct account_archive *ret);
/* Newest first; ret has room for LIMIT_ARCHIVES. */
enum err archives_load(struct db *db, struct arena *a, struct account_id who, struct account_archive *ret,
		       size_t *ret_n);
enum err archive_delete(struct core *c, struct account_id who, int64_t id);
/* The file of one that is ready and has not expired. ERR_NOT_FOUND. The caller closes. */
enum err archive_open(struct core *c, struct db *db, struct account_id who, int64_t id, int *ret_fd,
		      uint64_t *ret_size);

/* Writes one to a file; told how far it is now and then. ERR_BUSY when that answers false. Bounded memory. */
struct archive_watch {
	bool (*go_on)(void *arg, int64_t posts);
	void *arg;
};
enum err archive_write_file(struct core *c, struct db *db, struct account_id who, const char *file,
			    const struct archive_watch *watch, int64_t *ret_bytes, int64_t *ret_posts,
			    struct problem *problem);

/* Registered in server/kinds.c. */
#define ARCHIVE_JOB "archive"
enum err archive_job_run(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem);
enum err archive_sweep(struct core *c, struct db *db, struct arena *a, int64_t now);

#endif
