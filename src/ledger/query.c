/*
 * query.c - what a ledger answers: records by index and time, openings, who received a post, what a licensee received.
 */
#include "base/base.h"
#include "ledger/ledger_private.h"

/* The segment with this record, for one that reads it. */
static enum err cursor_at(struct ledger *l, uint64_t index, bool all, struct cursor *ret)
{
	struct segment *s = segments_find(&l->segments, index);

	if (!s)
		return ERR_NOT_FOUND;
	enum err err = cursor_open(s, all, ret);
	segment_unref(s);
	return err;
}

static void copy_record(struct arena *a, const struct ledger_record *from, struct ledger_record *ret)
{
	*ret = *from;
	ret->items = ARENA_ARRAY(a, from->n_items + 1, struct ledger_item);
	if (from->n_items)
		memcpy(ret->items, from->items, from->n_items * sizeof(*ret->items));
	ret->data = arena_view(a, from->data);
}

enum err ledger_read(struct ledger *l, struct arena *a, uint64_t index, struct ledger_record *ret)
{
	struct ledger_record r;
	struct cursor c;

	TRY(cursor_at(l, index, false, &c));
	enum err err = cursor_record(&c, (uint32_t)(index - c.segment->first), &r);
	if (err == OK)
		copy_record(a, &r, ret);
	cursor_close(&c);
	return err;
}

/* ---- openings ---- */

enum err ledger_opening(struct ledger *l, uint64_t index, unsigned char ret_salt[RECEIPT_SALT_LEN], struct buf *out)
{
	unsigned char *scratch;
	struct cursor c;
	struct view v;

	TRY(cursor_at(l, index, false, &c));
	scratch = xmalloc(RECORD_MAX);
	unsigned char salt[RECEIPT_SALT_LEN];
	enum err err = segment_salt(c.segment, index, salt);
	if (err == OK)
		err = cursor_canonical(&c, (uint32_t)(index - c.segment->first), scratch, &v);
	if (err == OK) {
		memcpy(ret_salt, salt, sizeof(salt));
		buf_add(out, v);
		err = buf_err(out);
	}
	free(scratch);
	cursor_close(&c);
	return err;
}

enum err ledger_entries(struct ledger *l, uint64_t from, size_t n, struct digest *ret)
{
	struct cursor c;
	enum err err = OK;

	for (size_t done = 0; done < n && err == OK;) {
		err = cursor_at(l, from + done, n - done > 256, &c);
		if (err != OK)
			break;
		uint32_t i = (uint32_t)(from + done - c.segment->first);
		size_t here = c.n - i < n - done ? c.n - i : n - done;
		err = cursor_entries(&c, i, here, ret + done);
		done += here;
		cursor_close(&c);
	}
	return err;
}

/* ---- in order ---- */

enum err ledger_each(struct ledger *l, uint64_t from, ledger_each_fn *fn, void *arg)
{
	uint64_t end = ledger_size(l);
	struct ledger_record r;
	struct cursor c;
	enum err err = OK;

	while (from < end && err == OK) {
		TRY(cursor_at(l, from, true, &c));
		for (; from - c.segment->first < c.n && from < end && err == OK; from++) {
			err = cursor_record(&c, (uint32_t)(from - c.segment->first), &r);
			if (err == OK)
				err = fn(arg, from, &r);
		}
		cursor_close(&c);
	}
	return err;
}

static enum err segment_each_kind(struct segment *s, enum ledger_kind kind, ledger_each_fn *fn, void *arg)
{
	struct ledger_record r;
	struct cursor c;

	TRY(cursor_open(s, false, &c));
	uint32_t n = !c.packed || packed_has_kind(c.packed, kind) ? c.n : 0;
	enum err err = OK;
	for (uint32_t i = 0; i < n && err == OK; i++) {
		err = cursor_head(&c, i, &r);
		if (err != OK || r.kind != kind)
			continue;
		err = cursor_record(&c, i, &r);
		if (err == OK)
			err = fn(arg, s->first + i, &r);
	}
	cursor_close(&c);
	return err;
}

enum err ledger_each_kind(struct ledger *l, enum ledger_kind kind, ledger_each_fn *fn, void *arg)
{
	enum err err = OK;
	size_t n;
	struct segment **all = segments_all(&l->segments, &n);

	for (size_t i = 0; i < n && err == OK; i++)
		err = segment_each_kind(all[i], kind, fn, arg);
	segments_let_go(all, n);
	return err;
}

/* The first record of a segment at or behind the time; n when all are before. */
static enum err segment_at(struct segment *s, int64_t time_ms, uint64_t *ret)
{
	struct ledger_record r;
	struct cursor c;
	enum err err = OK;

	TRY(cursor_open(s, false, &c));
	uint32_t low = 0, high = c.n;
	while (low < high && err == OK) {
		uint32_t mid = low + (high - low) / 2;
		err = cursor_head(&c, mid, &r);
		if (err == OK && r.time_ms < time_ms)
			low = mid + 1;
		else
			high = mid;
	}
	cursor_close(&c);
	*ret = s->first + low;
	return err;
}

