/*
 * surprise.c - see surprise.h. Pieces share places of one table by their hashes. When more was learnt than fits well, all counts
 * are halved, and from there on half as many texts are learnt: what is there stays an even sample of all.
 */
#include "base/base.h"

#include "trace/surprise.h"

#include <math.h>

#define ORDER 6 /* bytes of the longest pieces */
#define SELF 2
#define DOUBT 16	       /* so often must be met what stands before, to weigh as much as what is known without it */
#define LEARNT_MOST (1U << 23) /* bytes */
#define STEPS 8		       /* a count is kept as its logarithm: so many steps for a factor of two */
#define LEAST (1.0 / 64)       /* no byte counts as less likely: a slip of a finger says nothing */

struct surprise_counts {
	uint64_t salt, seen, each, learnt;
	uint32_t count[SURPRISE_BYTES];
};

struct surprise_counts *surprise_counts_new(uint64_t salt)
{
	struct surprise_counts *c = xcalloc(1, sizeof(*c));

	c->salt = salt;
	c->each = 1;
	return c;
}

void surprise_counts_free(struct surprise_counts *c)
{
	free(c);
}

/* piece: the last n bytes, the newest lowest; n 0: how many there are. */
static size_t place_of(uint64_t salt, uint64_t piece, unsigned n)
{
	uint64_t v = (piece & ((UINT64_C(1) << 8 * n) - 1)) ^ (uint64_t)n << 56 ^ salt;

	v = (v ^ v >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
	v = (v ^ v >> 32) * UINT64_C(0x94d049bb133111eb);
	return v >> 44; /* 20 bits */
}
_Static_assert(SURPRISE_BYTES == 1 << 20, "as many as places");

static void halve(struct surprise_counts *c)
{
	for (size_t i = 0; i < SURPRISE_BYTES; i++)
		c->count[i] /= 2;
	c->learnt /= 2;
	c->each *= 2;
}

void surprise_learn(struct surprise_counts *c, struct view normal)
{
	uint64_t piece = 0;

	if (c->seen++ % c->each)
		return;
	for (size_t i = 0; i < normal.len; i++) {
		piece = piece << 8 | (unsigned char)normal.p[i];
		for (unsigned n = 0; n <= ORDER && n <= i + 1; n++)
			c->count[place_of(c->salt, piece, n)]++;
	}
	c->learnt += normal.len;
	if (c->learnt > LEARNT_MOST)
		halve(c);
}

/* Rounded down: what is no more than SELF must not become more. */
void surprise_write(const struct surprise_counts *c, unsigned char ret[SURPRISE_BYTES])
{
	for (size_t i = 0; i < SURPRISE_BYTES; i++)
		ret[i] = (unsigned char)(STEPS * log2(1 + (double)c->count[i]));
}

static const double *counts_by_step(void)
{
	static _Thread_local double counts[256];

	if (counts[255] == 0)
		for (int i = 0; i < 256; i++)
			counts[i] = exp2((double)i / STEPS) - 1;
	return counts;
}

double surprise(const unsigned char table[SURPRISE_BYTES], uint64_t salt, struct view normal)
{
	const double *counts = counts_by_step();
	double bits = 0, product = 1;
	uint64_t piece = 0;

	for (size_t i = 0; i < normal.len; i++) {
		double chance = LEAST, before = counts[table[place_of(salt, 0, 0)]];

		piece = piece << 8 | (unsigned char)normal.p[i];
		for (unsigned n = 1; n <= ORDER && n <= i + 1 && before > SELF; n++) {
			double met = counts[table[place_of(salt, piece, n)]];
			double share = met > SELF ? (met - SELF) / before : 0;

			chance = (before * (share < 1 ? share : 1) + DOUBT * chance) / (before + DOUBT);
			/* What stands before the next longer piece's last byte. */
			before = counts[table[place_of(salt, piece >> 8, n)]];
		}
		product *= chance > LEAST ? chance : LEAST;
		if (product < 1e-200) {
			bits -= log2(product);
			product = 1;
		}
	}
	return bits - log2(product);
}
