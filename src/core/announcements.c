/*
 * announcements.c - see announcements.h.
 */
#include "base/base.h"

#include "core/announcements.h"

#include "base/clock.h"
#include "core/emojis.h"
#include "core/events.h"
#include "core/post_text.h"
#include "text/compose.h"
#include "text/emoji.h"

#define COLUMNS                                                                                                        \
	"SELECT a.id, a.starts_at, a.ends_at, a.published_at, a.updated_at, a.all_day, a.text, (SELECT COUNT(*) FROM"  \
	" announcement_reads r WHERE r.account_id = $1 AND r.announcement_id = a.id) FROM announcements a "
#define LIVE "(a.ends_at IS NULL OR a.ends_at > $2) "
SQL(announcements_unread,
    COLUMNS "WHERE " LIVE "AND NOT EXISTS (SELECT 1 FROM announcement_reads r WHERE r.account_id = $1"
	    " AND r.announcement_id = a.id) ORDER BY a.id DESC LIMIT $3");
SQL(announcements_all, COLUMNS "WHERE " LIVE "ORDER BY a.id DESC LIMIT $3");
SQL(announcement_one, COLUMNS "WHERE " LIVE "AND a.id = $3");
SQL(announcement_insert, "INSERT INTO announcements (id, text, starts_at, ends_at, all_day, published_at, updated_at)"
			 " VALUES ($1, $2, $3, $4, $5, $6, $6)");
SQL(announcement_rewrite,
    "UPDATE announcements SET text = $2, starts_at = $3, ends_at = $4, updated_at = $5 WHERE id = $1");
SQL(announcement_remove, "DELETE FROM announcements WHERE id = $1");
SQL(announcement_remove_reads, "DELETE FROM announcement_reads WHERE announcement_id = $1");
SQL(announcement_remove_reactions, "DELETE FROM announcement_reactions WHERE emoji_id IN"
				   " (SELECT id FROM announcement_emojis WHERE announcement_id = $1)");
SQL(announcement_remove_emojis, "DELETE FROM announcement_emojis WHERE announcement_id = $1");
SQL(announcement_read,
    "INSERT INTO announcement_reads (account_id, announcement_id) SELECT CAST($1 AS BIGINT), id FROM announcements"
    " WHERE id = $2 ON CONFLICT DO NOTHING");
#define REACTIONS                                                                                                      \
	"SELECT e.id, e.name, COUNT(*), MAX(CASE WHEN r.account_id = $2 THEN 1 ELSE 0 END) FROM announcement_emojis e" \
	" JOIN announcement_reactions r ON r.emoji_id = e.id WHERE e.announcement_id = $1 GROUP BY e.id, e.name"
SQL(announcement_reactions_of, REACTIONS " ORDER BY e.id LIMIT $3");
SQL(announcement_reaction_one, "SELECT e.name, e.announcement_id, (SELECT COUNT(*) FROM announcement_reactions r"
			       " WHERE r.emoji_id = e.id) FROM announcement_emojis e WHERE e.id = $1");
/* Reactions to one announcement come one after the other, so that the limit holds. */
SQL(announcement_hold, "UPDATE announcements SET updated_at = updated_at WHERE id = $1");
SQL(announcement_emoji, "SELECT id FROM announcement_emojis WHERE announcement_id = $1 AND name = $2");
SQL(announcement_emoji_insert, "INSERT INTO announcement_emojis (id, announcement_id, name) VALUES ($1, $2, $3)");
SQL(announcement_emojis_used, "SELECT COUNT(*) FROM announcement_emojis e WHERE e.announcement_id = $1 AND e.name <> $2"
			      " AND EXISTS (SELECT 1 FROM announcement_reactions r WHERE r.emoji_id = e.id)");
SQL(announcement_reaction_put,
    "INSERT INTO announcement_reactions (emoji_id, account_id) VALUES ($1, $2) ON CONFLICT DO NOTHING");
SQL(announcement_reaction_drop, "DELETE FROM announcement_reactions WHERE emoji_id = $1 AND account_id = $2");

/* --- reading --- */

static struct announcement read_row(const struct rows *r, struct arena *a)
{
	return (struct announcement){.id = row_int(r, 0),
				     .starts_at = row_int(r, 1),
				     .ends_at = row_int(r, 2),
				     .published_at = row_int(r, 3),
				     .updated_at = row_int(r, 4),
				     .all_day = row_int(r, 5) != 0,
				     .text = row_copy(r, 6, a),
				     .read = row_int(r, 7) != 0};
}

