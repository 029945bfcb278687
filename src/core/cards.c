/*
 * cards.c - two caches, of posts and of accounts, and the events that make their entries stale.
 */
#include "base/base.h"

#include "core/cards.h"

#include "base/limits.h"
#include "base/metrics.h"
#include "core/events.h"
#include "core/post_load.h"

struct cards {
	struct cache *posts, *accounts;
	struct card_renderers render;
};

static void on_event(void *arg, const struct event *ev)
{
	struct cards *cards = arg;

	switch (ev->kind) {
	case EVENT_POST_EDITED:
	case EVENT_POST_DELETED:
	case EVENT_POST_COUNTS:
		cache_forget(cards->posts, (uint64_t)ev->post.v);
		break;
	case EVENT_ACCOUNT_POSTED: /* each post changes two numbers of its author's card: nothing is read for that */
		cache_change(cards->accounts, (uint64_t)ev->account.v, cards->render.account_posted, ev);
		break;
	case EVENT_ACCOUNT_CREATED:
	case EVENT_ACCOUNT_CHANGED:
		cache_forget(cards->accounts, (uint64_t)ev->account.v);
		if (ev->other_id) /* posts' cards carry their author's suspension */
			cache_forget_all(cards->posts);
		break;
	case EVENT_EMOJI_CHANGED:
		cache_forget_all(cards->posts);
		cache_forget_all(cards->accounts);
		break;
	default:
		break;
	}
}

struct cards *cards_new(struct core *c, size_t bytes)
{
	struct cards *cards = xcalloc(1, sizeof(*cards));

	cards->posts = cache_new(bytes / 8 * 7, METRIC_CARD_BYTES);
	cards->accounts = cache_new(bytes / 8, METRIC_CARD_BYTES);
	events_subscribe(c->events, on_event, cards);
	return cards;
}

void cards_free(struct cards *cards)
{
	if (!cards)
		return;
	cache_free(cards->posts);
	cache_free(cards->accounts);
	free(cards);
}

void cards_set_renderers(struct core *c, struct card_renderers r)
{
	c->cards->render = r;
}

/* In memory of its own, given back at once: a call may look at thousands of posts, and its arena is bounded. */
static enum err render_post(struct core *c, struct db *db, struct post_id id, const struct post_row *row,
			    struct card **ret)
{
	struct arena scratch;
	struct post post;

	arena_init(&scratch, LIMIT_CALL_ARENA);
	enum err err = row ? post_load_rest(db, &scratch, row, &post) : post_load(c, db, &scratch, id, &post);
	if (err == OK)
		err = c->cards->render.post(c, db, &scratch, &post, ret);
	arena_release(&scratch);
	return err;
}

static enum err render_account(struct core *c, struct db *db, struct account_id id, struct account_card **ret)
{
	struct arena scratch;

	arena_init(&scratch, LIMIT_CALL_ARENA);
	enum err err = c->cards->render.account(c, db, &scratch, id, ret);
	arena_release(&scratch);
	return err;
}

enum err card_get(struct core *c, struct db *db, struct arena *a, struct post_id id, struct card **ret)
{
	uint64_t generation = 0;
	struct cached *hit = cache_find(c->cards->posts, (uint64_t)id.v, &generation);

	(void)a;
	if (hit) {
		metric_add(METRIC_CARD_HITS, 1);
		*ret = (struct card *)hit;
		return OK;
	}
	metric_add(METRIC_CARD_MISSES, 1);
	TRY(render_post(c, db, id, NULL, ret));
	cache_keep(c->cards->posts, (uint64_t)id.v, &(*ret)->cached, generation);
	return OK;
}

struct card_mark card_mark(struct core *c, struct post_id id)
{
	return (struct card_mark){cache_generation(c->cards->posts, (uint64_t)id.v)};
}

enum err card_made(struct core *c, struct db *db, const struct post_row *row, struct card_mark mark)
{
	struct card *card;

	TRY(render_post(c, db, row->post.meta.id, row, &card));
	cache_keep(c->cards->posts, (uint64_t)row->post.meta.id.v, &card->cached, mark.generation);
	card_put(card);
	return OK;
}

void card_put(struct card *card)
{
	cached_unref(card ? &card->cached : NULL);
}

enum err account_card_get(struct core *c, struct db *db, struct arena *a, struct account_id id,
			  struct account_card **ret)
{
	uint64_t generation = 0;
	struct cached *hit = cache_find(c->cards->accounts, (uint64_t)id.v, &generation);

	(void)a;
	if (hit) {
		*ret = (struct account_card *)hit;
		return OK;
	}
	TRY(render_account(c, db, id, ret));
	cache_keep(c->cards->accounts, (uint64_t)id.v, &(*ret)->cached, generation);
	return OK;
}

void account_card_put(struct account_card *card)
{
	cached_unref(card ? &card->cached : NULL);
}
