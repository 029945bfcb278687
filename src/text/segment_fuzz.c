/*
 * segment_fuzz.c - tokens of any text are tokens of themselves, or a query made from a post would not find it.
 */
#include "base/base.h"
#include "text/segment.h"

#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_shape(struct view tokens)
{
	struct view rest = tokens, token;
	if (!utf8_valid(tokens))
		BUG("tokens are not UTF-8");
	while (tokens.len && view_split(&rest, ' ', &token)) {
		if (token.len == 0 || token.len > SEGMENT_TOKEN_BYTES)
			BUG("a token of %zu bytes", token.len);
		for (size_t i = 0; i < token.len; i++) {
			unsigned char c = (unsigned char)token.p[i];
			if (c < 0x80 && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z'))
				BUG("0x%x in a token", c);
		}
	}
}

static void check_query(struct view v)
{
	struct segment_term terms[LIMIT_QUERY_TERMS];
	struct arena a;
	arena_init(&a, 16 * LIMIT_MIB);
	size_t n = segment_query(&a, v, LIMIT_QUERY_TERMS, terms);
	for (size_t i = 0; i < n; i++) {
		if ((terms[i].phrase.len == 0) == (terms[i].op.len == 0))
			BUG("a term is a phrase or an operator");
		check_shape(terms[i].phrase);
	}
	arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view text = view_make((const char *)data, size);
	struct buf CLEANUP(buf_release) once = {.max = 40 * size + 1}, twice = {.max = 80 * size + 1};
	check_query(text);
	if (segment(&once, text) != OK) {
		if (utf8_valid(text))
			BUG("a text without tokens");
		return 0;
	}
	check_shape(buf_view(&once));
	if (segment(&twice, buf_view(&once)) != OK || !view_eq(buf_view(&once), buf_view(&twice)))
		BUG("tokens of tokens are others");
	return 0;
}
