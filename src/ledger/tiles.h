/*
 * tiles.h - the tree in files, as they are served (C2SP tlog-tiles): tile/<L>/<N> with 256 hashes each, and
 * tile/entries/<N> with the entries under them; "<N>.p/<W>" while fewer than 256 are there.
 *
 * Files are only ever replaced whole, by rename. Of partial ones the newest of each kind is kept: narrower ones are
 * its beginning, and tile_read() answers them from it (tlog-tiles lets a log delete what a wider one replaces only when that is
 * full; cut on reading, nothing is missing).
 */
#ifndef LEDGER_TILES_H
#define LEDGER_TILES_H

#include "base/base.h"
#include "ledger/merkle.h"

#define TILE_HEIGHT 8
#define TILE_WIDTH 256
#define TILE_LEVELS 8	 /* 256^8 entries are enough */
#define TILE_ENTRIES (-1) /* as a level: the bundles of entries */
#define TILE_ENTRY_LEN (2 + DIGEST_LEN)
#define TILE_BYTES_MAX (TILE_WIDTH * TILE_ENTRY_LEN)
#define TILE_PATH_MAX 64

struct tile_id {
	int level; /* 0…7, or TILE_ENTRIES */
	uint64_t n;
	unsigned width; /* 1…256; 256 is a full tile */
};
/* "0/x001/x234/067.p/5", "entries/000", as behind tile/. False for anything that is not written exactly so. */
bool tile_parse(struct view path, struct tile_id *ret);
void tile_path(const struct tile_id *t, char ret[TILE_PATH_MAX]);
/* From dir (the ledger's). ERR_NOT_FOUND when so many are not there. */
enum err tile_read(const char *dir, const struct tile_id *t, unsigned char ret[TILE_BYTES_MAX], size_t *ret_len);

/* What merkle_source needs of a tree of this size, with the last tiles it read kept. One thread. */
struct tile_reader {
	const char *dir;
	uint64_t size; /* of the tree: says how wide the last tiles are */
	struct tile_id kept[TILE_LEVELS];
	struct digest hashes[TILE_LEVELS][TILE_WIDTH];
};
void tile_reader_init(struct tile_reader *r, const char *dir, uint64_t size);
struct merkle_source tile_source(struct tile_reader *r);

/* ---- writing: one thread ---- */

struct tiles;
/* Goes on behind the tree of this size, whose tiles are there. ERR_NOT_FOUND, ERR_CORRUPT when they are not. */
enum err tiles_open(const char *dir, uint64_t size, struct tiles **ret);
/* From nothing, and compares where tiles_open() would write: append and flush say ERR_CORRUPT, tiles_wrong() which file. */
enum err tiles_check(const char *dir, struct tiles **ret);
const char *tiles_wrong(const struct tiles *t);
void tiles_free(struct tiles *t); /* NULL-safe */
/* Writes each tile that becomes full. ERR_NO_SPACE, ERR_UNAVAILABLE. */
enum err tiles_append(struct tiles *t, const struct digest *entries, size_t n);
/* Writes the partial ones, and makes all of it durable: a checkpoint of this size may be published. */
enum err tiles_flush(struct tiles *t);
/* Removes partial tiles that are replaced. After the checkpoint is there. */
void tiles_prune(struct tiles *t);
/* After an error of these, open it again: some of the entries may be there. */
void tiles_edge(const struct tiles *t, struct merkle_edge *ret);

#endif
