/*
 * embed.h - what other sites put into their pages to show a post: at first it says who wrote it and what would be loaded,
 * and nothing is asked of this server before the reader agrees. For posts of this server that everybody may see.
 */
#ifndef PRESENT_EMBED_H
#define PRESENT_EMBED_H

#include "core/accounts.h"
#include "core/post.h"
#include "text/html.h"
#include "text/tongue.h"

struct embed {
	const struct core *core;
	const struct post *post;
	const struct account *author;
	enum tongue tongue;
};

struct view embed_author(const struct embed *e, struct arena *a); /* "Name (@name@server)" */
struct view embed_parts(const struct embed *e, struct arena *a);  /* "the text, 2 pictures, a poll" */
struct view embed_part_names(const struct embed *e,
			     struct arena *a); /* the same for assets/embed.js: "picture=2 poll" */
/* Pixels the post's page seems to need at this width: 160 to 1280. */
int64_t embed_height(const struct post *post, int64_t width);

/* A frame that works without a script on the page around it: the question is its own document, agreeing is a link. */
enum err embed_frame(const struct embed *e, int64_t width, int64_t height, struct arena *a, struct view *ret);
/* The same frame with an address of this server instead of a document: what it asks for is the server's. path: behind the post's. */
enum err embed_frame_of(const struct embed *e, const char *path, int64_t width, int64_t height, struct arena *a,
			struct view *ret);

#endif
