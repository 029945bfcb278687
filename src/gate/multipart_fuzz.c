/* The first line is the Content-Type, the rest the body. */
#include "base/base.h"
#include "gate/multipart.h"

#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view all = {(const char *)data, size};
	size_t line = view_find(all, 0, '\n');
	struct arena arena;
	struct multipart m;
	struct part part;
	arena_init(&arena, LIMIT_CALL_ARENA);
	if (size <= LIMIT_MIB &&
	    multipart_begin(&m, &arena, view_sub(all, 0, line), view_sub(all, line + 1, all.len)) == OK)
		while (multipart_next(&m, &part) == OK)
			if (part.data.len > size || !utf8_valid(part.name) || !utf8_valid(part.file_name))
				BUG("a part is not what it should be");
	arena_release(&arena);
	return 0;
}
