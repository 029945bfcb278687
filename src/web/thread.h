/*
 * thread.h - the page of one post.
 */
#ifndef WEB_THREAD_H
#define WEB_THREAD_H

#include "core/accounts.h"
#include "web/page.h"

enum err show_thread(struct call *c);
/*
 * endpoint.missing of pages about a post, whose first parameters are its author's name and its id. Says that it was deleted
 * where everybody could have seen it, and that its author is gone, whatever the id. ERR_NOT_FOUND: anything else.
 */
enum err post_missing(struct call *c);

/* profile.c: the account the path names. ERR_GONE: suspended. */
enum err find_account(struct call *c, struct account *ret);
/* Its words on one line, for previews; empty when there are none. */
struct view page_summary(struct call *c, struct safe_html html);

#endif
