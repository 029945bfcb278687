/* The first byte chooses the kind of body; then a query, a line end, and the body. Everything is looked at afterwards. */
#include "base/base.h"
#include "gate/fields.h"

#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct fields *f, const char *name)
{
	struct view v;
	const struct view *list;
	size_t n;
	if (fields_text(f, view_of(name), &v) && !utf8_valid(v))
		BUG("a value is not text");
	if (fields_list(f, view_of(name), &list, &n) && n > LIMIT_PARAMS)
		BUG("%zu values", n);
	if (fields_node(f, view_of(name)) && !f->tree)
		BUG("a value from nowhere");
	fields_file(f, view_of(name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = {"application/json", "application/x-www-form-urlencoded",
					    "multipart/form-data; boundary=X", ""};
	static const char *const names[] = {"a", "a[]", "a[b]", "a[b][c]", "a[0][b]", "b"};
	struct arena arena;
	struct fields f;
	if (size == 0 || size > LIMIT_BODY)
		return 0;
	struct view all = {(const char *)data + 1, size - 1};
	size_t line = view_find(all, 0, '\n');
	arena_init(&arena, LIMIT_CALL_ARENA);
	fields_init(&f, &arena);
	if (fields_add_query(&f, view_sub(all, 0, line), NULL) == OK &&
	    fields_add_body(&f, view_of(types[data[0] % ARRAY_LEN(types)]), view_sub(all, line + 1, all.len), NULL) ==
		    OK)
		for (size_t i = 0; i < ARRAY_LEN(names); i++)
			look(&f, names[i]);
	fields_release(&f);
	arena_release(&arena);
	return 0;
}
