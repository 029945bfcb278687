/*
 * driver_sqlite.c - SQLite in WAL mode: every thread reads on a connection of its own and sees the last commit; the
 * writer (store/writer.c) has the only one that changes rows. Durable: synchronous=FULL.
 */
#include "base/base.h"
#include "store/driver_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "store/dialect.h"
#include "store/writer.h"

#define FILE_MODE 0600

struct sqlite_stmt {
	struct stmt base;
	sqlite3_stmt *h;
	size_t n_params;
	uint8_t index[STORE_PARAMS_MAX]; /* SQLite's index of $1, $2, …; 0 when it does not occur */
};

static const struct sql has_schema = {
	"sqlite_has_schema", "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"};
static const struct sql about = {
	"sqlite_about",
	"SELECT sqlite_version(), c.page_count * s.page_size FROM pragma_page_count c, pragma_page_size s"};

static struct sqlite_db *sqlite(struct db *db)
{
	return (struct sqlite_db *)db;
}

/* Before any other use of the library in the process: no locks inside a connection, no counted allocations. */
static void set_up_library(void)
{
	if (sqlite3_config(SQLITE_CONFIG_MULTITHREAD) != SQLITE_OK ||
	    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK)
		log_warn("SQLite was set up by somebody else; it will be slower");
}

static enum err sqlite_open(struct store *s, struct problem *problem)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	int fd;

	pthread_once(&once, set_up_library);
	if (!s->target[0] || s->target[0] == ':')
		return fail(problem, ERR_INVALID, "database: sqlite: needs the path of a file");
	if (s->config.read_only) {
		if (access(s->target, R_OK) != 0)
			return fail(problem, ERR_NOT_FOUND, "cannot open %s: %s", s->target, strerror(errno));
		return OK;
	}
	/* Made here, for its mode: it holds addresses and digests of passwords. The log beside it gets the same. */
	fd = open(s->target, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
	if (fd < 0)
		return fail(problem, errno == ENOSPC || errno == EDQUOT ? ERR_NO_SPACE : ERR_UNAVAILABLE,
			    "cannot open %s: %s", s->target, strerror(errno));
	close(fd);
	return OK;
}

static enum err sqlite_start(struct store *s)
{
	if (!s->config.read_only)
		s->shared = writer_start(s, s->config.queue_max);
	return OK;
}

static void sqlite_close(struct store *s)
{
	writer_stop(s->shared);
	s->shared = NULL;
}

static struct db *sqlite_db_new(struct store *s, bool writer)
{
	struct sqlite_db *db = xcalloc(1, sizeof(*db));

	db_init(&db->base, s, writer);
	return &db->base;
}

static void sqlite_db_free(struct db *db)
{
	sqlite_disconnect(sqlite(db));
	db_release(db);
	free(db);
}

static enum err sqlite_lock_schema(struct db *tx)
{
	(void)tx; /* BEGIN IMMEDIATE has done it */
	return OK;
}

static enum err sqlite_script(struct db *db, const char *text, struct problem *problem)
{
	int rc = sqlite3_exec(sqlite(db)->h, text, NULL, NULL, NULL);

	return rc == SQLITE_OK ? OK : fail(problem, sqlite_err(sqlite(db)->h, rc), "%s", sqlite3_errmsg(sqlite(db)->h));
}

static void sqlite_stmt_free(struct stmt *base)
{
	struct sqlite_stmt *st = (struct sqlite_stmt *)base;

	sqlite3_finalize(st->h);
	free(st);
}

/* Fills index: SQLite numbers `$7` by where it stands first. False when a parameter is not of that form. */
static bool index_params(struct sqlite_stmt *st)
{
	int count = sqlite3_bind_parameter_count(st->h);

	for (int i = 1; i <= count; i++) {
		const char *name = sqlite3_bind_parameter_name(st->h, i);
		uint64_t number;

		if (!name || name[0] != '$' || !parse_u64(view_of(name + 1), STORE_PARAMS_MAX, &number) || number == 0)
			return false;
		st->index[number - 1] = (uint8_t)i;
		if (number > st->n_params)
			st->n_params = number;
	}
	return (size_t)count == st->n_params;
}

static enum err sqlite_prepare(struct db *db, const struct sql *sql, struct stmt **ret)
{
	struct sqlite_stmt *st;
	struct buf text;
	int rc;

	TRY(sqlite_connect(db, NULL));
	st = xcalloc(1, sizeof(*st));
	buf_init(&text, LIMIT_SQL_BYTES);
	sql_expand_ids(sql->text, "(SELECT value FROM json_each(", "))", &text);
	rc = text.over ? SQLITE_TOOBIG
		       : sqlite3_prepare_v3(sqlite(db)->h, text.p, -1, SQLITE_PREPARE_PERSISTENT, &st->h, NULL);
	buf_release(&text);
	if (rc != SQLITE_OK || !index_params(st)) {
		enum err err = rc != SQLITE_OK ? sqlite_failed(db, sql, rc)
					       : db_failed(db, sql, ERR_INTERNAL, "parameters are $1 to $n");

		sqlite_stmt_free(&st->base);
		return err;
	}
	*ret = &st->base;
	return OK;
}

