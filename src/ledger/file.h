/*
 * file.h - small files that are read whole, and only ever replaced whole.
 */
#ifndef LEDGER_FILE_H
#define LEDGER_FILE_H

#include "base/base.h"
#include "base/buf.h"

#define FILE_PATH_MAX 4096

/* "dir/name". ERR_TOO_LARGE when the path is. */
enum err file_path(const char *dir, const char *name, char ret[FILE_PATH_MAX]);
/* Appends the file to out, whose maximum holds. ERR_NOT_FOUND, ERR_TOO_LARGE, ERR_UNAVAILABLE. */
enum err file_read(const char *path, struct buf *out);

enum file_care {
	FILE_FAST,   /* whole or not there while the machine runs; durable when somebody syncs */
	FILE_DURABLE /* and its name, on return */
};
/* By a file beside it ("path.new") and rename. The directory is there. ERR_NO_SPACE, ERR_UNAVAILABLE. */
enum err file_replace(const char *path, struct view bytes, int mode, enum file_care care);
/* A name is durable, or gone for good, when its directory is. */
enum err file_sync_parent(const char *path);
/* Makes the directories above path. */
enum err file_parents(char *path);

#endif
