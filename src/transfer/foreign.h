/*
 * foreign.h - a post as an archive tells of it: of Mastodon (an activity of outbox.json) or of X (an entry of tweets.js).
 * Reading one knows nothing of this server; whether it is taken, import_posts.c decides.
 */
#ifndef TRANSFER_FOREIGN_H
#define TRANSFER_FOREIGN_H

#include <jansson.h>

#include "base/arena.h"
#include "core/post.h"

#define FOREIGN_MEDIA_MAX 16
#define FOREIGN_NAMES_MAX 4
#define FOREIGN_TEXT_BYTES ((size_t)256 * 1024)

struct foreign_media {
	struct view names[FOREIGN_NAMES_MAX]; /* where the file may be in the archive; the first that is there counts */
	size_t n_names;
	struct view description;
	bool has_focus;
	double focus_x, focus_y;
};

/* Whose archive it is. */
struct foreign_owner {
	struct view id;	  /* Mastodon: the actor's address; X: the number of the account */
	struct view name; /* X: without '@' */
};

/* Texts live in the arena, are valid UTF-8 and at most FOREIGN_TEXT_BYTES long. */
struct foreign_post {
	struct view id;	      /* imported_posts.origin: the post's address, or "twitter:NUMBER"; empty: it has none */
	struct view reply_to; /* the same of what it answers; empty: nothing */
	bool answers_owner;
	int64_t at; /* ms; 0: it has no date */
	struct view text, spoiler, language;
	bool sensitive;
	enum visibility visibility;
	struct foreign_media media[FOREIGN_MEDIA_MAX];
	size_t n_media;
	const char *refused; /* NULL, or why it is none to be taken: "a boost" */
	const char *note;    /* NULL, or what of it is not taken: "its poll was left out" */
};

void foreign_read_mastodon(struct arena *a, const struct foreign_owner *owner, const json_t *item,
			   struct foreign_post *ret);
void foreign_read_twitter(struct arena *a, const struct foreign_owner *owner, const json_t *item,
			  struct foreign_post *ret);

/* The owner, from actor.json, or from data/account.js. False: it does not say. */
bool foreign_owner_mastodon(struct arena *a, struct view text, struct foreign_owner *ret);
bool foreign_owner_twitter(struct arena *a, struct view text, struct foreign_owner *ret);

/* "Wed Oct 10 20:19:24 +0000 2018" */
bool foreign_twitter_time(struct view v, int64_t *ret_ms);

/* For both readers. */
struct view foreign_string(const json_t *object, const char *key); /* empty when it is none */

/*
 * The text of HTML as servers send it: paragraphs and line ends as such, links as their address, unless they are mentions
 * or tags. name_of answers what a link to this address is written as, or empty. Never fails: what is not HTML is text.
 */
struct view foreign_html_text(struct arena *a, struct view html,
			      struct view (*name_of)(const void *arg, struct view href), const void *arg);

#endif
