/* Any bytes as lines; and as UTF-16, which is UTF-8 then, however it comes in pieces. */
#include "base/base.h"
#include "trace/rows_fuzz.h"

#include "trace/utf16.h"

static void decode(const uint8_t *data, size_t size)
{
	char *raw = xmalloc(size + 1), *once = xmalloc(UTF16_OUT(size)), *pieces = xmalloc(UTF16_OUT(size));
	size_t n = size, len = 0;

	memcpy(raw, data, size);
	struct utf16 a = utf16_begin(raw, &n), b = a;
	size_t whole = utf16_decode(&a, raw, n, once);
	for (size_t i = 0; i < n; i++)
		len += utf16_decode(&b, raw + i, 1, pieces + len);
	if (whole > UTF16_OUT(n) || len != whole || memcmp(once, pieces, len) != 0)
		BUG("pieces are read differently");
	for (size_t i = 0; i < len; i++)
		if (once[i] == '\0')
			once[i] = ' ';
	if (!utf8_valid(view_make(once, len)))
		BUG("it is not UTF-8");
	free(raw);
	free(once);
	free(pieces);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	decode(data, size);
	return fuzz_rows(data, size, rows_text, true);
}
