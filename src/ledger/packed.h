/*
 * packed.h - a closed segment: small, never changed, readable by itself. docs/ledger.md "Packed files" has the format.
 *
 * Posts are numbered by their order among all the segment's posts, and records name them by these ordinals: in Rice codes
 * of the gaps, or as runs where that is shorter. An index lists, for each 64 ordinals, the blocks of eight records that
 * hold any. The same records give the same bytes: so a file is checked by packing its records anew.
 */
#ifndef LEDGER_PACKED_H
#define LEDGER_PACKED_H

#include "base/base.h"
#include "base/buf.h"
#include "ledger/record.h"

#define PACKED_SUFFIX ".seg"
#define PACKED_HEAD_LEN 160
#define PACKED_BLOCK 8	  /* records */
#define PACKED_ROW 64	  /* ordinals of a row of the index */
#define PACKED_PAGE 128	  /* posts of a page of the dictionary */
#define PACKED_FILE_MAX ((uint64_t)1 << 31)
#define PACKED_RECORDS_MAX ((uint64_t)1 << 27)

/* The parts of a file, in their order. */
enum packed_part {
	PART_PAGES,   /* of the dictionary: first post (8), where its codes begin in PART_POSTS (4) */
	PART_POSTS,   /* gaps of posts: milliseconds and sequence numbers apart */
	PART_PARTIES, /* who, by which key, under which terms, where, for how much an item: varints, one line for each */
	PART_BLOCKS,  /* where each block begins in PART_RECORDS (4) */
	PART_RECORDS,
	PART_ROWS,   /* where each row begins in PART_PLACES (4) */
	PART_PLACES, /* blocks that hold one of a row's posts */
	PART_COUNT
};

struct packed_head {
	uint64_t first, n;	    /* records */
	uint64_t posts;		    /* distinct */
	int64_t min_post, max_post; /* 0 without any */
	int64_t min_ms, max_ms;
	uint64_t reads; /* posts delivered: items of all LEDGER_POSTS records */
	uint64_t parties;
	uint64_t begin[PART_COUNT + 1]; /* offsets; the last is the file's length */
};

/* ---- writing ---- */

/* Canonical records, in their order. */
struct pack_input {
	struct view (*record)(void *arg, uint32_t i);
	void *arg;
	uint64_t first;
	uint32_t n;
};
/* Appends the file to out (maximum PACKED_FILE_MAX). ERR_CORRUPT when an input is no record, or times go back. */
enum err pack(const struct pack_input *in, struct buf *out);

/* ---- reading: any thread, each with a reader of its own ---- */

struct packed;
/* Reads the head alone. ERR_NOT_FOUND, ERR_CORRUPT, ERR_UNAVAILABLE. */
enum err packed_open(const char *path, struct packed **ret, struct problem *problem);
/* The same for bytes in memory, which stay there. */
enum err packed_open_bytes(struct view v, struct packed **ret, struct problem *problem);
void packed_close(struct packed *p); /* NULL-safe */
const struct packed_head *packed_head(const struct packed *p);

/* Keeps all posts in memory (8 bytes each): for reading all records. */
enum err packed_load_posts(struct packed *p);

/*
 * Goes to record i (from 0), and reads what it is without its items: they follow with packed_items(), or not. Data point
 * into the reader until its next call. Going on to the next one is cheap.
 */
enum err packed_record(struct packed *p, uint32_t i, struct ledger_record *ret);
/* The items of the record packed_record() went to last; ret->n_items of them. */
enum err packed_items(struct packed *p, struct ledger_record *r, struct ledger_item items[LEDGER_ITEMS_MAX]);
unsigned packed_flags(const struct packed *p); /* of that record */

/* False: no record of the segment is of this kind. */
bool packed_has_kind(const struct packed *p, enum ledger_kind kind);

/* Records that hold a post, in their order, until fn does not say OK. */
typedef enum err packed_who_fn(void *arg, uint64_t index, const struct ledger_record *r,
			       const struct ledger_item *item);
enum err packed_who(struct packed *p, int64_t post, packed_who_fn *fn, void *arg);

#endif
