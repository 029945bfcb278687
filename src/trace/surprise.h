/*
 * surprise.h - how much a normal form says, in bits: minus the logarithm of the chance that a text of this network goes on like
 * that, letter by letter. "Good morning everybody" says little, a recipe much. The shorter and the more ordinary a text is, the more
 * often it stands in another one by chance; what a match is worth follows from its bits (matcher.c).
 *
 * The chance of a byte, given up to ORDER - 1 before it, is made of counts of shorter and longer pieces (Jelinek, Mercer 1980),
 * each with the more weight the more often what stands before was met. Counts are of the posts themselves, so SELF of each piece
 * are not counted: a post's own, and that of a post it was copied from.
 */
#ifndef TRACE_SURPRISE_H
#define TRACE_SURPRISE_H

#include "base/base.h"

#define SURPRISE_BYTES ((size_t)1 << 20) /* of a table as it is kept */

/* ---- counting ---- */

struct surprise_counts;
struct surprise_counts *surprise_counts_new(uint64_t salt);
void surprise_counts_free(struct surprise_counts *c); /* NULL-safe */
/* Of very many texts only some are learnt, evenly. */
void surprise_learn(struct surprise_counts *c, struct view normal);
void surprise_write(const struct surprise_counts *c, unsigned char ret[SURPRISE_BYTES]);

/* ---- asking ---- */

/* Bits of all of it, >= 0. The table may hold anything. */
double surprise(const unsigned char table[SURPRISE_BYTES], uint64_t salt, struct view normal);

#endif
