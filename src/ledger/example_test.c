/*
 * example_test.c - the worked example of docs/ledger.md is what this program makes. It is made again here from the seed and
 * the three records; where they differ, what should stand there is printed.
 */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include <sodium.h>

#include "base/limits.h"
#include "ledger/base64.h"
#include "ledger/checkpoint.h"
#include "ledger/file.h"
#include "ledger/note_private.h"
#include "ledger/receipt.h"
#include "ledger/record.h"

#define DOCS "docs/ledger.md"
#define ORIGIN "example.org/.well-known/kicau-ledger"
#define TIME 1800000000000 /* 2027-01-15 08:00 UTC */

struct example {
	struct note_signer signer;
	struct digest entries[3];
	unsigned char salts[3][RECEIPT_SALT_LEN];
	struct merkle_edge edge;
	struct buf out;
};

/* The seed is the bytes 0 to 31. */
static void make_signer(struct example *e)
{
	unsigned char seed[crypto_sign_SEEDBYTES], text[sizeof(ORIGIN) + 1 + NOTE_PUBLIC_LEN];

	for (unsigned i = 0; i < sizeof(seed); i++)
		seed[i] = (unsigned char)i;
	e->signer = (struct note_signer){.key = {.name = ORIGIN, .type = NOTE_ED25519}};
	crypto_sign_seed_keypair(e->signer.key.public, e->signer.secret, seed);
	memcpy(text, ORIGIN "\n\1", sizeof(ORIGIN) + 1);
	memcpy(text + sizeof(ORIGIN) + 1, e->signer.key.public, NOTE_PUBLIC_LEN);
	struct digest d = digest_sha256(view_make((const char *)text, sizeof(text)));
	e->signer.key.id = note_get_id(d.b);
	buf_add_str(&e->out, "key         ");
	note_key_write(&e->signer.key, &e->out);
}

static void line(struct example *e, const char *name, const void *p, size_t n)
{
	buf_printf(&e->out, "\n%-12s", name);
	base64_add(&e->out, p, n);
}

static void make_record(struct example *e, size_t i, struct ledger_record *r)
{
	static unsigned char bytes[RECORD_MAX];
	size_t n;

	memset(e->salts[i], 0x11 * (int)(i + 1), RECEIPT_SALT_LEN);
	assert_int_equal(record_check(r), OK);
	n = record_encode(r, record_flags(r, false), bytes);
	e->entries[i] = record_entry(e->salts[i], view_make((const char *)bytes, n));
	struct digest leaf = merkle_leaf(&e->entries[i]);
	buf_printf(&e->out, "\n\nrecord %zu", i);
	line(e, "salt", e->salts[i], RECEIPT_SALT_LEN);
	line(e, "bytes", bytes, n);
	line(e, "entry", e->entries[i].b, DIGEST_LEN);
	line(e, "leaf", leaf.b, DIGEST_LEN);
}

/* Terms; then in one commit a delivery of two posts, and its settlement. */
static void make_records(struct example *e)
{
	struct ledger_item posts[] = {{.id = 117964800000000123, .charged = true},
				      {.id = 117964800000000456, .version = 1}};
	struct ledger_item settled[] = {{.id = 1, .charged = true}};
	struct ledger_record terms = {
		.kind = LEDGER_TERMS, .time_ms = TIME, .licensee = 7, .terms = 2, .data = V("plan basic")};
	struct ledger_record delivery = {.kind = LEDGER_POSTS,
					 .endpoint = 1,
					 .time_ms = TIME + 60000,
					 .licensee = 7,
					 .key = 9,
					 .terms = 2,
					 .cost_micro = 5000,
					 .items = posts,
					 .n_items = 2};
	struct ledger_record settlement = {
		.kind = LEDGER_SETTLED, .time_ms = TIME + 60001, .items = settled, .n_items = 1};

	make_record(e, 0, &terms);
	make_record(e, 1, &delivery);
	make_record(e, 2, &settlement);
}

static void make_receipt(struct example *e, struct receipt_batch *b, size_t i)
{
	char text[RECEIPT_TEXT_MAX + 1];

	receipt_write(b, i, e->salts[b->first + i], text);
	buf_printf(&e->out, "\n\nreceipt %" PRIu64 "\n%s", b->first + i, text);
}

static void make_heads(struct example *e)
{
	static struct receipt_batch b;
	struct buf text;

	receipt_sign(&b, &e->signer, &e->edge, e->entries, 1, TIME);
	make_receipt(e, &b, 0);
	receipt_sign(&b, &e->signer, &e->edge, e->entries + 1, 2, TIME + 60002);
	make_receipt(e, &b, 1);
	struct checkpoint c = {V(ORIGIN), 3, b.root, V("")};
	buf_init(&text, NOTE_MAX);
	checkpoint_write(&c, &text);
	buf_add_str(&e->out, "\n\ncheckpoint\n");
	note_write(&e->signer, buf_view(&text), &e->out);
	buf_release(&text);
}

static void stands_in_the_docs(void **state MAYBE_UNUSED)
{
	struct example e = {0};
	struct buf docs;

	buf_init(&e.out, LIMIT_MIB);
	buf_init(&docs, LIMIT_MIB);
	make_signer(&e);
	make_records(&e);
	make_heads(&e);
	assert_int_equal(file_read(DOCS, &docs), OK);
	buf_add_c(&docs, 0);
	bool there = strstr(docs.p, e.out.p);
	if (!there)
		fputs(e.out.p, stderr);
	buf_release(&docs);
	buf_release(&e.out);
	assert_true(there);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(stands_in_the_docs)};

	return secret_init() == OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
