/*
 * tiles_fuzz.c - names of tiles: what is taken for one is written so, and leads to no other file.
 */
#include "base/base.h"
#include "ledger/tiles.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view v = view_make((const char *)data, size);
	struct tile_id t;
	char path[TILE_PATH_MAX];

	if (!tile_parse(v, &t))
		return 0;
	tile_path(&t, path);
	if (!view_is(v, path))
		BUG("a tile by two names");
	if (t.level < TILE_ENTRIES || t.level >= TILE_LEVELS || t.width == 0 || t.width > TILE_WIDTH ||
	    strstr(path, ".."))
		BUG("no tile");
	return 0;
}
