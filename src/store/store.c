/*
 * store.c - the face of the store: opening, one connection per thread, the cache of prepared statements, rows. What
 * depends on the database is behind store/driver.h.
 */
#include "base/base.h"
#include "store/store.h"

#include <signal.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/metrics.h"
#include "store/driver.h"
#include "store/migrate.h"

#define QUEUE_MAX_DEFAULT 4096
#define CACHE_KIB_DEFAULT 8192

static const struct driver *const drivers[] = {&driver_sqlite, &driver_pgsql};

/* "sqlite:PATH" and "postgresql://…"; libpq reads the whole URL, so its target is all of it. */
static const struct driver *driver_of(const char *url, const char **ret_target)
{
	for (size_t i = 0; i < ARRAY_LEN(drivers); i++) {
		const char *scheme = drivers[i]->scheme;

		if (view_starts(view_of(url), view_of(scheme))) {
			*ret_target = drivers[i]->server ? url : url + strlen(scheme);
			return drivers[i];
		}
	}
	return NULL;
}

/* Connects and brings the schema up to date. */
static enum err prepare_schema(struct store *s, struct problem *problem)
{
	struct db *db = s->driver->db_new(s, true);
	enum err err = s->driver->connect(db, problem);

	if (err == OK)
		err = migrate(db, embedded_schema, problem);
	s->driver->db_free(db);
	return err;
}

static void store_free(struct store *s)
{
	pthread_key_delete(s->key);
	pthread_mutex_destroy(&s->lock);
	free((char *)s->config.url);
	free(s);
}

static void close_thread(void *p)
{
	struct db *db = p;
	struct store *s = db->store;

	pthread_mutex_lock(&s->lock);
	for (struct db **at = &s->dbs; *at; at = &(*at)->next)
		if (*at == db) {
			*at = db->next;
			break;
		}
	pthread_mutex_unlock(&s->lock);
	s->driver->db_free(db);
}

enum err store_open(const struct store_config *config, struct store **ret, struct problem *problem)
{
	const char *target;
	const struct driver *driver = driver_of(config->url, &target);
	struct store *s;
	enum err err;

	if (!driver)
		return fail(problem, ERR_INVALID, "database: expected sqlite:PATH or postgresql://...");
	s = xcalloc(1, sizeof(*s));
	s->driver = driver;
	s->config = *config;
	s->config.url = xstrdup(config->url);
	s->config.queue_max = config->queue_max ? config->queue_max : QUEUE_MAX_DEFAULT;
	s->config.sqlite_cache_kib = config->sqlite_cache_kib ? config->sqlite_cache_kib : CACHE_KIB_DEFAULT;
	s->target = s->config.url + (target - config->url);
	pthread_mutex_init(&s->lock, NULL);
	if (pthread_key_create(&s->key, close_thread) != 0)
		BUG("no thread-specific key left");
	err = driver->open(s, problem);
	if (err == OK)
		err = prepare_schema(s, problem);
	if (err == OK)
		err = driver->start(s);
	if (err != OK) {
		driver->close(s);
		store_free(s);
		return err;
	}
	*ret = s;
	return OK;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	s->driver->close(s);
	while (s->dbs) {
		struct db *db = s->dbs;

		s->dbs = db->next;
		s->driver->db_free(db);
	}
	store_free(s);
}

bool store_is_server(const struct store *s)
{
	return s->driver->server;
}

void store_adopt(struct store *s, struct db *db)
{
	if (pthread_setspecific(s->key, db) != 0)
		BUG("pthread_setspecific failed");
	pthread_mutex_lock(&s->lock);
	db->next = s->dbs;
	s->dbs = db;
	pthread_mutex_unlock(&s->lock);
}

struct db *store_db(struct store *s)
{
	struct db *db = pthread_getspecific(s->key);

	if (!db) {
		db = s->driver->db_new(s, false);
		store_adopt(s, db);
	}
	return db;
}

