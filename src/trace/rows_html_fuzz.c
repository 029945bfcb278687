/* Any bytes as a page. */
#include "base/base.h"
#include "trace/rows_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_rows(data, size, rows_html, true);
}
