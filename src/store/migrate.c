/*
 * migrate.c - see migrate.h. Tables that differ between the databases (full-text search) are made in code, as a step
 * that belongs to a numbered file and runs in its transaction.
 */
#include "base/base.h"
#include "store/migrate.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/dialect.h"
#include "store/driver.h"

SQL(schema_version, "SELECT COALESCE(MAX(version), 0) FROM schema_migrations");
SQL(schema_applied, "INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, $2, $3)");

#define MIGRATIONS_TABLE                                                                                               \
	"CREATE TABLE IF NOT EXISTS schema_migrations "                                                                \
	"(version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)"

static enum err create_search(struct db *tx)
{
	return tx->store->driver->fts->create(tx);
}

static const struct {
	int64_t version;
	enum err (*fn)(struct db *tx);
} code_steps[] = {
	{1, create_search},
};

/* "0012_name.sql" is 12. */
static int64_t version_of(const struct embedded *file)
{
	struct view name = view_of(file->name);
	int64_t version;

	if (!parse_i64(view_sub(name, 0, view_find(name, 0, '_')), 1, INT32_MAX, &version))
		BUG("schema file %s has no number", file->name);
	return version;
}

enum err migrate_version(struct db *db, int64_t *ret)
{
	int64_t exists;

	TRY(db_int(db, db->store->driver->has_schema, NO_BINDS, &exists));
	if (!exists) {
		*ret = 0;
		return OK;
	}
	return db_int(db, &schema_version, NO_BINDS, ret);
}

static enum err apply_text(struct db *tx, const struct embedded *file, struct problem *problem)
{
	struct view rest = view_make((const char *)file->data, file->len), statement;
	struct buf sql;
	enum err err = OK;

	buf_init(&sql, LIMIT_SQL_BYTES);
	while (err == OK && sql_next(&rest, &statement)) {
		buf_clear(&sql);
		sql_schema(statement, &tx->store->driver->words, &sql);
		err = buf_err(&sql);
		if (err == OK)
			err = tx->store->driver->script(tx, sql.p, problem);
	}
	buf_release(&sql);
	return err;
}

static enum err apply_code(struct db *tx, int64_t version)
{
	for (size_t i = 0; i < ARRAY_LEN(code_steps); i++)
		if (code_steps[i].version == version)
			TRY(code_steps[i].fn(tx));
	return OK;
}

static enum err apply(struct db *tx, const struct embedded *file, struct problem *problem)
{
	int64_t version = version_of(file), now = 0;

	TRY(tx->store->driver->lock_schema(tx));
	TRY(tx->store->driver->script(tx, MIGRATIONS_TABLE, problem));
	TRY(db_int(tx, &schema_version, NO_BINDS, &now));
	if (now >= version)
		return OK; /* another process was faster */
	TRY(apply_text(tx, file, problem));
	TRY(apply_code(tx, version));
	log_info("schema applied", F_INT("version", version), F_STR("name", view_of(file->name)));
	return db_exec(tx, &schema_applied, BINDS(B_INT(version), B_TEXT(view_of(file->name)), B_INT(clock_now())),
		       NULL);
}

static enum err apply_in_tx(struct db *db, const struct embedded *file, struct problem *problem)
{
	enum err err;

	TRY(db->store->driver->begin(db, TX_WRITE));
	err = apply(db, file, problem);
	if (err == OK)
		err = db->store->driver->commit(db);
	else
		db->store->driver->rollback(db);
	return err;
}

static enum err failed(enum err err, const char *name, struct problem *problem)
{
	char reason[sizeof(problem->text)];

	if (!problem)
		return err;
	snprintf(reason, sizeof(reason), "%s", problem->text[0] ? problem->text : err_name(err));
	return fail(problem, err, "schema %s: %.180s", name, reason);
}

enum err migrate(struct db *db, const struct embedded *files, struct problem *problem)
{
	int64_t version, newest = 0;
	enum err err = migrate_version(db, &version);

	if (err != OK)
		return fail(problem, err, "the database's schema cannot be read: %s", err_name(err));
	for (const struct embedded *file = files; file->name; file++)
		newest = version_of(file);
	if (version > newest)
		return fail(problem, ERR_CONFLICT,
			    "the database was written by a newer kicau (schema %" PRId64 ", this program knows %" PRId64
			    "): install the newer program, or restore a backup that this one made",
			    version, newest);
	if (db->store->config.read_only)
		return OK;
	for (const struct embedded *file = files; file->name; file++) {
		if (version_of(file) <= version)
			continue;
		if (problem)
			problem->text[0] = '\0';
		err = apply_in_tx(db, file, problem);
		if (err != OK)
			return failed(err, file->name, problem);
	}
	return OK;
}
