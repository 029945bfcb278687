/*
 * relay.h - tells the serving process what another process (the command line) has changed in its database. Events
 * announced here are written down as a job of kind "announce"; the serving process runs it within a second and
 * announces them there, so that its memory forgets what is no longer so.
 */
#ifndef JOBS_RELAY_H
#define JOBS_RELAY_H

#include "base/buf.h"
#include "core/core.h"
#include "core/events.h"

struct relay;
struct relay *relay_open(struct core *c); /* collects from now on, until core_close */
enum err relay_flush(struct relay *r);	  /* writes down what was collected; call it before core_close */
void relay_free(struct relay *r);	  /* after core_close; NULL-safe */

/* The row of server/kinds.c. */
#define RELAY_KIND "announce"
enum err relay_run(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem);

/* Exposed for the test: a payload is a JSON array of events by name. */
void relay_write(struct buf *out, const struct event *events, size_t n);
enum err relay_read(struct arena *a, struct view payload, struct event **ret, size_t *ret_n);

#endif
