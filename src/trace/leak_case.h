/*
 * leak_case.h - a leak as a case: what matched (match.h), what is withheld from whom (licensed/withhold.h), what the ledger says was
 * delivered, and what follows (evidence.h). Weighed are posts that are still here and no boosts.
 */
#ifndef TRACE_LEAK_CASE_H
#define TRACE_LEAK_CASE_H

#include "base/arena.h"
#include "base/json.h"
#include "ledger/ledger.h"
#include "licensed/withhold.h"
#include "trace/evidence.h"
#include "trace/match.h"

struct case_licensee {
	int64_t id;
	struct view name;
};
struct leak_case {
	struct arena arena;
	const struct leak_result *leak;
	size_t n;
	int64_t *posts; /* ascending */
	const struct leak_post **how;
	uint16_t *stratum;
	int64_t *starts; /* [n_strata]: the first post of each */
	size_t n_strata;
	struct case_licensee *licensees;
	size_t n_licensees;
	struct withhold_generation *keys; /* of all */
	size_t n_keys;
	struct evidence_licensee *coins; /* [n_licensees] */
	uint64_t *everybody;
	double *p_everybody;
	uint32_t *order; /* licensees, likeliest first */
	struct evidence *e;
};

/* Errors are the database's and the ledger's; ERR_TOO_LARGE. Release it in any case. */
enum err leak_case_weigh(struct db *db, struct ledger *l, const struct leak_result *leak, struct leak_case *ret,
			 struct problem *problem);
void leak_case_release(struct leak_case *c);

/* "Acme", "Acme and Bit Ltd", … of those who are named. In the arena. */
struct view leak_case_names(struct leak_case *c);
/* One sentence about the verdict. */
struct view leak_case_says(struct leak_case *c);

/* The rules as they are fixed beforehand: one object. */
void leak_rules_write(const struct evidence_rules *r, struct jw *j);
/* Members of report.json: counts, licensees, pairs, triples, shares, came, needs, curves, verdict. docs/trace-files.md has them. */
void leak_case_write(struct leak_case *c, struct jw *j);
/* One line for each weighed post. */
void leak_case_posts(const struct leak_case *c, struct buf *out);
/* The member "examples": of each way of matching, the first. ERR of the database. */
enum err leak_case_examples(struct leak_case *c, struct db *db, struct jw *j);

#endif
