/*
 * text.h - texts that are made up: posts of words (numbers), with grammar enough that a model can learn something, and entropy enough that no two
 * are alike. Each word is either drawn by how common it is (Zipf), or one of the few that like to follow the last two.
 */
#ifndef STUDY_TEXT_H
#define STUDY_TEXT_H

#include "world.h"

#define WORDS 800 /* of the vocabulary; 0 begins and ends a post */
#define POST_WORDS_MIN 8
#define POST_WORDS_MAX 20

struct texts {
	size_t n;
	uint32_t *start; /* [n + 1] */
	uint16_t *words;
};
/* The language is always the same; the seed is that of what is said in it. */
void texts_init(struct texts *t, size_t n, uint64_t seed);
void texts_release(struct texts *t);

#endif
