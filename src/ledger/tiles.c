/*
 * tiles.c - names of tiles, and reading them. Writing is in tiles_write.c.
 */
#include "base/base.h"
#include "ledger/tiles.h"

#include <dirent.h>

#include "ledger/file.h"
#include "ledger/tiles_private.h"

#define ENTRIES "entries"
#define GROUP 1000	/* tile numbers are written in groups of three digits */
#define GROUPS_MAX 7	/* of 64 bits */
#define READ_AGAIN 4	/* times, when files are replaced meanwhile */

/* ---- names ---- */

void tile_path(const struct tile_id *t, char ret[TILE_PATH_MAX])
{
	unsigned groups[GROUPS_MAX], n = 0;
	uint64_t rest = t->n;
	size_t at;

	do {
		groups[n++] = (unsigned)(rest % GROUP);
		rest /= GROUP;
	} while (rest);
	at = (size_t)(t->level == TILE_ENTRIES ? snprintf(ret, TILE_PATH_MAX, ENTRIES)
					       : snprintf(ret, TILE_PATH_MAX, "%d", t->level));
	while (n-- > 0)
		at += (size_t)snprintf(ret + at, TILE_PATH_MAX - at, n ? "/x%03u" : "/%03u", groups[n]);
	if (t->width < TILE_WIDTH)
		snprintf(ret + at, TILE_PATH_MAX - at, ".p/%u", t->width);
}

static bool parse_number(struct view v, uint64_t *ret)
{
	struct view piece;
	uint64_t n = 0, group;

	for (unsigned i = 0; view_split(&v, '/', &piece); i++) {
		if (piece.len && piece.p[0] == 'x')
			piece = view_sub(piece, 1, piece.len);
		if (i + 1 == GROUPS_MAX || !parse_u64(piece, GROUP - 1, &group))
			return false;
		n = n * GROUP + group;
	}
	*ret = n;
	return true;
}

/* Reads generously, and takes only what is written as we would write it. */
bool tile_parse(struct view path, struct tile_id *ret)
{
	struct tile_id t = {.width = TILE_WIDTH};
	struct view rest = path, level;
	char again[TILE_PATH_MAX];
	uint64_t v;

	if (!view_split(&rest, '/', &level))
		return false;
	if (view_is(level, ENTRIES))
		t.level = TILE_ENTRIES;
	else if (parse_u64(level, TILE_LEVELS - 1, &v))
		t.level = (int)v;
	else
		return false;
	size_t dot = view_find(rest, 0, '.');
	if (dot < rest.len) {
		if (rest.len - dot < 3 || !parse_u64(view_sub(rest, dot + 3, rest.len), TILE_WIDTH - 1, &v) || v == 0)
			return false;
		t.width = (unsigned)v;
	}
	if (!parse_number(view_sub(rest, 0, dot), &t.n))
		return false;
	tile_path(&t, again);
	if (!view_is(path, again))
		return false;
	*ret = t;
	return true;
}

enum err tile_file(const char *dir, const struct tile_id *t, char ret[FILE_PATH_MAX])
{
	char path[TILE_PATH_MAX];

	tile_path(t, path);
	int n = snprintf(ret, FILE_PATH_MAX, "%s/tile/%s", dir, path);
	return n < 0 || n >= FILE_PATH_MAX ? ERR_TOO_LARGE : OK;
}

enum err tile_partials(const char *dir, const struct tile_id *t, char ret[FILE_PATH_MAX])
{
	TRY(tile_file(dir, &(struct tile_id){t->level, t->n, 1}, ret));
	*strrchr(ret, '/') = 0;
	return OK;
}

/* ---- reading ---- */

/* The file of exactly this name; of it, as much as wanted. */
static enum err read_file(const char *dir, const struct tile_id *t, size_t wanted, unsigned char *ret)
{
	char path[FILE_PATH_MAX];
	struct buf b;

