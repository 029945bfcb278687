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

/*
 * A schema statement for one database: comments are dropped, except CLUSTERED between comment marks, which becomes
 * `clustered`; in CREATE TABLE and ALTER TABLE the word TEXT becomes `text_type`.
 */
void sql_schema(struct view statement, const char *clustered, const char *text_type, struct buf *out);

/* `IDS($n)` becomes before, $n, after; returns a bit set of the parameters used so (bit n - 1). */
uint64_t sql_expand_ids(const char *text, const char *before, const char *after, struct buf *out);

#endif
