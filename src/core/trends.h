/*
 * trends.h - what is talked about more than usual (docs: methods/trends): hashtags, posts and links. Computed every few
 * minutes by a periodic task into a small table, read from memory. docs/design/trends.md has the formula.
 *
 * Only people count, each once, who are neither suspended nor silenced and want to be discovered; posts and their
 * authors likewise. Something new is shown to moderators, and to everybody once they approve it, or at once with the
 * setting trends_without_review.
 */
#ifndef CORE_TRENDS_H
#define CORE_TRENDS_H

#include "core/tags.h"

enum trend_kind { TREND_TAG, TREND_POST, TREND_LINK, TREND_KINDS, TREND_SITE = TREND_KINDS }; /* stored */
enum trend_review { TREND_NOT_REVIEWED, TREND_APPROVED, TREND_REJECTED };

#define TRENDS_MAX 100 /* of a kind */

struct trend {
	int64_t id; /* of the tag, post or preview card */
	double score;
	enum trend_review review;
	struct tag tag;		       /* of a tag, with its use in the last days */
	struct account_id author;      /* of a post */
	struct tag_use days[TAG_DAYS]; /* of a link */
	int64_t site;		       /* of a link */
	bool by_site;		       /* review is that of its site */
};

struct trends *trends_new(struct core *c); /* subscribes to events: which posts to look at */
void trends_free(struct trends *t);	   /* NULL-safe */

/* The highest score first; with all also what is not shown to everybody. ret has room for limit; texts are in `a`. */
void trends_get(struct core *c, struct arena *a, enum trend_kind kind, bool all, size_t limit, size_t offset,
		struct trend *ret, size_t *ret_n);
/* Whether it is a trend that everybody may see now. */
bool trends_has(struct core *c, enum trend_kind kind, int64_t id);
/* Whether everybody may see it. */
bool trend_is_shown(const struct core *c, enum trend_review review);

/* What moderators said; TREND_NOT_REVIEWED also of what does not exist. */
enum err trend_review_load(struct db *db, enum trend_kind kind, int64_t id, enum trend_review *ret);
/* Holds from now on, also for what is not a trend yet. The caller knows that it exists. */
enum err trend_review(struct core *c, enum trend_kind kind, int64_t id, bool allowed);

/* struct job_period: does nothing until core_config.trends_seconds have passed since it did something. */
enum err trends_refresh(struct core *c, struct db *db, struct arena *a, int64_t now);

#endif
