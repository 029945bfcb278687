/*
 * featured_tags.c - see featured_tags.h.
 */
#include "base/base.h"

#include "core/featured_tags.h"

#include "base/limits.h"
#include "core/events.h"
#include "core/tags.h"

#define SUGGESTION_POSTS 200 /* the newest, that suggestions are found in */

SQL(featured_hold, "UPDATE accounts SET id = id WHERE id = $1");
SQL(featured_others, "SELECT COUNT(*) FROM featured_tags WHERE account_id = $1 AND name <> $2");
SQL(featured_insert,
    "INSERT INTO featured_tags (account_id, name, display, id, posts, last_post_id)"
    " SELECT CAST($1 AS BIGINT), $2, $3, CAST($4 AS BIGINT), COUNT(*), COALESCE(MAX(t.post_id), 0) FROM"
    " (SELECT post_id, visibility FROM account_posts WHERE account_id = $1 ORDER BY post_id DESC"
    " LIMIT $5) p JOIN post_tags t ON t.post_id = p.post_id AND t.name = $2 WHERE p.visibility < 2"
    " ON CONFLICT (account_id, name) DO NOTHING");
SQL(featured_delete, "DELETE FROM featured_tags WHERE account_id = $1 AND name = $2");
SQL(featured_delete_id, "DELETE FROM featured_tags WHERE account_id = $1 AND id = $2");
SQL(featured_all, "SELECT id, posts, last_post_id, name, display FROM featured_tags WHERE account_id = $1"
		  " ORDER BY id LIMIT $2");
SQL(featured_suggest,
    "SELECT t.name FROM (SELECT post_id, visibility FROM account_posts WHERE account_id = $1 ORDER BY post_id DESC"
    " LIMIT $2) p JOIN post_tags t ON t.post_id = p.post_id WHERE p.visibility = 0 AND t.name NOT IN"
    " (SELECT name FROM featured_tags WHERE account_id = $1)"
    " GROUP BY t.name ORDER BY COUNT(*) DESC, MAX(t.post_id) DESC, t.name LIMIT $3");
SQL(featured_more, "UPDATE featured_tags SET posts = posts + 1,"
		   " last_post_id = CASE WHEN last_post_id < $3 THEN $3 ELSE last_post_id END"
		   " WHERE account_id = $1 AND name = $2");
/* When the newest goes, the one before it is looked for. */
#define LESS                                                                                                           \
	"UPDATE featured_tags SET posts = posts - 1, last_post_id = CASE WHEN last_post_id <> $2 THEN last_post_id"    \
	" ELSE COALESCE((SELECT MAX(t.post_id) FROM (SELECT post_id, visibility FROM account_posts WHERE"              \
	" account_id = $1 AND post_id < $2 ORDER BY post_id DESC LIMIT $3) p JOIN post_tags t ON"                      \
	" t.post_id = p.post_id AND t.name = featured_tags.name WHERE p.visibility < 2), 0) END"                       \
	" WHERE account_id = $1 AND posts > 0 AND name "
SQL(featured_less, LESS "= $4");
SQL(featured_less_all, LESS "IN (SELECT name FROM post_tags WHERE post_id = $2)");

struct change {
	struct account_id who;
	struct view name, display;
	int64_t id;
	struct problem *problem;
};

static enum err write_feature(struct db *tx, void *arg)
{
	const struct change *ch = arg;
	int64_t others;

	TRY(db_exec(tx, &featured_hold, BINDS(B_INT(ch->who.v)), NULL));
	TRY(db_int(tx, &featured_others, BINDS(B_INT(ch->who.v), B_TEXT(ch->name)), &others));
	if (others >= LIMIT_FEATURED_TAGS)
		return fail(ch->problem, ERR_UNPROCESSABLE,
			    "Validation failed: You have already featured the maximum number of hashtags");
	return db_exec(tx, &featured_insert,
		       BINDS(B_INT(ch->who.v), B_TEXT(ch->name), B_TEXT(ch->display), B_INT(id_next()),
			     B_INT(FEATURED_TAG_POSTS)),
		       NULL);
}

