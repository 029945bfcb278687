/*
 * rows_csv.h - whether a first line is the header of a table.
 */
#ifndef TRACE_ROWS_CSV_H
#define TRACE_ROWS_CSV_H

#include "trace/rows.h"

/* The character between its fields; '\0' when no column of it is known. */
char csv_mark(struct view line);

#endif
