/*
 * vocabulary.h - a seeded random source and texts made of it, for the benchmarks' data: the same on every run. Words
 * follow Zipf's law (the word of rank r is met in proportion to 1/r), as they do in people's texts, because a search
 * index and a compressor both live from that.
 */
#ifndef BENCH_VOCABULARY_H
#define BENCH_VOCABULARY_H

#include "base/base.h"
#include "base/buf.h"

#define VOCABULARY_WORDS 50000
#define VOCABULARY_TAGS 2000

uint64_t seeded(void);	       /* xorshift64*, always the same sequence */
size_t seeded_below(size_t n); /* 0 … n - 1 */
bool seeded_chance(unsigned percent);

/* The word of a rank (0 is the commonest), and a rank by its share. */
void vocabulary_word(size_t rank, char ret[16]);
size_t vocabulary_pick(size_t ranks);

/* Appends n words with capital letters and full stops. met (VOCABULARY_WORDS, may be NULL) counts texts by word. */
void vocabulary_sentences(struct buf *out, size_t n, uint32_t *met);
void vocabulary_name(struct buf *out); /* "Kalimo Setuba" */
/* "3f/3f9c….jpg", as media/files.h makes them. */
void vocabulary_file_key(struct buf *out, const char *ext);

#endif
