/*
 * export.h - the lists an account keeps, as files in Mastodon's formats (app/models/export.rb): what is downloaded there
 * under Preferences > Import and export can be taken in here, and the other way round.
 */
#ifndef TRANSFER_EXPORT_H
#define TRANSFER_EXPORT_H

#include "core/core.h"

struct export_job;
struct export_kind {
	const char *name; /* as in Mastodon's addresses and on the command line: "follows" */
	const char *file; /* what Mastodon calls the file: "following_accounts.csv" */
	const char *type; /* media type */
	enum err (*write)(struct export_job *e);
};
extern const struct export_kind export_kinds[];		 /* ended by a row without name */
const struct export_kind *export_find(struct view name); /* NULL: none */

/* Writes to the end, however long it is, in little memory. ERR_NO_SPACE: `to` takes no more. */
enum err export_write(struct core *c, struct db *db, struct account_id who, const struct export_kind *kind, FILE *to);
/* "follows.csv" → its kind; NULL: none. */
const struct export_kind *export_of_file(struct view name);
/* The same into a file without a name, from its beginning: *ret_fd is the caller's. */
enum err export_open(struct core *c, struct db *db, struct account_id who, const struct export_kind *kind, int *ret_fd,
		     uint64_t *ret_size);

#endif
