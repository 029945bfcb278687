/*
 * match.h - what the rows of a leaked data set are of our posts: the result of reading a leak (leak.h), and what
 * evidence and reports are made from.
 *
 * A row matches one post or none. It is the post by its id or its address where the row has one and its text (when both are
 * known) does not speak against it; else by its text: the same in normal form (normal.h), or nearly the same, when that
 * fits one post of ours alone. What fits several is ambiguous, is counted, and is no match.
 */
#ifndef TRACE_MATCH_H
#define TRACE_MATCH_H

#include "base/base.h"

/* In the order of their strength. Stored numbers: append only. */
enum match_how {
	MATCH_ID = 1,	/* the id, and the text when the row and we have one */
	MATCH_URL = 2,	/* the address of the post here, likewise */
	MATCH_TEXT = 3, /* the same text in normal form, which no other post of ours has */
	MATCH_NEAR = 4, /* nearly the same, or one is part of the other; no other post of ours comes near it */
	MATCH_HOWS
};
const char *match_how_name(enum match_how how); /* "id", "url", "text", "near" */

/* Numbers beside a post that change by themselves: what deliveries are dated by (licensed/fingerprint.h). */
enum match_counter { COUNTER_LIKES, COUNTER_REPLIES, COUNTER_BOOSTS, COUNTER_QUOTES, COUNTER_FOLLOWERS, COUNTERS };
struct match_counters {
	uint8_t given; /* bits: 1 << enum match_counter */
	int64_t v[COUNTERS];
};

struct trace_match {
	int64_t post;	 /* > 0 */
	uint64_t row;	 /* from 1, over the whole leak */
	uint32_t source; /* which file of the leak, from 0: leak_source_name() */
	uint64_t place;	 /* which row of that file, from 1 */
	enum match_how how;
	bool id_only;	  /* no text was compared: the row has none, or the post's is gone (deleted) */
	bool gone;	  /* the post is not in the database any more; the ledger says it was delivered */
	uint32_t version; /* whose text it is: 0, and one more for each edit; where texts were compared */
	float similarity; /* of the compared part: 1 - edits / length; 1 for the same normal form; 0 with id_only */
	struct match_counters counters;
	struct view
		text; /* the row's, cut to MATCH_TEXT_MAX; kept for the first MATCH_TEXTS of each kind, else empty */
};
#define MATCH_TEXT_MAX 1000 /* bytes */
#define MATCH_TEXTS 1000

/* What was read, in rows. rows = matched + ambiguous + conflicting + short_text + unmatched + without_text. */
struct match_counts {
	uint64_t rows;		 /* that could be read */
	uint64_t unreadable;	 /* not among rows: no JSON, no text in any known encoding, longer than may be */
	uint64_t converted;	 /* of rows: were not UTF-8, and read as Windows-1252 or UTF-16 */
	uint64_t matched;	 /* of rows */
	uint64_t by[MATCH_HOWS]; /* of matched */
	uint64_t id_only;	 /* of matched */
	uint64_t ambiguous;	 /* the text fits several posts of ours ("good morning") */
	uint64_t conflicting;	 /* an id of ours under another text: other networks number alike */
	uint64_t short_text; /* too few letters, or too ordinary, to say whose they are, and no id or address of ours */
	uint64_t without_text;	/* neither text nor an id of ours */
	uint64_t unmatched;	/* a text that is none of ours */
	uint64_t repeated;	/* of matched: the post was matched before */
	uint64_t with_counters; /* of matched */
	uint64_t posts;		/* distinct ones that were matched */
	uint64_t gone;		/* of posts: known by the ledger alone */
	uint64_t sources;	/* files, and files in archives */
	uint64_t damaged;	/* of sources: could not be opened, or read to their end */
};

struct leak_result; /* made by leak_read() (leak.h), or opened again from its file */

const struct match_counts *leak_counts(const struct leak_result *r);
/* "dump.jsonl.gz", "posts/2026.zip: a.csv"; "(standard input)". */
const char *leak_source_name(const struct leak_result *r, uint32_t source);

/*
 * The distinct matched posts in ascending order, each with the strongest way it was matched. Belongs to the result.
 */
struct leak_post {
	int64_t post;
	enum match_how how;
	bool gone;
};
const struct leak_post *leak_posts(const struct leak_result *r, size_t *ret_n);

/*
 * Kept matches in the order of their rows: the first of each post, and those with counters (of a post, at most MATCH_KEPT).
 * Stops with what fn returns when that is not OK. The match and its text are fn's only while it runs.
 */
#define MATCH_KEPT 16
typedef enum err leak_match_fn(void *arg, const struct trace_match *m);
enum err leak_each(const struct leak_result *r, leak_match_fn *fn, void *arg);

void leak_result_free(struct leak_result *r); /* NULL-safe */

#endif
