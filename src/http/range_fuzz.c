/* The first byte says how large the file is, the rest is the header. */
#include "base/base.h"
#include "http/range.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t first = 0, last = 0;
	if (size == 0)
		return 0;
	uint64_t file = data[0] == 255 ? UINT64_MAX : data[0];
	struct view header = {(const char *)data + 1, size - 1};
	if (range_parse(header, file, &first, &last) == RANGE_PART && (first > last || last >= file))
		BUG("%" PRIu64 "-%" PRIu64 " of %" PRIu64, first, last, file);
	return 0;
}
