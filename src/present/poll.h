/*
 * poll.h - Poll (docs: entities/Poll). A poll's id is its post's.
 */
#ifndef PRESENT_POLL_H
#define PRESENT_POLL_H

#include "present/present.h"

/* ERR_NOT_FOUND: no such poll. Does not judge visibility. */
enum err present_poll(const struct present *p, struct post_id post, struct account_id author, struct jw *j);

/* In pieces, for cards: all but the viewer's fields and the closing brace … */
void present_poll_open(const struct present *p, struct post_id post, const struct post_poll *poll, struct jw *j);
/* … and the viewer's fields, `,"voted":…,"own_votes":[…]`. Nothing for nobody. */
enum err present_poll_viewer(const struct present *p, struct post_id post, struct account_id author, struct buf *out);

#endif
