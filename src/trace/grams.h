/*
 * grams.h - shingles: pieces of a normal form that begin at each of its characters and are so many characters as make
 * GRAM_BYTES bytes. Eight Latin letters, four Cyrillic, three Chinese characters: about as telling each.
 */
#ifndef TRACE_GRAMS_H
#define TRACE_GRAMS_H

#include "base/base.h"

#define GRAM_BYTES 8
#define GRAMS_MAX 1024 /* of a text; what comes behind is not looked at */

/* Their hashes (64 good bits, the same for the same salt) in order. Returns how many. */
size_t grams(struct view normal, uint64_t salt, uint64_t ret[GRAMS_MAX]);
/* Of the whole text. */
uint64_t gram_whole(struct view normal, uint64_t salt);

#endif
