/*
 * measure.h - how well rows are matched, measured on the posts at hand: some of them are rewritten as leaks are, and looked up;
 * and once more as if they were not in the index, when whatever is found is wrong.
 */
#ifndef TRACE_MEASURE_H
#define TRACE_MEASURE_H

#include "base/buf.h"
#include "trace/matcher.h"

/* What is done to a text. */
enum rewrite {
	REWRITE_NONE,
	REWRITE_CASE,	/* all letters large */
	REWRITE_LINKS,	/* links and mentions cut */
	REWRITE_EMOJI,	/* emoji and other signs dropped */
	REWRITE_CHARS,	/* of ten letters, one changed */
	REWRITE_HALF,	/* the first half */
	REWRITE_QUOTED, /* inside other words */
	REWRITE_ALL,	/* case, links, emoji and letters together */
	REWRITES
};
const char *rewrite_name(enum rewrite r); /* "one letter in ten changed" */
/* Appends. seed: the same text and seed give the same. Valid UTF-8 stays so. */
void rewrite(struct buf *out, struct view text, enum rewrite how, uint64_t seed);

/* Letters of a normal form from which on a post is counted: half of it must be enough to be found by. */
#define MEASURE_LETTERS (2 * MATCH_NEAR_LETTERS)

struct measured_rewrite {
	uint64_t rows, right, wrong, ambiguous; /* the rest was not found */
	uint64_t false_rows, false_found; /* as if the post were not in the index: asked, and found all the same */
};
struct measured {
	uint64_t posts;	    /* that were rewritten */
	uint64_t looked_at; /* to find them: of these */
	uint64_t brief;	    /* were too short, */
	uint64_t shared;    /* and had the text of another post */
	struct measured_rewrite by[REWRITES];
	double recall;	  /* right / rows, over all but REWRITE_NONE */
	double precision; /* right / (right + wrong + false_found), likewise */
	double single_recall[REWRITES];
};
/* At most n posts, evenly over the index. Errors of the texts' source. */
enum err measure_matching(const struct trace_index *x, const struct matcher_texts *texts, uint64_t n, uint64_t seed,
			  struct measured *ret);

#endif
