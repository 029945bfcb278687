/*
 * holes.h - who a post is withheld from: the bit sets of evidence.h turned round, and who shares how many. At p = 1 % a post of 200 licensees is
 * withheld from two, so lists are short, and counting pairs and triples is a walk over them.
 */
#ifndef TRACE_HOLES_H
#define TRACE_HOLES_H

#include "base/base.h"
#include "trace/evidence.h"

/* Of the posts that are withheld from anybody: post[i] from who[start[i]] to who[start[i + 1] - 1], ascending. */
struct holes {
	size_t n;
	uint32_t *post;	 /* ascending */
	uint64_t *start; /* [n + 1] */
	uint16_t *who;
};
void holes_init(struct holes *h, const struct evidence_input *in);
void holes_release(struct holes *h);

/* [i * licensees + j], for i < j: the posts withheld from both. free() */
uint32_t *holes_pairs(const struct holes *h, size_t licensees);
/* [holes_triple(i, j, k)], for i < j < k. free() */
uint32_t *holes_triples(const struct holes *h, size_t licensees);
static inline size_t holes_triple(size_t i, size_t j, size_t k)
{
	return k * (k - 1) * (k - 2) / 6 + j * (j - 1) / 2 + i;
}

#endif
