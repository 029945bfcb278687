/*
 * tiles_write.c - the open tiles, one for each level, in memory; what becomes full goes to its file at once, the rest
 * when a checkpoint is due.
 */
#include "base/base.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "ledger/tiles_private.h"

#define MODE 0644

struct tiles {
	char *dir;
	bool checks;		       /* compares files instead of writing them */
	char wrong[TILE_PATH_MAX + 8]; /* the first that differs */
	uint64_t size;
	uint64_t flushed;			     /* size at the last flush: its partial files are there */
	struct digest entries[TILE_WIDTH];	     /* under the open tile of level 0 */
	struct digest open[TILE_LEVELS][TILE_WIDTH]; /* as many of each as the size says */
};

static unsigned open_width(uint64_t size, unsigned level)
{
	return (unsigned)(size >> level * TILE_HEIGHT) % TILE_WIDTH;
}

static uint64_t open_number(uint64_t size, unsigned level)
{
	return (size >> level * TILE_HEIGHT) / TILE_WIDTH;
}

/* ---- opening ---- */

static enum err load_level(struct tiles *t, unsigned level)
{
	struct tile_id id = {(int)level, open_number(t->size, level), open_width(t->size, level)};
	unsigned char bytes[TILE_BYTES_MAX];
	size_t len;

	if (!id.width)
		return OK;
	TRY(tile_read(t->dir, &id, bytes, &len));
	memcpy(t->open[level], bytes, len);
	return OK;
}

static enum err load_entries(struct tiles *t)
{
	struct tile_id id = {TILE_ENTRIES, open_number(t->size, 0), open_width(t->size, 0)};
	unsigned char bytes[TILE_BYTES_MAX];
	size_t len;

	if (!id.width)
		return OK;
	TRY(tile_read(t->dir, &id, bytes, &len));
	for (unsigned i = 0; i < id.width; i++) {
		memcpy(t->entries[i].b, bytes + i * TILE_ENTRY_LEN + 2, DIGEST_LEN);
		struct digest leaf = merkle_leaf(&t->entries[i]);
		if (!digest_eq(&leaf, &t->open[0][i]))
			return ERR_CORRUPT;
	}
	return OK;
}

enum err tiles_open(const char *dir, uint64_t size, struct tiles **ret)
{
	struct tiles *t = xcalloc(1, sizeof(*t));
	enum err err = OK;

	t->dir = xstrdup(dir);
	t->size = t->flushed = size;
	for (unsigned level = 0; level < TILE_LEVELS && err == OK; level++)
		err = load_level(t, level);
	if (err == OK)
		err = load_entries(t);
	if (err != OK) {
		tiles_free(t);
		return err;
	}
	*ret = t;
	return OK;
}

enum err tiles_check(const char *dir, struct tiles **ret)
{
	TRY(tiles_open(dir, 0, ret));
	(*ret)->checks = true;
	return OK;
}

const char *tiles_wrong(const struct tiles *t)
{
	return t->wrong;
}

void tiles_free(struct tiles *t)
{
	if (!t)
		return;
	free(t->dir);
	free(t);
}

/* The bits of the size name the complete subtrees; those of one level's eight bits are in its open tile. */
void tiles_edge(const struct tiles *t, struct merkle_edge *ret)
{
	*ret = (struct merkle_edge){.size = t->size};
	for (unsigned level = 0; level < TILE_LEVELS; level++) {
		unsigned at = 0;
		for (unsigned h = TILE_HEIGHT; h-- > 0;) {
			unsigned span = 1u << h;
			if (!(open_width(t->size, level) & span))
				continue;
			ret->full[level * TILE_HEIGHT + h] = tile_subtree(&t->open[level][at], span);
			at += span;
		}
	}
}

/* ---- writing ---- */

static enum err compare_file(struct tiles *t, const struct tile_id *id, struct view bytes)
{
	unsigned char found[TILE_BYTES_MAX];
	char path[TILE_PATH_MAX];
	size_t len;
	enum err err = tile_read(t->dir, id, found, &len);

	if (err == OK && view_eq(view_make((const char *)found, len), bytes))
		return OK;
	tile_path(id, path);
	snprintf(t->wrong, sizeof(t->wrong), "tile/%s", path);
	return err == OK || err == ERR_NOT_FOUND ? ERR_CORRUPT : err;
}

