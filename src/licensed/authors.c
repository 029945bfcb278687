/*
 * authors.c - see authors.h. The word: what is known in the low bits, above it how often something has changed. Who
 * reads the database for it puts the answer in only if nothing has changed meanwhile.
 */
#include "base/base.h"

#include "licensed/authors.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/map.h"
#include "core/admitted.h"
#include "core/events.h"
#include "licensed/consent.h"

#define KNOWN ((uint64_t)1)
#define SOLD ((uint64_t)2)
#define USES_AT 2
#define FOLLOWERS_AT 6
#define FOLLOWERS_MAX ((uint64_t)AUTHOR_FOLLOWERS_MAX)
#define CHANGES_AT 46
_Static_assert(USES_ALL == (1u << (FOLLOWERS_AT - USES_AT)) - 1, "uses fit between");

SQL(author_row, "SELECT a.domain, a.suspended_at, a.silenced_at, n.followers FROM accounts a"
		" LEFT JOIN account_counts n ON n.account_id = a.id WHERE a.id = $1");

struct licensed_author {
	struct account_id id;
	struct licensed_authors *all;
	size_t refs; /* under the lock of all */
	_Atomic uint64_t word;
};

struct licensed_authors {
	pthread_mutex_t lock;
	struct map map;
};

static void changed(struct licensed_author *author)
{
	uint64_t word = atomic_load(&author->word), next;

	do
		next = ((word >> CHANGES_AT) + 1) << CHANGES_AT;
	while (!atomic_compare_exchange_weak(&author->word, &word, next));
}

static void on_event(void *arg, const struct event *ev)
{
	struct licensed_authors *all = arg;

	if (ev->kind != EVENT_ACCOUNT_CHANGED && ev->kind != EVENT_ACCOUNT_LICENCE)
		return;
	pthread_mutex_lock(&all->lock);
	struct licensed_author *author = map_get(&all->map, (uint64_t)ev->account.v);
	if (author)
		changed(author);
	pthread_mutex_unlock(&all->lock);
}

struct licensed_authors *licensed_authors_new(struct core *c)
{
	struct licensed_authors *all = xcalloc(1, sizeof(*all));

	pthread_mutex_init(&all->lock, NULL);
	map_init(&all->map);
	events_subscribe(c->events, on_event, all);
	return all;
}

void licensed_authors_free(struct licensed_authors *all)
{
	if (!all)
		return;
	map_release(&all->map);
	pthread_mutex_destroy(&all->lock);
	free(all);
}

struct licensed_author *licensed_author_get(struct licensed_authors *all, struct account_id id)
{
	pthread_mutex_lock(&all->lock);
	struct licensed_author *author = map_get(&all->map, (uint64_t)id.v);
	if (!author) {
		author = xcalloc(1, sizeof(*author));
		author->id = id;
		author->all = all;
		map_put(&all->map, (uint64_t)id.v, author);
	}
	author->refs++;
	pthread_mutex_unlock(&all->lock);
	return author;
}

void licensed_author_put(struct licensed_author *author)
{
	if (!author)
		return;
	struct licensed_authors *all = author->all;
	pthread_mutex_lock(&all->lock);
	bool last = --author->refs == 0;
	if (last)
		map_del(&all->map, (uint64_t)author->id.v);
	pthread_mutex_unlock(&all->lock);
	if (last)
		free(author);
}

/* The low bits of the word. */
static enum err read_word(struct core *c, struct db *db, struct account_id id, uint64_t *ret)
{
	struct consent consent;
	uint64_t followers = 0;
	bool sold = false;
	struct rows r;

	db_query(db, &r, &author_row, BINDS(B_INT(id.v)));
	if (rows_next(&r)) {
		sold = row_text(&r, 0).len == 0 && row_is_null(&r, 1) && row_is_null(&r, 2);
		followers = (uint64_t)row_int(&r, 3);
	}
	TRY(rows_end(&r));
	enum err err = account_admitted(c, db, id);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	TRY(consent_load(c, db, id, &consent));
	*ret = KNOWN | (followers < FOLLOWERS_MAX ? followers : FOLLOWERS_MAX) << FOLLOWERS_AT;
	if (sold && err == OK)
		*ret |= SOLD | (uint64_t)consent_holds(c, &consent) << USES_AT;
	return OK;
}

void licensed_author_prefetch(const struct licensed_author *author)
{
	__builtin_prefetch(author);
}

enum err licensed_author_terms(struct core *c, struct db *db, struct licensed_author *author, struct author_terms *ret)
{
	uint64_t word = atomic_load(&author->word);

	if (!(word & KNOWN)) {
		uint64_t read, before = word;

		TRY(read_word(c, db, author->id, &read));
		word = (before & ~((1ull << CHANGES_AT) - 1)) | read;
		atomic_compare_exchange_strong(&author->word, &before, word);
	}
	ret->sold = (word & SOLD) != 0;
	ret->uses = (uint32_t)(word >> USES_AT) & USES_ALL;
	ret->followers = (int64_t)((word >> FOLLOWERS_AT) & FOLLOWERS_MAX);
	return OK;
}
