/*
 * json_fuzz.c - any bytes as a string: jansson must read the result, and valid text must come back as it was.
 */
#include "base/base.h"
#include "base/json.h"

#include "base/limits.h"

#include <jansson.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view v = view_make((const char *)data, size);
	struct buf b;
	buf_init(&b, LIMIT_MIB);
	struct jw j = jw_to(&b);
	jw_str(&j, v);
	if (!b.over) {
		json_t *read = json_loadb(b.p, b.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
		if (!read)
			BUG("not JSON: %.*s", VIEW_ARG(buf_view(&b)));
		if (utf8_valid(v) && !view_eq(v, view_make(json_string_value(read), json_string_length(read))))
			BUG("text came back changed");
		json_decref(read);
	}
	buf_release(&b);
	return 0;
}
