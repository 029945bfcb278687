/* Any bytes as a table; every second time with a header that is known. */
#include "base/base.h"
#include "trace/rows_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_rows(data, size, rows_csv, false);
}
