/*
 * inventory.c - see inventory.h. A file is known by the first 64 of its 128 random bits: two of them being alike among
 * millions would at worst keep a file that nobody needs.
 */
#include "base/base.h"

#include "media/inventory.h"

#include <errno.h>
#include <fts.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/secret.h"
#include "media/files.h"

#define NAME_AT 3 /* of the name in a key, behind its folder */
#define KEYS_MAX 4

const char *const stored_names[STORED_COUNT] = {
	[STORED_IMAGE] = "image",	[STORED_GIFV] = "gifv",		[STORED_VIDEO] = "video",
	[STORED_AUDIO] = "audio",	[STORED_OTHER] = "other",	[STORED_UPLOAD] = "waiting",
	[STORED_PROFILE] = "profiles",	[STORED_EMOJI] = "emojis",	[STORED_CARD] = "cards",	[STORED_ORPHAN] = "orphans",
};

SQL(inventory_media, "SELECT id, file, preview, upload, kind FROM media WHERE id > $1 ORDER BY id LIMIT 1000");
SQL(inventory_accounts, "SELECT id, avatar, avatar_static, header, header_static FROM accounts WHERE id > $1"
			" ORDER BY id LIMIT 1000");
SQL(inventory_cards, "SELECT id, image FROM preview_cards WHERE id > $1 ORDER BY id LIMIT 1000");
SQL(inventory_emojis, "SELECT 0, file, static_file FROM custom_emojis WHERE 0 = $1");

/*
 * Tables that name files. Every column of the schema whose remark is "file key" has to be here, or its files are pruned
 * (tests/api/cli-media.test.mjs looks). A row is an id to go on from, and as many keys
 * behind it.
 */
static const struct source {
	const struct sql *page;
	int keys, kind_at; /* 0: all are of this kind */
	enum stored kind;
	int upload_at;
} sources[] = {
	{&inventory_media, .keys = 3, .kind_at = 4, .kind = STORED_OTHER, .upload_at = 3},
	{&inventory_accounts, .keys = 4, .kind = STORED_PROFILE},
	{&inventory_cards, .keys = 1, .kind = STORED_CARD},
	{&inventory_emojis, .keys = 2, .kind = STORED_EMOJI},
};

static bool number_of(struct view key, uint64_t *ret)
{
	unsigned char bytes[sizeof(*ret)];

	if (!files_key_valid(key) || !hex_decode(view_sub(key, NAME_AT, HEX_LEN(sizeof(bytes))), bytes, sizeof(bytes)))
		return false;
	memcpy(ret, bytes, sizeof(*ret));
	return true;
}

static enum stored kind_named(struct view name)
{
	for (enum stored k = STORED_IMAGE; k < STORED_OTHER; k++)
		if (view_is(name, stored_names[k]))
			return k;
	return STORED_OTHER;
}

/* Values of the map are rows of stored_names: no NULLs, nothing to free. */
static void note(struct inventory *inv, struct view key, enum stored kind)
{
	uint64_t number;

	if (number_of(key, &number))
		map_put(&inv->names, number, (void *)(uintptr_t)&stored_names[kind]);
}

static void note_row(struct inventory *inv, const struct source *s, struct rows *r)
{
	enum stored kind = s->kind_at ? kind_named(row_text(r, s->kind_at)) : s->kind;
	bool has_file = false;

	for (int i = 1; i <= s->keys; i++) {
		struct view key = row_text(r, i);

		note(inv, key, i == s->upload_at ? STORED_UPLOAD : kind);
		has_file |= key.len > 0;
	}
	if (s->upload_at && row_text(r, s->upload_at).len)
		kind = STORED_UPLOAD;
	inv->things[kind] += has_file;
}

static enum err load_source(struct db *db, struct inventory *inv, const struct source *s)
{
	int64_t after = 0, before;
	bool more;

	do {
		struct rows r;

		before = after;
		more = false;
		db_query(db, &r, s->page, BINDS(B_INT(before)));
		while (rows_next(&r)) {
			after = row_int(&r, 0);
			more = after > before;
			note_row(inv, s, &r);
		}
		TRY(rows_end(&r));
	} while (more);
	return OK;
}

enum err inventory_load(struct db *db, struct inventory *ret)
{
	struct inventory inv = {0};

	map_init(&inv.names);
	for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
		enum err err = load_source(db, &inv, &sources[i]);

		if (err) {
			inventory_release(&inv);
			return err;
		}
	}
	*ret = inv;
	return OK;
}

void inventory_release(struct inventory *inv) { map_release(&inv->names); }

static enum stored kind_of(const struct inventory *inv, struct view key)
{
	const char *const *name;
	uint64_t number;

	if (!number_of(key, &number) || !(name = map_get(&inv->names, number)))
		return STORED_ORPHAN;
	return (enum stored)(name - stored_names);
}

enum err inventory_walk(const struct inventory *inv, const char *data_dir,
			bool (*found)(void *arg, const struct stored_file *file), void *arg, struct problem *problem)
{
	char root[FILE_PATH_MAX];
	char *const roots[] = {root, NULL};
	int64_t now = clock_now();

	snprintf(root, sizeof(root), "%s/media", data_dir);
	if (access(root, F_OK) != 0)
		return OK;
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (!tree)
		return fail(problem, ERR_INTERNAL, "%s cannot be read: %s", root, strerrordesc_np(errno));
	for (FTSENT *e; (e = fts_read(tree));) {
		struct view key = view_of(e->fts_path + strlen(root) + (e->fts_level > 0));

		if (e->fts_info != FTS_F || !files_key_valid(key))
			continue;
		const struct stored_file f = {
			.kind = kind_of(inv, key),
			.key = key,
			.bytes = (uint64_t)e->fts_statp->st_size,
			.age_ms = now - (int64_t)e->fts_statp->st_mtim.tv_sec * 1000,
		};
		if (!found(arg, &f))
			break;
	}
	fts_close(tree);
	return OK;
}
