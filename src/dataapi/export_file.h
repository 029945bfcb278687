/*
 * export_file.h - one file of an export while it is written: lines, packed with zstd on the way, and the SHA-256 of what
 * lies on the disk.
 */
#ifndef DATAAPI_EXPORT_FILE_H
#define DATAAPI_EXPORT_FILE_H

#include "base/base.h"

struct export_file;

/* ERR_NO_SPACE, ERR_UNAVAILABLE. */
enum err export_file_open(const char *path, struct export_file **ret);
enum err export_file_write(struct export_file *f, struct view text);
/* Durable afterwards. ret_sha256: 65 bytes, hexadecimal. The file is closed whatever comes back. */
enum err export_file_finish(struct export_file *f, int64_t *ret_bytes, char *ret_sha256);
void export_file_drop(struct export_file *f); /* and removes it; NULL-safe */

#endif
