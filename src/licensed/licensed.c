/*
 * licensed.c - see licensed.h.
 */
#include "base/base.h"

#include "licensed/licensed.h"

#include "licensed/stamp.h"

_Atomic uint64_t stamp_last;

enum err licensed_open(struct core *c, size_t bytes, struct problem *problem)
{
	struct licensed *l = xcalloc(1, sizeof(*l));
	enum err err = fingerprint_salt_init(c->store, &l->salt);

	if (err != OK) {
		free(l);
		return fail(problem, err, "the salt of fingerprints can neither be read nor made (%s)", err_name(err));
	}
	l->authors = licensed_authors_new(c);
	l->posts = xposts_new(c, l->authors, bytes / 8 * 7);
	l->users = xusers_new(c, l->authors, bytes / 8);
	c->licensed = l;
	return OK;
}

void licensed_close(struct core *c)
{
	struct licensed *l = c ? c->licensed : NULL;

	if (!l)
		return;
	c->licensed = NULL;
	xposts_free(l->posts);
	xusers_free(l->users);
	licensed_authors_free(l->authors);
	free(l);
}
