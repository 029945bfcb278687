/* Reads anything; what was read, written and read again is the same. */
#include "base/base.h"
#include "transfer/csv.h"

#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void again(struct arena *a, const struct csv_record *r)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	struct csv_record twin;

	for (size_t i = 0; i < r->n; i++) {
		if (i)
			fputc(',', f);
		csv_put(f, r->fields[i]);
	}
	fclose(f);
	struct csv c = csv_of(view_make(text, len));
	bool found = csv_next(&c, a, &twin);
	if (!found && !(r->n == 1 && !r->fields[0].len))
		BUG("a record is lost");
	if (found && len <= CSV_RECORD_MAX && !view_starts(view_make(text, len), V("\xef\xbb\xbf"))) {
		if (twin.wrong || twin.n != r->n)
			BUG("a record reads differently");
		for (size_t i = 0; i < r->n; i++)
			if (!view_eq(twin.fields[i], r->fields[i]))
				BUG("a field reads differently");
	}
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csv c = csv_of(view_make((const char *)data, size));
	struct csv_record r;
	struct arena a;
	int64_t line = 0;

	arena_init(&a, LIMIT_CALL_ARENA);
	while (csv_next(&c, &a, &r)) {
		if (r.line <= line || (r.wrong && r.n))
			BUG("a record is not what it should be");
		line = r.line;
		if (!r.wrong)
			again(&a, &r);
		arena_reset(&a);
	}
	arena_release(&a);
	return 0;
}
