/*
 * account_marks.h - what moderators set on an account, each to be taken back (docs: Admin::Account). Disabled: may not
 * log in, what they wrote stays. Sensitized: their media are hidden until one asks for them. Silenced ("limited"): only
 * followers find them. Suspended: gone for everybody, and may not log in; nothing is deleted.
 */
#ifndef CORE_ACCOUNT_MARKS_H
#define CORE_ACCOUNT_MARKS_H

#include "core/events.h"

enum account_mark { MARK_DISABLED, MARK_SENSITIZED, MARK_SILENCED, MARK_SUSPENDED };

/*
 * Inside a store_write; pends what it makes true. Who may not log in any more is logged out everywhere, for good: the
 * mark taken off, they log in anew. *ret_changed (may be NULL): it was not so before. ERR_NOT_FOUND: no such account,
 * or (disabled) it is not of this server.
 */
enum err account_mark_in(struct db *tx, struct event_list *list, struct account_id id, enum account_mark mark, bool on,
			 bool *ret_changed);
/* The same by itself. */
enum err account_mark(struct core *c, struct account_id id, enum account_mark mark, bool on);

#endif
