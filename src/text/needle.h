/*
 * needle.h - looking for one's words of filters in posts, in any case of letters. A post is folded once and keeps which
 * runs of three bytes it has, as a Bloom filter: nearly all words are ruled out by looking at a bit or two.
 */
#ifndef TEXT_NEEDLE_H
#define TEXT_NEEDLE_H

#include "base/buf.h"

/* What is looked in. Both parts belong to whoever made it. */
struct haystack {
	struct view text; /* folded by needle_fold */
	const uint64_t *grams;
	size_t gram_words; /* a power of two, of 64 bits each; 0: no text */
	uint64_t hash;	   /* of the text; equal hashes are equal texts, as seeded 64 bits go */
};

/* Appends text in full case folding, NFC (Unicode 3.13); accents stay. ERR_INVALID: not UTF-8. */
enum err needle_fold(struct buf *out, struct view text);

/* How many words haystack_fill() writes for a folded text of so many bytes. */
size_t haystack_gram_words(size_t len);
void haystack_fill(struct view folded, uint64_t *grams, size_t words);

#define NEEDLE_GRAMS 4

struct needle {
	struct view text;	      /* folded; not empty */
	bool from_start, to_end;      /* only where a word begins, and ends: Ruby's \b */
	uint32_t grams[NEEDLE_GRAMS]; /* hashes of some of its grams */
	uint8_t n_grams;
};

/* whole_word counts only at an end of the needle that is part of a word: "c++" is found in "c++11". */
struct needle needle_make(struct view folded, bool whole_word);
bool needle_in(const struct needle *needle, const struct haystack *haystack);

#endif
