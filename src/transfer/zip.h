/*
 * zip.h - writing a zip file in little memory, entries of unknown length too. The file has its name only when it is whole.
 */
#ifndef TRANSFER_ZIP_H
#define TRANSFER_ZIP_H

#include "base/base.h"

struct zip;
/* file must not be there, or is replaced at the end. ERR_NO_SPACE. */
enum err zip_open(const char *file, struct zip **ret);
/* An entry; what follows is its contents. compress: for text; pictures are compressed already. */
enum err zip_begin(struct zip *z, const char *name, bool compress);
enum err zip_write(struct zip *z, struct view bytes);
/* A file of the disk as an entry. ERR_NOT_FOUND: it is not there, and nothing was written. */
enum err zip_add_file(struct zip *z, const char *name, const char *path);
enum err zip_finish(struct zip *z, int64_t *ret_bytes); /* durable, renamed; frees */
void zip_abandon(struct zip *z);			/* NULL-safe; removes what was written */

#endif