	TRY(tile_file(dir, t, path));
	buf_init(&b, TILE_BYTES_MAX);
	enum err err = file_read(path, &b);
	if (err == ERR_TOO_LARGE || (err == OK && b.len < wanted))
		err = ERR_CORRUPT;
	if (err == OK)
		memcpy(ret, b.p, wanted);
	buf_release(&b);
	return err;
}

/* The widest partial tile in the place of this one; 0 without. */
static unsigned widest(const char *dir, const struct tile_id *t)
{
	char path[FILE_PATH_MAX];
	struct dirent *e;
	uint64_t width, most = 0;

	if (tile_partials(dir, t, path) != OK)
		return 0;
	DIR *d = opendir(path);
	if (!d)
		return 0;
	while ((e = readdir(d)))
		if (parse_u64(view_of(e->d_name), TILE_WIDTH - 1, &width) && width > most)
			most = width;
	closedir(d);
	return (unsigned)most;
}

enum err tile_read(const char *dir, const struct tile_id *t, unsigned char ret[TILE_BYTES_MAX], size_t *ret_len)
{
	size_t wanted = t->width * tile_item_len(t->level);
	struct tile_id from = *t;
	enum err err = read_file(dir, &from, wanted, ret);

	for (unsigned i = 0; err == ERR_NOT_FOUND && t->width < TILE_WIDTH && i < READ_AGAIN; i++) {
		from.width = widest(dir, t);
		if (from.width < t->width)
			from.width = TILE_WIDTH;
		err = read_file(dir, &from, wanted, ret);
	}
	if (err == OK)
		*ret_len = wanted;
	return err;
}

/* ---- hashes of a tree ---- */

void tile_reader_init(struct tile_reader *r, const char *dir, uint64_t size)
{
	r->dir = dir;
	r->size = size;
	for (size_t i = 0; i < TILE_LEVELS; i++)
		r->kept[i] = (struct tile_id){.level = (int)i, .width = 0};
}

static enum err keep_tile(struct tile_reader *r, unsigned level, uint64_t n)
{
	struct tile_id t = {.level = (int)level, .n = n, .width = tile_width(r->size, level, n)};
	unsigned char bytes[TILE_BYTES_MAX];
	size_t len;

	if (r->kept[level].width && r->kept[level].n == n)
		return OK;
	if (!t.width)
		return ERR_NOT_FOUND;
	TRY(tile_read(r->dir, &t, bytes, &len));
	memcpy(r->hashes[level], bytes, len);
	r->kept[level] = t;
	return OK;
}

static enum err fetch(void *arg, unsigned height, uint64_t index, struct digest *ret)
{
	struct tile_reader *r = arg;
	unsigned level = height / TILE_HEIGHT, span = 1u << height % TILE_HEIGHT;
	uint64_t first = index * span;

	if (level >= TILE_LEVELS)
		return ERR_NOT_FOUND;
	TRY(keep_tile(r, level, first / TILE_WIDTH));
	if (first % TILE_WIDTH + span > r->kept[level].width)
		return ERR_NOT_FOUND;
	*ret = tile_subtree(&r->hashes[level][first % TILE_WIDTH], span);
	return OK;
}

struct merkle_source tile_source(struct tile_reader *r)
{
	return (struct merkle_source){fetch, r};
}

unsigned tile_width(uint64_t size, unsigned level, uint64_t n)
{
	uint64_t hashes = size >> level * TILE_HEIGHT, before = n * TILE_WIDTH;

	if (n > hashes / TILE_WIDTH)
		return 0;
	return hashes - before < TILE_WIDTH ? (unsigned)(hashes - before) : TILE_WIDTH;
}

struct digest tile_subtree(const struct digest *hashes, unsigned n)
{
	struct digest row[TILE_WIDTH];

	memcpy(row, hashes, n * sizeof(*hashes));
	for (; n > 1; n /= 2)
		for (unsigned i = 0; i < n / 2; i++)
			row[i] = merkle_node(&row[2 * i], &row[2 * i + 1]);
	return row[0];
}
