/*
 * compliance.h - what has changed about posts that others may hold copies of: they are deleted or edited, or their
 * author is gone, hidden, or does not allow a use any more. Licensees are told (X API v2, "Compliance streams") and must
 * apply it. Written down in the transaction that makes it true, so that none is ever lost.
 */
#ifndef CORE_COMPLIANCE_H
#define CORE_COMPLIANCE_H

#include "core/post.h"

/* Stored numbers: append only. */
enum compliance_kind {
	COMPLIANCE_POST_DELETE = 1,
	COMPLIANCE_POST_EDIT,
	COMPLIANCE_USER_DELETE,
	COMPLIANCE_USER_UNDELETE,
	COMPLIANCE_USER_SUSPEND,
	COMPLIANCE_USER_UNSUSPEND,
	COMPLIANCE_USER_PROTECT, /* limited by moderators: its posts are not for everybody any more */
	COMPLIANCE_USER_UNPROTECT,
	COMPLIANCE_USER_LICENCE, /* its author allows other uses than before */
	COMPLIANCE_KINDS
};

struct compliance_event {
	int64_t seq; /* its place; ids, so they are in the order of time */
	enum compliance_kind kind;
	struct account_id account;
	struct post_id post;	 /* 0: it is about the account */
	struct post_id boost_of; /* of a post that is a boost */
	uint32_t uses_before, uses_after;
	int64_t at;
};

/* In a store_write. A post that was never public was never anybody's copy: nothing is written for it. */
enum err compliance_note_post(struct db *tx, enum compliance_kind kind, struct account_id author, struct post_id post,
			      struct post_id boost_of, enum visibility visibility);
enum err compliance_note_account(struct db *tx, enum compliance_kind kind, struct account_id account);
enum err compliance_note_licence(struct db *tx, struct account_id account, uint32_t before, uint32_t after);

/* Events behind a place, oldest first, in the arena. What is younger than others under way is left for the next call. */
enum err compliance_read(struct store *s, struct db *db, struct arena *a, int64_t after, size_t max,
			 struct compliance_event **ret, size_t *ret_n);
/*
 * Whether an author's post had been for everybody, in public lists or not, and was deleted. Boosts never are: what they
 * boost may have been for followers.
 */
enum err compliance_post_deleted(struct db *db, struct account_id author, struct post_id post, bool *ret);
/* Of a row whose columns are those of the table, in its order. */
struct compliance_event compliance_of_row(const struct rows *r);
/* The place of the newest event behind which nothing is left out; 0: none. */
enum err compliance_present(struct store *s, struct db *db, int64_t *ret);

#endif
