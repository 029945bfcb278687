/*
 * quote_ties.c - see quote_ties.h.
 */
#include "base/base.h"

#include "stream/quote_ties.h"

#include "stream/ties.h"

static enum err add_level(struct quote_ties *q, struct cache *aversions, struct db *db, const struct post_meta *m)
{
	q->closed = q->closed || m->visibility >= VISIBILITY_PRIVATE || m->quote_policy == QUOTE_FOLLOWERS;
	TRY(aversions_get(aversions, db, m->author, &q->authors[q->n_authors]));
	q->n_authors++;
	return OK;
}

enum err quote_ties_load(struct quote_ties *q, struct core *c, struct cache *aversions, struct db *db, struct arena *a,
			 const struct post_meta *shown, const struct targets *receivers)
{
	struct post_id next = shown->quote_state == QUOTE_ACCEPTED ? shown->quote_of : (struct post_id){0};

	*q = (struct quote_ties){0};
	idset_init(&q->marked);
	for (int level = 0; level < QUOTE_LEVELS && next.v; level++) {
		struct card *card;
		enum err err = card_get(c, db, a, next, &card);

		if (err)
			return err == ERR_NOT_FOUND ? OK : err;
		err = add_level(q, aversions, db, &card->meta);
		if (!err && level == 0)
			err = ties_marked(db, &card->meta, receivers, &q->marked);
		next = card->meta.quote_state == QUOTE_ACCEPTED ? card->meta.quote_of : (struct post_id){0};
		if (level == 0)
			q->quoted = card;
		else
			card_put(card);
		TRY(err);
	}
	return OK;
}

void quote_ties_release(struct quote_ties *q)
{
	for (size_t i = 0; i < q->n_authors; i++)
		cached_unref(&q->authors[i]->cached);
	idset_release(&q->marked);
	card_put(q->quoted);
}

bool quote_ties_differ(const struct quote_ties *q, struct account_id account, bool personal)
{
	if (!account.v || !q->n_authors)
		return false;
	if (q->closed || (personal && idset_has(&q->marked, (uint64_t)account.v)))
		return true;
	for (size_t i = 0; i < q->n_authors; i++)
		if (aversions_tell(q->authors[i], account))
			return true;
	return false;
}
