/*
 * migrate.h - brings a database forward to the schema of this program. Schema files are numbered ("0001_network.sql"),
 * applied in order, each in a transaction of its own, and recorded in schema_migrations(version, name, applied_at).
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "base/embedded.h"
#include "store/store.h"

/*
 * files: in order of their numbers, ended by a row without a name. db: a writing connection outside a transaction.
 * On a read-only store nothing is applied. ERR_CONFLICT: the database is from a newer program; problem says what to do.
 */
enum err migrate(struct db *db, const struct embedded *files, struct problem *problem);

/* The newest schema applied; 0 when the database holds none. */
enum err migrate_version(struct db *db, int64_t *ret);

#endif
