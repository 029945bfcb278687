/*
 * post_parts.c - see post_parts.h.
 */
#include "base/base.h"

#include "core/post_parts.h"

#include "core/featured_tags.h"
#include "core/post_load.h"
#include "text/compose.h"

#define MS_PER_HOUR ((int64_t)3600 * 1000)
#define MS_PER_DAY (24 * MS_PER_HOUR)

SQL(parts_tag_link, "INSERT INTO post_tags (post_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING");
/* The row of a busy tag is touched once an hour, not with every post. */
SQL(parts_tag_seen,
    "INSERT INTO tags (name, display, id, last_used_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO UPDATE"
    " SET last_used_at = excluded.last_used_at WHERE tags.last_used_at < excluded.last_used_at - $5");
SQL(parts_tag_public, "INSERT INTO tag_posts (name, post_id) VALUES ($1, $2) ON CONFLICT DO NOTHING");
SQL(parts_tag_day, "INSERT INTO tag_days (name, day, account_id, uses) VALUES ($1, $2, $3, 1)"
		   " ON CONFLICT (name, day, account_id) DO UPDATE SET uses = tag_days.uses + 1");
SQL(parts_tags, "SELECT name FROM post_tags WHERE post_id = $1");
SQL(parts_tag_unlink, "DELETE FROM post_tags WHERE post_id = $1 AND name = $2");
SQL(parts_tag_unpublic, "DELETE FROM tag_posts WHERE name = $1 AND post_id = $2");
SQL(parts_tags_unpublic,
    "DELETE FROM tag_posts WHERE post_id = $1 AND name IN (SELECT name FROM post_tags WHERE post_id = $1)");
SQL(parts_tags_unlink, "DELETE FROM post_tags WHERE post_id = $1");
SQL(parts_poll, "INSERT INTO polls (post_id, expires_at, multiple, hide_totals) VALUES ($1, $2, $3, $4)"
		" ON CONFLICT (post_id) DO UPDATE SET expires_at = excluded.expires_at, multiple = excluded.multiple,"
		" hide_totals = excluded.hide_totals, closed = 0");
SQL(parts_poll_no_voters, "UPDATE polls SET voters = 0 WHERE post_id = $1");
SQL(parts_poll_option, "INSERT INTO poll_options (post_id, position, title) VALUES ($1, $2, $3)");
SQL(parts_poll_drop, "DELETE FROM polls WHERE post_id = $1");
SQL(parts_poll_drop_options, "DELETE FROM poll_options WHERE post_id = $1");
SQL(parts_poll_drop_votes, "DELETE FROM poll_votes WHERE post_id = $1");
SQL(parts_media, "UPDATE media SET post_id = $1, position = $2 WHERE id = $3 AND account_id = $4 AND state = $5"
		 " AND (post_id IS NULL OR post_id = $1)"
		 " AND NOT EXISTS (SELECT 1 FROM scheduled_media s WHERE s.media_id = media.id)");
SQL(parts_account_post, "INSERT INTO account_posts (account_id, post_id, visibility, kind) VALUES ($1, $2, $3, $4)");
SQL(parts_account_post_drop, "DELETE FROM account_posts WHERE account_id = $1 AND post_id = $2");
SQL(parts_account_more,
    "INSERT INTO account_counts (account_id, posts, last_post_at) VALUES ($1, 1, $2) ON CONFLICT (account_id)"
    " DO UPDATE SET posts = account_counts.posts + 1, last_post_at = CASE"
    " WHEN account_counts.last_post_at > excluded.last_post_at THEN account_counts.last_post_at"
    " ELSE excluded.last_post_at END");
/* Not RETURNING: SQLite makes a temporary table for it, which costs more than all the rest of a post. */
SQL(parts_account_number, "SELECT posts FROM account_counts WHERE account_id = $1");
SQL(parts_account_less, "UPDATE account_counts SET posts = posts - 1 WHERE account_id = $1 AND posts > 0");
SQL(parts_hold, "INSERT INTO post_counts (post_id) SELECT id FROM posts WHERE id = $1"
		" ON CONFLICT (post_id) DO UPDATE SET favourites = post_counts.favourites");
SQL(parts_unhold, "DELETE FROM post_counts WHERE post_id = $1");
SQL(parts_there, "SELECT 1 FROM posts WHERE id = $1");
SQL(parts_replies_more, "INSERT INTO post_counts (post_id, replies) SELECT id, 1 FROM posts WHERE id = $1"
			" ON CONFLICT (post_id) DO UPDATE SET replies = post_counts.replies + 1");
SQL(parts_boosts_more, "INSERT INTO post_counts (post_id, boosts) SELECT id, 1 FROM posts WHERE id = $1"
		       " ON CONFLICT (post_id) DO UPDATE SET boosts = post_counts.boosts + 1");
SQL(parts_favourites_more, "INSERT INTO post_counts (post_id, favourites) SELECT id, 1 FROM posts WHERE id = $1"
			   " ON CONFLICT (post_id) DO UPDATE SET favourites = post_counts.favourites + 1");
