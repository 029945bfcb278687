/*
 * scheduled.c - see scheduled.h.
 */
#include "base/base.h"

#include "core/scheduled.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "core/cards.h"
#include "core/scheduled_params.h"
#include "core/visibility.h"

#define DUE_AT_ONCE 50
#define HOUR_MS ((int64_t)3600 * 1000)
#define DAY_MS (24 * HOUR_MS)

#define COLUMNS "SELECT id, at, params FROM scheduled_posts "
SQL(scheduled_one, COLUMNS "WHERE account_id = $1 AND id = $2");
#define PAGE COLUMNS "WHERE account_id = $1 AND id > $2 AND id < $3 "
SQL(scheduled_down, PAGE "ORDER BY id DESC LIMIT $4");
SQL(scheduled_up, PAGE "ORDER BY id ASC LIMIT $4");
/* One after the other, so that the limits hold. */
SQL(scheduled_hold, "UPDATE accounts SET id = id WHERE id = $1");
SQL(scheduled_repeated,
    "SELECT id FROM scheduled_posts WHERE account_id = $1 AND idempotency = $2 AND created_at > $3");
SQL(scheduled_count, "SELECT COUNT(*) FROM scheduled_posts WHERE account_id = $1 AND id <> $2");
SQL(scheduled_count_day,
    "SELECT COUNT(*) FROM scheduled_posts WHERE account_id = $1 AND id <> $2 AND at >= $3 AND at < $4");
SQL(scheduled_insert, "INSERT INTO scheduled_posts (id, account_id, at, params, idempotency, created_at)"
		      " VALUES ($1, $2, $3, $4, $5, $6)");
SQL(scheduled_hold_media,
    "INSERT INTO scheduled_media (media_id, scheduled_id) VALUES ($1, $2) ON CONFLICT DO NOTHING");
SQL(scheduled_set_time, "UPDATE scheduled_posts SET at = $3, error = '' WHERE account_id = $1 AND id = $2");
SQL(scheduled_remove, "DELETE FROM scheduled_posts WHERE account_id = $1 AND id = $2");
/* What nobody takes up now is swept a day later, like any upload. */
SQL(scheduled_media_age,
    "UPDATE media SET created_at = $2 WHERE id IN (SELECT media_id FROM scheduled_media WHERE scheduled_id = $1)");
SQL(scheduled_free_media, "DELETE FROM scheduled_media WHERE scheduled_id = $1");
SQL(scheduled_due, "SELECT id, account_id, params FROM scheduled_posts WHERE error = '' AND at <= $1 ORDER BY at"
		   " LIMIT $2");
SQL(scheduled_refused, "UPDATE scheduled_posts SET error = $2 WHERE id = $1");

/* --- reading --- */

/* The media are in the parameters. */
static enum err read_row(const struct rows *r, struct arena *a, struct scheduled *ret)
{
	struct new_post np;

	*ret = (struct scheduled){.id = row_int(r, 0), .at = row_int(r, 1), .params = row_copy(r, 2, a)};
	TRY(scheduled_params_read(a, ret->params, &np));
	ret->media = np.media;
	ret->n_media = np.n_media;
	return OK;
}

enum err scheduled_load(struct db *db, struct arena *a, struct account_id owner, int64_t id, struct scheduled *ret)
{
	enum err err = ERR_NOT_FOUND;
	struct rows r;

	db_query(db, &r, &scheduled_one, BINDS(B_INT(owner.v), B_INT(id)));
	if (rows_next(&r))
		err = read_row(&r, a, ret);
	TRY(rows_end(&r));
	return err;
}

static void turn(struct scheduled *list, size_t n)
{
	for (size_t i = 0; i + 1 < n - i; i++) {
		struct scheduled other = list[i];

		list[i] = list[n - 1 - i];
		list[n - 1 - i] = other;
	}
}

enum err scheduled_page(struct db *db, struct arena *a, struct account_id owner, const struct page *page,
			struct scheduled *ret, size_t *ret_n)
{
	bool upward = page_upward(page);
	enum err err = OK;
	size_t n = 0;
	struct rows r;

