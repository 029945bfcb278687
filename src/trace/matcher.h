/*
 * matcher.h - rows to posts: looks rows up in the index, many at a time, loads the texts of what they may be, and compares.
 */
#ifndef TRACE_MATCHER_H
#define TRACE_MATCHER_H

#include "trace/index.h"
#include "trace/row.h"

/* Letters (bytes) of a normal form that a text needs: to be found as a whole, and by its likeness. */
#define MATCH_TEXT_LETTERS 16
#define MATCH_NEAR_LETTERS 24
#define MATCH_NEAR_LEAST 0.78F /* similarity from which on it is the same post */
#define MATCH_ID_LEAST 0.5F    /* the same, where the id speaks for it */
#define MATCH_RIVAL 0.92F      /* another post with so many of the best one's matching letters makes it ambiguous */
/*
 * A text alone must say enough: that what agrees stands by chance in a row that is nobody's, of any of our posts and anywhere in it,
 * must be less likely than 1 in 2^MATCH_SURE_BITS. So it takes more letters the more ordinary they are (trace/surprise.h), the
 * more of them are changed, and the more posts there are.
 */
#define MATCH_SURE_BITS 10

/* Texts of posts, as written: text_fn for each version of each post that is there, in any order. */
typedef enum err matcher_text_fn(void *arg, int64_t post, uint32_t version, struct view text);
struct matcher_texts {
	enum err (*load)(void *arg, const int64_t *posts, size_t n, matcher_text_fn *fn, void *fn_arg);
	void *arg;
};

enum row_fate {
	FATE_MATCHED,
	FATE_AMBIGUOUS,
	FATE_CONFLICTING,
	FATE_SHORT, /* or too ordinary */
	FATE_WITHOUT_TEXT,
	FATE_UNMATCHED,
	FATE_UNREADABLE
};
struct row_result {
	uint64_t tag; /* of matcher_add() */
	enum row_fate fate;
	const struct leak_row *row; /* counters, text, converted, unreadable */
	/* With FATE_MATCHED: */
	uint32_t post; /* its number in the index */
	enum match_how how;
	bool id_only;
	uint32_t version;
	float similarity;
};
typedef enum err matcher_fn(void *arg, const struct row_result *r);

struct matcher;
/* base_url: "https://example.org": whose addresses are ours. Index and texts belong to the caller, and stay. */
struct matcher *matcher_new(const struct trace_index *x, const struct matcher_texts *texts, struct view base_url,
			    matcher_fn *fn, void *arg);
void matcher_free(struct matcher *m); /* NULL-safe; what waits is dropped */

/* Copies the row. fn is told of rows in their order, some time later, at the latest in matcher_flush(). */
enum err matcher_add(struct matcher *m, const struct leak_row *row, uint64_t tag);
enum err matcher_flush(struct matcher *m);
/* From here on this post (its number) counts as not being in the index; MATCHER_IGNORES_NONE: all are again. After a flush. */
#define MATCHER_IGNORES_NONE UINT32_MAX
void matcher_ignore(struct matcher *m, uint32_t post);

#endif