enum err announcements_load(struct db *db, struct arena *a, struct account_id who, bool with_read,
			    struct announcement *ret, size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	db_query(db, &r, with_read ? &announcements_all : &announcements_unread,
		 BINDS(B_INT(who.v), B_INT(clock_now()), B_INT(LIMIT_ANNOUNCEMENTS)));
	while (n < LIMIT_ANNOUNCEMENTS && rows_next(&r))
		ret[n++] = read_row(&r, a);
	TRY(rows_end(&r));
	for (size_t i = 0; i + 1 < n - i; i++) {
		struct announcement other = ret[i];

		ret[i] = ret[n - 1 - i];
		ret[n - 1 - i] = other;
	}
	*ret_n = n;
	return OK;
}

enum err announcement_load(struct db *db, struct arena *a, struct account_id who, int64_t id, struct announcement *ret)
{
	struct rows r;

	db_query(db, &r, &announcement_one, BINDS(B_INT(who.v), B_INT(clock_now()), B_INT(id)));
	bool found = rows_next(&r);
	if (found)
		*ret = read_row(&r, a);
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

enum err announcement_reactions(struct db *db, struct arena *a, struct account_id who, int64_t announcement,
				struct reaction *ret, size_t *ret_n)
{
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &announcement_reactions_of,
		 BINDS(B_INT(announcement), B_INT(who.v), B_INT(LIMIT_ANNOUNCEMENT_EMOJIS)));
	while (n < LIMIT_ANNOUNCEMENT_EMOJIS && rows_next(&r))
		ret[n++] = (struct reaction){row_int(&r, 0), row_copy(&r, 1, a), row_int(&r, 2), row_int(&r, 3) != 0};
	TRY(rows_end(&r));
	*ret_n = n;
	return OK;
}

enum err announcement_reaction_load(struct db *db, struct arena *a, int64_t emoji, struct reaction *ret,
				    int64_t *ret_announcement)
{
	struct rows r;

	db_query(db, &r, &announcement_reaction_one, BINDS(B_INT(emoji)));
	bool found = rows_next(&r);
	if (found) {
		*ret = (struct reaction){emoji, row_copy(&r, 0, a), row_int(&r, 2), false};
		*ret_announcement = row_int(&r, 1);
	}
	TRY(rows_end(&r));
	return found ? OK : ERR_NOT_FOUND;
}

/* --- making --- */

static enum err valid(const struct announcement *n, int64_t now, struct problem *problem)
{
	if (post_text_blank(n->text))
		return fail(problem, ERR_UNPROCESSABLE, "there is nothing to announce");
	if (compose_chars(n->text) > LIMIT_ANNOUNCEMENT_CHARS)
		return fail(problem, ERR_UNPROCESSABLE, "the text is longer than %d characters",
			    LIMIT_ANNOUNCEMENT_CHARS);
	if (n->ends_at && n->ends_at <= (n->starts_at ? n->starts_at : now))
		return fail(problem, ERR_UNPROCESSABLE, "it would end before it begins");
	return OK;
}

static enum err announce(struct core *c, int64_t id)
{
	events_announce(c->events, &(struct event){.kind = EVENT_ANNOUNCEMENT, .other_id = id});
	return OK;
}

struct making {
	const struct announcement *new;
	int64_t id, now;
};

static enum err insert(struct db *tx, void *arg)
{
	const struct making *w = arg;
	const struct announcement *n = w->new;

	return db_exec(tx, &announcement_insert,
		       BINDS(B_INT(w->id), B_TEXT(n->text), B_INT_OR_NULL(n->starts_at), B_INT_OR_NULL(n->ends_at),
			     B_INT(n->all_day), B_INT(w->now)),
		       NULL);
}

enum err announcement_create(struct core *c, const struct announcement *new, int64_t *ret_id, struct problem *problem)
{
	struct making w = {new, id_next(), clock_now()};

	TRY(valid(new, w.now, problem));
	TRY(store_write(c->store, insert, &w));
	*ret_id = w.id;
	return announce(c, w.id);
}

static enum err rewrite(struct db *tx, void *arg)
{
	const struct making *w = arg;
	int64_t n;

	TRY(db_exec(tx, &announcement_rewrite,
		    BINDS(B_INT(w->id), B_TEXT(w->new->text), B_INT_OR_NULL(w->new->starts_at),
			  B_INT_OR_NULL(w->new->ends_at), B_INT(w->now)),
		    &n));
	return n ? OK : ERR_NOT_FOUND;
}

enum err announcement_update(struct core *c, const struct announcement *n, struct problem *problem)
{
	struct making w = {n, n->id, clock_now()};

	TRY(valid(n, w.now, problem));
	TRY(store_write(c->store, rewrite, &w));
	return announce(c, w.id);
}

