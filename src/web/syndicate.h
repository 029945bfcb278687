/*
 * syndicate.h - the newest public posts of an account or with a hashtag for feed readers: RSS 2.0 (rssboard.org) with
 * Media RSS, and Atom (RFC 4287). Everybody is answered the same: what a visitor without login may see.
 */
#ifndef WEB_SYNDICATE_H
#define WEB_SYNDICATE_H

#include "web/shown.h"
#include "web/page.h"

struct channel {
	struct view title, subtitle;	/* plain text */
	struct view page, self;		/* absolute URLs: of the HTML page, and of the feed */
	struct view image;		/* absolute URL; empty: none */
	const struct account *author;	/* NULL: many */
	const struct shown_post *posts; /* newest first; no boosts */
	size_t n;
	int64_t updated_at; /* of the newest change; ms */
};

/* rss.c, atom.c: the whole document, into c->out. */
enum err rss_write(struct call *c, const struct channel *ch);
enum err atom_write(struct call *c, const struct channel *ch);

/* syndicate.c: parts of posts both have. */
struct view item_title(struct call *c, const struct post *p);	/* one line of plain text, never empty */
struct view item_content(struct call *c, const struct post *p); /* HTML */
struct item_file {
	struct view url, type;
	const char *medium; /* "image", "video", "audio" */
	uint64_t bytes;	    /* 0: not known */
};
/* False: there is nothing to fetch. */
bool item_file(struct call *c, const struct post_media *m, struct item_file *ret);

#endif
