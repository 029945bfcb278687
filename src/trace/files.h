/*
 * files.h - the plain files under a path, in the order of their names. Links in directories are not followed.
 */
#ifndef TRACE_FILES_H
#define TRACE_FILES_H

#include "base/base.h"

#define FILES_DEPTH 32
#define FILES_MAX 1000000

struct file {
	char *path;
};
struct files {
	struct file *v;
	size_t n, alloc;
	uint64_t bytes; /* of all plain files */
	uint64_t stamp; /* of names, sizes and times */
};
/* path may also be a fifo or a device. ERR_NOT_FOUND, ERR_UNAVAILABLE, ERR_TOO_LARGE; then there is nothing to release. */
enum err files_find(const char *path, struct files *ret, struct problem *problem);
void files_release(struct files *f);

#endif
