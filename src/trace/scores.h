/*
 * scores.h - what an examiner hands in: one line for each probe, its id and a number. JSON objects ({"id": "…", "score": -3.1}) or CSV
 * (id,score; a first line that is no score is its head). A parser of outside bytes: fuzzed.
 */
#ifndef TRACE_SCORES_H
#define TRACE_SCORES_H

#include "base/base.h"

#include <stdio.h>

#define SCORE_LINE_MAX 4096
#define SCORE_ID_MAX 64

enum score_line {
	SCORE_GOOD,
	SCORE_BLANK,	  /* nothing on it */
	SCORE_NOT_A_LINE, /* neither form */
	SCORE_NO_NUMBER,  /* NaN, infinite, or no number at all */
};
/* Points into scratch, which has room for SCORE_LINE_MAX bytes. */
enum score_line score_parse(struct view line, char *scratch, struct view *ret_id, double *ret);

/*
 * One score for each id, in the order of ids. What is wrong is said with its line, and is ERR_INVALID: a line that is none, a number
 * that is none, an id that is not among them or stands there twice, ids that are missing.
 */
enum err scores_read(FILE *in, const struct view *ids, size_t n, double *ret, struct problem *problem);

/*
 * Scores that tell who is in which group by themselves are no measurement. ERR_INVALID with words when all are equal, or when the groups have
 * no score in common, however little: no model that is known parts single posts so.
 */
enum err scores_look_measured(const double *scores, const bool *delivered, size_t n, struct problem *problem);

#endif
