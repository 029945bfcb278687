/*
 * index.h - what of our posts is looked up for each row of a leak: ids, hashes of whole normal forms, and of a few shingles
 * of each ("anchors"). One file, mapped; no text of anybody is in it, and ids are. About 60 bytes for a post, and a MiB.
 *
 * Anchors are chosen as in winnowing (Schleimer, Wilkerson, Aiken 2003), but since a row is looked up with all of its
 * shingles, no more than a few of a post's need to be kept: its shingles are parted into ANCHORS stretches, and of each the rarest
 * one among all posts is taken. So each part of a post can be found by itself, and what is in thousands of posts is not looked at.
 */
#ifndef TRACE_INDEX_H
#define TRACE_INDEX_H

#include "base/base.h"

#define INDEX_ANCHORS 8	   /* of a text, at most */
#define INDEX_SAME_MAX 64  /* posts of one hash that are kept */

struct trace_index;

/* ERR_NOT_FOUND; ERR_CORRUPT when it is no index, of another version or cut short; ERR_UNAVAILABLE. */
enum err index_open(const char *path, struct trace_index **ret, struct problem *problem);
void index_close(struct trace_index *x); /* NULL-safe */

enum index_flag {
	INDEX_GONE = 1,	 /* known by the ledger alone: deleted since, or never here */
	INDEX_BOOST = 2, /* has no text of its own */
	INDEX_PUBLIC = 4 /* may have been delivered; the others are unlisted */
};
/* Posts have numbers: from 0, ascending by id; those of the ledger alone come behind the others, ascending too. */
uint32_t index_posts(const struct trace_index *x); /* all, with those */
int64_t index_id(const struct trace_index *x, uint32_t post);
unsigned index_flags(const struct trace_index *x, uint32_t post);
bool index_find_id(const struct trace_index *x, int64_t id, uint32_t *ret);

uint64_t index_salt(const struct trace_index *x); /* for grams.h */
/* How much a text says among these posts, in bits (surprise.h). */
double index_bits(const struct trace_index *x, struct view normal);
/* Posts with a hash; false ones once in 65 536. INDEX_SAME_MAX: there are as many or more. */
size_t index_look_up(const struct trace_index *x, uint64_t hash, uint32_t ret[INDEX_SAME_MAX]);
void index_prefetch(const struct trace_index *x, uint64_t hash);	  /* first, */
void index_prefetch_postings(const struct trace_index *x, uint64_t hash); /* then this, then index_look_up */

struct index_stats {
	uint64_t bytes, posts, gone, postings;
	uint64_t made_id; /* random: no two indexes have the same */
};
struct index_stats index_stats(const struct trace_index *x);

/* ---- building ---- */

struct index_builder;
/* expected: about how many posts; sizes a table. Beside path some 12 bytes for each posting are needed meanwhile. */
enum err index_build(const char *path, uint64_t expected, struct index_builder **ret, struct problem *problem);
/* First, for some of the posts (evenly chosen): how common shingles are, and how ordinary a text. */
void index_build_sample(struct index_builder *b, struct view normal);
/* Then all, ascending by id; each gets its number. ERR_INVALID when they do not ascend. */
enum err index_build_post(struct index_builder *b, int64_t id, unsigned flags, uint32_t *ret);
/* A text of a post that was added: one for each of its versions. ERR_NO_SPACE, ERR_UNAVAILABLE. */
enum err index_build_text(struct index_builder *b, uint32_t post, struct view normal);
/* At last, in any order, repeated or not: ids that were delivered. Those that were not added are gone. */
void index_build_delivered(struct index_builder *b, int64_t id);
/* Writes the file, whole or not at all. */
enum err index_build_end(struct index_builder *b, struct problem *problem);
void index_build_free(struct index_builder *b); /* NULL-safe */

#endif
