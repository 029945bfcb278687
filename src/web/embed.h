/*
 * embed.h - a post for other sites. Only what everybody may see, whoever asks.
 */
#ifndef WEB_EMBED_H
#define WEB_EMBED_H

#include "web/page.h"
#include "web/shown.h"

bool embeddable(const struct post *p); /* of this server, and for everybody to see */

/* The post that the arguments "name" and "id" say. ERR_NOT_FOUND: also when it is not embeddable, or not by name. */
enum err embed_load(struct call *c, struct shown_post *ret);

/* What the reader of a frame has chosen (embed_ask.c): nothing but to see this one, always on that site, or always but in vain. */
enum embed_asked { EMBED_ONCE, EMBED_ALWAYS, EMBED_REFUSED };
/* What is said below the post then, and the way back. */
void embed_draw_answer(struct call *c, struct html *h, enum embed_asked asked);
/* Whether a frame may keep a cookie at all. */
bool embed_remembers(const struct call *c);

/* Its text with who wrote it and when, as a piece of HTML that loads nothing. */
enum err embed_snapshot(struct call *c, const struct shown_post *s, struct buf *out);

#endif
