/* Any bytes as JSON lines and as documents. */
#include "base/base.h"
#include "trace/rows_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_rows(data, size, rows_jsonl, true);
	return fuzz_rows(data, size, rows_json, true);
}
