/*
 * ngram.h - a language model of three words with Witten and Bell's smoothing (1991): what was seen, mixed with what fewer words say by how
 * often something new followed.
 */
#ifndef STUDY_NGRAM_H
#define STUDY_NGRAM_H

#include "text.h"

struct ngram;
struct ngram *ngram_new(void);
void ngram_free(struct ngram *g);
void ngram_learn(struct ngram *g, const uint16_t *words, size_t n);
/* Forgets threes that were seen less often than `least`: what models do that have no room for each. */
void ngram_forget(struct ngram *g, uint32_t least);
/* Mean ln chance of a word. */
double ngram_score(const struct ngram *g, const uint16_t *words, size_t n);

#endif
