/*
 * xuser.c - the cache of users for licensees. Who may not go out is kept as little as who does not exist.
 */
#include "base/base.h"

#include "licensed/xuser.h"

#include "base/limits.h"
#include "base/metrics.h"
#include "core/events.h"
#include "licensed/licensed.h"
#include "licensed/xuser_make.h"

struct xusers {
	struct cache *cache;
	struct licensed_authors *authors;
};

static void on_event(void *arg, const struct event *ev)
{
	struct xusers *x = arg;

	switch (ev->kind) {
	case EVENT_ACCOUNT_CREATED:
	case EVENT_ACCOUNT_CHANGED:
	case EVENT_ACCOUNT_POSTED:
	case EVENT_ACCOUNT_LICENCE:
	case EVENT_POST_FLAGS: /* it has pinned something */
		cache_forget(x->cache, (uint64_t)ev->account.v);
		break;
	default:
		break;
	}
}

struct xusers *xusers_new(struct core *c, struct licensed_authors *authors, size_t bytes)
{
	struct xusers *x = xcalloc(1, sizeof(*x));

	x->cache = cache_new(bytes, METRIC_CARD_BYTES);
	x->authors = authors;
	events_subscribe(c->events, on_event, x);
	return x;
}

void xusers_free(struct xusers *x)
{
	if (!x)
		return;
	cache_free(x->cache);
	free(x);
}

void xuser_put(struct xuser *user)
{
	cached_unref(user ? &user->cached : NULL);
}

static enum err make_kept(struct core *c, struct db *db, struct account_id id, struct licensed_author *author,
			  uint64_t generation, struct xuser **ret)
{
	struct arena scratch;

	arena_init(&scratch, LIMIT_CALL_ARENA);
	enum err err = xuser_make(c, db, &scratch, id, author, ret);
	arena_release(&scratch);
	if (err == OK)
		cache_keep(c->licensed->users->cache, (uint64_t)id.v, &(*ret)->cached, generation);
	return err;
}

/* Somebody nobody has asked for lately: rendered only when they may go out. */
static enum err look_at(struct core *c, struct db *db, struct account_id id, const struct licence *licence,
			uint64_t generation, struct xuser **ret, struct author_terms *ret_terms)
{
	struct licensed_author *author = licensed_author_get(c->licensed->authors, id);
	enum err err = licensed_author_terms(c, db, author, ret_terms);

	if (err == OK && !author_allows(ret_terms, licence))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = make_kept(c, db, id, author, generation, ret);
	if (err != OK)
		licensed_author_put(author);
	return err;
}

static void item_of(const struct core *c, const struct xuser *user, struct ledger_item *ret)
{
	*ret = (struct ledger_item){
		.id = user->id.v,
		.fingerprint = fingerprint(&c->licensed->salt, &(struct fingerprint_of){.post = user->id.v,
											.replies = user->posts,
											.boosts = user->following,
											.followers = user->followers}),
	};
}

enum err xuser_get(struct core *c, struct db *db, struct account_id id, const struct licence *licence,
		   struct xuser **ret, struct ledger_item *ret_item)
{
	uint64_t generation = 0;
	struct xuser *user = (struct xuser *)cache_find(c->licensed->users->cache, (uint64_t)id.v, &generation);
	struct author_terms terms;
	enum err err = OK;

	if (!user)
		TRY(look_at(c, db, id, licence, generation, &user, &terms));
	else
		err = licensed_author_terms(c, db, user->author, &terms);
	if (err == OK && !author_allows(&terms, licence))
		err = ERR_NOT_FOUND;
	if (err != OK) {
		xuser_put(user);
		return err;
	}
	item_of(c, user, ret_item);
	*ret = user;
	return OK;
}