SQL(parts_replies_less, "UPDATE post_counts SET replies = replies - 1 WHERE post_id = $1 AND replies > 0");
SQL(parts_quotes_more, "INSERT INTO post_counts (post_id, quotes) SELECT id, 1 FROM posts WHERE id = $1"
		       " ON CONFLICT (post_id) DO UPDATE SET quotes = post_counts.quotes + 1");
SQL(parts_quotes_less, "UPDATE post_counts SET quotes = quotes - 1 WHERE post_id = $1 AND quotes > 0");
SQL(parts_boosts_less, "UPDATE post_counts SET boosts = boosts - 1 WHERE post_id = $1 AND boosts > 0");
SQL(parts_favourites_less, "UPDATE post_counts SET favourites = favourites - 1 WHERE post_id = $1 AND favourites > 0");

/* Only public posts make a tag known: that it exists would tell what others talk about among themselves. */
static enum err tag_add(struct db *tx, const struct post_place *p, const struct post_tag *tag)
{
	int64_t added;

	TRY(db_exec(tx, &parts_tag_link, BINDS(B_INT(p->id.v), B_TEXT(tag->name)), &added));
	if (!added)
		return OK;
	TRY(featured_tag_add(tx, p, tag->name));
	if (p->visibility != VISIBILITY_PUBLIC)
		return OK;
	TRY(db_exec(tx, &parts_tag_seen,
		    BINDS(B_TEXT(tag->name), B_TEXT(tag->display), B_INT(id_next()), B_INT(p->at), B_INT(MS_PER_HOUR)),
		    NULL));
	TRY(db_exec(tx, &parts_tag_public, BINDS(B_TEXT(tag->name), B_INT(p->id.v)), NULL));
	return db_exec(tx, &parts_tag_day,
		       BINDS(B_TEXT(tag->name), B_INT(p->at - p->at % MS_PER_DAY), B_INT(p->author.v)), NULL);
}

static enum err tag_remove(struct db *tx, const struct post_place *p, struct view name)
{
	TRY(featured_tag_remove(tx, p, name));
	TRY(db_exec(tx, &parts_tag_unpublic, BINDS(B_TEXT(name), B_INT(p->id.v)), NULL));
	return db_exec(tx, &parts_tag_unlink, BINDS(B_INT(p->id.v), B_TEXT(name)), NULL);
}

static bool tag_among(struct view name, const struct post_tag *tags, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (view_eq(tags[i].name, name))
			return true;
	return false;
}

/* Takes away the tags of a post but those in keep. Only posts made here are edited, so there are few. */
static enum err tags_keep_only(struct db *tx, const struct post_place *p, const struct post_tag *keep, size_t n)
{
	char names[LIMIT_POST_TAGS][COMPOSE_TAG_BYTES];
	struct view gone[LIMIT_POST_TAGS];
	size_t n_gone = 0;
	struct rows r;

	db_query(tx, &r, &parts_tags, BINDS(B_INT(p->id.v)));
	while (n_gone < LIMIT_POST_TAGS && rows_next(&r)) {
		struct view name = row_text(&r, 0);

		if (name.len > COMPOSE_TAG_BYTES || tag_among(name, keep, n))
			continue;
		memcpy(names[n_gone], name.p, name.len);
		gone[n_gone] = view_make(names[n_gone], name.len);
		n_gone++;
	}
	TRY(rows_end(&r));
	for (size_t i = 0; i < n_gone; i++)
		TRY(tag_remove(tx, p, gone[i]));
	return OK;
}

enum err post_write_tags(struct db *tx, const struct post_place *place, const struct post_tag *tags, size_t n)
{
	for (size_t i = 0; i < n; i++)
		TRY(tag_add(tx, place, &tags[i]));
	return OK;
}

enum err post_change_tags(struct db *tx, const struct post_place *place, const struct post_tag *tags, size_t n)
{
	TRY(post_write_tags(tx, place, tags, n));
	return tags_keep_only(tx, place, tags, n);
}

enum err post_drop_tags(struct db *tx, const struct post_place *p)
{
	TRY(featured_tags_remove_all(tx, p));
	TRY(db_exec(tx, &parts_tags_unpublic, BINDS(B_INT(p->id.v)), NULL));
	return db_exec(tx, &parts_tags_unlink, BINDS(B_INT(p->id.v)), NULL);
}

static enum err write_options(struct db *tx, struct post_id id, const struct new_poll *poll)
{
	for (size_t i = 0; i < poll->n_options; i++)
		TRY(db_exec(tx, &parts_poll_option, BINDS(B_INT(id.v), B_INT(i), B_TEXT(poll->options[i])), NULL));
	return OK;
}

static enum err put_poll(struct db *tx, struct post_id id, const struct new_poll *poll, int64_t now)
{
	return db_exec(tx, &parts_poll,
		       BINDS(B_INT(id.v), B_INT(now + poll->expires_in * 1000), B_INT(poll->multiple),
			     B_INT(poll->hide_totals)),
		       NULL);
}

