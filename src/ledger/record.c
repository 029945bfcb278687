/*
 * record.c - see record.h.
 */
#include "base/base.h"
#include "ledger/record.h"

#include <assert.h>

#define DOMAIN "kicau ledger record v1\n"
#define DOMAIN_LEN (sizeof(DOMAIN) - 1)

static_assert(RECORD_SALT_KEY_LEN == DIGEST_LEN, "a key of digest_hmac()");

static int by_id(const void *a, const void *b)
{
	int64_t x = ((const struct ledger_item *)a)->id, y = ((const struct ledger_item *)b)->id;

	return (x > y) - (x < y);
}

static bool ascend(const struct ledger_record *r)
{
	for (size_t i = 0; i < r->n_items; i++)
		if (r->items[i].id <= (i ? r->items[i - 1].id : 0))
			return false;
	return true;
}

/* Whoever asks for the newest posts first names them so: their order is turned, not looked for. */
static void turn(struct ledger_record *r)
{
	for (size_t i = 0, k = r->n_items; i + 1 < k; i++) {
		struct ledger_item item = r->items[i];
		r->items[i] = r->items[--k];
		r->items[k] = item;
	}
}

enum err record_check(struct ledger_record *r)
{
	if (r->kind < LEDGER_POSTS || r->kind > LEDGER_STATEMENT || r->time_ms < 0 || r->licensee < 0 || r->key < 0 ||
	    r->terms < 0 || r->n_items > LEDGER_ITEMS_MAX || r->data.len > LEDGER_DATA_MAX)
		return ERR_INVALID;
	if (ascend(r))
		return OK;
	turn(r);
	if (ascend(r))
		return OK;
	qsort(r->items, r->n_items, sizeof(*r->items), by_id);
	return ascend(r) ? OK : ERR_INVALID;
}

/* ---- how items are charged ---- */

/* The end of the run of equal items that begins at i. */
static size_t run_end(const struct ledger_record *r, size_t i)
{
	size_t end = i + 1;

	while (end < r->n_items && r->items[end].charged == r->items[i].charged)
		end++;
	return end;
}

/* Lengths of runs, in turn; the first is of charged items, and may be 0. */
static unsigned char *put_runs(unsigned char *p, const struct ledger_record *r)
{
	if (!r->items[0].charged)
		*p++ = 0;
	for (size_t i = 0, end; i < r->n_items; i = end) {
		end = run_end(r, i);
		p = put_varint(p, end - i);
	}
	return p;
}

static void get_runs(struct reader *in, struct ledger_record *r)
{
	bool charged = true;

	for (size_t i = 0; i < r->n_items; charged = !charged) {
		size_t n = get_varint_to(in, r->n_items - i);
		if (in->bad || (!n && (i || !charged))) {
			reader_fail(in);
			return;
		}
		for (; n; n--)
			r->items[i++].charged = charged;
	}
}

static unsigned char *put_bits(unsigned char *p, const struct ledger_record *r)
{
	size_t n = (r->n_items + 7) / 8;

	memset(p, 0, n);
	for (size_t i = 0; i < r->n_items; i++)
		p[i / 8] = (unsigned char)(p[i / 8] | r->items[i].charged << i % 8);
	return p + n;
}

static void get_bits(struct reader *in, struct ledger_record *r)
{
	struct view bits = get_bytes_view(in, (r->n_items + 7) / 8);

	for (size_t i = 0; i < r->n_items && i / 8 < bits.len; i++)
		r->items[i].charged = bits.p[i / 8] >> i % 8 & 1;
}

static unsigned charged_flags(const struct ledger_record *r)
{
	unsigned char runs[LEDGER_ITEMS_MAX + 2];

	if (!r->n_items || run_end(r, 0) == r->n_items)
		return r->n_items && r->items[0].charged ? RECORD_CHARGED_ALL : 0;
	return (size_t)(put_runs(runs, r) - runs) <= (r->n_items + 7) / 8 ? RECORD_CHARGED_RUNS : RECORD_CHARGED_BITS;
}

/* ---- columns ---- */

