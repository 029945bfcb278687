/*
 * audit.h - the record of what moderators do. Each deed is written in the transaction that does it, and never changed.
 */
#ifndef MODERATION_AUDIT_H
#define MODERATION_AUDIT_H

#include "core/core.h"
#include "core/page.h"

struct audit_entry {
	int64_t id;			 /* tells the time */
	struct account_id by;		 /* 0: the command line */
	struct view action, kind, label; /* "suspend", "account", "alice": as it was called then */
	int64_t target;
};

/* Inside a store_write. action and kind are constants. */
enum err audit_add(struct db *tx, struct account_id by, const char *action, const char *kind, int64_t target,
		   struct view label);
/* The same of an account, called by its name. */
enum err audit_add_account(struct db *tx, struct account_id by, const char *action, struct account_id target);

/* The same by itself, before what is done in many transactions. */
enum err audit_note_account(struct core *c, struct account_id by, const char *action, struct account_id target);
enum err audit_note(struct core *c, struct account_id by, const char *action, const char *kind, int64_t target,
		    struct view label);

/* Newest first; ret has room for page->limit. */
enum err audit_page(struct db *db, struct arena *a, const struct page *page, struct audit_entry *ret, size_t *ret_n);

#endif