static enum err write_unfeature(struct db *tx, void *arg)
{
	const struct change *ch = arg;

	return db_exec(tx, &featured_delete, BINDS(B_INT(ch->who.v), B_TEXT(ch->name)), NULL);
}

static enum err write_delete(struct db *tx, void *arg)
{
	const struct change *ch = arg;
	int64_t n = 0;

	TRY(db_exec(tx, &featured_delete_id, BINDS(B_INT(ch->who.v), B_INT(ch->id)), &n));
	return n ? OK : ERR_NOT_FOUND;
}

/* Profiles that are kept are drawn anew. */
static enum err run(struct core *c, enum err (*fn)(struct db *tx, void *arg), struct change *ch)
{
	TRY(store_write(c->store, fn, ch));
	events_announce(c->events, &(struct event){.kind = EVENT_ACCOUNT_CHANGED, .account = ch->who});
	return OK;
}

enum err tag_feature(struct core *c, struct arena *a, struct account_id who, struct view name, struct problem *problem)
{
	struct change ch = {.who = who, .problem = problem};

	TRY(tag_written(a, name, &ch.name, &ch.display));
	return run(c, write_feature, &ch);
}

enum err tag_unfeature(struct core *c, struct arena *a, struct account_id who, struct view name)
{
	struct change ch = {.who = who};

	TRY(tag_name(a, name, &ch.name));
	return run(c, write_unfeature, &ch);
}

enum err featured_tag_delete(struct core *c, struct account_id who, int64_t id)
{
	struct change ch = {.who = who, .id = id};

	return run(c, write_delete, &ch);
}

enum err featured_tags_load(struct db *db, struct arena *a, struct account_id who, struct featured_tag *ret,
			    size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &featured_all, BINDS(B_INT(who.v), B_INT(LIMIT_FEATURED_TAGS)));
	while (n < LIMIT_FEATURED_TAGS && rows_next(&r))
		ret[n++] = (struct featured_tag){.id = row_int(&r, 0),
						 .posts = row_int(&r, 1),
						 .last_post_id = row_int(&r, 2),
						 .name = row_copy(&r, 3, a),
						 .display = row_copy(&r, 4, a)};
	*ret_n = n;
	return rows_end(&r);
}

enum err featured_tags_suggest(struct db *db, struct arena *a, struct account_id who, size_t limit, struct view *ret,
			       size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &featured_suggest, BINDS(B_INT(who.v), B_INT(SUGGESTION_POSTS), B_INT(limit)));
	while (n < limit && rows_next(&r))
		ret[n++] = row_copy(&r, 0, a);
	*ret_n = n;
	return rows_end(&r);
}

static bool counts(const struct post_place *p)
{
	return p->visibility <= VISIBILITY_UNLISTED;
}

enum err featured_tag_add(struct db *tx, const struct post_place *p, struct view name)
{
	if (!counts(p))
		return OK;
	return db_exec(tx, &featured_more, BINDS(B_INT(p->author.v), B_TEXT(name), B_INT(p->id.v)), NULL);
}

enum err featured_tag_remove(struct db *tx, const struct post_place *p, struct view name)
{
	if (!counts(p))
		return OK;
	return db_exec(tx, &featured_less,
		       BINDS(B_INT(p->author.v), B_INT(p->id.v), B_INT(FEATURED_TAG_POSTS), B_TEXT(name)), NULL);
}

enum err featured_tags_remove_all(struct db *tx, const struct post_place *p)
{
	if (!counts(p))
		return OK;
	return db_exec(tx, &featured_less_all, BINDS(B_INT(p->author.v), B_INT(p->id.v), B_INT(FEATURED_TAG_POSTS)),
		       NULL);
}
