/*
 * confine.h - what a program that reads strangers' files may use: bounded memory, time and files, no network, of the
 * server's files only the one it reads and the folder it writes to, and no life without the server that started it.
 * Everything it starts inherits that, but the last.
 */
#ifndef MEDIA_CONFINE_H
#define MEDIA_CONFINE_H

#include "base/base.h"

struct confinement {
	size_t memory_bytes; /* of address space */
	unsigned cpu_seconds;
	size_t file_bytes; /* of each file that is written */
	int nice;	   /* the server, which others wait for, goes first */
};

/* As far as the kernel lets an unprivileged process; there is no way back. output: a path in the folder to write to. */
void confine(const struct confinement *limits, const char *input, const char *output);

#endif
