/*
 * import_scan.h - archives of posts: what is where in them, and the order in which their entries are taken. An archive is
 * unpacked into the import's folder, and an index of all entries is written there, oldest first, so that a post is there
 * before what answers it.
 */
#ifndef TRANSFER_IMPORT_SCAN_H
#define TRANSFER_IMPORT_SCAN_H

#include "transfer/foreign.h"
#include "transfer/import.h"

#define LIMIT_IMPORT_POSTS 500000

struct import_source {
	const char *const *marks; /* unpack.h */
	int64_t (*wanted)(struct view name);
	const char *key; /* items.h */
	const char *owner_file;
	bool (*owner)(struct arena *a, struct view text, struct foreign_owner *ret);
	void (*read)(struct arena *a, const struct foreign_owner *owner, const json_t *item, struct foreign_post *ret);
	/* The files with entries, numbered without gaps; false behind the last. They need not be there. */
	bool (*list)(size_t file, char ret_name[64]);
};
extern const struct import_source import_from_mastodon, import_from_twitter;

struct scan_entry {
	int64_t at; /* ms */
	uint64_t offset;
	uint32_t len, n, file, unused;
};

/*
 * Unpacks and scans. The import's numbers begin anew; entries that cannot be read are in the report, and done already.
 * Ends with an index file; what is not finished is begun again the next time.
 */
enum err scan_prepare(struct core *c, struct import *i, const struct import_source *s, struct problem *problem);
/* The index. ERR_NOT_FOUND: scan_prepare() has not come so far. The caller unmaps. */
enum err scan_index(const struct core *c, int64_t import, struct view *ret);

/* A file of the archive by its name, mapped; empty when it is not there or empty. */
struct view scan_map(const char *folder, struct view name);
void scan_unmap(struct view v);

#endif
