/*
 * webpage.h - what a web page of a stranger says about itself, for the card under a link to it: JSON-LD (schema.org), Open
 * Graph (ogp.me), Twitter's cards, fediverse:creator (docs.joinmastodon.org, "author attribution"), and plain HTML.
 * Read with libxml2's HTML parser, tag by tag: no tree is built.
 */
#ifndef LINKS_WEBPAGE_H
#define LINKS_WEBPAGE_H

#include "base/arena.h"
#include "base/base.h"

#define WEBPAGE_TITLE_BYTES 1024
#define WEBPAGE_TEXT_BYTES 4096
#define WEBPAGE_NAME_BYTES 512
#define WEBPAGE_URL_BYTES 2048

/* Valid UTF-8 on one line; URLs absolute http or https. Empty where nothing is said. */
struct webpage_info {
	struct view title, description, site, author, image_text;
	struct view canonical, image, author_url, oembed; /* URLs; oembed: where its oEmbed JSON is */
	struct view creator;				  /* "@user@domain" as written */
	char language[8];				  /* text/lang.h */
	int64_t published_at;				  /* ms; 0: not said */
};

/*
 * Any bytes; charset is what the Content-Type said, may be empty; base is the page's address. What it answers lives in
 * the arena.
 */
void webpage_read(struct arena *a, struct view html, struct view charset, struct view base, struct webpage_info *ret);

/* The first <iframe> with an https address in a piece of HTML (oEmbed's html). False: there is none. */
struct webpage_frame {
	struct view src;
	int width, height; /* 0: not said, or not in pixels */
};
bool webpage_frame(struct arena *a, struct view html, struct webpage_frame *ret);

/* reference, as found in a page, as an absolute http or https URL of at most WEBPAGE_URL_BYTES; empty when it is none. */
struct view webpage_url(struct arena *a, struct view reference, struct view base);
/* White space becomes one space; cut at a character before max bytes. v need not be UTF-8. */
struct view webpage_line(struct arena *a, struct view v, size_t max);

#endif
