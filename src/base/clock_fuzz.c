/*
 * clock_fuzz.c - what clock_parse_iso accepts, clock_iso writes so that it reads back the same.
 */
#include "base/base.h"
#include "base/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t ms, again;
	if (!clock_parse_iso(view_make((const char *)data, size), &ms))
		return 0;
	char text[CLOCK_ISO_LEN + 1], http[CLOCK_HTTP_LEN + 1];
	clock_iso(ms, text);
	clock_http(ms, http);
	struct clock_date d = clock_split(ms);
	if (!clock_parse_iso(view_of(text), &again) || again != ms || clock_join(&d) != ms)
		BUG("%" PRId64 " ms became %s", ms, text);
	if (strlen(http) != CLOCK_HTTP_LEN)
		BUG("HTTP date %s", http);
	return 0;
}
