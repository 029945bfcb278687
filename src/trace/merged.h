/*
 * merged.h - pairs and triples who merged their copies (struct evidence_group): their tests, Holm's correction, what the ledger excuses.
 */
#ifndef TRACE_MERGED_H
#define TRACE_MERGED_H

#include "base/base.h"
#include "trace/evidence.h"
#include "trace/holes.h"

/* withheld[n_licensees]: of the matched posts. Fills pairs and triples; free() their v. */
void merged_weigh(const struct evidence_input *in, const struct evidence_rules *rules, const struct holes *h,
		  const uint64_t *withheld, struct evidence_groups *ret_pairs, struct evidence_groups *ret_triples);

#endif
