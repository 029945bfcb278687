/*
 * reports.h - what people of this server tell its moderators of others (docs: methods/reports, methods/admin/reports).
 */
#ifndef MODERATION_REPORTS_H
#define MODERATION_REPORTS_H

#include "core/core.h"
#include "core/page.h"
#include "core/viewer.h"

#define LIMIT_REPORT_POSTS 100
#define LIMIT_REPORT_COMMENT_CHARS 1000

/* Stored numbers: append only. */
enum report_category { REPORT_OTHER, REPORT_SPAM, REPORT_LEGAL, REPORT_VIOLATION, REPORT_CATEGORIES };
extern const char *const report_categories[REPORT_CATEGORIES + 1]; /* "other", …; ended by NULL */

struct report {
	int64_t id, created_at, updated_at;
	struct account_id by, target;
	enum report_category category;
	bool forwarded;
	struct view comment, rules;		    /* rules: JSON, ["1", …] */
	struct account_id assigned_to, resolved_by; /* 0: nobody; resolved_by also where the command line did it */
	int64_t resolved_at;			    /* 0: open */
};

struct new_report {
	struct account_id target;
	enum report_category category; /* of no matter when there are rules: then it is a violation of them */
	struct view comment;
	const int64_t *posts; /* of the target, that the reporter may see */
	size_t n_posts;
	const int64_t *rules; /* ids of rules of this server */
	size_t n_rules;
};
/*
 * Also tells those who manage reports, unless they have an open one of this account already. ERR_NOT_FOUND: a post is
 * not the target's, or not for the reporter's eyes. ERR_UNPROCESSABLE with words.
 */
enum err report_create(struct core *c, struct db *db, struct arena *a, struct viewer *who, const struct new_report *nr,
		       struct report *ret, struct problem *problem);

enum err report_load(struct db *db, struct arena *a, int64_t id, struct report *ret);
/* In the arena; at most LIMIT_REPORT_POSTS. */
enum err report_posts(struct db *db, struct arena *a, int64_t id, struct post_id **ret, size_t *ret_n);

struct report_filter {
	bool resolved;		      /* those, or the open ones */
	struct account_id by, target; /* 0: anybody's */
};
/* Newest first; ret has room for page->limit. */
enum err reports_page(struct db *db, struct arena *a, const struct report_filter *f, const struct page *page,
		      struct report *ret, size_t *ret_n);

/* What a moderator does with a report. Each can be undone by another, and is in the record (audit.h). */
enum report_deed { REPORT_ASSIGN, REPORT_UNASSIGN, REPORT_RESOLVE, REPORT_REOPEN };
enum err report_do(struct core *c, struct account_id who, int64_t id, enum report_deed deed);
/* category below 0, rules NULL: as they were. */
enum err report_update(struct core *c, struct account_id who, int64_t id, int category, const struct view *rules);

/* Inside a store_write: all open ones of an account, as part of what is done to it. */
enum err reports_resolve_all(struct db *tx, struct account_id who, struct account_id target);
enum err report_resolve_in(struct db *tx, struct account_id who, int64_t id);
/* JSON of rules, for report_update. ERR_UNPROCESSABLE: there is none of that id. */
enum err report_rules(struct db *db, struct arena *a, const int64_t *ids, size_t n, struct view *ret,
		      struct problem *problem);

#endif