/* The number of versions that are not 0; for each how many items lie between it and the one before, and the version. */
static unsigned char *put_versions(unsigned char *p, const struct ledger_record *r)
{
	size_t n = 0, next = 0;

	for (size_t i = 0; i < r->n_items; i++)
		n += r->items[i].version > 0;
	p = put_varint(p, n);
	for (size_t i = 0; i < r->n_items; i++) {
		if (!r->items[i].version)
			continue;
		p = put_varint(p, i - next);
		p = put_varint(p, r->items[i].version);
		next = i + 1;
	}
	return p;
}

static void get_versions(struct reader *in, struct ledger_record *r)
{
	size_t n = get_varint_to(in, r->n_items), at = 0;

	for (; n && !in->bad; n--, at++) {
		at += get_varint_to(in, r->n_items);
		uint32_t version = (uint32_t)get_varint_to(in, UINT32_MAX);
		if (at >= r->n_items || !version)
			reader_fail(in);
		else
			r->items[at].version = version;
	}
}

unsigned record_flags(const struct ledger_record *r, bool fingerprints)
{
	unsigned flags = charged_flags(r);

	flags |= r->request ? RECORD_REQUEST : 0;
	flags |= r->data.len ? RECORD_DATA : 0;
	flags |= fingerprints && r->kind == LEDGER_POSTS && r->n_items ? RECORD_FINGERPRINTS : 0;
	for (size_t i = 0; i < r->n_items; i++)
		if (r->items[i].version)
			return flags | RECORD_VERSIONS;
	return flags;
}

unsigned char *record_put_columns(unsigned char *p, const struct ledger_record *r, unsigned flags)
{
	if (flags & RECORD_VERSIONS)
		p = put_versions(p, r);
	if ((flags & RECORD_CHARGED) == RECORD_CHARGED_RUNS)
		p = put_runs(p, r);
	if ((flags & RECORD_CHARGED) == RECORD_CHARGED_BITS)
		p = put_bits(p, r);
	for (size_t i = 0; flags & RECORD_FINGERPRINTS && i < r->n_items; i++) {
		*p++ = (unsigned char)(r->items[i].fingerprint & 255);
		*p++ = (unsigned char)(r->items[i].fingerprint >> 8);
	}
	if (flags & RECORD_DATA) {
		p = put_varint(p, r->data.len);
		p = put_bytes(p, r->data.p, r->data.len);
	}
	return p;
}

static void get_fingerprints(struct reader *in, struct ledger_record *r)
{
	for (size_t i = 0; i < r->n_items; i++) {
		unsigned low = get_byte(in);
		r->items[i].fingerprint = (uint16_t)(low | (unsigned)get_byte(in) << 8);
	}
}

void record_get_columns(struct reader *in, struct ledger_record *r, unsigned flags)
{
	if (flags & RECORD_VERSIONS)
		get_versions(in, r);
	if ((flags & RECORD_CHARGED) == RECORD_CHARGED_RUNS)
		get_runs(in, r);
	if ((flags & RECORD_CHARGED) == RECORD_CHARGED_BITS)
		get_bits(in, r);
	for (size_t i = 0; (flags & RECORD_CHARGED) == RECORD_CHARGED_ALL && i < r->n_items; i++)
		r->items[i].charged = true;
	if (flags & RECORD_FINGERPRINTS)
		get_fingerprints(in, r);
	if (flags & RECORD_DATA)
		r->data = get_bytes_view(in, get_varint_to(in, LEDGER_DATA_MAX));
}

/* ---- the whole ---- */

size_t record_encode(const struct ledger_record *r, unsigned flags, unsigned char ret[RECORD_MAX])
{
	unsigned char *p = ret;

	*p++ = RECORD_VERSION;
	*p++ = (unsigned char)r->kind;
	*p++ = r->endpoint;
	*p++ = (unsigned char)flags;
	p = put_varint(p, (uint64_t)r->time_ms);
	p = put_varint(p, (uint64_t)r->licensee);
	p = put_varint(p, (uint64_t)r->key);
	p = put_varint(p, (uint64_t)r->terms);
	p = put_varint(p, zigzag(r->cost_micro));
	if (flags & RECORD_REQUEST)
		p = put_u64(p, r->request);
	p = put_varint(p, r->n_items);
	for (size_t i = 0; i < r->n_items; i++)
		p = put_varint(p, (uint64_t)(r->items[i].id - (i ? r->items[i - 1].id : 0) - 1));
	return (size_t)(record_put_columns(p, r, flags) - ret);
}

