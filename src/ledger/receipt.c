/*
 * receipt.c - see receipt.h. A receipt is 105 bytes (version 1, first, count, offset, time, root, entry, salt), the
 * path, and the signature; numbers are big-endian.
 */
#include "base/base.h"
#include "ledger/receipt.h"

#include <assert.h>

#include "ledger/base64.h"
#include "ledger/checkpoint.h"

#define VERSION 1
#define BEFORE_PATH 105
#define FIXED (BEFORE_PATH + NOTE_ED25519_LEN)
#define TEXT_MAX (NOTE_NAME_MAX + 256) /* of what is signed */

static_assert(FIXED + RECEIPT_PATH_MAX * DIGEST_LEN == RECEIPT_BYTES_MAX, "the header says how long a receipt gets");
static_assert((1 << RECEIPT_PATH_MAX) == RECEIPT_BATCH_MAX, "a path through the largest commit");

/* What is signed: a checkpoint of the whole tree, with one line for the commit's own. */
static void signed_text(const char *origin, uint64_t first, uint64_t count, int64_t time_ms, const struct digest *root,
			const struct digest *batch_root, struct buf *out)
{
	struct buf extension;

	buf_init(&extension, TEXT_MAX);
	buf_printf(&extension, "kicau-batch %" PRIu64 " %" PRId64 " ", first, time_ms);
	base64_add(&extension, batch_root->b, DIGEST_LEN);
	buf_add_c(&extension, '\n');
	struct checkpoint c = {view_of(origin), first + count, *root, buf_view(&extension)};
	checkpoint_write(&c, out);
	buf_release(&extension);
}

/* ---- writing ---- */

static void put_number(unsigned char **at, uint64_t v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		*(*at)++ = (unsigned char)(v >> (8 * (n - 1 - i)));
}

static void put_bytes(unsigned char **at, const void *p, size_t n)
{
	memcpy(*at, p, n);
	*at += n;
}

/* merkle_source over the commit's own tree: its complete subtrees, level by level. */
static enum err fetch_node(void *arg, unsigned height, uint64_t index, struct digest *ret)
{
	const struct receipt_batch *b = arg;
	size_t level = 0;

	for (unsigned h = 0; h < height; h++)
		level += b->n >> h;
	*ret = b->nodes[level + index];
	return OK;
}

static void hash_levels(struct receipt_batch *b)
{
	struct digest *below = b->nodes, *at = b->nodes + b->n;

	for (size_t width = b->n; width > 1; width /= 2) {
		for (size_t i = 0; i < width / 2; i++)
			at[i] = merkle_node(&below[2 * i], &below[2 * i + 1]);
		below = at;
		at += width / 2;
	}
}

static struct digest root_of_batch(struct receipt_batch *b)
{
	struct merkle_source s = {fetch_node, b};
	struct merkle_edge e;

	if (merkle_edge_read(&s, b->n, &e) != OK)
		BUG("a tree in memory cannot be read");
	return merkle_edge_root(&e);
}

void receipt_sign(struct receipt_batch *b, const struct note_signer *s, struct merkle_edge *edge,
		  const struct digest *entries, size_t n, int64_t time_ms)
{
	struct buf text;

	if (n == 0 || n > RECEIPT_BATCH_MAX)
		BUG("a commit of %zu records", n);
	b->first = edge->size;
	b->n = n;
	b->time_ms = time_ms;
	memcpy(b->entries, entries, n * sizeof(*entries));
	for (size_t i = 0; i < n; i++) {
		b->nodes[i] = merkle_leaf(&entries[i]);
		merkle_append(edge, &b->nodes[i]);
	}
	hash_levels(b);
	b->root = merkle_edge_root(edge);
	b->batch_root = root_of_batch(b);
	buf_init(&text, TEXT_MAX);
	signed_text(s->key.name, b->first, n, time_ms, &b->root, &b->batch_root, &text);
	note_sign_bytes(s, buf_view(&text), b->signature);
	buf_release(&text);
}