static enum err remove_all(struct db *tx, void *arg)
{
	const int64_t *id = arg;
	int64_t gone;

	TRY(db_exec(tx, &announcement_remove, BINDS(B_INT(*id)), &gone));
	if (!gone)
		return ERR_NOT_FOUND;
	TRY(db_exec(tx, &announcement_remove_reads, BINDS(B_INT(*id)), NULL));
	TRY(db_exec(tx, &announcement_remove_reactions, BINDS(B_INT(*id)), NULL));
	return db_exec(tx, &announcement_remove_emojis, BINDS(B_INT(*id)), NULL);
}

enum err announcement_delete(struct core *c, int64_t id)
{
	TRY(store_write(c->store, remove_all, &id));
	events_announce(c->events, &(struct event){.kind = EVENT_ANNOUNCEMENT_DELETED, .other_id = id});
	return OK;
}

/* --- what people do with one --- */

struct act {
	struct account_id who;
	int64_t id, emoji, changed;
	struct view name;
	struct problem *problem;
};

static enum err mark_read(struct db *tx, void *arg)
{
	const struct act *w = arg;

	return db_exec(tx, &announcement_read, BINDS(B_INT(w->who.v), B_INT(w->id)), NULL);
}

enum err announcement_dismiss(struct core *c, struct account_id who, int64_t id)
{
	TRY(store_write(c->store, mark_read, &(struct act){.who = who, .id = id}));
	events_announce(c->events, &(struct event){.kind = EVENT_ANNOUNCEMENT_READ, .account = who});
	return OK;
}

static enum err emoji_of(struct db *tx, struct act *w)
{
	int64_t used;
	enum err err;

	TRY(db_int(tx, &announcement_emojis_used, BINDS(B_INT(w->id), B_TEXT(w->name)), &used));
	if (used >= LIMIT_ANNOUNCEMENT_EMOJIS)
		return fail(w->problem, ERR_UNPROCESSABLE, "Validation failed: Limit of different reactions reached");
	err = db_int(tx, &announcement_emoji, BINDS(B_INT(w->id), B_TEXT(w->name)), &w->emoji);
	if (err != ERR_NOT_FOUND)
		return err;
	w->emoji = id_next();
	return db_exec(tx, &announcement_emoji_insert, BINDS(B_INT(w->emoji), B_INT(w->id), B_TEXT(w->name)), NULL);
}

static enum err react(struct db *tx, void *arg)
{
	struct act *w = arg;
	int64_t held;

	TRY(db_exec(tx, &announcement_hold, BINDS(B_INT(w->id)), &held));
	if (!held)
		return ERR_NOT_FOUND;
	TRY(emoji_of(tx, w));
	return db_exec(tx, &announcement_reaction_put, BINDS(B_INT(w->emoji), B_INT(w->who.v)), &w->changed);
}

static enum err unreact(struct db *tx, void *arg)
{
	struct act *w = arg;
	enum err err = db_int(tx, &announcement_emoji, BINDS(B_INT(w->id), B_TEXT(w->name)), &w->emoji);

	w->changed = 0;
	if (err)
		return err == ERR_NOT_FOUND ? OK : err;
	return db_exec(tx, &announcement_reaction_drop, BINDS(B_INT(w->emoji), B_INT(w->who.v)), &w->changed);
}

static enum err run(struct core *c, enum err (*fn)(struct db *tx, void *arg), struct act *w)
{
	TRY(store_write(c->store, fn, w));
	if (w->changed)
		events_announce(c->events, &(struct event){.kind = EVENT_ANNOUNCEMENT_REACTION, .other_id = w->emoji});
	return OK;
}

static bool is_custom(struct core *c, struct arena *a, struct view name)
{
	struct view text = arena_printf(a, ":%.*s:", VIEW_ARG(name));
	const struct emoji *found;
	size_t n;

	emojis_in(c, a, &text, 1, &found, &n);
	return n == 1 && view_eq(found[0].shortcode, name);
}

enum err announcement_react(struct core *c, struct arena *a, struct account_id who, int64_t id, struct view name,
			    struct problem *problem)
{
	struct act w = {.who = who, .id = id, .name = name, .problem = problem};

	if (name.len > ANNOUNCEMENT_EMOJI_BYTES || (!emoji_is_one(name) && !is_custom(c, a, name)))
		return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Name is not a recognized emoji");
	return run(c, react, &w);
}

enum err announcement_unreact(struct core *c, struct account_id who, int64_t id, struct view name)
{
	struct act w = {.who = who, .id = id, .name = name};

	return run(c, unreact, &w);
}
