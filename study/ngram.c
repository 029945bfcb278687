/*
 * ngram.c - see ngram.h. One open hash table of counts: contexts and what follows them, by key.
 */
#include "base/base.h"
#include "ngram.h"

#include <math.h>

#define SLOTS ((size_t)1 << 22)

struct slot {
	uint64_t key;	       /* 0: empty */
	uint32_t count, kinds; /* kinds: of a context, different words behind it */
};
struct ngram {
	struct slot *slots;
	uint32_t least;
};

enum { CONTEXT = 8 }; /* order 0, 1, 2 of what follows; with CONTEXT: of the context */

static uint64_t key_of(unsigned kind, uint16_t a, uint16_t b, uint16_t w)
{
	return ((uint64_t)kind << 48 | (uint64_t)a << 32 | (uint64_t)b << 16 | w) + 1;
}

static struct slot *find(const struct ngram *g, uint64_t key)
{
	size_t i = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 42);

	while (g->slots[i].key && g->slots[i].key != key)
		i = (i + 1) & (SLOTS - 1);
	return &g->slots[i];
}

struct ngram *ngram_new(void)
{
	struct ngram *g = xcalloc(1, sizeof(*g));

	g->slots = xcalloc(SLOTS, sizeof(*g->slots));
	g->least = 1;
	return g;
}

void ngram_free(struct ngram *g)
{
	free(g->slots);
	free(g);
}

static void count(struct ngram *g, unsigned order, uint16_t a, uint16_t b, uint16_t w)
{
	struct slot *s = find(g, key_of(order, a, b, w)), *context;
	bool is_new = !s->key;

	s->key = key_of(order, a, b, w);
	s->count++;
	context = find(g, key_of(order | CONTEXT, a, b, 0));
	context->key = key_of(order | CONTEXT, a, b, 0);
	context->count++;
	context->kinds += is_new;
}

void ngram_learn(struct ngram *g, const uint16_t *words, size_t n)
{
	uint16_t a = 0, b = 0;

	for (size_t i = 0; i <= n; i++) {
		uint16_t w = i < n ? words[i] : 0;
		count(g, 0, 0, 0, w);
		count(g, 1, 0, b, w);
		count(g, 2, a, b, w);
		a = b;
		b = w;
	}
}

void ngram_forget(struct ngram *g, uint32_t least)
{
	g->least = least;
}

static double chance_of(const struct ngram *g, uint16_t a, uint16_t b, uint16_t w)
{
	double p = 1.0 / WORDS;

	for (unsigned order = 0; order < 3; order++) {
		uint16_t x = order == 2 ? a : 0, y = order ? b : 0;
		const struct slot *c = find(g, key_of(order | CONTEXT, x, y, 0)), *s = find(g, key_of(order, x, y, w));
		if (!c->key)
			return p;
		double seen = s->key && s->count >= (order == 2 ? g->least : 1) ? s->count : 0;
		p = (seen + c->kinds * p) / (double)(c->count + c->kinds);
	}
	return p;
}

double ngram_score(const struct ngram *g, const uint16_t *words, size_t n)
{
	uint16_t a = 0, b = 0;
	double ln = 0;

	for (size_t i = 0; i <= n; i++) {
		uint16_t w = i < n ? words[i] : 0;
		ln += log(chance_of(g, a, b, w));
		a = b;
		b = w;
	}
	return ln / (double)(n + 1);
}
