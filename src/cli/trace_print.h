/*
 * trace_print.h - what `kicau trace leak` found, for people and as JSON.
 */
#ifndef CLI_TRACE_PRINT_H
#define CLI_TRACE_PRINT_H

#include "cli/trace_verdict.h"
#include "trace/dating.h"
#include "trace/match.h"
#include "trace/measure.h"

struct trace_found {
	const struct match_counts *counts;
	const struct measured *measured; /* NULL: was not asked for */
	const struct dating *dating;	 /* NULL: there is no ledger */
	struct verdict *verdict;	 /* the same */
	const char *work;
};
void trace_print(const struct trace_found *f);
void trace_print_json(const struct trace_found *f);

#endif
