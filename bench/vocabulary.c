/*
 * vocabulary.c - see vocabulary.h.
 */
#include "base/base.h"

#include "vocabulary.h"

#include <math.h>

#define SYLLABLES 75 /* 15 consonants, 5 vowels */
#define SENTENCE_WORDS 11

/* Short words stand first, as they do in every language. */
static const char *const short_words[] = {"the", "to",	"and", "a",   "yang", "of",   "di",  "in",   "is",  "it",
					  "dan", "for", "on",  "you", "itu",  "that", "ini", "with", "was", "ke",
					  "we",	 "not", "so",  "my",  "ada",  "but",  "at",  "saya", "be",  "are"};

static uint64_t state = 88172645463325252ULL;

uint64_t seeded(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 2685821657736338717ULL;
}

size_t seeded_below(size_t n)
{
	return (size_t)((seeded() >> 16) % n);
}
bool seeded_chance(unsigned percent)
{
	return seeded_below(100) < percent;
}

/* Two syllables for the next sixty ranks, then three; no two ranks share a word. */
void vocabulary_word(size_t rank, char ret[16])
{
	static const char consonants[] = "bcdfghjklmnprst", vowels[] = "aeiou";
	size_t syllables = rank < ARRAY_LEN(short_words) + 60 ? 2 : 3, n = 0;
	size_t range = syllables == 2 ? SYLLABLES * SYLLABLES : SYLLABLES * SYLLABLES * SYLLABLES;
	size_t code = rank * 11003 % range; /* a prime that is no factor of either range */

	if (rank < ARRAY_LEN(short_words)) {
		snprintf(ret, 16, "%s", short_words[rank]);
		return;
	}
	for (; syllables > 0; syllables--, code /= SYLLABLES) {
		ret[n++] = consonants[code % SYLLABLES / 5];
		ret[n++] = vowels[code % 5];
	}
	ret[n] = '\0';
}

static const double *share_sums(void)
{
	static double sums[VOCABULARY_WORDS];

	if (sums[0] > 0)
		return sums;
	for (size_t i = 0; i < VOCABULARY_WORDS; i++)
		sums[i] = 1.0 / (double)(i + 1) + (i ? sums[i - 1] : 0);
	return sums;
}

size_t vocabulary_pick(size_t ranks)
{
	const double *sums = share_sums();
	double want = (double)(seeded() >> 11) / (double)(1ULL << 53) * sums[ranks - 1];
	size_t low = 0, high = ranks - 1;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (sums[mid] > want)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

static void add_word(struct buf *out, const char *word, bool capital)
{
	size_t at = out->len;

	buf_add_str(out, word);
	if (capital && !out->over)
		out->p[at] = (char)(out->p[at] & ~0x20);
}

void vocabulary_sentences(struct buf *out, size_t n, uint32_t *met)
{
	static size_t text_number;
	static size_t last_met[VOCABULARY_WORDS]; /* a word counts once in a text */
	char word[16];

	text_number++;
	for (size_t i = 0; i < n; i++) {
		size_t rank = vocabulary_pick(VOCABULARY_WORDS);

		if (met && last_met[rank] != text_number) {
			last_met[rank] = text_number;
			met[rank]++;
		}
		vocabulary_word(rank, word);
		add_word(out, word, i % SENTENCE_WORDS == 0);
		if (i + 1 == n)
			buf_add_c(out, '.');
		else
			buf_add_str(out, i % SENTENCE_WORDS == SENTENCE_WORDS - 1 ? ". " : " ");
	}
}

void vocabulary_name(struct buf *out)
{
	char word[16];

	for (size_t i = 0; i < 2; i++) {
		vocabulary_word(100 + seeded_below(VOCABULARY_WORDS - 100), word);
		if (i)
			buf_add_c(out, ' ');
		add_word(out, word, true);
	}
}

void vocabulary_file_key(struct buf *out, const char *ext)
{
	uint64_t a = seeded(), b = seeded();

	buf_printf(out, "%02x/%016" PRIx64 "%016" PRIx64 ".%s", (unsigned)(a >> 56), a, b, ext);
}
