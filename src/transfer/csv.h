/*
 * csv.h - comma-separated values (RFC 4180), as people's files are: lines end in LF, CRLF or CR, a byte order mark may
 * stand in front, blank lines mean nothing. What is not right is told record by record, and reading goes on behind it.
 */
#ifndef TRANSFER_CSV_H
#define TRANSFER_CSV_H

#include "base/arena.h"
#include "base/base.h"
#include "base/buf.h"

#define CSV_FIELDS_MAX 16
#define CSV_RECORD_MAX ((size_t)8 * 1024) /* bytes */

struct csv {
	struct view text;
	size_t at;
	int64_t line; /* of at, from 1 */
};

struct csv_record {
	int64_t line;	   /* where it begins */
	const char *wrong; /* NULL: it is right; else the words, and there are no fields */
	size_t n;
	struct view fields[CSV_FIELDS_MAX]; /* valid UTF-8; in the text, or in the arena where quotes were doubled */
};

struct csv csv_of(struct view text);
/* False at the end. A quote that is never closed is the fault of one line only: the next record begins behind it. */
bool csv_next(struct csv *c, struct arena *a, struct csv_record *ret);

/* Writes a field, quoted where it must be. */
void csv_add(struct buf *to, struct view field);
void csv_put(FILE *to, struct view field);

#endif
