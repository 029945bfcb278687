/*
 * verify_tree.c - the records' commitments against those in the tiles, which says which record is another; then the root
 * over them against the signed checkpoint.
 */
#include "base/base.h"
#include "ledger/verify_private.h"

#include "ledger/publish.h"
#include "ledger/segments.h"
#include "ledger/tiles.h"

struct tree {
	struct verifying *v;
	struct ledger *ledger;
};

/* Commitments as they were published. False when they are not there (not yet, or missing: the tree will tell). */
static bool published(const char *dir, uint64_t tile, size_t n, struct digest *ret)
{
	unsigned char bytes[TILE_BYTES_MAX];
	struct tile_id id = {.level = TILE_ENTRIES, .n = tile, .width = (unsigned)n};
	size_t len;

	if (tile_read(dir, &id, bytes, &len) != OK || len != n * TILE_ENTRY_LEN)
		return false;
	for (size_t i = 0; i < n; i++)
		memcpy(ret[i].b, bytes + i * TILE_ENTRY_LEN + TILE_ENTRY_LEN - DIGEST_LEN, DIGEST_LEN);
	return true;
}

static enum err published_range(const char *dir, uint64_t from, size_t n, uint64_t size, struct digest *ret)
{
	struct digest all[TILE_WIDTH];

	for (size_t i = 0; i < n;) {
		uint64_t tile = (from + i) / TILE_WIDTH, at = (from + i) % TILE_WIDTH;
		uint64_t width = size - tile * TILE_WIDTH < TILE_WIDTH ? size - tile * TILE_WIDTH : TILE_WIDTH;
		if (!published(dir, tile, width, all))
			return ERR_CORRUPT;
		for (; i < n && at < width; i++, at++)
			ret[i] = all[at];
	}
	return OK;
}

static uint64_t tree_size(void *arg)
{
	return ledger_size(((struct tree *)arg)->ledger);
}

/* Of a record whose salt is gone, what was published is all there is. */
static enum err tree_entries(void *arg, uint64_t from, size_t n, struct digest *ret)
{
	struct tree *t = arg;
	enum err err = ledger_entries(t->ledger, from, n, ret);

	return err == ERR_GONE || err == ERR_NOT_FOUND
		       ? published_range(t->v->dir, from, n, ledger_size(t->ledger), ret)
		       : err;
}

/* Records [at, at + n), which are of one tile. False: there is nothing to compare with, or no use in going on. */
static bool compare_range(struct verifying *v, struct cursor *c, uint64_t at, size_t n, uint64_t size)
{
	struct digest is[TILE_WIDTH], was[TILE_WIDTH];
	const struct segment *s = c->segment;

	if (published_range(v->dir, at, n, size, was) != OK)
		return false; /* behind the last checkpoint; or the tree will tell */
	if (cursor_entries(c, (uint32_t)(at - s->first), n, is) != OK) {
		verify_found(v, s->path, 0, at, "its records cannot be read");
		return false;
	}
	for (size_t i = 0; i < n; i++)
		if (!digest_eq(&is[i], &was[i]))
			verify_found(v, s->path, 0, at + i, "a record or its salt is not what was committed to");
	return true;
}

/* Of an unsalted segment: what is kept still opens what was committed to. */
static void compare_kept(struct verifying *v, const struct segment *s, struct cursor *c, uint64_t size)
{
	unsigned char *scratch = xmalloc(RECORD_MAX);
	struct digest was;
	struct view record;

	for (size_t i = 0; i < s->kept.n; i++) {
		const struct kept *k = &s->kept.v[i];

		if (k->index < s->first ||
		    cursor_canonical(c, (uint32_t)(k->index - s->first), scratch, &record) != OK) {
			verify_found(v, s->path, 0, k->index, "a kept salt is of no record of its file");
			continue;
		}
		struct digest is = record_entry(k->salt, record);

		if (published_range(v->dir, k->index, 1, size, &was) == OK && !digest_eq(&is, &was))
			verify_found(v, s->path, 0, k->index, "a kept salt does not open its record");
	}
	free(scratch);
}

static void compare_segment(struct verifying *v, struct segment *s, uint64_t size)
{
	uint64_t end = s->first + segment_count(s);
	struct cursor c;

	if (!s->salted && s->tail)
		verify_found(v, s->path, 0, s->first, "the salts of an open file are missing");
	if (cursor_open(s, true, &c) != OK) {
		verify_found(v, s->path, 0, s->first, "it cannot be read");
		return;
	}
	if (!s->salted) {
		v->sums->unsalted += segment_count(s) - s->kept.n;
		compare_kept(v, s, &c, size);
		cursor_close(&c);
		return;
	}
	bool more = true;
	for (uint64_t at = s->first, next; at < end && more; at = next) {
		next = (at / TILE_WIDTH + 1) * TILE_WIDTH < end ? (at / TILE_WIDTH + 1) * TILE_WIDTH : end;
		more = compare_range(v, &c, at, next - at, size);
	}
	cursor_close(&c);
}

/* The file is what writing its key gives. */
static enum err public_key(const char *dir, struct note_key *ret)
{
	struct buf is, should;
	struct note_key key;

	buf_init(&is, NOTE_MAX);
	buf_init(&should, NOTE_MAX);
	enum err err = publish_read_key(dir, &is);
	if (err == OK)
		err = note_key_parse(view_trim(buf_view(&is)), &key);
	if (err == OK) {
		note_key_write(&key, &should);
		buf_add_c(&should, '\n');
		if (view_eq(buf_view(&is), buf_view(&should)))
			*ret = key;
		else
			err = ERR_CORRUPT;
	}
	buf_release(&is);
	buf_release(&should);
	return err;
}

/* Whoever may read the signing key can check that it is the other half. */
static bool signer_fits(const char *dir, const struct note_key *key)
{
	struct note_signer s;
	enum err err = note_signer_open(dir, key->name, false, &s, NULL);

	if (err != OK)
		return err == ERR_UNAVAILABLE;
	bool fits = memcmp(s.key.public, key->public, sizeof(key->public)) == 0 && strcmp(s.key.name, key->name) == 0;
	note_signer_wipe(&s);
	return fits;
}

void verify_entries(struct verifying *v, struct ledger *l)
{
	size_t n;
	struct segment **all = segments_all(ledger_segments(l), &n);

	for (size_t i = 0; i < n; i++)
		compare_segment(v, all[i], ledger_size(l));
	segments_let_go(all, n);
}

enum err verify_signed(struct verifying *v, struct ledger *l, struct problem *problem)
{
	struct tree t = {.v = v, .ledger = l};
	struct publish_source source = {tree_size, tree_entries, &t};
	struct note_key key;

	if (public_key(v->dir, &key) != OK)
		return fail(problem, ERR_CORRUPT, "key.public is missing, or no key");
	if (!signer_fits(v->dir, &key))
		return fail(problem, ERR_CORRUPT, "the signing key is missing, or not that of key.public");
	return publish_check(v->dir, &key, &source, problem);
}
