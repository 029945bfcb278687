/*
 * receipt_fuzz.c - what is taken for a receipt is within the limits, and no key has signed it.
 */
#include "base/base.h"
#include "ledger/receipt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct note_key key = {.name = "example.org/log", .type = NOTE_ED25519, .public = {1}};
	struct receipt r;

	if (receipt_parse(view_make((const char *)data, size), &r) != OK)
		return 0;
	if (size > RECEIPT_TEXT_MAX || r.path.n > RECEIPT_PATH_MAX || r.index - r.first >= r.count ||
	    r.count > RECEIPT_BATCH_MAX || r.index > MERKLE_SIZE_MAX)
		BUG("a receipt beyond its limits");
	if (receipt_verify(&r, &key) == OK)
		BUG("a forged receipt");
	return 0;
}
