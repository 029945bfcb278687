/*
 * unpack.h - what is wanted of an archive (zip or tar, also compressed), into a folder. Names in the archive are names and
 * no paths: each file lies under the digest of its name, so that none can be outside and none over another's.
 */
#ifndef TRANSFER_UNPACK_H
#define TRANSFER_UNPACK_H

#include "base/base.h"

#define UNPACK_ENTRIES_MAX 500000
#define UNPACK_NAME_MAX 1024
#define UNPACK_BYTES_MAX INT64_C(0x800000000) /* 32 GiB in all */
#define UNPACK_RATIO 50			       /* and so many times what the archive has, beside the first 64 MiB */
#define UNPACK_PATH_MAX 4352

struct unpack {
	/*
	 * Files whose names end with one of these say where the archive's own folder begins: people pack things anew, with a
	 * folder around. Names below are without it.
	 */
	const char *const *marks; /* NULL-ended: "outbox.json" */
	/* Whether a file is wanted, and how long it may be; 0: not wanted. */
	int64_t (*wanted)(struct view name);
	bool (*stop)(void *arg); /* asked now and then; true ends it with ERR_BUSY */
	void *arg;
	void (*complain)(void *arg, struct view name, const char *words); /* of a file that is left out */
};

/*
 * ERR_UNPROCESSABLE with words: it is no archive, has no mark, or is larger than it may be. One that is cut short or
 * damaged gives what could be read; *ret_damage says so then, in words (else empty).
 */
enum err unpack(const char *file, const char *folder, const struct unpack *u, char ret_damage[256],
		struct problem *problem);

/* Where the file of this name lies. */
void unpack_path(const char *folder, struct view name, char ret[UNPACK_PATH_MAX]);

#endif