enum err post_write_poll(struct db *tx, struct post_id id, const struct new_poll *poll, int64_t now)
{
	TRY(put_poll(tx, id, poll, now));
	return write_options(tx, id, poll);
}

/* As a vote does, the poll itself is locked before its options. */
enum err post_reset_poll(struct db *tx, struct post_id id, const struct new_poll *poll, int64_t now)
{
	TRY(db_exec(tx, &parts_poll_no_voters, BINDS(B_INT(id.v)), NULL));
	TRY(db_exec(tx, &parts_poll_drop_options, BINDS(B_INT(id.v)), NULL));
	TRY(db_exec(tx, &parts_poll_drop_votes, BINDS(B_INT(id.v)), NULL));
	return post_write_poll(tx, id, poll, now);
}

enum err post_drop_poll(struct db *tx, struct post_id id)
{
	TRY(db_exec(tx, &parts_poll_drop, BINDS(B_INT(id.v)), NULL));
	TRY(db_exec(tx, &parts_poll_drop_options, BINDS(B_INT(id.v)), NULL));
	return db_exec(tx, &parts_poll_drop_votes, BINDS(B_INT(id.v)), NULL);
}

enum err post_attach_media(struct db *tx, const struct post_place *place, const struct draft_media *media, size_t n,
			   struct problem *problem)
{
	for (size_t i = 0; i < n; i++) {
		int64_t changed;

		TRY(db_exec(tx, &parts_media,
			    BINDS(B_INT(place->id.v), B_INT(i), B_INT(media[i].id), B_INT(place->author.v),
				  B_INT(MEDIA_READY)),
			    &changed));
		if (!changed)
			return fail(problem, ERR_UNPROCESSABLE,
				    "Media %" PRIi64 " not found or already attached to another post", media[i].id);
	}
	return OK;
}

/* Behind a lock of the post's numbers: a deletion that had it first is over by now. */
static enum err still_there(struct db *tx, struct post_id id)
{
	int64_t one;

	return db_int(tx, &parts_there, BINDS(B_INT(id.v)), &one);
}

enum err post_hold(struct db *tx, struct post_id id)
{
	TRY(db_exec(tx, &parts_hold, BINDS(B_INT(id.v)), NULL));
	enum err err = still_there(tx, id);
	/* The caller may go on without the post: its numbers must not come back. */
	if (err == ERR_NOT_FOUND)
		TRY(db_exec(tx, &parts_unhold, BINDS(B_INT(id.v)), NULL));
	return err;
}

enum err post_count_add(struct db *tx, struct event_list *events, struct post_id id, enum post_count which, int by)
{
	static const struct sql *const more[] = {
		[COUNT_REPLIES] = &parts_replies_more,
		[COUNT_BOOSTS] = &parts_boosts_more,
		[COUNT_FAVOURITES] = &parts_favourites_more,
		[COUNT_QUOTES] = &parts_quotes_more,
	};
	static const struct sql *const less[] = {
		[COUNT_REPLIES] = &parts_replies_less,
		[COUNT_BOOSTS] = &parts_boosts_less,
		[COUNT_FAVOURITES] = &parts_favourites_less,
		[COUNT_QUOTES] = &parts_quotes_less,
	};
	int64_t changed;

	TRY(db_exec(tx, by > 0 ? more[which] : less[which], BINDS(B_INT(id.v)), &changed));
	if (by > 0)
		TRY(still_there(tx, id));
	if (changed)
		events_pend(events, (struct event){.kind = EVENT_POST_COUNTS, .post = id, .local = true});
	return OK;
}

enum err account_posts_add(struct db *tx, struct event_list *events, const struct post_place *p, int by)
{
	struct event ev = {.kind = EVENT_ACCOUNT_CHANGED, .account = p->author, .local = true};

	if (p->visibility == VISIBILITY_DIRECT)
		return OK;
	if (by > 0) {
		ev.kind = EVENT_ACCOUNT_POSTED;
		ev.post = p->id;
		ev.at = p->at;
		TRY(db_exec(tx, &parts_account_more, BINDS(B_INT(p->author.v), B_INT(p->at)), NULL));
		TRY(db_int(tx, &parts_account_number, BINDS(B_INT(p->author.v)), &ev.other_id));
	} else {
		TRY(db_exec(tx, &parts_account_less, BINDS(B_INT(p->author.v)), NULL));
	}
	events_pend(events, ev);
	return OK;
}

enum err account_post_put(struct db *tx, const struct post_place *p, unsigned kind)
{
	return db_exec(tx, &parts_account_post,
		       BINDS(B_INT(p->author.v), B_INT(p->id.v), B_INT(p->visibility), B_INT(kind)), NULL);
}

enum err account_post_drop(struct db *tx, struct account_id author, struct post_id id)
{
	return db_exec(tx, &parts_account_post_drop, BINDS(B_INT(author.v), B_INT(id.v)), NULL);
}
