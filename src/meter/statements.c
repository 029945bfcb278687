/*
 * statements.c - see statements.h.
 */
#include "base/base.h"

#include "meter/statements.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/id.h"

#define AT_ONCE 64

SQL(statement_insert, "INSERT INTO ledger_statements (id, licensee_id, text, made_at) VALUES ($1, $2, $3, $4)");
SQL(statement_place, "SELECT ledger_index FROM ledger_statements WHERE id = $1");
SQL(statements_waiting,
    "SELECT id, licensee_id, text FROM ledger_statements WHERE ledger_index < 0 ORDER BY id LIMIT $1");
SQL(statement_sent, "UPDATE ledger_statements SET ledger_index = $2 WHERE id = $1");

enum err statement_add(struct db *tx, int64_t licensee, struct view text, int64_t *ret_id)
{
	int64_t id = id_next();

	if (text.len > LEDGER_DATA_MAX)
		return ERR_TOO_LARGE;
	TRY(db_exec(tx, &statement_insert, BINDS(B_INT(id), B_INT(licensee), B_TEXT(text), B_INT(clock_now())), NULL));
	*ret_id = id;
	return OK;
}

struct making {
	int64_t licensee, id;
	struct view text;
};

static enum err make(struct db *tx, void *arg)
{
	struct making *m = arg;

	return statement_add(tx, m->licensee, m->text, &m->id);
}

enum err statement_make(struct store *s, int64_t licensee, struct view text, int64_t *ret_id)
{
	struct making m = {.licensee = licensee, .text = text};

	TRY(store_write(s, make, &m));
	*ret_id = m.id;
	return OK;
}

enum err statement_index(struct db *db, int64_t id, int64_t *ret_index)
{
	return db_int(db, &statement_place, BINDS(B_INT(id)), ret_index);
}

/* ---- sending ---- */

struct sending {
	struct arena arena;
	size_t n;
	int64_t ids[AT_ONCE], licensees[AT_ONCE];
	struct view texts[AT_ONCE];
	uint64_t indexes[AT_ONCE];
	size_t n_sent;
};

static enum err load(struct db *db, struct sending *s)
{
	struct rows r;

	s->n = s->n_sent = 0;
	db_query(db, &r, &statements_waiting, BINDS(B_INT(AT_ONCE)));
	while (s->n < AT_ONCE && rows_next(&r)) {
		s->ids[s->n] = row_int(&r, 0);
		s->licensees[s->n] = row_int(&r, 1);
		s->texts[s->n++] = row_copy(&r, 2, &s->arena);
	}
	return rows_end(&r);
}

static enum err append(struct ledger *l, struct sending *s)
{
	for (; s->n_sent < s->n; s->n_sent++) {
		struct ledger_record r = {.kind = LEDGER_STATEMENT,
					  .time_ms = clock_now(),
					  .licensee = s->licensees[s->n_sent],
					  .data = s->texts[s->n_sent]};

		TRY(ledger_append_wait(l, &r, &s->indexes[s->n_sent]));
	}
	return OK;
}

static enum err note(struct db *tx, void *arg)
{
	const struct sending *s = arg;

	for (size_t i = 0; i < s->n_sent; i++)
		TRY(db_exec(tx, &statement_sent, BINDS(B_INT(s->ids[i]), B_INT(s->indexes[i])), NULL));
	return OK;
}

static enum err send_some(struct store *store, struct ledger *l, size_t *ret_n)
{
	struct sending *s = xcalloc(1, sizeof(*s));
	enum err err, noted = OK;

	arena_init(&s->arena, (size_t)(AT_ONCE + 1) * (LEDGER_DATA_MAX + 4096));
	err = load(store_db(store), s);
	if (err == OK)
		err = append(l, s);
	if (s->n_sent)
		noted = store_write(store, note, s);
	*ret_n = s->n;
	arena_release(&s->arena);
	free(s);
	return err == OK ? noted : err;
}

enum err statements_send(struct store *store, struct ledger *l)
{
	static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
	enum err err = OK;
	size_t n = AT_ONCE;

	pthread_mutex_lock(&one);
	while (err == OK && n == AT_ONCE)
		err = send_some(store, l, &n);
	pthread_mutex_unlock(&one);
	return err;
}
