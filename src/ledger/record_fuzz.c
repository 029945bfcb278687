/*
 * record_fuzz.c - what is taken for a record is what encoding it again gives, byte for byte.
 */
#include "base/base.h"
#include "ledger/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ledger_item items[LEDGER_ITEMS_MAX];
	static unsigned char again[RECORD_MAX];
	struct ledger_record r;
	unsigned flags;

	if (record_decode(view_make((const char *)data, size), items, &r, &flags) != OK)
		return 0;
	if (record_check(&r) != OK || size > RECORD_MAX || record_encode(&r, flags, again) != size ||
	    memcmp(again, data, size) != 0)
		BUG("a record with two encodings");
	return 0;
}
