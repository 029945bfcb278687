/*
 * route.h - rows of all groups as one tree by path segments. A literal segment goes before one with something around
 * what it captures ("@:name.rss", "@:name"), that before a whole one (":id"), that before the rest (":path*"); a branch
 * that leads nowhere is left again for the next. Immutable after router_build, any thread.
 */
#ifndef GATE_ROUTE_H
#define GATE_ROUTE_H

#include "base/arena.h"
#include "gate/endpoint.h"

#define ROUTE_CAPTURES_MAX 4
#define ROUTE_SEGMENTS_MAX 16

/* A segment of a row's path: "@:name.rss" captures "name" between "@" and ".rss". */
struct route_segment {
	bool captures, rest; /* rest: ":path*" */
	struct view before, name, behind;
};
struct route_segment route_segment(struct view text);
/* Whether the path of a row captures a parameter. */
bool route_captures(const char *path, struct view name);

struct router;

struct route {
	const struct endpoint *row;
	size_t n_captures;
	struct view names[ROUTE_CAPTURES_MAX]; /* in the row's path, in order */
};

struct route_match {
	const struct route *route;		/* NULL unless OK */
	struct view values[ROUTE_CAPTURES_MAX]; /* percent-decoded, valid UTF-8, not empty */
	unsigned allow;				/* 1 << enum http_method: what this path has rows for */
};

/* groups as in gate_open(). ERR_INVALID: a row that is incomplete or stands twice; problem names it. */
enum err router_build(const struct endpoint_group *groups, struct router **ret, struct problem *problem);
void router_free(struct router *r); /* NULL-safe */

/*
 * ERR_NOT_FOUND: no row has this path. ERR_METHOD: rows have, but not with this method. ERR_INVALID: an escape that is
 * none, or not UTF-8. allow is set in every case.
 */
enum err router_match(const struct router *r, struct arena *a, enum http_method method, struct view path,
		      struct route_match *ret);

/* row.c: is the row complete? problem says what it lacks. */
enum err row_check(const struct endpoint *row, struct problem *problem);

#endif
