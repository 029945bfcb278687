/*
 * needle_fuzz.c - the first line is looked for in the rest: what a plain search finds, the grams must not rule out, and
 * whole words are found as parts too.
 */
#include "base/base.h"
#include "text/needle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view rest = view_make((const char *)data, size), word;
	struct buf CLEANUP(buf_release) folded = {.max = 8 * size + 1},
					CLEANUP(buf_release) text = {.max = 8 * size + 1};
	static uint64_t grams[256];

	if (!view_split(&rest, '\n', &word))
		return 0;
	bool valid = utf8_valid(word) && utf8_valid(rest);
	enum err err = needle_fold(&folded, word);
	if (err == OK)
		err = needle_fold(&text, rest);
	if ((err == OK) != valid)
		BUG("folding %s", err == OK ? "took what is no text" : "refused a text");
	if (err != OK)
		return 0;
	size_t words = haystack_gram_words(text.len);
	if (words > ARRAY_LEN(grams))
		BUG("%zu words", words);
	haystack_fill(buf_view(&text), grams, words);
	struct haystack h = {buf_view(&text), grams, words};
	struct needle part = needle_make(buf_view(&folded), false), whole = needle_make(buf_view(&folded), true);
	bool there = folded.len && text.len && memmem(text.p, text.len, folded.p, folded.len);
	if (needle_in(&part, &h) != there)
		BUG("it is %sthere", there ? "" : "not ");
	if (needle_in(&whole, &h) && !there)
		BUG("a whole word that is not there");
	return 0;
}
