/*
 * turnstile.h - how many may be at one place at a time, so that a place that does not answer (a push service that
 * hangs) takes up few of those who could go elsewhere. A place that answers takes more and more at once, and some may
 * wait before it. After failures in a row nobody is let in for a while, then one to try. Any thread.
 */
#ifndef PUSH_TURNSTILE_H
#define PUSH_TURNSTILE_H

#include "base/base.h"

struct turnstile;

struct turnstile_limits {
	unsigned at_once; /* at a place of which nothing is known */
	unsigned at_most; /* at one that answers: one more for each answer */
	unsigned held;	  /* that wait before it, unless it fails */
};
struct turnstile *turnstile_new(struct turnstile_limits limits);
void turnstile_free(struct turnstile *t); /* nobody is held; NULL-safe */

/* Embedded in whatever is held. */
struct visitor {
	struct visitor *next;
};

enum admission {
	ADMITTED,
	HELD,	   /* a later turnstile_leave() or turnstile_close() gives it back, perhaps before this returns */
	SENT_AWAY, /* comes again after *ret_wait_ms */
};
/* place: hash_bytes() or an id. now in ms. */
enum admission turnstile_enter(struct turnstile *t, uint64_t place, struct visitor *v, int64_t now,
			       int64_t *ret_wait_ms);

enum visit {
	VISIT_GOOD,    /* the place answers */
	VISIT_BAD,     /* it does not, or asks to be left alone */
	VISIT_UNKNOWN, /* nothing was found out */
};
/*
 * Once for each that was admitted. rest_ms: how long the place asks to be left alone, 0: the usual. Returns those that
 * are held no longer: admitted by now when *ret_wait_ms is 0, else sent away for so long.
 */
struct visitor *turnstile_leave(struct turnstile *t, uint64_t place, enum visit visit, int64_t rest_ms, int64_t now,
				int64_t *ret_wait_ms);

/* Returns all that are held, and holds nobody from now on. */
struct visitor *turnstile_close(struct turnstile *t);

#endif
