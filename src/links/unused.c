/*
 * unused.c - see unused.h. Reading says which cards are unused; the write that takes one away asks once more.
 */
#include "base/base.h"

#include "links/unused.h"

#include "core/previews.h"
#include "media/files.h"

#define AT_ONCE 500 /* cards in a query */

SQL(unused_page, "SELECT c.id, CASE WHEN c.updated_at < $2 AND NOT EXISTS (SELECT 1 FROM posts p"
		 " WHERE p.card_id = c.id AND p.card_id IS NOT NULL) THEN 1 ELSE 0 END FROM preview_cards c WHERE c.id "
		 "> $1 ORDER BY c.id LIMIT $3");

/* The unused ones of the cards behind `after`, which becomes the last that was looked at; 0: there are no more. */
static enum err find_some(struct db *db, int64_t before, int64_t *after, int64_t ret[AT_ONCE], size_t *ret_n)
{
	int64_t last = 0;
	size_t seen = 0, n = 0;
	struct rows r;

	db_query(db, &r, &unused_page, BINDS(B_INT(*after), B_INT(before), B_INT(AT_ONCE)));
	for (; seen < AT_ONCE && rows_next(&r); seen++) {
		last = row_int(&r, 0);
		if (row_int(&r, 1))
			ret[n++] = last;
	}
	TRY(rows_end(&r));
	*after = seen == AT_ONCE ? last : 0;
	*ret_n = n;
	return OK;
}

static enum err remove_one(struct core *c, struct arena *a, int64_t card, int64_t before)
{
	struct view image;
	enum err err = preview_remove(c, a, card, before, &image);

	if (err == ERR_NOT_FOUND) /* a post has it by now */
		return OK;
	if (err == OK)
		files_delete(c->config.data_dir, image);
	return err;
}

enum err unused_cards_sweep(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	int64_t ids[AT_ONCE], before = now - UNUSED_CARD_MS, after = 0;
	size_t n;

	do {
		TRY(find_some(db, before, &after, ids, &n));
		for (size_t i = 0; i < n; i++)
			TRY(remove_one(c, a, ids[i], before));
	} while (after);
	return OK;
}