void store_thread_done(struct store *s)
{
	struct db *db = pthread_getspecific(s->key);

	if (!db)
		return;
	pthread_setspecific(s->key, NULL);
	close_thread(db);
}

pthread_t store_thread(const char *name, void *(*fn)(void *), void *arg)
{
	sigset_t all, before;
	pthread_t thread;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&thread, NULL, fn, arg) != 0)
		BUG("cannot start a thread");
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_setname_np(thread, name);
	return thread;
}

void db_init(struct db *db, struct store *s, bool writer)
{
	db->store = s;
	db->writer = writer;
	map_init(&db->stmts);
}

void db_release(struct db *db)
{
	size_t at = 0;
	uint64_t key;
	void *st;

	while (map_next(&db->stmts, &at, &key, &st))
		db->store->driver->stmt_free(st);
	map_release(&db->stmts);
}

enum err db_failed(struct db *db, const struct sql *sql, enum err err, const char *message)
{
	metric_add(METRIC_DB_ERRORS, 1);
	if (db->tx != TX_NONE && db->tx_err == OK)
		db->tx_err = err;
	if (err == ERR_INTERNAL || err == ERR_CORRUPT) {
		log_error("database statement failed", F_STR("statement", view_of(sql->name)),
			  F_STR("error", view_of(message)));
#ifdef DEBUG
		if (err == ERR_INTERNAL)
			BUG("statement %s: %s", sql->name, message);
#endif
	}
	return err;
}

struct bind bind_ids(struct arena *a, const int64_t *ids, size_t n)
{
	struct buf b;
	struct bind bind;

	buf_init(&b, n * 21 + 3); /* a 64-bit number, its sign and a comma */
	buf_add_c(&b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_add_c(&b, ',');
		buf_add_i64(&b, ids[i]);
	}
	buf_add_c(&b, ']');
	bind = B_TEXT(arena_view(a, buf_view(&b)));
	buf_release(&b);
	return bind;
}

/* The connection's prepared copy of the statement, made on first use. */
static enum err statement(struct db *db, const struct sql *sql, struct stmt **ret)
{
	struct stmt *st = map_get(&db->stmts, (uint64_t)(uintptr_t)sql);

	if (!st) {
		TRY(db->store->driver->prepare(db, sql, &st));
		st->sql = sql;
		map_put(&db->stmts, (uint64_t)(uintptr_t)sql, st);
	}
	if (st->open)
		BUG("statement %s is used again while its rows are open", sql->name);
	*ret = st;
	return OK;
}

int64_t db_statements(const struct db *db)
{
	return db->statements;
}

/* PostgreSQL's texts cannot hold NUL, so nothing may. */
static bool has_nul(const struct bind *binds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (binds[i].kind == BIND_TEXT && binds[i].text.len && memchr(binds[i].text.p, 0, binds[i].text.len))
			return true;
	return false;
}

static enum err start(struct db *db, struct rows *r, const struct sql *sql, const struct bind *binds, size_t n,
		      bool keep)
{
	struct stmt *st;

	metric_add(METRIC_DB_QUERIES, 1);
	db->statements++;
	if (db->tx_err != OK)
		return db->tx_err;
	if (has_nul(binds, n))
		return db_failed(db, sql, ERR_INVALID, "NUL in text");
	TRY(statement(db, sql, &st));
	TRY(db->store->driver->query(db, st, binds, n, keep));
	st->open = true;
	r->stmt = st;
	return OK;
}

static void query(struct db *db, struct rows *r, const struct sql *sql, const struct bind *binds, size_t n, bool keep)
{
	*r = (struct rows){.db = db, .at = -1};
	r->err = start(db, r, sql, binds, n, keep);
}

void db_query(struct db *db, struct rows *r, const struct sql *sql, const struct bind *binds, size_t n)
{
	query(db, r, sql, binds, n, true);
}

bool rows_next(struct rows *r)
{
	return r->err == OK && r->stmt && r->db->store->driver->next(r);
}

