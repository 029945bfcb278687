/*
 * dialect.h - the few textual differences between the databases, applied to our own statements and schema files when
 * they are prepared. Knows SQL only as far as strings, quoted names and comments.
 */
#ifndef STORE_DIALECT_H
#define STORE_DIALECT_H

#include "base/buf.h"

#define LIMIT_SQL_BYTES ((size_t)1024 * 1024)

/*
 * Takes the next statement off *rest, without its semicolon; comments between statements belong to the next one.
 * False when only white space and comments are left. No dollar quotes, no triggers with a body.
 */
bool sql_next(struct view *rest, struct view *ret_statement);

/* What one database calls things. */
struct sql_words {
	const char *clustered; /* behind a table whose rows are kept in the order of its key */
	const char *text, *bigint;
};

/*
 * A schema statement for one database: comments are dropped, except CLUSTERED between comment marks, which becomes
 * `clustered`; in CREATE TABLE and ALTER TABLE the words TEXT and BIGINT become `text` and `bigint`.
 */
void sql_schema(struct view statement, const struct sql_words *words, struct buf *out);

/* `IDS($n)` becomes before, $n, after; returns a bit set of the parameters used so (bit n - 1). */
uint64_t sql_expand_ids(const char *text, const char *before, const char *after, struct buf *out);

#endif