static void get_head(struct reader *in, struct ledger_record *r, unsigned *ret_flags)
{
	if (get_byte(in) != RECORD_VERSION)
		reader_fail(in);
	r->kind = get_byte(in);
	if (r->kind < LEDGER_POSTS || r->kind > LEDGER_STATEMENT)
		reader_fail(in);
	r->endpoint = get_byte(in);
	*ret_flags = get_byte(in);
	r->time_ms = (int64_t)get_varint_to(in, INT64_MAX);
	r->licensee = (int64_t)get_varint_to(in, INT64_MAX);
	r->key = (int64_t)get_varint_to(in, INT64_MAX);
	r->terms = (int64_t)get_varint_to(in, INT64_MAX);
	r->cost_micro = unzigzag(get_varint(in));
	if (*ret_flags & RECORD_REQUEST)
		r->request = get_u64(in);
}

static void get_ids(struct reader *in, struct ledger_record *r)
{
	int64_t last = 0;

	r->n_items = get_varint_to(in, LEDGER_ITEMS_MAX);
	for (size_t i = 0; i < r->n_items && !in->bad; i++) {
		uint64_t step = get_varint_to(in, (uint64_t)(INT64_MAX - last));
		if (step == (uint64_t)(INT64_MAX - last))
			reader_fail(in);
		last = in->bad ? last : last + (int64_t)step + 1;
		r->items[i] = (struct ledger_item){.id = last};
	}
}

enum err record_decode(struct view v, struct ledger_item items[LEDGER_ITEMS_MAX], struct ledger_record *ret,
		       unsigned *ret_flags)
{
	struct reader in = reader_of(v);
	struct ledger_record r = {.items = items};
	unsigned flags;

	get_head(&in, &r, &flags);
	get_ids(&in, &r);
	if (in.bad)
		return ERR_CORRUPT;
	record_get_columns(&in, &r, flags);
	/* Whatever has a shorter form, or says what it need not, has other flags now or did not end here. */
	if (in.bad || in.p != in.end || flags != record_flags(&r, flags & RECORD_FINGERPRINTS))
		return ERR_CORRUPT;
	if ((flags & RECORD_CHARGED) == RECORD_CHARGED_BITS && r.n_items % 8) {
		/* The unused bits of the last byte are 0: only writing it again tells. */
		unsigned char again[RECORD_MAX];
		if (record_encode(&r, flags, again) != v.len || memcmp(again, v.p, v.len) != 0)
			return ERR_CORRUPT;
	}
	*ret = r;
	*ret_flags = flags;
	return OK;
}

enum err record_skim(struct view v, struct ledger_item items[LEDGER_ITEMS_MAX], struct ledger_record *ret)
{
	struct reader in = reader_of(v);
	struct ledger_record r = {.items = items};
	unsigned flags;

	get_head(&in, &r, &flags);
	get_ids(&in, &r);
	*ret = r;
	return in.bad ? ERR_CORRUPT : OK;
}

bool record_has(struct view v, int64_t id)
{
	struct reader in = reader_of(v);
	struct ledger_record r = {0};
	uint64_t at = 0;
	unsigned flags;

	get_head(&in, &r, &flags);
	for (size_t n = get_varint_to(&in, LEDGER_ITEMS_MAX); n && at < (uint64_t)id && !in.bad; n--)
		at += get_varint(&in) + 1;
	return !in.bad && at == (uint64_t)id && id > 0;
}

/* ---- commitments ---- */

void record_salt(const unsigned char key[RECORD_SALT_KEY_LEN], uint64_t index, unsigned char ret[RECEIPT_SALT_LEN])
{
	uint64_t big = htobe64(index);
	struct digest mac = digest_hmac(key, view_make((const char *)&big, sizeof(big)));

	memcpy(ret, mac.b, RECEIPT_SALT_LEN);
}

struct digest record_entry(const unsigned char salt[RECEIPT_SALT_LEN], struct view canonical)
{
	unsigned char bytes[DOMAIN_LEN + RECEIPT_SALT_LEN + RECORD_MAX], *p = bytes;

	p = put_bytes(p, DOMAIN, DOMAIN_LEN);
	p = put_bytes(p, salt, RECEIPT_SALT_LEN);
	p = put_bytes(p, canonical.p, canonical.len);
	return digest_sha256(view_make((const char *)bytes, (size_t)(p - bytes)));
}
