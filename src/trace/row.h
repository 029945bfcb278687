/*
 * row.h - one row of a leak, as readers hand it on (rows.h) and the matcher takes it.
 */
#ifndef TRACE_ROW_H
#define TRACE_ROW_H

#include "base/base.h"
#include "trace/match.h"

#define ROW_TEXT_MAX ((size_t)64 * 1024) /* bytes; what is longer is cut */

struct leak_row {
	struct view text; /* UTF-8, perhaps HTML; p NULL: the row has none */
	int64_t id;	  /* 0: none that could be ours */
	struct view url;  /* empty without */
	struct match_counters counters;
	bool converted;		/* was in another encoding */
	const char *unreadable; /* NULL, or what is wrong; then there is nothing else */
};
/* The row and what it points to are fn's only while it runs. What is not OK ends the reading and comes back. */
typedef enum err leak_row_fn(void *arg, const struct leak_row *row);

#endif
