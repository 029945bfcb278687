/*
 * filters.h - what an account does not want to read (docs: methods/filters): words, and single posts, each with where
 * it counts, what happens then, and until when. filter_set.h applies them.
 */
#ifndef CORE_FILTERS_H
#define CORE_FILTERS_H

#include "core/core.h"

#define LIMIT_FILTERS 200	    /* of an account, as the next two */
#define LIMIT_FILTER_KEYWORDS 1000
#define LIMIT_FILTER_STATUSES 1000
#define LIMIT_FILTER_TITLE_CHARS 256
#define LIMIT_FILTER_KEYWORD_CHARS 512

/* Stored numbers. */
enum filter_action { FILTER_WARN, FILTER_HIDE, FILTER_BLUR };
#define FILTER_ACTIONS 3
enum filter_context {
	FILTER_HOME = 1, /* and lists */
	FILTER_NOTIFICATIONS = 2,
	FILTER_PUBLIC = 4,
	FILTER_THREAD = 8,
	FILTER_ACCOUNT = 16,
};
/* In the order of their bits, NULL-ended. */
extern const char *const filter_context_names[];
extern const char *const filter_action_names[];

struct filter {
	int64_t id;
	struct view title;
	enum filter_action action;
	unsigned contexts;
	int64_t expires_at; /* 0: never */
};
struct filter_keyword {
	int64_t id, filter;
	struct view text; /* as written */
	bool whole_word;
};
struct filter_status {
	int64_t id, filter;
	struct post_id post;
};

/* An account's filters, oldest first, expired ones too; the parts in the order of their filters. */
struct filters {
	struct filter *list;
	struct filter_keyword *keywords;
	struct filter_status *statuses;
	size_t n, n_keywords, n_statuses;
};
/* filter: only this one (ERR_NOT_FOUND also when it is somebody else's), or 0 for all. */
enum err filters_load(struct db *db, struct arena *a, struct account_id owner, int64_t filter, struct filters *ret);

/* A keyword to be added (id 0), changed or taken away. */
struct keyword_change {
	int64_t id;
	bool has_text, has_whole_word, gone;
	struct view text;
	bool whole_word; /* of a new one without has_whole_word: true */
};
/* What is not set stays as it is; a new filter warns and never expires. */
struct filter_change {
	bool has_title, has_action, has_contexts, has_expiry;
	struct view title;
	enum filter_action action;
	unsigned contexts;
	int64_t expires_at;
	const struct keyword_change *keywords;
	size_t n_keywords;
};

/*
 * ERR_UNPROCESSABLE with words: what is blank, too long or too many. ERR_NOT_FOUND: no such filter, keyword or status,
 * also when it is somebody else's. All or nothing.
 */
enum err filter_create(struct core *c, struct account_id owner, const struct filter_change *change, int64_t *ret_id,
		       struct problem *problem);
enum err filter_update(struct core *c, struct account_id owner, int64_t id, const struct filter_change *change,
		       struct problem *problem);
enum err filter_delete(struct core *c, struct account_id owner, int64_t id);

enum err filter_keyword_load(struct db *db, struct arena *a, struct account_id owner, int64_t id,
			     struct filter_keyword *ret);
/* change->id 0: adds to the filter; *ret_id says what was added or changed. */
enum err filter_keyword_put(struct core *c, struct account_id owner, int64_t filter,
			    const struct keyword_change *change, int64_t *ret_id, struct problem *problem);
enum err filter_keyword_delete(struct core *c, struct account_id owner, int64_t id);

enum err filter_status_load(struct db *db, struct account_id owner, int64_t id, struct filter_status *ret);
/* The caller has seen that the owner may see the post. Adding it again answers the first. */
enum err filter_status_add(struct core *c, struct account_id owner, int64_t filter, struct post_id post,
			   int64_t *ret_id, struct problem *problem);
enum err filter_status_delete(struct core *c, struct account_id owner, int64_t id);

#endif
