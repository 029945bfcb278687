/*
 * verify_files.c - one file of records at a time. A packed one is right when its records, packed anew, give its bytes.
 */
#include "base/base.h"
#include "ledger/verify_private.h"

#include "ledger/file.h"
#include "ledger/packed_private.h"

void verify_tail(struct verifying *v, const char *path, uint64_t first, bool last, uint64_t *ret_n)
{
	struct tail_damage damage = {.index = first};
	struct problem problem = {0};
	struct ledger_item *items;
	struct ledger_record r;
	unsigned flags;
	struct tail *t;

	*ret_n = 0;
	enum err err = tail_load(path, first, 1, false, &t, &damage, &problem);
	if (err != OK) {
		*ret_n = damage.index - first;
		verify_found(v, path, damage.offset, damage.index, "%s", problem.text);
		return;
	}
	*ret_n = tail_count(t);
	v->sums->bytes += t->len;
	v->sums->half_written += damage.cut;
	if (damage.cut && !last)
		verify_found(v, path, damage.offset, damage.index, "%zu bytes are no records", damage.cut);
	items = xmalloc(LEDGER_ITEMS_MAX * sizeof(*items));
	for (uint32_t i = 0; i < *ret_n; i++) {
		if (record_decode(tail_record(t, i), items, &r, &flags) != OK)
			break; /* tail_load() has decoded it */
		v->sums->reads += r.kind == LEDGER_POSTS ? r.n_items : 0;
		if (r.time_ms < v->last_ms)
			verify_found(v, path, t->offsets[i], first + i, "the time of a record goes back");
		v->last_ms = r.time_ms;
	}
	free(items);
	tail_free(t);
}

/* ---- packed ones ---- */

/* Canonical records in one piece. */
struct flat {
	struct buf bytes;
	struct VEC(size_t) ends;
};

static struct view flat_at(void *arg, uint32_t i)
{
	struct flat *f = arg;
	size_t from = i ? f->ends.v[i - 1] : 0;

	return view_make(f->bytes.p + from, f->ends.v[i] - from);
}

/* Where the block of record i begins in the file. */
static uint64_t block_offset(struct packed *p, uint32_t i)
{
	uint64_t from, to;

	if (packed_span(p, PART_BLOCKS, 4, 0, PART_RECORDS, i / PACKED_BLOCK, &from, &to) != OK)
		return p->head.begin[PART_BLOCKS];
	return from;
}

static bool flatten(struct verifying *v, const char *path, struct packed *p, struct flat *f)
{
	unsigned char *scratch = xmalloc(RECORD_MAX);
	struct ledger_record r;
	bool good = packed_load_posts(p) == OK;

	if (!good)
		verify_found(v, path, p->head.begin[PART_PAGES], p->head.first, "its list of posts cannot be read");
	for (uint32_t i = 0; i < p->head.n && good; i++) {
		good = packed_record(p, i, &r) == OK && packed_items(p, &r, p->items) == OK && record_check(&r) == OK;
		if (!good) {
			verify_found(v, path, block_offset(p, i), p->head.first + i, "a record cannot be read");
			break;
		}
		buf_add(&f->bytes, view_make((const char *)scratch, record_encode(&r, p->flags, scratch)));
		VEC_PUSH(&f->ends, f->bytes.len);
		if (r.time_ms < v->last_ms)
			verify_found(v, path, block_offset(p, i), p->head.first + i, "the time of a record goes back");
		v->last_ms = r.time_ms;
	}
	free(scratch);
	return good;
}

/* The record whose block holds this byte of the file. */
static uint64_t index_at(struct packed *p, uint64_t offset)
{
	uint32_t low = 0, high = (uint32_t)p->head.n;

	if (offset < p->head.begin[PART_RECORDS] || offset >= p->head.begin[PART_RECORDS + 1])
		return LEDGER_NO_INDEX;
	while (low + 1 < high) {
		uint32_t mid = low + (high - low) / 2;
		if (block_offset(p, mid) <= offset)
			low = mid;
		else
			high = mid;
	}
	return p->head.first + low / PACKED_BLOCK * PACKED_BLOCK;
}

static void compare(struct verifying *v, const char *path, struct packed *p, struct view is, struct view should)
{
	static const char *const parts[] = {"its list of posts", "its posts", "its parties", "its list of blocks",
					    "a record",		 "its index", "its index",   "its end"};
	size_t at = 0, part = 0;

	while (at < is.len && at < should.len && is.p[at] == should.p[at])
		at++;
	if (at == is.len && at == should.len)
		return;
	while (part < PART_COUNT && at >= p->head.begin[part + 1])
		part++;
	verify_found(v, path, at, index_at(p, at), "%s is not what the records give",
		     at < PACKED_HEAD_LEN ? "its head" : parts[part]);
}

static void verify_packed_bytes(struct verifying *v, const char *path, struct packed *p, struct view bytes)
{
	struct flat f = {0};
	struct buf again;

	buf_init(&f.bytes, (size_t)PACKED_FILE_MAX * 4);
	buf_init(&again, PACKED_FILE_MAX);
	if (flatten(v, path, p, &f)) {
		struct pack_input in = {.record = flat_at, .arg = &f, .first = p->head.first, .n = (uint32_t)p->head.n};
		if (pack(&in, &again) != OK)
			verify_found(v, path, 0, p->head.first, "its records are none");
		else
			compare(v, path, p, bytes, buf_view(&again));
	}
	buf_release(&again);
	buf_release(&f.bytes);
	VEC_FREE(&f.ends);
}

void verify_packed(struct verifying *v, const char *path, uint64_t first, uint64_t *ret_n)
{
	struct problem problem = {0};
	struct packed *p;
	struct buf b;

	*ret_n = 0;
	buf_init(&b, PACKED_FILE_MAX);
	enum err err = file_read(path, &b);
	if (err != OK || packed_open_bytes(buf_view(&b), &p, &problem) != OK) {
		verify_found(v, path, 0, first, err != OK ? "it cannot be read" : "its head is not what it was");
		buf_release(&b);
		return;
	}
	if (p->head.first != first)
		verify_found(v, path, 0, p->head.first, "it holds other records than its name says");
	*ret_n = p->head.n;
	v->sums->bytes += b.len;
	v->sums->reads += p->head.reads;
	verify_packed_bytes(v, path, p, buf_view(&b));
	packed_close(p);
	buf_release(&b);
}
