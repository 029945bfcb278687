/*
 * text.c - see text.h.
 */
#include "base/base.h"
#include "text.h"

#include <math.h>

#define FOLLOWERS 12
#define LIKES_TO_FOLLOW 0.45

/* The rank of a word by Zipf's law, from 0; by inversion of its continuous form. */
static size_t zipf(struct chance *c, size_t n)
{
	return (size_t)pow((double)n, chance_uniform(c)) - 1;
}

/* Which words like to come after two: always the same for the same two. */
static uint16_t follower(uint16_t a, uint16_t b, size_t which)
{
	struct chance c;

	chance_seed(&c, (uint64_t)a << 32 ^ (uint64_t)(b & ~3U) << 8 ^ which);
	return (uint16_t)(1 + zipf(&c, WORDS - 1));
}

void texts_init(struct texts *t, size_t n, uint64_t seed)
{
	struct chance c;

	*t = (struct texts){.n = n,
			    .start = xcalloc(n + 1, sizeof(*t->start)),
			    .words = xcalloc(n * POST_WORDS_MAX, sizeof(*t->words))};
	chance_seed(&c, seed);
	for (size_t i = 0; i < n; i++) {
		size_t length = POST_WORDS_MIN + chance_below(&c, POST_WORDS_MAX - POST_WORDS_MIN + 1);
		uint16_t a = 0, b = 0, *at = t->words + t->start[i];
		for (size_t j = 0; j < length; j++) {
			uint16_t w = chance_uniform(&c) < LIKES_TO_FOLLOW ? follower(a & 7, b, zipf(&c, FOLLOWERS))
									  : (uint16_t)(1 + zipf(&c, WORDS - 1));
			*at++ = w;
			a = b;
			b = w;
		}
		t->start[i + 1] = t->start[i] + (uint32_t)length;
	}
}

void texts_release(struct texts *t)
{
	free(t->start);
	free(t->words);
}
