/*
 * holes.c - see holes.h. The bit sets are walked once, 64 posts at a time.
 */
#include "base/base.h"
#include "trace/holes.h"

#define BLOCK 64

/* Of one word of each licensee: how many withhold each of its posts. Returns whether any does. */
static bool count_block(const struct evidence_input *in, size_t word, uint16_t counts[BLOCK])
{
	bool any = false;

	memset(counts, 0, BLOCK * sizeof(*counts));
	for (size_t j = 0; j < in->n_licensees; j++)
		for (uint64_t w = in->licensees[j].withheld[word]; w; w &= w - 1) {
			counts[__builtin_ctzll(w)]++;
			any = true;
		}
	return any;
}

static void count_all(const struct evidence_input *in, size_t *ret_posts, size_t *ret_entries)
{
	uint16_t counts[BLOCK];

	*ret_posts = *ret_entries = 0;
	for (size_t word = 0; word < EVIDENCE_WORDS(in->n); word++) {
		if (!count_block(in, word, counts))
			continue;
		for (size_t i = 0; i < BLOCK; i++) {
			*ret_posts += counts[i] > 0;
			*ret_entries += counts[i];
		}
	}
}

static void add_block(struct holes *h, const struct evidence_input *in, size_t word, const uint16_t counts[BLOCK])
{
	uint64_t at[BLOCK], next = h->start[h->n];

	for (size_t i = 0; i < BLOCK; i++) {
		at[i] = next;
		if (!counts[i])
			continue;
		next += counts[i];
		h->post[h->n++] = (uint32_t)(word * BLOCK + i);
		h->start[h->n] = next;
	}
	for (size_t j = 0; j < in->n_licensees; j++)
		for (uint64_t w = in->licensees[j].withheld[word]; w; w &= w - 1)
			h->who[at[__builtin_ctzll(w)]++] = (uint16_t)j;
}

void holes_init(struct holes *h, const struct evidence_input *in)
{
	size_t posts, entries;
	uint16_t counts[BLOCK];

	count_all(in, &posts, &entries);
	*h = (struct holes){.post = xcalloc(posts, sizeof(*h->post)),
			    .start = xcalloc(posts + 1, sizeof(*h->start)),
			    .who = xcalloc(entries, sizeof(*h->who))};
	for (size_t word = 0; word < EVIDENCE_WORDS(in->n); word++)
		if (count_block(in, word, counts))
			add_block(h, in, word, counts);
}

void holes_release(struct holes *h)
{
	free(h->post);
	free(h->start);
	free(h->who);
	*h = (struct holes){0};
}

uint32_t *holes_pairs(const struct holes *h, size_t licensees)
{
	uint32_t *pairs = xcalloc(licensees * licensees, sizeof(*pairs));

	for (size_t x = 0; x < h->n; x++)
		for (uint64_t a = h->start[x]; a < h->start[x + 1]; a++)
			for (uint64_t b = a + 1; b < h->start[x + 1]; b++)
				pairs[h->who[a] * licensees + h->who[b]]++;
	return pairs;
}

uint32_t *holes_triples(const struct holes *h, size_t licensees)
{
	uint32_t *triples = xcalloc(licensees < 3 ? 0 : holes_triple(0, 0, licensees), sizeof(*triples));

	for (size_t x = 0; x < h->n; x++)
		for (uint64_t a = h->start[x]; a < h->start[x + 1]; a++)
			for (uint64_t b = a + 1; b < h->start[x + 1]; b++)
				for (uint64_t c = b + 1; c < h->start[x + 1]; c++)
					triples[holes_triple(h->who[a], h->who[b], h->who[c])]++;
	return triples;
}
