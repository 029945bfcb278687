/*
 * needle.c - see needle.h.
 */
#include "base/base.h"
#include "text/needle.h"

#include <unicase.h>
#include <uninorm.h>

#include "text/utf8.h"

#define GRAM 3
#define BITS_PER_BYTE_OF_TEXT 8 /* an eighth of the bits is set at most */
#define WORDS_MIN 4
#define WORDS_MAX 256

/* False, and nothing added, for what has other bytes than those of ASCII text. */
static bool add_ascii(struct buf *out, struct view text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.p[i] >= 0x80 || !text.p[i])
			return false;
	char *at = buf_reserve(out, text.len);
	if (!at)
		return true; /* the buffer says so */
	for (size_t i = 0; i < text.len; i++)
		at[i] = ascii_lower(text.p[i]);
	buf_grow(out, text.len);
	return true;
}

enum err needle_fold(struct buf *out, struct view text)
{
	size_t len;

	if (add_ascii(out, text))
		return buf_err(out);
	if (!utf8_valid(text))
		return ERR_INVALID;
	uint8_t *folded = u8_casefold((const uint8_t *)text.p, text.len, NULL, UNINORM_NFC, NULL, &len);
	if (!folded)
		BUG("out of memory");
	buf_add(out, view_make((const char *)folded, len));
	free(folded);
	return buf_err(out);
}

static uint32_t gram_hash(const char *p)
{
	uint32_t gram = (uint32_t)(unsigned char)p[0] | (uint32_t)(unsigned char)p[1] << 8 |
			(uint32_t)(unsigned char)p[2] << 16;

	return gram * UINT32_C(0x9E3779B1); /* Knuth: multiplicative hashing; the upper bits are the good ones */
}

/* words is a power of two, at most WORDS_MAX. */
static size_t gram_bit(uint32_t hash, size_t words)
{
	return (hash >> 16) & (words * 64 - 1);
}

size_t haystack_gram_words(size_t len)
{
	size_t words = WORDS_MIN;

	if (!len)
		return 0;
	while (words < WORDS_MAX && words * 64 < len * BITS_PER_BYTE_OF_TEXT)
		words *= 2;
	return words;
}

void haystack_fill(struct view folded, uint64_t *grams, size_t words)
{
	memset(grams, 0, words * sizeof(*grams));
	for (size_t i = 0; words && i + GRAM <= folded.len; i++) {
		size_t bit = gram_bit(gram_hash(folded.p + i), words);

		grams[bit / 64] |= UINT64_C(1) << bit % 64;
	}
}

struct needle needle_make(struct view folded, bool whole_word)
{
	struct needle n = {.text = folded};
	size_t grams = folded.len >= GRAM ? folded.len - GRAM + 1 : 0;
	size_t taken = grams < NEEDLE_GRAMS ? grams : NEEDLE_GRAMS;
	ucs4_t first = 0;

	if (whole_word && folded.len) {
		(void)utf8_at(folded, 0, &first);
		n.from_start = utf8_is_word(first);
		n.to_end = utf8_is_word(utf8_before(folded, folded.len));
	}
	/* Spread over the needle: neighbours say nearly the same. */
	for (size_t i = 0; i < taken; i++)
		n.grams[n.n_grams++] = gram_hash(folded.p + (taken > 1 ? i * (grams - 1) / (taken - 1) : 0));
	return n;
}

static bool may_be_in(const struct needle *n, const struct haystack *h)
{
	for (size_t i = 0; i < n->n_grams; i++) {
		size_t bit = gram_bit(n->grams[i], h->gram_words);

		if (!(h->grams[bit / 64] >> bit % 64 & 1))
			return false;
	}
	return true;
}

static bool stands_alone(const struct needle *n, struct view text, size_t at)
{
	size_t end = at + n->text.len;
	ucs4_t next;

	if (n->from_start && at > 0 && utf8_is_word(utf8_before(text, at)))
		return false;
	if (!n->to_end || end == text.len)
		return true;
	(void)utf8_at(text, end, &next);
	return !utf8_is_word(next);
}

bool needle_in(const struct needle *n, const struct haystack *h)
{
	const char *begin = h->text.p, *end = begin + h->text.len, *at = begin;

	if (!h->gram_words || !n->text.len || !may_be_in(n, h))
		return false;
	while ((size_t)(end - at) >= n->text.len && (at = memmem(at, (size_t)(end - at), n->text.p, n->text.len))) {
		if (stands_alone(n, h->text, (size_t)(at - begin)))
			return true;
		at++;
	}
	return false;
}
