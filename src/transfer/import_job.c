/*
 * import_job.c - imports as work for later. One at a time in a process, so that pictures of one are never waited for by
 * all threads there are; a job takes a while of it and leaves the rest to the next.
 */
#include "base/base.h"

#include "transfer/import.h"

#include <stdatomic.h>

#include "base/clock.h"
#include "jobs/jobs.h"
#include "transfer/folder.h"

#define WHILE_NS INT64_C(5000000000)
#define LATER_MS 1000
#define STALE_MS ((int64_t)24 * 3600 * 1000)

SQL(import_stale, "SELECT account_id, id, state FROM imports WHERE state < 2 AND updated_at < $1 LIMIT 100");
SQL(import_is_open, "SELECT 1 FROM imports WHERE state < 2 AND updated_at >= 0 AND id = $1");
SQL(import_give_up, "UPDATE imports SET state = 3, error = $3 WHERE account_id = $1 AND id = $2 AND state = 1");

struct later {
	struct view payload;
	int64_t run_at;
};

static enum err write_later(struct db *tx, void *arg)
{
	const struct later *l = arg;

	return jobs_add(tx, IMPORT_JOB, l->payload, l->run_at);
}

static enum err go_on(struct core *c, struct db *db, struct account_id who, int64_t id, bool *ret_more)
{
	int64_t until = clock_mono_ns() + WHILE_NS;
	bool more = true;

	while (more && clock_mono_ns() < until && !jobs_stopping(c->jobs))
		TRY(import_step(c, db, who, id, &more));
	*ret_more = more;
	return OK;
}

enum err import_job_run(struct core *c, struct db *db, struct arena *a, struct view payload, struct problem *problem)
{
	static atomic_bool busy;
	struct view rest = payload, word = V("");
	struct later later = {.payload = payload};
	struct account_id who;
	bool more = true;
	int64_t id;

	(void)a;
	if (!view_split(&rest, ' ', &word) || !parse_i64(word, 1, INT64_MAX, &who.v) ||
	    !parse_i64(rest, 1, INT64_MAX, &id))
		return fail(problem, ERR_CORRUPT, "the task cannot be read");
	if (atomic_exchange(&busy, true)) {
		later.run_at = clock_now() + LATER_MS;
	} else {
		enum err err = go_on(c, db, who, id, &more);
		atomic_store(&busy, false);
		if (err == ERR_BUSY)
			later.run_at = clock_now() + LATER_MS;
		else
			TRY(err);
	}
	return more ? store_write(c->store, write_later, &later) : OK;
}

/* ---- what nobody goes on with ---- */

struct giving_up {
	struct account_id who;
	int64_t id;
};

static enum err write_give_up(struct db *tx, void *arg)
{
	const struct giving_up *g = arg;

	return db_exec(
		tx, &import_give_up,
		BINDS(B_INT(g->who.v), B_INT(g->id),
		      B_TEXT(V("It was interrupted. Send the file again: what is here already is not taken twice"))),
		NULL);
}

static enum err keep_open(void *arg, int64_t id, bool *ret)
{
	int64_t one;
	enum err err = db_int(arg, &import_is_open, BINDS(B_INT(id)), &one);

	*ret = err == OK;
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err import_sweep(struct core *c, struct db *db, struct arena *a, int64_t now)
{
	char path[IMPORT_PATH_MAX];
	struct giving_up stale[100];
	bool sending[100];
	size_t n = 0;
	struct rows r;

	(void)a;
	db_query(db, &r, &import_stale, BINDS(B_INT(now - STALE_MS)));
	while (n < ARRAY_LEN(stale) && rows_next(&r)) {
		sending[n] = row_int(&r, 2) == IMPORT_SENDING;
		stale[n++] = (struct giving_up){{row_int(&r, 0)}, row_int(&r, 1)};
	}
	TRY(rows_end(&r));
	for (size_t i = 0; i < n; i++) {
		enum err err = sending[i] ? import_delete(c, stale[i].who, stale[i].id)
					  : store_write(c->store, write_give_up, &stale[i]);
		if (err && err != ERR_NOT_FOUND)
			return err;
	}
	snprintf(path, sizeof(path), "%s/imports", c->config.data_dir);
	return folder_sweep(path, keep_open, db);
}
