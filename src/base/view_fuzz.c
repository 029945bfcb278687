/*
 * view_fuzz.c - number parsers, UTF-8 and splitting, each against what it promises.
 */
#include "base/base.h"
#include "base/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_numbers(struct view v)
{
	uint64_t u = 0;
	int64_t n = 0;
	double d = 0;
	bool b, is_u64 = parse_u64(v, UINT64_MAX, &u), is_i64 = parse_i64(v, INT64_MIN, INT64_MAX, &n);
	if (is_u64 && u <= INT64_MAX && !(is_i64 && (uint64_t)n == u))
		BUG("u64 and i64 disagree");
	if ((is_u64 || is_i64) && v.len <= 64 && !parse_double(v, &d))
		BUG("an integer is no decimal");
	if (parse_u64(v, 100, &u) && u > 100)
		BUG("over the maximum");
	if (parse_bool(v, &b) && v.len > 5)
		BUG("no word is that long");
}

static void check_utf8(struct view v)
{
	size_t at = 0, n;
	while ((n = utf8_step(v, at)) != 0 && v.p[at] != '\0')
		at += n;
	if (utf8_valid(v) != (at == v.len))
		BUG("valid, but not step by step");
}

static void check_split(struct view v)
{
	struct view rest = v, piece;
	size_t total = 0, pieces = 0;
	while (view_split(&rest, ',', &piece)) {
		total += piece.len;
		pieces++;
		if (view_find(piece, 0, ',') != piece.len || view_trim(piece).len > piece.len)
			BUG("a piece holds its separator");
	}
	size_t separators = 0;
	for (size_t i = 0; i < v.len; i++)
		separators += v.p[i] == ',';
	if (total + separators != v.len || pieces > separators + 1)
		BUG("bytes lost in splitting");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view v = view_make((const char *)data, size);
	check_numbers(v);
	check_utf8(v);
	check_split(v);
	return 0;
}
