/*
 * previews.h - cards under posts with a link (docs: entities/PreviewCard): which post has which, and when a link is to be
 * looked at. links/ looks at it.
 *
 * The first link of a post without a warning is looked at, but for links to this server. That is written down as a job
 * with the post, at a random moment of the next link_delay_seconds, so that a site is not asked by everybody at once and
 * does not learn when somebody posts.
 */
#ifndef CORE_PREVIEWS_H
#define CORE_PREVIEWS_H

#include "core/page.h"
#include "core/post.h"
#include "core/post_parts.h"
#include "core/tags.h"

enum preview_kind { PREVIEW_LINK, PREVIEW_PHOTO, PREVIEW_VIDEO }; /* stored */
const char *preview_kind_name(enum preview_kind kind);		  /* "link", "photo", "video" */

struct preview {
	int64_t id, site;
	enum preview_kind kind;
	struct view url, title, description, language, author_name, author_url, provider_name, provider_url;
	struct view html, embed_url;		 /* of a video; of a photo */
	struct view image, image_text, blurhash; /* image: file key, empty without */
	struct account_id author;		 /* 0: none of this server */
	int width, height;
	int64_t published_at; /* ms; 0: not said */
};

/* ERR_NOT_FOUND when there is none. */
enum err preview_load(struct db *db, struct arena *a, int64_t id, struct preview *ret);
enum err preview_find(struct db *db, struct view url, int64_t *ret);
/* How often it was posted in the last days, today first. */
enum err preview_uses(struct db *db, int64_t id, struct tag_use ret[TAG_DAYS]);
/* Public posts with it, newest first; ret has room for page->limit. Not judged: present_posts() does. */
enum err preview_posts(struct db *db, int64_t id, const struct page *page, struct post_id *ret, size_t *ret_n);

/* The link of a text that gets a card; empty: none. A piece of text. */
struct view preview_link_of(const struct core *c, struct view text, struct view spoiler);

/* Inside the transaction that makes or changes a post: has its link looked at. */
enum err preview_job_add(struct core *c, struct db *tx, struct post_id id, struct view link);
/* Inside the transaction that takes the link out of a post, or deletes it. card: what it has; 0: nothing happens. */
enum err preview_detach(struct db *tx, struct post_id id, int64_t card);

/* The row of server/kinds.c is links/fetch.h's. */
#define PREVIEW_KIND "link"

/* What is known of a link: *ret_card 0: that there is nothing. ERR_NOT_FOUND: not known, or too long ago. */
enum err preview_known(struct db *db, struct view link, int64_t now, int64_t *ret_card);
/*
 * Writes down what came of looking at a link (card NULL: nothing) and gives the post its card; behind it, streams and
 * caches hear of the post. Where the post has changed since it was loaded it is left alone. *ret_old_image: file key of a
 * picture that nobody has any more, in the arena; empty.
 */
enum err preview_write(struct core *c, struct arena *a, const struct post *post, struct view link,
		       const struct preview *card, struct view *ret_old_image);
/* The card has no picture any more; posts with it are presented anew. ERR_NOT_FOUND: it has another one by now. */
enum err preview_drop_image(struct core *c, int64_t card, struct view image);
/*
 * Takes away a card that no post has and that was not touched since `before`, with all that is known of it. ERR_NOT_FOUND:
 * it is none. *ret_image: file key of its picture, in the arena; empty.
 */
enum err preview_remove(struct core *c, struct arena *a, int64_t card, int64_t before, struct view *ret_image);
/* Gives the post a card, where that is there still. */
enum err preview_attach(struct core *c, const struct post *post, int64_t card);

/* struct job_period: forgets links that led to nothing. */
enum err previews_sweep(struct core *c, struct db *db, struct arena *a, int64_t now);

#endif