	db_query(db, &r, upward ? &scheduled_up : &scheduled_down,
		 BINDS(B_INT(owner.v), B_INT(page_floor(page)), B_INT(page_ceiling(page)), B_INT(page->limit)));
	while (!err && n < page->limit && rows_next(&r))
		err = read_row(&r, a, &ret[n++]);
	TRY(rows_end(&r));
	TRY(err);
	if (upward)
		turn(ret, n);
	*ret_n = n;
	return OK;
}

/* --- changing --- */

struct scheduling {
	struct account_id owner;
	const struct new_post *np;
	int64_t id, at, now;
	struct view params;
	struct problem *problem;
};

static enum err check_time(const struct scheduling *w)
{
	if (w->at <= w->now + SCHEDULED_AHEAD_MS)
		return fail(w->problem, ERR_UNPROCESSABLE,
			    "Validation failed: Scheduled at must be at least five minutes in the future");
	return OK;
}

static enum err check_limits(struct db *tx, const struct scheduling *w)
{
	int64_t all, day, begin = w->at - w->at % DAY_MS;

	TRY(db_exec(tx, &scheduled_hold, BINDS(B_INT(w->owner.v)), NULL));
	TRY(db_int(tx, &scheduled_count, BINDS(B_INT(w->owner.v), B_INT(w->id)), &all));
	if (all >= LIMIT_SCHEDULED)
		return fail(w->problem, ERR_UNPROCESSABLE,
			    "Validation failed: You have exceeded the limit of %d scheduled posts", LIMIT_SCHEDULED);
	TRY(db_int(tx, &scheduled_count_day,
		   BINDS(B_INT(w->owner.v), B_INT(w->id), B_INT(begin), B_INT(begin + DAY_MS)), &day));
	if (day >= LIMIT_SCHEDULED_DAY)
		return fail(w->problem, ERR_UNPROCESSABLE,
			    "Validation failed: You have exceeded the limit of %d scheduled posts for one day",
			    LIMIT_SCHEDULED_DAY);
	return OK;
}

/* ERR_NOT_FOUND: the call has no key, or this is its first time. */
static enum err find_repeated(struct db *db, struct scheduling *w)
{
	struct view key = w->np->idempotency_key;

	if (!key.len)
		return ERR_NOT_FOUND;
	return db_int(db, &scheduled_repeated, BINDS(B_INT(w->owner.v), B_TEXT(key), B_INT(w->now - HOUR_MS)), &w->id);
}

static enum err insert(struct db *tx, void *arg)
{
	struct scheduling *w = arg;
	struct view key = w->np->idempotency_key;

	w->id = 0;
	TRY(check_limits(tx, w));
	enum err err = find_repeated(tx, w);
	if (err != ERR_NOT_FOUND)
		return err;
	w->id = id_next();
	TRY(db_exec(tx, &scheduled_insert,
		    BINDS(B_INT(w->id), B_INT(w->owner.v), B_INT(w->at), B_TEXT(w->params), B_TEXT(key), B_INT(w->now)),
		    NULL));
	for (size_t i = 0; i < w->np->n_media; i++) {
		int64_t held;

		TRY(db_exec(tx, &scheduled_hold_media, BINDS(B_INT(w->np->media[i]), B_INT(w->id)), &held));
		if (!held)
			return fail(w->problem, ERR_UNPROCESSABLE, "Media %" PRIi64 " waits for another post",
				    w->np->media[i]);
	}
	return OK;
}

enum err scheduled_create(struct core *c, struct db *db, struct arena *a, const struct new_post *np, int64_t at,
			  int64_t *ret_id, struct problem *problem)
{
	struct scheduling w = {.owner = np->author, .np = np, .at = at, .now = clock_now(), .problem = problem};

	TRY(check_time(&w));
	enum err err = post_create_check(c, db, a, np, problem);
	if (err) { /* a repeated call is refused for what its first time holds: its media */
		enum err found = find_repeated(db, &w);

		TRY(found == ERR_NOT_FOUND ? err : found);
	} else {
		TRY(scheduled_params_write(a, np, &w.params));
		TRY(store_write(c->store, insert, &w));
	}
	*ret_id = w.id;
	return OK;
}

static enum err move(struct db *tx, void *arg)
{
	struct scheduling *w = arg;
	int64_t moved;

	TRY(check_limits(tx, w));
	TRY(db_exec(tx, &scheduled_set_time, BINDS(B_INT(w->owner.v), B_INT(w->id), B_INT(w->at)), &moved));
	return moved ? OK : ERR_NOT_FOUND;
}

