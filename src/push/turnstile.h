/*
 * turnstile.h - how many may be at one place at a time, so that a place that does not answer (a push service that
 * hangs) takes up few of those who could go elsewhere. After failures in a row nobody is let in for a while, then one to
 * try. Any thread.
 */
#ifndef PUSH_TURNSTILE_H
#define PUSH_TURNSTILE_H

#include "base/base.h"

struct turnstile;

struct turnstile *turnstile_new(unsigned at_once);
void turnstile_free(struct turnstile *t); /* NULL-safe */

/* place: hash_bytes() or an id. False: not now; *ret_wait_ms says when to come again. now in ms. */
bool turnstile_enter(struct turnstile *t, uint64_t place, int64_t now, int64_t *ret_wait_ms);
enum visit {
	VISIT_GOOD,    /* the place answers */
	VISIT_BAD,     /* it does not, or asks to be left alone */
	VISIT_UNKNOWN, /* nothing was found out */
};
/* Once for each that was let in. rest_ms: how long it asks to be left alone, 0: the usual. */
void turnstile_leave(struct turnstile *t, uint64_t place, enum visit visit, int64_t rest_ms, int64_t now);

#endif
