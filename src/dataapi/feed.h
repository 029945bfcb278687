/*
 * feed.h - the ids of public posts in the order they were made, for streams: the newest in memory, older ones from the
 * database. A place in it is the id of a post, so a reader that left goes on where it was, also in another process.
 */
#ifndef DATAAPI_FEED_H
#define DATAAPI_FEED_H

#include "core/core.h"

struct feed;

/* grown(arg) will be called when there is something new; it must be quick. Subscribes to events, and reads nothing yet. */
struct feed *feed_new(struct core *c, void (*grown)(void *arg), void *arg);
/* From the present on, in a thread of its own. Once. ERR_UNAVAILABLE: the database is away, or there is no thread. */
enum err feed_start(struct feed *f);
void feed_close(struct feed *f); /* NULL-safe, started or not */

/* The newest place. What comes behind it is new. */
int64_t feed_end(struct feed *f);

/*
 * Ids behind `after`, oldest first, at most max. *ret_upto: the place that was read up to, which is behind the last of
 * them when what is between is not public. ERR_UNAVAILABLE: the database is away.
 */
enum err feed_read(struct feed *f, struct db *db, int64_t after, int64_t *ret, size_t max, size_t *ret_n,
		   int64_t *ret_upto);

#endif
