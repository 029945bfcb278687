/*
 * sqlite_ballast.c - see sqlite_ballast.h.
 */
#include "base/base.h"
#include "store/sqlite_ballast.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define BALLAST_BYTES 65536 /* a piece of the index is 32 KB, and what holds it may be counted too */

static bool path_of(const char *database, char ret[4096])
{
	return snprintf(ret, 4096, "%s-ballast", database) < 4096;
}

void ballast_keep(const char *database)
{
	char path[4096];
	int fd = path_of(database, path) ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;

	if (fd < 0)
		return;
	if (posix_fallocate(fd, 0, BALLAST_BYTES) != 0)
		unlink(path);
	close(fd);
}

bool ballast_give(const char *database)
{
	char path[4096];

	return path_of(database, path) && unlink(path) == 0;
}
