/* A Cookie header, searched for short names; a value must be a piece of it. */
#include "base/base.h"
#include "http/exchange.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"a", "ab", "kicau_session", ""};
	struct header headers[] = {{V("Cookie"), {(const char *)data, size}}};
	struct exchange x = {.headers = headers, .n_headers = ARRAY_LEN(headers)};
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct view v = http_cookie(&x.pub, names[i]);
		if (v.len && (v.p < (const char *)data || v.p + v.len > (const char *)data + size))
			BUG("a cookie from elsewhere");
	}
	return 0;
}