enum err scheduled_move(struct core *c, struct account_id owner, int64_t id, int64_t at, struct problem *problem)
{
	struct scheduling w = {.owner = owner, .id = id, .at = at, .now = clock_now(), .problem = problem};

	TRY(check_time(&w));
	return store_write(c->store, move, &w);
}

enum err scheduled_take(struct db *tx, struct account_id owner, int64_t id)
{
	int64_t gone;

	TRY(db_exec(tx, &scheduled_remove, BINDS(B_INT(owner.v), B_INT(id)), &gone));
	if (!gone)
		return ERR_NOT_FOUND;
	return db_exec(tx, &scheduled_free_media, BINDS(B_INT(id)), NULL);
}

static enum err cancel(struct db *tx, void *arg)
{
	const struct scheduling *w = arg;

	TRY(db_exec(tx, &scheduled_media_age, BINDS(B_INT(w->id), B_INT(w->now)), NULL));
	return scheduled_take(tx, w->owner, w->id);
}

enum err scheduled_cancel(struct core *c, struct account_id owner, int64_t id)
{
	return store_write(c->store, cancel, &(struct scheduling){.owner = owner, .id = id, .now = clock_now()});
}

/* --- posting --- */

struct due {
	int64_t id;
	struct account_id author;
	struct new_post np;
	char error[512];
};

static enum err refuse(struct db *tx, void *arg)
{
	const struct due *d = arg;

	return db_exec(tx, &scheduled_refused, BINDS(B_INT(d->id), B_TEXT(view_of(d->error))), NULL);
}

static bool passes(enum err err)
{
	return err == ERR_BUSY || err == ERR_UNAVAILABLE || err == ERR_NO_SPACE || err == ERR_CONFLICT;
}

static enum err may_answer(struct core *c, struct db *db, struct arena *a, const struct due *d, bool *ret)
{
	struct viewer *viewer;
	struct card *card;

	TRY(viewer_get(c, db, d->author, &viewer));
	enum err err = card_get(c, db, a, d->np.reply_to, &card);
	if (err == OK) {
		*ret = visible_to(viewer, &card->meta);
		card_put(card);
	} else if (err == ERR_NOT_FOUND) {
		*ret = false;
		err = OK;
	}
	viewer_put(viewer);
	return err;
}

/* An answer to what is gone, or not to be seen any more, is posted as a post of its own. */
static enum err post_one(struct core *c, struct db *db, struct arena *a, struct due *d)
{
	struct problem problem = {0};
	struct post_id id;
	bool answers = true;

	if (d->np.reply_to.v)
		TRY(may_answer(c, db, a, d, &answers));
	if (!answers)
		d->np.reply_to.v = 0;
	d->np.author = d->author;
	d->np.scheduled = d->id;
	enum err err = post_create(c, db, a, &d->np, &id, &problem);
	if (err == OK || err == ERR_NOT_FOUND || passes(err)) /* NOT_FOUND: called off, or posted by another node */
		return passes(err) ? err : OK;
	snprintf(d->error, sizeof(d->error), "%s", problem.text[0] ? problem.text : err_name(err));
	log_warn("a scheduled post was refused; it waits for another time", F_INT("scheduled", d->id),
		 F_STR("error", view_of(d->error)));
	return store_write(c->store, refuse, d);
}

enum err scheduled_post_due(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	struct due *due = ARENA_ARRAY(a, DUE_AT_ONCE, struct due);
	size_t n = 0;
	struct rows r;

	db_query(db, &r, &scheduled_due, BINDS(B_INT(now), B_INT(DUE_AT_ONCE)));
	while (n < DUE_AT_ONCE && rows_next(&r)) {
		due[n] = (struct due){.id = row_int(&r, 0), .author = {row_int(&r, 1)}};
		/* What cannot be read is refused as a post without text. */
		if (scheduled_params_read(a, row_text(&r, 2), &due[n].np) != OK)
			due[n].np = (struct new_post){.text = V("")};
		n++;
	}
	TRY(rows_end(&r));
	for (size_t i = 0; i < n; i++)
		TRY(post_one(c, db, a, &due[i]));
	return OK;
}
