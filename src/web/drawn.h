/*
 * drawn.h - posts of lists as they were drawn, kept in memory (kept.h) for who is logged in: most of a page is the same for
 * many of its readers, and again on their next look. What differs is in the name it is kept under: what a reader did with the
 * post, whether it is theirs, what they may do with it. Polls, quotes, and what a filter of theirs finds are drawn for each.
 *
 * Whether somebody may see a post is judged on every view, from its card, before what is kept of it is looked for.
 */
#ifndef WEB_DRAWN_H
#define WEB_DRAWN_H

#include "gate/call.h"
#include "text/html.h"

/*
 * Draws the posts in the order given, as draw_post(PLACE_LIST) does, and leaves out what shown_load leaves out by shown_rule() and
 * by the filters of the context (0: filters do not count here). ret_n: how many were drawn.
 */
enum err drawn_posts(struct call *c, struct html *h, const struct post_id *ids, size_t n, unsigned context,
		     size_t *ret_n);

#endif
