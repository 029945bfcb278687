/*
 * markers.h - how far somebody has read, kept for their other apps (docs: methods/markers). Those of who was here lately are
 * in memory: each page of who is logged in asks for them.
 */
#ifndef CORE_MARKERS_H
#define CORE_MARKERS_H

#include "core/core.h"

enum marker_timeline { MARKER_HOME, MARKER_NOTIFICATIONS, MARKER_TIMELINES };
const char *marker_name(enum marker_timeline t); /* "home" */

struct marker {
	int64_t last_read_id, version, updated_at;
};
/* ERR_NOT_FOUND when it was never set. */
enum err marker_get(struct core *c, struct db *db, struct account_id who, enum marker_timeline t, struct marker *ret);
/*
 * Sets each timeline with an id that is not 0, together. The version counts the changes. Writers are put in order by
 * the store, so two at once do not conflict: the later one stays.
 */
enum err markers_set(struct core *c, struct account_id who, const int64_t last_read_ids[MARKER_TIMELINES]);

struct markers *markers_new(size_t bytes);
void markers_free(struct markers *m); /* NULL-safe */

#endif