enum err rows_end(struct rows *r)
{
	struct stmt *st = r->stmt;

	if (st) {
		st->open = false;
		r->stmt = NULL;
		r->db->store->driver->end(r->db, st);
	}
	return r->err;
}

int64_t row_int(const struct rows *r, int column)
{
	return r->db->store->driver->column_int(r, column);
}

struct view row_text(const struct rows *r, int column)
{
	return r->db->store->driver->column_text(r, column);
}

bool row_is_null(const struct rows *r, int column)
{
	return r->db->store->driver->column_null(r, column);
}

struct view row_copy(const struct rows *r, int column, struct arena *a)
{
	return arena_view(a, row_text(r, column));
}

enum err db_exec(struct db *db, const struct sql *sql, const struct bind *binds, size_t n, int64_t *ret_changed)
{
	struct rows r;
	int64_t changed = 0;

	query(db, &r, sql, binds, n, false);
	while (rows_next(&r))
		continue;
	if (r.err == OK && ret_changed)
		changed = db->store->driver->changed(db, r.stmt);
	TRY(rows_end(&r));
	if (ret_changed)
		*ret_changed = changed;
	return OK;
}

enum err db_int(struct db *db, const struct sql *sql, const struct bind *binds, size_t n, int64_t *ret)
{
	struct rows r;
	bool found;
	int64_t value = 0;

	query(db, &r, sql, binds, n, false);
	found = rows_next(&r);
	if (found)
		value = row_int(&r, 0);
	TRY(rows_end(&r));
	if (!found)
		return ERR_NOT_FOUND;
	*ret = value;
	return OK;
}

enum err db_run_in_tx(struct db *db, enum err (*fn)(struct db *tx, void *arg), void *arg)
{
	enum err err = fn(db, arg);

	return db->tx_err != OK ? db->tx_err : err;
}

enum err store_read(struct store *s, enum err (*fn)(struct db *db, void *arg), void *arg)
{
	struct db *db = store_db(s);
	enum err err;

	if (db->tx != TX_NONE)
		return fn(db, arg);
	TRY(s->driver->begin(db, TX_READ));
	err = db_run_in_tx(db, fn, arg);
	s->driver->rollback(db);
	return err;
}

enum err store_write(struct store *s, enum err (*fn)(struct db *tx, void *arg), void *arg)
{
	if (s->config.read_only)
		return ERR_FORBIDDEN;
	return s->driver->write(s, fn, arg, NULL);
}

enum err store_write_async(struct store *s, enum err (*fn)(struct db *tx, void *arg), void *arg,
			   void (*done)(enum err err, void *arg))
{
	if (s->config.read_only)
		return ERR_FORBIDDEN;
	return s->driver->write(s, fn, arg, done);
}

enum err store_settled(struct store *s, struct db *db, int64_t *ret)
{
	return s->driver->settled(db, ret);
}

enum err store_backup(struct store *s, const char *file, struct problem *problem)
{
	return s->driver->backup(s, file, problem);
}

enum err store_restore(const char *url, const char *file, struct problem *problem)
{
	const char *target;
	const struct driver *driver = driver_of(url, &target);

	if (!driver)
		return fail(problem, ERR_INVALID, "database: expected sqlite:PATH or postgresql://...");
	return driver->restore(target, file, problem);
}

enum err store_about(struct store *s, struct db *db, struct arena *a, struct store_about *ret)
{
	struct store_about about = {.key = s->driver->key, .name = s->driver->name};
	struct rows r;

	db_query(db, &r, s->driver->about, NO_BINDS);
	if (rows_next(&r)) {
		about.version = row_copy(&r, 0, a);
		about.bytes = row_int(&r, 1);
	}
	TRY(rows_end(&r));
	*ret = about;
	return OK;
}

enum err store_check(struct store *s, struct problem *problem)
{
	return s->driver->check(s, problem);
}
