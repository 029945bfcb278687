/*
 * emoji_view.h - texts with the server's custom emojis as pictures in the place of their :shortcode:.
 */
#ifndef WEB_EMOJI_VIEW_H
#define WEB_EMOJI_VIEW_H

#include "web/page.h"

void draw_text(struct call *c, struct html *h, struct view text);
/* Shortcodes inside tags are left alone. */
void draw_stored_html(struct call *c, struct html *h, struct safe_html html);

#endif
