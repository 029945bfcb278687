/*
 * xuser_make.h - rendering accounts for licensees. Private to licensed/.
 */
#ifndef LICENSED_XUSER_MAKE_H
#define LICENSED_XUSER_MAKE_H

#include "licensed/xuser.h"

/* The author's reference goes to it. The arena is for the work only. */
enum err xuser_make(struct core *c, struct db *db, struct arena *a, struct account_id id,
		    struct licensed_author *author, struct xuser **ret);

#endif
