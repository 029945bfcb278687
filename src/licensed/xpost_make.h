/*
 * xpost_make.h - rendering posts for licensees. Private to licensed/.
 */
#ifndef LICENSED_XPOST_MAKE_H
#define LICENSED_XPOST_MAKE_H

#include "licensed/xpost.h"

/* A post that is not rendered: what is known of it is whether it may go out. */
struct xpost *xpost_bare(const struct post_meta *meta, struct licensed_author *author);
/* The whole of it; the author's reference goes to it. The arena is for the work only. ERR_NOT_FOUND: it has gone. */
enum err xpost_make(struct core *c, struct db *db, struct arena *a, struct post_id id, struct licensed_author *author,
		    struct xpost **ret);
/* xpost.cached.release */
void xpost_release(struct cached *cached);

#endif
