/*
 * kept.h - pages that are the same for everybody who is not logged in, kept in memory as they were sent. A page notes
 * what it shows while it is drawn; when one of these changes (events.h) the page is drawn anew on the next view.
 *
 *   - Edits, deletions, suspensions, another name or choice of an author: at once.
 *   - Numbers under a post, and new replies: at most KEPT_STALE_MS late, so that a post that is favourited a hundred times a
 *     second is not drawn a hundred times a second. Whoever views it while it is drawn anew is given the one before.
 *   - "3 min" and the like: when the words change. Whatever else: after KEPT_MAX_MS.
 *
 * And parts of pages, for who is logged in, in which all of this is at once.
 */
#ifndef WEB_KEPT_H
#define WEB_KEPT_H

#include "core/events.h"
#include "gate/call.h"
#include "text/html.h"

#define KEPT_STALE_MS 5000
#define KEPT_MAX_MS 300000

struct kept;
struct kept *kept_new(struct core *c,
		      size_t bytes); /* of pages, and of parts; subscribes to events; becomes core.kept */
void kept_free(struct kept *k);	     /* NULL-safe; after the last call */

/*
 * What a page shows. KEPT_POSTS: which posts an account has, and has pinned. KEPT_ANNOUNCEMENTS: all there are, with their reactions
 * (its id: KEPT_ALL). KEPT_READ: which of them an account has read.
 */
enum kept_what { KEPT_POST, KEPT_ACCOUNT, KEPT_POSTS, KEPT_ANNOUNCEMENTS, KEPT_READ, KEPT_WHATS };
#define KEPT_ALL 1

/* Before the first read of a page that may be kept. Does nothing for who is logged in. */
void kept_begin(struct call *c);
/* These do nothing while no page is begun. */
void kept_shows(struct call *c, enum kept_what what, int64_t id);
void kept_until(struct call *c, int64_t ms);	      /* the words are true until then */
void kept_policy(struct call *c, struct view policy); /* its Content-Security-Policy */
/* The page is drawn, and is c->out: keeps it, and gives this answer its ETag. */
void kept_end(struct call *c);

/*
 * A part is kept under a name that says whatever it differs by, beside what it shows. kept_part draws it when it is there and is as it would be drawn now.
 */
bool kept_part(struct call *c, struct html *h, struct view name);
void kept_part_begin(struct call *c, struct view name); /* before its first read; no page may be begun */
void kept_part_end(struct call *c, size_t from);	/* what c->out has from there on: keeps it */
void kept_part_drop(struct call *c);			/* it is not to be kept after all */

/* endpoint.kept of rows whose handler begins a page. */
bool kept_answer(struct call *c);

#endif
