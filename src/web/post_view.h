/*
 * post_view.h - draws a post, and pages of posts.
 */
#ifndef WEB_POST_VIEW_H
#define WEB_POST_VIEW_H

#include "core/filters.h"
#include "core/page.h"
#include "web/page.h"
#include "web/shown.h"

enum drawn_place {
	PLACE_LIST,
	PLACE_PINNED,	/* on top of a profile */
	PLACE_ANCESTOR, /* of the post a page is about: hangs together with the next */
	PLACE_FOCUS,	/* the post a page is about */
	PLACE_ANSWER,
};
void draw_post(struct call *c, struct html *h, const struct shown_post *s, enum drawn_place place);
/* How it begins, as a link to it, and no more than its warning or a filter leaves to be seen. */
void draw_excerpt(struct call *c, struct html *h, const struct shown_post *s);
struct view post_path(struct call *c, const struct post *p, const struct account *author); /* "/@name/ID" */

/* What a <summary> is pressed for: "Show", and "Hide" while it is open. */
void draw_switch(struct call *c, struct html *h, struct view what);

/* media_view.c, poll_view.c, preview_view.c: parts of a post. */
/* blurred: title of the reader's filter that covers them; empty: none does. */
void draw_media(struct call *c, struct html *h, const struct post *p, struct view blurred);
void draw_preview(struct call *c, struct html *h, const struct post *p, struct view blurred);
void draw_poll(struct call *c, struct html *h, const struct shown_post *s);
/* covered: without its picture. Nothing where its address is none. */
void draw_link_card(struct call *c, struct html *h, const struct preview *card, bool covered);
/* actions_view.c: what who is logged in may do with it. */
void draw_actions(struct call *c, struct html *h, const struct shown_post *s);

/* A list of posts with links to older and newer pages. */
struct feed {
	const struct post_id *ids; /* the page as the timeline answered it */
	size_t n;
	struct page page;
	unsigned context;    /* enum filter_context: which filters of the viewer count; 0: none */
	struct view query;   /* "q=…&", before the parameters of pages; empty: none */
	int64_t first, last; /* what the pages beside begin at, where that is not an id of a post; 0: it is */
	int64_t on;	     /* where a page that is not full, and not the last, goes on; 0: nowhere */
	const char *live;    /* behind /stream/: where new posts of it come by; NULL: none */
	struct view path;    /* where the other pages are; empty: at this page's own */
	struct view empty;   /* said when there are none */
};
enum err draw_feed(struct call *c, struct html *h, const struct feed *feed);
/* The links alone, below what is no list of posts: ids may be NULL when first and last are given. */
void draw_turns(struct call *c, struct html *h, const struct feed *feed);

#define FEED_POSTS 20
/* The page the query asks for; for rows with FEED_PARAMS. */
struct page feed_page(struct call *c);
#define FEED_PARAMS                                                                                                    \
	{.name = "max_id", .type = PARAM_ID, .doc = "Only what is older than this post."},                             \
	{                                                                                                              \
		.name = "min_id", .type = PARAM_ID, .doc = "The page right above this post."                           \
	}

#endif
