/*
 * licensed.h - what goes out to licensees: who allows it (consent.h, authors.h), and how it looks (xpost.h, xuser.h,
 * xanswer.h: X API v2's objects). core->licensed holds what is kept of it.
 */
#ifndef LICENSED_LICENSED_H
#define LICENSED_LICENSED_H

#include "licensed/fingerprint.h"
#include "licensed/xuser.h"

struct licensed {
	struct licensed_authors *authors;
	struct xposts *posts;
	struct xusers *users;
	struct fingerprint_salt salt;
};

/* Sets core->licensed. At boot, behind core_open. */
enum err licensed_open(struct core *c, size_t bytes, struct problem *problem);
void licensed_close(struct core *c); /* before core_close; NULL-safe */

#endif
