/*
 * sums.c - what was charged, summed up by licensee, day, app and terms, on its way to the database. It is written together with
 * the index of the ledger up to which it is summed: nothing is counted twice or left out, whenever the process ends.
 */
#include "base/base.h"
#include "meter/meter_private.h"

SQL(usage_add,
    "INSERT INTO usage_days (licensee_id, day, app_id, terms, posts_included, posts_extra, posts_repeated, users_extra,"
    " users_repeated, answers_broken, cost_micro) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    " ON CONFLICT (licensee_id, day, app_id, terms) DO UPDATE SET"
    " posts_included = usage_days.posts_included + excluded.posts_included,"
    " posts_extra = usage_days.posts_extra + excluded.posts_extra,"
    " posts_repeated = usage_days.posts_repeated + excluded.posts_repeated,"
    " users_extra = usage_days.users_extra + excluded.users_extra,"
    " users_repeated = usage_days.users_repeated + excluded.users_repeated,"
    " answers_broken = usage_days.answers_broken + excluded.answers_broken,"
    " cost_micro = usage_days.cost_micro + excluded.cost_micro");
SQL(request_add, "INSERT INTO data_requests (licensee_id, request, ledger_index) VALUES ($1, $2, $3)"
		 " ON CONFLICT DO NOTHING");
SQL(counted_set, "INSERT INTO meter_state (id, counted) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET"
		 " counted = excluded.counted");

/* Rows are few: one for each app that read something since they were last written. */
static struct sum *row_for(struct sums *s, const struct sum *what)
{
	for (size_t i = s->n; i-- > 0;) {
		struct sum *row = &s->rows[i];

		if (row->licensee == what->licensee && row->day == what->day && row->app == what->app &&
		    row->terms == what->terms)
			return row;
	}
	if (s->n == s->room) {
		s->room = s->room ? s->room * 2 : 16;
		s->rows = xrealloc(s->rows, s->room * sizeof(*s->rows));
	}
	s->rows[s->n] =
		(struct sum){.licensee = what->licensee, .day = what->day, .app = what->app, .terms = what->terms};
	return &s->rows[s->n++];
}

void sums_add(struct sums *s, const struct sum *what)
{
	struct sum *row = row_for(s, what);

	row->posts_included += what->posts_included;
	row->posts_extra += what->posts_extra;
	row->posts_repeated += what->posts_repeated;
	row->users_extra += what->users_extra;
	row->users_repeated += what->users_repeated;
	row->broken += what->broken;
	row->micro += what->micro;
}

void sums_add_request(struct sums *s, struct named_request r)
{
	if (s->n_requests == s->requests_room) {
		s->requests_room = s->requests_room ? s->requests_room * 2 : 16;
		s->requests = xrealloc(s->requests, s->requests_room * sizeof(*s->requests));
	}
	s->requests[s->n_requests++] = r;
}

void sums_release(struct sums *s)
{
	free(s->rows);
	free(s->requests);
	*s = (struct sums){.counted = s->counted};
}

static enum err write_rows(struct db *tx, void *arg)
{
	const struct sums *s = arg;

	for (size_t i = 0; i < s->n; i++) {
		const struct sum *r = &s->rows[i];

		TRY(db_exec(tx, &usage_add,
			    BINDS(B_INT(r->licensee), B_INT(r->day), B_INT(r->app), B_INT(r->terms),
				  B_INT(r->posts_included), B_INT(r->posts_extra), B_INT(r->posts_repeated),
				  B_INT(r->users_extra), B_INT(r->users_repeated), B_INT(r->broken), B_INT(r->micro)),
			    NULL));
	}
	for (size_t i = 0; i < s->n_requests; i++)
		TRY(db_exec(tx, &request_add,
			    BINDS(B_INT(s->requests[i].licensee), B_INT(s->requests[i].request),
				  B_INT(s->requests[i].index)),
			    NULL));
	return db_exec(tx, &counted_set, BINDS(B_INT(s->counted)), NULL);
}

static struct sums take(struct meter *m)
{
	pthread_mutex_lock(&m->lock);
	struct sums taken = m->sums;

	m->sums = (struct sums){.counted = taken.counted};
	pthread_mutex_unlock(&m->lock);
	return taken;
}

static void merge_back(struct meter *m, const struct sums *s)
{
	for (size_t i = 0; i < s->n; i++)
		sums_add(&m->sums, &s->rows[i]);
	for (size_t i = 0; i < s->n_requests; i++)
		sums_add_request(&m->sums, s->requests[i]);
}

/* They are in the database: a balance read from there holds them already. */
static void mark_written(struct meter *m, const struct sums *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct standing *st = map_get(&m->standings, (uint64_t)s->rows[i].licensee);

		if (st)
			st->unwritten_micro -= s->rows[i].micro;
	}
}

enum err sums_write(struct meter *m)
{
	struct sums s;
	enum err err = OK;

	pthread_mutex_lock(&m->writing);
	s = take(m);
	if (s.n || s.n_requests) {
		err = store_write(m->core->store, write_rows, &s);
		pthread_mutex_lock(&m->lock);
		if (err == OK)
			mark_written(m, &s);
		else
			merge_back(m, &s);
		pthread_mutex_unlock(&m->lock);
	}
	sums_release(&s);
	pthread_mutex_unlock(&m->writing);
	return err;
}
