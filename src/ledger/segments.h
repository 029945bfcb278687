/*
 * segments.h - the segments of a ledger, oldest first, without gaps. Any thread.
 */
#ifndef LEDGER_SEGMENTS_H
#define LEDGER_SEGMENTS_H

#include "base/base.h"
#include "base/vec.h"
#include "ledger/segment.h"

#include <pthread.h>

#define ARCHIVED_FILE "archived" /* in dir: how many records, from the first on, were moved elsewhere */

struct segments {
	pthread_mutex_t lock;
	struct VEC(struct segment *) list;
};

struct segments_where {
	const char *dir, *archive; /* archive: NULL, or where old segments are */
	bool repair;		   /* cuts what a crash left, and removes files that are replaced */
	size_t segment_bytes;
};
/*
 * The files of records, by their first; a packed one before the file it was packed from. One that is in the archive too (a
 * backup brought it back) stands before that copy, which nobody reads.
 */
struct segment_name {
	uint64_t first;
	bool packed, archived;
	char *path;
	const char *dir;
};
struct segment_names VEC(struct segment_name);
enum err segments_look(const char *dir, const char *archive, struct segment_names *ret, struct problem *problem);
void segments_look_free(struct segment_names *names);
uint64_t segments_archived(const char *dir); /* what ARCHIVED_FILE says; 0 without one */

/*
 * Keeps others from writing the ledger until ret_fd is closed. ERR_CONFLICT while a process writes it; ERR_NOT_FOUND where
 * there is none.
 */
enum err segments_lock(const char *dir, int *ret_fd, struct problem *problem);

/* Reads what is there. ERR_CORRUPT names a file that does not fit, or records that are missing. */
enum err segments_open(struct segments *f, const struct segments_where *where, struct problem *problem);
void segments_close(struct segments *f);

void segments_add(struct segments *f, struct segment *s); /* takes it */
/* Puts `new` (taken) where `old` is. */
void segments_replace(struct segments *f, const struct segment *old, struct segment *new);
/* Held by the caller. NULL: it is not here. */
struct segment *segments_find(struct segments *f, uint64_t index);
struct segment *segments_last(struct segments *f);
/* The oldest that is full and not packed; NULL when none is. *ret_n: how many there are. */
struct segment *segments_unpacked(struct segments *f, size_t *ret_n);
/* All, each held: free with segments_let_go(). */
struct segment **segments_all(struct segments *f, size_t *ret_n);
void segments_let_go(struct segment **all, size_t n);
struct ledger;
struct segments *ledger_segments(struct ledger *l);
uint64_t segments_first(struct segments *f);

#endif
