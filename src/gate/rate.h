/*
 * rate.h - how often a token, a user or an address may call: fixed windows, with Mastodon's figures (docs: "Rate
 * limits"). Memory is a fixed table: when it is full the counter that matters least is forgotten. Any thread.
 */
#ifndef GATE_RATE_H
#define GATE_RATE_H

#include "core/sessions.h"
#include "gate/endpoint.h"

struct rate;

/* The limit that is nearest to being reached. limit 0: none applies. */
struct rate_left {
	unsigned limit, remaining;
	int64_t reset_ms; /* wall clock */
};

struct rate_caller {
	const struct auth_info *auth;
	struct view peer; /* address */
};

struct rate *rate_new(void);
void rate_free(struct rate *r); /* NULL-safe */

/* Counts one call against every limit of its class. ERR_TOO_MANY: over one; *ret_left is set in every case. */
enum err rate_take(struct rate *r, enum rate_class class, const struct rate_caller *who, int64_t now_ms,
		   struct rate_left *ret_left);
/*
 * One call of a licensee's app, of which its plan allows so many in 15 minutes of a class RATE_DATA_….
 */
enum err rate_take_plan(struct rate *r, enum rate_class class, int64_t app, int64_t calls, int64_t now_ms,
			struct rate_left *ret_left);
/* Attempts to log in as one account, whatever addresses they come from. name: as typed. */
enum err rate_take_name(struct rate *r, struct view name, int64_t now_ms, struct rate_left *ret_left);

const char *rate_class_name(enum rate_class c); /* "default" */

#endif