size_t receipt_write(const struct receipt_batch *b, size_t i, const unsigned char salt[RECEIPT_SALT_LEN],
		     char ret[RECEIPT_TEXT_MAX + 1])
{
	unsigned char bytes[RECEIPT_BYTES_MAX], *at = bytes;
	struct merkle_source s = {fetch_node, (void *)b};
	struct merkle_proof path;

	if (merkle_inclusion(&s, i, b->n, &path) != OK)
		BUG("no record %zu in a commit of %zu", i, b->n);
	put_number(&at, VERSION, 1);
	put_number(&at, b->first, 8);
	put_number(&at, b->n, 4);
	put_number(&at, i, 4);
	put_number(&at, (uint64_t)b->time_ms, 8);
	put_bytes(&at, b->root.b, DIGEST_LEN);
	put_bytes(&at, b->entries[i].b, DIGEST_LEN);
	put_bytes(&at, salt, RECEIPT_SALT_LEN);
	put_bytes(&at, path.hash, path.n * DIGEST_LEN);
	put_bytes(&at, b->signature, NOTE_ED25519_LEN);
	size_t n = (size_t)(at - bytes);
	base64url_encode(bytes, n, ret);
	return BASE64URL_LEN(n);
}

/* ---- reading ---- */

static uint64_t get_number(const unsigned char **at, unsigned n)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < n; i++)
		v = v << 8 | *(*at)++;
	return v;
}

static void get_bytes(const unsigned char **at, void *p, size_t n)
{
	memcpy(p, *at, n);
	*at += n;
}

/* The numbers in front; at most what a ledger can hold. */
static bool get_place(const unsigned char **at, struct receipt *r)
{
	uint64_t version = get_number(at, 1), offset, time;

	r->first = get_number(at, 8);
	r->count = get_number(at, 4);
	offset = get_number(at, 4);
	time = get_number(at, 8);
	if (version != VERSION || r->first > MERKLE_SIZE_MAX - RECEIPT_BATCH_MAX || r->count > RECEIPT_BATCH_MAX ||
	    offset >= r->count || time > INT64_MAX)
		return false;
	r->index = r->first + offset;
	r->time_ms = (int64_t)time;
	return true;
}

/* One text for one receipt: other alphabets, padding and unused bits are not taken. */
static bool decode(struct view text, unsigned char bytes[RECEIPT_BYTES_MAX], size_t *ret_n)
{
	char again[RECEIPT_TEXT_MAX + 1];

	if (text.len > RECEIPT_TEXT_MAX || !base64_decode(text, bytes, RECEIPT_BYTES_MAX, ret_n))
		return false;
	base64url_encode(bytes, *ret_n, again);
	return view_is(text, again);
}

enum err receipt_parse(struct view text, struct receipt *ret)
{
	unsigned char bytes[RECEIPT_BYTES_MAX];
	const unsigned char *at = bytes;
	struct receipt r = {0};
	size_t n;

	if (!decode(text, bytes, &n) || n < FIXED || (n - FIXED) % DIGEST_LEN != 0 || !get_place(&at, &r))
		return ERR_INVALID;
	get_bytes(&at, r.root.b, DIGEST_LEN);
	get_bytes(&at, r.entry.b, DIGEST_LEN);
	get_bytes(&at, r.salt, RECEIPT_SALT_LEN);
	r.path.n = (n - FIXED) / DIGEST_LEN;
	get_bytes(&at, r.path.hash, r.path.n * DIGEST_LEN);
	get_bytes(&at, r.signature, NOTE_ED25519_LEN);
	*ret = r;
	return OK;
}

enum err receipt_verify(const struct receipt *r, const struct note_key *key)
{
	struct digest leaf = merkle_leaf(&r->entry), batch_root;
	struct buf text;

	if (!merkle_climb(&leaf, r->index - r->first, r->count, &r->path, &batch_root))
		return ERR_FORBIDDEN;
	buf_init(&text, TEXT_MAX);
	signed_text(key->name, r->first, r->count, r->time_ms, &r->root, &batch_root, &text);
	bool ok = !text.over && note_bytes_signed(key, buf_view(&text), r->signature);
	buf_release(&text);
	return ok ? OK : ERR_FORBIDDEN;
}
