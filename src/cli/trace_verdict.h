/*
 * trace_verdict.h - what `kicau trace leak` does before and behind the matching: rules that are fixed in the ledger, the verdict, the report.
 */
#ifndef CLI_TRACE_VERDICT_H
#define CLI_TRACE_VERDICT_H

#include "cli/trace_shared.h"
#include "trace/match.h"
#include "trace/dating.h"

#define TRACE_REPORT_OPTION                                                                                            \
	{                                                                                                              \
		"report", "FILE.html", "write a report, and beside it all that it rests on"                            \
	}
#define TRACE_REVEAL_OPTION                                                                                            \
	{                                                                                                              \
		"reveal", NULL, "reveal the keys of who is named in it, for a court"                                   \
	}

struct trace_fixed {
	int64_t record;	  /* of the ledger */
	struct view text; /* in the command's arena */
};
/* Puts question and thresholds into the ledger. Before the leak is read. False after saying what is wrong. */
bool trace_verdict_begin(struct cli *cli, const char *leak, struct trace_fixed *ret);

struct verdict;
/* Weighs what matched. NULL after saying what is wrong. */
struct verdict *trace_verdict_weigh(struct cli *cli, const struct leak_result *leak, const struct trace_fixed *fixed);
void trace_verdict_free(struct verdict *v); /* NULL-safe */
void trace_verdict_print(struct verdict *v);
void trace_verdict_json(struct verdict *v, struct jw *j); /* members */
/* The report, when one is asked for. An exit_code. */
int trace_verdict_report(struct verdict *v, const struct dating *dating);

#endif
