/*
 * segment.c - see segment.h.
 */
#include "base/base.h"
#include "ledger/segment.h"

#include <errno.h>
#include <sys/stat.h>

static struct segment *make(const char *path, uint64_t first)
{
	struct segment *s = xcalloc(1, sizeof(*s));

	s->refs = 1;
	s->path = xstrdup(path);
	s->first = first;
	return s;
}

struct segment *segment_of_tail(struct tail *t)
{
	struct segment *s = make(t->path, t->first);

	s->tail = t;
	return s;
}

enum err segment_of_packed(const char *path, struct segment **ret, struct problem *problem)
{
	struct packed *p;

	TRY(packed_open(path, &p, problem));
	struct segment *s = make(path, packed_head(p)->first);
	s->head = *packed_head(p);
	packed_close(p);
	*ret = s;
	return OK;
}

struct segment *segment_ref(struct segment *s)
{
	atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
	return s;
}

void segment_unref(struct segment *s)
{
	if (!s || atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) > 1)
		return;
	tail_free(s->tail);
	secret_wipe(s->salt_key, sizeof(s->salt_key));
	VEC_FREE(&s->kept);
	free(s->path);
	free(s);
}

enum err segment_file(const char *dir, uint64_t first, const char *suffix, char ret[FILE_PATH_MAX])
{
	char name[40];

	snprintf(name, sizeof(name), "%012" PRIu64 "%s", first, suffix);
	return file_path(dir, name, ret);
}

static enum err load_kept(struct segment *s, const char *dir, struct problem *problem)
{
	char path[FILE_PATH_MAX];

	TRY(segment_file(dir, s->first, KEPT_SUFFIX, path));
	enum err err = kept_read(path, &s->kept);
	return err == OK ? OK : fail(problem, err, "%.200s holds no salts", path);
}

enum err segment_salts(struct segment *s, const char *dir, bool may_make, struct problem *problem)
{
	char path[FILE_PATH_MAX];
	struct buf key;

	TRY(segment_file(dir, s->first, SALT_SUFFIX, path));
	buf_init(&key, RECORD_SALT_KEY_LEN);
	enum err err = file_read(path, &key);
	if (err == ERR_NOT_FOUND && may_make) {
		rand_bytes(s->salt_key, sizeof(s->salt_key));
		err = file_replace(path, view_make((const char *)s->salt_key, sizeof(s->salt_key)), 0600, FILE_DURABLE);
		s->salted = err == OK;
	} else if (err == OK && key.len == RECORD_SALT_KEY_LEN) {
		memcpy(s->salt_key, key.p, key.len);
		s->salted = true;
	} else if (err == OK) {
		err = ERR_CORRUPT;
	}
	buf_release(&key);
	if (err == ERR_NOT_FOUND)
		return load_kept(s, dir, problem);
	return err == OK ? OK : fail(problem, err, "%.200s: no key of salts", path);
}

enum err segment_salt(const struct segment *s, uint64_t index, unsigned char ret[RECEIPT_SALT_LEN])
{
	const struct kept *kept = kept_find(&s->kept, index);

	if (!s->salted && !kept)
		return ERR_GONE;
	if (s->salted)
		record_salt(s->salt_key, index, ret);
	else
		memcpy(ret, kept->salt, RECEIPT_SALT_LEN);
	return OK;
}

/* ---- reading ---- */

enum err cursor_open(struct segment *s, bool all, struct cursor *ret)
{
	struct packed *p = NULL;

	if (!s->tail)
		TRY(packed_open(s->path, &p, NULL));
	enum err err = p && all ? packed_load_posts(p) : OK;
	if (err == OK && p && (packed_head(p)->n != s->head.n || packed_head(p)->first != s->first))
		err = ERR_CORRUPT;
	if (err != OK) {
		packed_close(p);
		return err;
	}
	*ret = (struct cursor){.segment = segment_ref(s), .packed = p, .n = (uint32_t)segment_count(s)};
	ret->items = xmalloc(LEDGER_ITEMS_MAX * sizeof(*ret->items));
	return OK;
}

void cursor_close(struct cursor *c)
{
	packed_close(c->packed);
	segment_unref(c->segment);
	free(c->items);
	*c = (struct cursor){0};
}

enum err cursor_record(struct cursor *c, uint32_t i, struct ledger_record *ret)
{
	if (i >= c->n)
		return ERR_NOT_FOUND;
	if (!c->packed)
		return record_decode(tail_record(c->segment->tail, i), c->items, ret, &c->flags);
	TRY(packed_record(c->packed, i, ret));
	c->flags = packed_flags(c->packed);
	return packed_items(c->packed, ret, c->items);
}

enum err cursor_head(struct cursor *c, uint32_t i, struct ledger_record *ret)
{
	return c->packed ? packed_record(c->packed, i, ret) : cursor_record(c, i, ret);
}

enum err cursor_canonical(struct cursor *c, uint32_t i, unsigned char scratch[RECORD_MAX], struct view *ret)
{
	struct ledger_record r;

	if (i >= c->n)
		return ERR_NOT_FOUND;
	if (!c->packed) {
		*ret = tail_record(c->segment->tail, i);
		return OK;
	}
	TRY(cursor_record(c, i, &r));
	*ret = view_make((const char *)scratch, record_encode(&r, c->flags, scratch));
	return OK;
}

enum err cursor_entries(struct cursor *c, uint32_t i, size_t n, struct digest *ret)
{
	unsigned char salt[RECEIPT_SALT_LEN], *scratch = xmalloc(RECORD_MAX);
	enum err err = c->segment->salted ? OK : ERR_GONE;
	struct view v;

	for (size_t k = 0; k < n && err == OK; k++) {
		err = cursor_canonical(c, i + (uint32_t)k, scratch, &v);
		if (err != OK)
			break;
		record_salt(c->segment->salt_key, c->segment->first + i + k, salt);
		ret[k] = record_entry(salt, v);
	}
	free(scratch);
	return err;
}

/* ---- who ---- */

static enum err tail_who(struct cursor *c, uint32_t i, int64_t post, packed_who_fn *fn, void *arg)
{
	struct ledger_record r;
	size_t at = 0;

	if (!record_has(tail_record(c->segment->tail, i), post))
		return OK;
	TRY(cursor_record(c, i, &r));
	while (at < r.n_items && r.items[at].id != post)
		at++;
	return at < r.n_items && r.kind == LEDGER_POSTS ? fn(arg, c->segment->first + i, &r, &r.items[at]) : OK;
}

enum err cursor_who(struct cursor *c, int64_t post, packed_who_fn *fn, void *arg)
{
	uint32_t from = 0, end;

	if (c->packed)
		return packed_who(c->packed, post, fn, arg);
	while (tail_next(c->segment->tail, post, &from, &end)) {
		for (; from < end && from < c->n; from++)
			TRY(tail_who(c, from, post, fn, arg));
		from = end;
	}
	return OK;
}
