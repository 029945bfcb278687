/*
 * proof.c - see proof.h.
 */
#include "base/base.h"

#include "ledger/proof.h"

#include "ledger/base64.h"
#include "ledger/publish.h"
#include "ledger/record.h"

static struct view read_text(struct arena *a, enum err (*read)(const char *, struct buf *), const char *dir)
{
	struct buf b;
	struct view v = V("");

	buf_init(&b, NOTE_MAX);
	if (read(dir, &b) == OK)
		v = arena_view(a, buf_view(&b));
	buf_release(&b);
	return v;
}

enum err published_read(const char *dir, struct arena *a, struct published *ret)
{
	snprintf(ret->dir, sizeof(ret->dir), "%s", dir);
	ret->key_text = view_trim(read_text(a, publish_read_key, dir));
	ret->note = read_text(a, publish_read_checkpoint, dir);
	if (!ret->key_text.len || !ret->note.len)
		return ERR_NOT_FOUND;
	if (note_key_parse(ret->key_text, &ret->key) != OK || checkpoint_open(ret->note, &ret->key, &ret->head) != OK)
		return ERR_FORBIDDEN;
	ret->tiles = ARENA_NEW(a, struct tile_reader);
	tile_reader_init(ret->tiles, ret->dir, ret->head.size);
	return OK;
}

enum err published_root(struct published *p, uint64_t size, struct digest *ret)
{
	struct merkle_source s = tile_source(p->tiles);
	struct merkle_edge *edge = xcalloc(1, sizeof(*edge));
	enum err err = merkle_edge_read(&s, size, edge);

	if (err == OK)
		*ret = merkle_edge_root(edge);
	free(edge);
	return err;
}

/* ---- opening a record ---- */

enum err opening_read(struct ledger *l, struct arena *a, uint64_t index, struct opening *ret)
{
	struct buf bytes;

	buf_init(&bytes, RECORD_MAX);
	enum err err = ledger_opening(l, index, ret->salt, &bytes);
	if (err == OK)
		err = ledger_read(l, a, index, &ret->record);
	if (err == OK)
		ret->bytes = arena_view(a, buf_view(&bytes));
	buf_release(&bytes);
	if (err == OK)
		ret->entry = record_entry(ret->salt, ret->bytes);
	return err;
}

enum err inclusion_prove(struct published *p, uint64_t index, uint64_t size, const struct opening *o,
			 struct merkle_proof *ret)
{
	struct merkle_source s = tile_source(p->tiles);
	struct digest leaf = merkle_leaf(&o->entry), root;

	if (merkle_inclusion(&s, index, size, ret) != OK || published_root(p, size, &root) != OK ||
	    !merkle_included(&leaf, index, size, ret, &root))
		return ERR_CORRUPT;
	return size == p->head.size && !digest_eq(&root, &p->head.root) ? ERR_CORRUPT : OK;
}

/* ---- JSON ---- */

void jw_kv_base64(struct jw *j, const char *key, const void *p, size_t n)
{
	struct buf b;

	buf_init(&b, BASE64_LEN(n) + 1);
	base64_add(&b, p, n);
	if (key)
		jw_kv_str(j, key, buf_view(&b));
	else
		jw_str(j, buf_view(&b));
	buf_release(&b);
}

void jw_kv_proof(struct jw *j, const struct merkle_proof *proof)
{
	jw_key(j, "proof");
	jw_array(j);
	for (size_t i = 0; i < proof->n; i++)
		jw_kv_base64(j, NULL, proof->hash[i].b, DIGEST_LEN);
	jw_array_end(j);
}

static void write_item(struct jw *j, const struct ledger_item *item)
{
	jw_object(j);
	jw_kv_id(j, "id", item->id);
	jw_kv_int(j, "version", item->version);
	jw_kv_int(j, "fingerprint", item->fingerprint);
	jw_kv_bool(j, "charged", item->charged);
	jw_object_end(j);
}

void jw_record(struct jw *j, const struct ledger_record *r)
{
	jw_object(j);
	jw_kv_int(j, "kind", r->kind);
	jw_kv_int(j, "endpoint", r->endpoint);
	jw_kv_time(j, "time", r->time_ms);
	jw_kv_id(j, "licensee", r->licensee);
	jw_kv_id(j, "key", r->key);
	jw_kv_int(j, "terms", r->terms);
	jw_kv_int(j, "cost_micro", r->cost_micro);
	jw_key(j, "items");
	jw_array(j);
	for (size_t i = 0; i < r->n_items; i++)
		write_item(j, &r->items[i]);
	jw_array_end(j);
	jw_kv_base64(j, "data", r->data.p, r->data.len);
	jw_object_end(j);
}

void inclusion_write(struct jw *j, const struct published *p, uint64_t index, uint64_t size, bool checkpoint,
		     const struct opening *o, const struct merkle_proof *proof)
{
	jw_object(j);
	jw_kv_cstr(j, "kind", "kicau-ledger-inclusion/1");
	jw_kv_int(j, "index", (int64_t)index);
	jw_kv_int(j, "size", (int64_t)size);
	jw_kv_base64(j, "salt", o->salt, RECEIPT_SALT_LEN);
	jw_kv_base64(j, "record", o->bytes.p, o->bytes.len);
	jw_kv_base64(j, "entry", o->entry.b, DIGEST_LEN);
	jw_kv_proof(j, proof);
	if (checkpoint)
		jw_kv_str(j, "checkpoint", p->note);
	else
		jw_kv_null(j, "checkpoint");
	jw_key(j, "opened");
	jw_record(j, &o->record);
	jw_object_end(j);
}
