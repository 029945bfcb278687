/*
 * profile_pictures.h - changing a profile together with its pictures: what is uploaded is kept before the change, and the
 * files that it puts out of use are deleted behind it.
 */
#ifndef MEDIA_PROFILE_PICTURES_H
#define MEDIA_PROFILE_PICTURES_H

#include "core/accounts.h"

/* Bytes as uploaded; empty: none. */
struct profile_pictures {
	struct view avatar, header;
};
/* account_update() with them. Sets what change says of the pictures that are there. Blocks; errors of both. */
enum err profile_change_apply(struct core *c, struct db *db, struct arena *a, struct account_id id,
			      struct profile_change *change, const struct profile_pictures *pictures,
			      struct problem *problem);

#endif
