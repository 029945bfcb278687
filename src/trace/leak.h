/*
 * leak.h - reads a leak from its beginning to its end: rows, what they match, and what was kept of that. A run that was
 * killed goes on where it was and comes to the same result: it reads over the rows it has done without looking them up.
 */
#ifndef TRACE_LEAK_H
#define TRACE_LEAK_H

#include "ledger/ledger.h"
#include "store/store.h"
#include "trace/match.h"
#include "trace/rows.h"

struct leak_watch {
	/* what: "making the index", "reading"; total 0: not known. Called often. */
	void (*progress)(void *arg, const char *what, uint64_t done, uint64_t total);
	/* A file is begun; or damage (else NULL): it could not be read to its end. */
	void (*source)(void *arg, const char *name, enum leak_format format, const char *damage);
	/* It goes on behind so many rows of an earlier run. */
	void (*resumed)(void *arg, uint64_t rows);
	void *arg;
};

struct leak_config {
	const char *path; /* a file, a directory, "-" */
	enum leak_format format;
	const char *base_url; /* of this server */
	const char *work;     /* a directory for the index, matches and how far it is; made when missing */
	bool anew;	      /* forget an earlier run */
	struct db *db;
	struct ledger *ledger; /* NULL: without one, posts that are gone are not known */
	struct leak_watch watch;
};

#define LEAK_INDEX_FILE "index"
#define LEAK_MATCHES_FILE "matches.jsonl" /* one JSON object for each kept match, and for each file that has one */
#define LEAK_STATE_FILE "state.json"

/* ERR_NOT_FOUND, ERR_UNAVAILABLE, ERR_NO_SPACE, … with words. */
enum err leak_read(const struct leak_config *config, struct leak_result **ret, struct problem *problem);
/* The result of a run that ended, from its directory. ERR_NOT_FOUND: there is none; ERR_CORRUPT. */
enum err leak_open(const char *work, struct leak_result **ret, struct problem *problem);

#endif
