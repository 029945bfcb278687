/*
 * cards.h - presented posts, kept. A card is the part of a post's JSON that is the same for every viewer, with the
 * post's meta beside it, reference-counted and never changed: a change makes a new one. The byte budget evicts
 * what was not used lately. What renders a card is registered by present/ (core does not know JSON shapes).
 *
 * Staleness: a card rendered from a read that began before a change must not be kept after it. card_get remembers the
 * generation of its key before it reads, and keeps the card only if no change was announced since.
 */
#ifndef CORE_CARDS_H
#define CORE_CARDS_H

#include "core/cache.h"
#include "core/post.h"
#include "text/needle.h"

struct card {
	struct cached cached;
	struct post_meta meta; /* mentions point into the card */
	/* Pieces around what depends on the viewer or belongs to somebody else; views into the card. */
	struct view head;   /* "{…" up to "account": */
	struct view middle; /* behind the account, up to the poll or the boosted post; all there is otherwise */
	struct view tail;   /* behind the poll, before the viewer's flags; "" without poll */
	bool sensitive;
	struct haystack searched; /* by filters: text, warning, options, descriptions; none of a boost */
};

/*
 * An account's JSON, the same for every viewer: "{…" without its end, which says whether this viewer may put them into
 * a collection (present/account.h, present_account_end()).
 */
struct account_card {
	struct cached cached;
	struct account_id id;
	bool suspended, featurable; /* the latter: may be in collections at all */
	struct view json;
	struct view source;   /* for its owner: the members of "source" that are the account's own; "" when remote */
	int64_t last_post_at; /* what json says of its posts is as of this one */
	size_t posts_at, posts_len; /* where json says it */
};

/*
 * Render *ret: one malloc()ed block with all its bytes behind it, released by free(); cached_init() it with the size of
 * the block and NULL. present/ registers both at boot.
 */
struct card_renderers {
	enum err (*post)(struct core *c, struct db *db, struct arena *a, const struct post *post, struct card **ret);
	enum err (*account)(struct core *c, struct db *db, struct arena *a, struct account_id id,
			    struct account_card **ret);
	/* The card with the numbers of an EVENT_ACCOUNT_POSTED (arg), or NULL when that is not newer than the card. */
	struct cached *(*account_posted)(const struct cached *card, const void *arg);
};

struct cards *cards_new(struct core *c, size_t bytes); /* subscribes to events */
void cards_free(struct cards *cards);
void cards_set_renderers(struct core *c, struct card_renderers r);

/*
 * ERR_NOT_FOUND: does not exist. Does not judge visibility. card_put gives the reference back. Rendering takes nothing
 * of the arena `a`: thousands of posts may be looked at in one call.
 */
enum err card_get(struct core *c, struct db *db, struct arena *a, struct post_id id, struct card **ret);
void card_put(struct card *card);

/*
 * The card of a post that was just made, kept before anybody asks for it, from what its maker knows: only its parts are
 * read. The mark is taken inside the transaction that chooses the id, before which nobody can have changed the post.
 */
struct post_row;
struct card_mark {
	uint64_t generation;
};
struct card_mark card_mark(struct core *c, struct post_id id);
enum err card_made(struct core *c, struct db *db, const struct post_row *row, struct card_mark mark);

enum err account_card_get(struct core *c, struct db *db, struct arena *a, struct account_id id,
			  struct account_card **ret);
void account_card_put(struct account_card *card);

#endif
