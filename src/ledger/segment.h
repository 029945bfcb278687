/*
 * segment.h - one segment of the ledger, open or packed, behind one face. Reference-counted: who reads holds it while
 * another thread packs it.
 */
#ifndef LEDGER_SEGMENT_H
#define LEDGER_SEGMENT_H

#include "base/base.h"
#include "ledger/file.h"
#include "ledger/kept.h"
#include "ledger/packed.h"
#include "ledger/tail.h"

#define SALT_SUFFIX ".salt"

struct segment {
	_Atomic unsigned refs;
	uint64_t first;
	struct tail *tail;	 /* NULL when it is packed */
	char *path;		 /* of its file */
	struct packed_head head; /* when it is packed */
	bool salted;		 /* false: its salts were destroyed, but for those kept */
	unsigned char salt_key[RECORD_SALT_KEY_LEN];
	struct kept_list kept;
};

/* Takes the tail; path is its. */
struct segment *segment_of_tail(struct tail *t);
enum err segment_of_packed(const char *path, struct segment **ret, struct problem *problem);
struct segment *segment_ref(struct segment *s);
void segment_unref(struct segment *s); /* NULL-safe */
/* The key of its salts, from a file of dir. make: when there is none. That there is none is no error: they are gone. */
enum err segment_salts(struct segment *s, const char *dir, bool make, struct problem *problem);
/* Of one of its records. ERR_GONE. */
enum err segment_salt(const struct segment *s, uint64_t index, unsigned char ret[RECEIPT_SALT_LEN]);
/* Its files: "DIR/000000001234.seg" and others. ERR_TOO_LARGE. */
enum err segment_file(const char *dir, uint64_t first, const char *suffix, char ret[FILE_PATH_MAX]);
static inline uint64_t segment_count(const struct segment *s)
{
	return s->tail ? tail_count(s->tail) : s->head.n;
}

/* Reads its records. One thread. */
struct cursor {
	struct segment *segment; /* held */
	struct packed *packed;	 /* NULL for a tail */
	uint32_t n;		 /* records */
	struct ledger_item *items;
	unsigned flags; /* of the record it read last */
};
/* all: most records will be read, with their posts. */
enum err cursor_open(struct segment *s, bool all, struct cursor *ret);
void cursor_close(struct cursor *c);
/* Record first + i; its items and data are the cursor's until the next call. */
enum err cursor_record(struct cursor *c, uint32_t i, struct ledger_record *ret);
/* Only what is before the items, when that is cheaper: items may be NULL. */
enum err cursor_head(struct cursor *c, uint32_t i, struct ledger_record *ret);
/* The record's canonical bytes, in scratch or where they stand. */
enum err cursor_canonical(struct cursor *c, uint32_t i, unsigned char scratch[RECORD_MAX], struct view *ret);
/* Commitments of records [i, i + n). ERR_GONE when the salts are. */
enum err cursor_entries(struct cursor *c, uint32_t i, size_t n, struct digest *ret);
/* Records that hold the post. */
enum err cursor_who(struct cursor *c, int64_t post, packed_who_fn *fn, void *arg);

#endif
