/*
 * notification_window.h - the newest notifications of who reads theirs, kept in memory: what a page would show of them,
 * so that one that was read before costs no query. Made by one query, dropped behind every commit that changes it
 * (EVENT_NOTIFICATIONS_CHANGED and its kin); a window read before a change is never kept after it (cache.h).
 */
#ifndef CORE_NOTIFICATION_WINDOW_H
#define CORE_NOTIFICATION_WINDOW_H

#include "core/cache.h"
#include "core/notifications.h"

#define NOTIFICATION_WINDOW 200 /* rows that are looked at: 12.8 KB, as the ring of a timeline */

struct notification_window {
	struct cached cached;
	int64_t oldest;	    /* that was looked at; 0: there is nothing older */
	int64_t good_until; /* when somebody's mute ends; 0: none does */
	size_t n;
	struct notification rows[]; /* newest first; with what is filtered, without what is not shown to anybody */
};

enum err notification_window_get(struct core *c, struct db *db, struct account_id to, struct notification_window **ret);
void notification_window_put(struct notification_window *w); /* NULL-safe */

struct notification_windows *notification_windows_new(struct core *c, size_t bytes); /* subscribes to events */
void notification_windows_free(struct notification_windows *w);			     /* NULL-safe */

#endif
