/*
 * xmedia.h - media and polls of a post as X has them. Private to licensed/.
 */
#ifndef LICENSED_XMEDIA_H
#define LICENSED_XMEDIA_H

#include "core/post_load.h"
#include "licensed/xfields.h"
#include "licensed/xpieces.h"

/* "3_1234": the number before says what it is, as on X: 3 a photo, 7 a film or a sound, 16 an animated picture. */
void xmedia_key(const struct post_media *m, struct jw *j);
void xmedia_make(struct core *c, const struct post_media *m, struct buf *out, uint32_t ret_ends[XMEDIA_FIELDS + 1]);
void xpoll_make(const struct post *p, struct buf *out, uint32_t ret_ends[XPOLL_FIELDS + 1]);

#endif