uint64_t ledger_at(struct ledger *l, int64_t time_ms)
{
	uint64_t found = ledger_size(l);
	size_t n;
	struct segment **all = segments_all(&l->segments, &n);

	for (size_t i = 0; i < n; i++) {
		int64_t last = all[i]->tail ? INT64_MAX : all[i]->head.max_ms;
		uint64_t at;
		if (last < time_ms || segment_at(all[i], time_ms, &at) != OK ||
		    at - all[i]->first >= segment_count(all[i]))
			continue;
		found = at;
		break;
	}
	segments_let_go(all, n);
	return found;
}

/* ---- who ---- */

struct who {
	struct arena *arena;
	size_t max;
	struct VEC(struct ledger_receiver) all;
};

static enum err add_receiver(void *arg, uint64_t index, const struct ledger_record *r, const struct ledger_item *item)
{
	struct who *w = arg;

	VEC_PUSH(&w->all, (struct ledger_receiver){.index = index,
						   .time_ms = r->time_ms,
						   .licensee = r->licensee,
						   .key = r->key,
						   .terms = r->terms,
						   .item = *item,
						   .endpoint = r->endpoint});
	return w->all.n < w->max ? OK : ERR_TOO_MANY; /* enough */
}

static enum err segment_who(struct segment *s, int64_t post, ledger_who_fn *fn, void *arg)
{
	struct cursor c;

	if (!s->tail && (!s->head.posts || post < s->head.min_post || post > s->head.max_post))
		return OK;
	TRY(cursor_open(s, false, &c));
	enum err err = cursor_who(&c, post, fn, arg);
	cursor_close(&c);
	return err;
}

enum err ledger_each_who(struct ledger *l, int64_t post, ledger_who_fn *fn, void *arg)
{
	enum err err = OK;
	size_t n;
	struct segment **all = segments_all(&l->segments, &n);

	for (size_t i = 0; i < n && err == OK; i++)
		err = segment_who(all[i], post, fn, arg);
	segments_let_go(all, n);
	return err;
}

enum err ledger_who(struct ledger *l, struct arena *a, int64_t post, size_t max, struct ledger_receiver **ret,
		    size_t *n_ret)
{
	struct who w = {.arena = a, .max = max};
	enum err err = max ? ledger_each_who(l, post, add_receiver, &w) : OK;

	if (err == OK || err == ERR_TOO_MANY) {
		*ret = ARENA_ARRAY(a, w.all.n + 1, struct ledger_receiver);
		if (w.all.n)
			memcpy(*ret, w.all.v, w.all.n * sizeof(**ret));
		*n_ret = w.all.n;
		err = OK;
	}
	VEC_FREE(&w.all);
	return err;
}

struct receiver_sought {
	int64_t licensee;
	bool found;
};

static enum err is_receiver(void *arg, uint64_t index MAYBE_UNUSED, const struct ledger_record *r,
			    const struct ledger_item *item MAYBE_UNUSED)
{
	struct receiver_sought *w = arg;

	w->found = r->licensee == w->licensee;
	return w->found ? ERR_TOO_MANY : OK; /* enough */
}

enum err ledger_received(struct ledger *l, int64_t licensee, int64_t post, bool *ret)
{
	struct receiver_sought w = {.licensee = licensee};
	enum err err = ledger_each_who(l, post, is_receiver, &w);

	if (err != OK && !w.found)
		return err;
	*ret = w.found;
	return OK;
}

/* ---- what ---- */

static enum err segment_what(struct segment *s, int64_t licensee, int64_t from_ms, int64_t to_ms, ledger_each_fn *fn,
			     void *arg)
{
	struct ledger_record r;
	struct cursor c;
	uint64_t at;

	TRY(segment_at(s, from_ms, &at));
	TRY(cursor_open(s, false, &c));
	enum err err = OK;
	for (uint32_t i = (uint32_t)(at - s->first); i < c.n && err == OK; i++) {
		err = cursor_head(&c, i, &r);
		if (err == OK && r.time_ms >= to_ms)
			break;
		if (err != OK || r.licensee != licensee)
			continue;
		err = cursor_record(&c, i, &r);
		if (err == OK)
			err = fn(arg, s->first + i, &r);
	}
	cursor_close(&c);
	return err;
}

enum err ledger_what(struct ledger *l, int64_t licensee, int64_t from_ms, int64_t to_ms, ledger_each_fn *fn, void *arg)
{
	enum err err = OK;
	size_t n;
	struct segment **all = segments_all(&l->segments, &n);

	for (size_t i = 0; i < n && err == OK; i++)
		if (all[i]->tail || (all[i]->head.max_ms >= from_ms && all[i]->head.min_ms < to_ms))
			err = segment_what(all[i], licensee, from_ms, to_ms, fn, arg);
	segments_let_go(all, n);
	return err;
}
