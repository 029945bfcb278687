/*
 * neural.h - a small neural language model (Bengio and others 2003): the last three words as vectors, and the last two together as one (by a
 * hash), one hidden layer, a softmax over all words; trained by plain stochastic gradient descent on one core.
 */
#ifndef STUDY_NEURAL_H
#define STUDY_NEURAL_H

#include "text.h"

struct neural;
struct neural *neural_new(uint64_t seed);
void neural_free(struct neural *m);
void neural_learn(struct neural *m, const uint16_t *words, size_t n, float rate);
double neural_score(struct neural *m, const uint16_t *words, size_t n); /* mean ln chance of a word */

#endif