static int bind_one(sqlite3_stmt *h, int index, const struct bind *b, sqlite3_destructor_type keep)
{
	/* SQLite takes a NULL pointer for NULL, and an empty view may carry one. */
	const char *p = b->text.len ? b->text.p : "";

	switch (b->kind) {
	case BIND_INT:
		return sqlite3_bind_int64(h, index, b->num);
	case BIND_TEXT:
		return sqlite3_bind_text64(h, index, p, b->text.len, keep, SQLITE_UTF8);
	case BIND_BLOB:
		return sqlite3_bind_blob64(h, index, p, b->text.len, keep);
	case BIND_NULL:
	default:
		return sqlite3_bind_null(h, index);
	}
}

static enum err sqlite_query(struct db *db, struct stmt *base, const struct bind *binds, size_t n, bool keep)
{
	struct sqlite_stmt *st = (struct sqlite_stmt *)base;

	if (n != st->n_params)
		return db_failed(db, base->sql, ERR_INTERNAL, "wrong number of parameters");
	for (size_t i = 0; i < n; i++) {
		int rc = bind_one(st->h, st->index[i], &binds[i], keep ? SQLITE_TRANSIENT : SQLITE_STATIC);

		if (rc != SQLITE_OK)
			return sqlite_failed(db, base->sql, rc);
	}
	return OK;
}

static sqlite3_stmt *handle(const struct rows *r)
{
	return ((const struct sqlite_stmt *)r->stmt)->h;
}

static bool sqlite_next(struct rows *r)
{
	int rc;

	if (r->at == INT64_MAX)
		return false; /* stepping on would begin again */
	rc = sqlite3_step(handle(r));
	if (rc == SQLITE_ROW)
		return true;
	r->at = INT64_MAX;
	if (rc != SQLITE_DONE)
		r->err = sqlite_failed(r->db, ((struct stmt *)r->stmt)->sql, rc);
	return false;
}

static int64_t sqlite_changed(struct db *db, struct stmt *st)
{
	return sqlite3_stmt_readonly(((struct sqlite_stmt *)st)->h) ? 0 : sqlite3_changes64(sqlite(db)->h);
}

static void sqlite_end(struct db *db, struct stmt *st)
{
	(void)db;
	sqlite3_reset(((struct sqlite_stmt *)st)->h);
}

static int64_t sqlite_column_int(const struct rows *r, int column)
{
	return sqlite3_column_int64(handle(r), column);
}

static struct view sqlite_column_text(const struct rows *r, int column)
{
	const void *p = sqlite3_column_blob(handle(r), column); /* of a number: its text */
	int len = sqlite3_column_bytes(handle(r), column);

	return p ? view_make(p, (size_t)len) : V("");
}

static bool sqlite_column_null(const struct rows *r, int column)
{
	return sqlite3_column_type(handle(r), column) == SQLITE_NULL;
}

static enum err sqlite_write(struct store *s, enum err (*fn)(struct db *tx, void *arg), void *arg,
			     void (*done)(enum err err, void *arg))
{
	return writer_submit(s->shared, fn, arg, done);
}

/* Ids are chosen by the one writer, and so are visible in their order. */
static enum err sqlite_settled(struct db *db, int64_t *ret)
{
	(void)db;
	*ret = INT64_MAX;
	return OK;
}

const struct driver driver_sqlite = {
	.scheme = "sqlite:",
	.server = false,
	/* Only INTEGER PRIMARY KEY is the row's own number; with BIGINT each look-up would go through an index first. */
	.words = {.clustered = " WITHOUT ROWID", .text = "TEXT", .bigint = "INTEGER"},
	.has_schema = &has_schema,
	.key = "sqlite",
	.name = "SQLite",
	.about = &about,
	.fts = &fts_sqlite,
	.open = sqlite_open,
	.start = sqlite_start,
	.close = sqlite_close,
	.db_new = sqlite_db_new,
	.db_free = sqlite_db_free,
	.connect = sqlite_connect,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.lock_schema = sqlite_lock_schema,
	.script = sqlite_script,
	.prepare = sqlite_prepare,
	.stmt_free = sqlite_stmt_free,
	.query = sqlite_query,
	.next = sqlite_next,
	.changed = sqlite_changed,
	.end = sqlite_end,
	.column_int = sqlite_column_int,
	.column_text = sqlite_column_text,
	.column_null = sqlite_column_null,
	.write = sqlite_write,
	.settled = sqlite_settled,
	.backup = sqlite_backup,
	.restore = sqlite_restore,
	.check = sqlite_check,
};
