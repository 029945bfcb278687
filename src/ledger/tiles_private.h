/*
 * tiles_private.h - what tiles.c and tiles_write.c share.
 */
#ifndef LEDGER_TILES_PRIVATE_H
#define LEDGER_TILES_PRIVATE_H

#include "ledger/file.h"
#include "ledger/tiles.h"

static inline size_t tile_item_len(int level) { return level == TILE_ENTRIES ? TILE_ENTRY_LEN : DIGEST_LEN; }

/* "dir/tile/0/x001/234", and the directory of partial ones: "dir/tile/0/x001/234.p". */
enum err tile_file(const char *dir, const struct tile_id *t, char ret[FILE_PATH_MAX]);
enum err tile_partials(const char *dir, const struct tile_id *t, char ret[FILE_PATH_MAX]);
/* How many hashes tile n of a level has in a tree of this size; 0 behind its end. */
unsigned tile_width(uint64_t size, unsigned level, uint64_t n);
/* The root over n hashes, n a power of two and at most TILE_WIDTH. */
struct digest tile_subtree(const struct digest *hashes, unsigned n);

#endif