static enum err write_file(struct tiles *t, const struct tile_id *id, const void *p)
{
	char path[FILE_PATH_MAX];
	struct view bytes = view_make(p, id->width * tile_item_len(id->level));

	if (t->checks)
		return compare_file(t, id, bytes);
	TRY(tile_file(t->dir, id, path));
	enum err err = file_replace(path, bytes, MODE, FILE_FAST);
	if (err != ERR_NOT_FOUND)
		return err;
	TRY(file_parents(path));
	return file_replace(path, bytes, MODE, FILE_FAST);
}

static enum err write_entries(struct tiles *t, uint64_t n, unsigned width)
{
	unsigned char bytes[TILE_BYTES_MAX];

	for (unsigned i = 0; i < width; i++) {
		unsigned char *at = bytes + i * TILE_ENTRY_LEN;
		at[0] = 0;
		at[1] = DIGEST_LEN;
		memcpy(at + 2, t->entries[i].b, DIGEST_LEN);
	}
	return write_file(t, &(struct tile_id){TILE_ENTRIES, n, width}, bytes);
}

static enum err write_hashes(struct tiles *t, unsigned level, uint64_t n, unsigned width)
{
	return write_file(t, &(struct tile_id){(int)level, n, width}, t->open[level]);
}

/* The open tile of level 0 has its last leaf: it is written, and so is each above that it fills. */
static enum err close_full(struct tiles *t, uint64_t new_size)
{
	uint64_t n = (new_size - 1) / TILE_WIDTH;

	TRY(write_entries(t, n, TILE_WIDTH));
	for (unsigned level = 0; level + 1 < TILE_LEVELS; level++) {
		TRY(write_hashes(t, level, n, TILE_WIDTH));
		struct digest root = tile_subtree(t->open[level], TILE_WIDTH);
		t->open[level + 1][n % TILE_WIDTH] = root;
		if (n % TILE_WIDTH != TILE_WIDTH - 1)
			break;
		n /= TILE_WIDTH;
	}
	return OK;
}

enum err tiles_append(struct tiles *t, const struct digest *entries, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned at = open_width(t->size, 0);

		t->entries[at] = entries[i];
		t->open[0][at] = merkle_leaf(&entries[i]);
		if (at == TILE_WIDTH - 1)
			TRY(close_full(t, t->size + 1));
		t->size++;
	}
	return OK;
}

/* One call for many files and their directories. It waits for whatever else the file system has to write. */
static enum err sync_all(const struct tiles *t)
{
	int fd = open(t->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return ERR_UNAVAILABLE;
	enum err err = syncfs(fd) == 0 ? OK : ERR_UNAVAILABLE;
	close(fd);
	return err;
}

enum err tiles_flush(struct tiles *t)
{
	if (open_width(t->size, 0))
		TRY(write_entries(t, open_number(t->size, 0), open_width(t->size, 0)));
	for (unsigned level = 0; level < TILE_LEVELS; level++)
		if (open_width(t->size, level))
			TRY(write_hashes(t, level, open_number(t->size, level), open_width(t->size, level)));
	return t->checks ? OK : sync_all(t);
}

/* ---- what is no longer needed ---- */

/* Removes the partial tiles of one number, but for one width (0: all). Nothing depends on whether it works. */
static void remove_partials(const struct tiles *t, int level, uint64_t n, unsigned keep)
{
	char path[FILE_PATH_MAX];
	struct dirent *e;
	uint64_t width;

	if (tile_partials(t->dir, &(struct tile_id){level, n, TILE_WIDTH}, path) != OK)
		return;
	DIR *d = opendir(path);
	if (!d)
		return;
	while ((e = readdir(d)))
		if (!parse_u64(view_of(e->d_name), TILE_WIDTH, &width) || width != keep)
			unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
	if (!keep)
		rmdir(path);
}

static void prune_level(const struct tiles *t, int level)
{
	unsigned l = level == TILE_ENTRIES ? 0 : (unsigned)level;
	uint64_t now = open_number(t->size, l), before = open_number(t->flushed, l);

	if (before != now)
		remove_partials(t, level, before, 0);
	remove_partials(t, level, now, open_width(t->size, l));
}

void tiles_prune(struct tiles *t)
{
	for (int level = TILE_ENTRIES; level < TILE_LEVELS; level++)
		if (level < 1 || t->size >> (level * TILE_HEIGHT))
			prune_level(t, level);
	t->flushed = t->size;
}
