/* What is read as a token is written again as the same bytes. */
#include "base/base.h"
#include "dataapi/page_token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view v = view_make((const char *)data, size);
	char again[PAGE_TOKEN_LEN + 1];
	struct page_token t;

	if (!page_token_read(v, &t))
		return 0;
	page_token_write(&t, again);
	if (t.place <= 0 || !view_is(v, again))
		BUG("%.*s became %s", VIEW_ARG(v), again);
	return 0;
}
