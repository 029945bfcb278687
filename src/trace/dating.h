/*
 * dating.h - when, and to whom, the copies in a leak were delivered, by the counters they still have (docs/design/data.md,
 * "Fingerprints"): a row with all five is compared with each delivery of its post that the ledger holds.
 *
 * Counters stand still for a while, so a row may fit several deliveries; a wrong one fits once in 65 536. Of those that fit, a
 * row is taken to be the one in the hour, of one licensee, that most rows speak for. It is a help to whoever reads a report,
 * not a test: which licensee it was is decided by what was withheld.
 */
#ifndef TRACE_DATING_H
#define TRACE_DATING_H

#include "base/json.h"
#include "ledger/ledger.h"
#include "licensed/fingerprint.h"
#include "trace/match.h"

#define DATING_ROWS_MAX 20000 /* looked at; of more, evenly chosen ones */
#define DATING_FITS_MAX 64    /* deliveries that fit one row, of which so many are looked at */

struct dated_hour {
	int64_t licensee;
	int64_t hour_ms; /* its beginning */
	uint64_t rows;
};
struct dated_licensee {
	int64_t licensee;
	uint64_t fits;			      /* rows that fit one of its deliveries at least */
	uint64_t rows;			      /* rows taken to be from it */
	int64_t first_ms, median_ms, last_ms; /* of those deliveries; 0 without */
};
struct dated_row {
	uint64_t row;
	int64_t post, licensee, time_ms; /* licensee 0: it fits no delivery */
};
struct dating {
	uint64_t with_counters;		  /* matches that were kept and have some */
	uint64_t complete;		  /* and have all five, so that they can be compared */
	uint64_t looked_at;		  /* of complete */
	uint64_t dated;			  /* of looked_at: fit at least one delivery */
	uint64_t compared;		  /* deliveries they were compared with */
	double by_chance;		  /* fits to be expected from wrong deliveries: compared / 65 536 */
	bool kept;			  /* the ledger has fingerprints at all */
	struct dated_licensee *licensees; /* most rows first */
	size_t n_licensees;
	struct dated_hour *hours; /* by licensee, then time */
	size_t n_hours;
	struct dated_row *rows; /* looked_at of them, in order */
};

/* ERR_CORRUPT, ERR_UNAVAILABLE of ledger and result. */
enum err dating_make(const struct leak_result *r, struct ledger *ledger, const struct fingerprint_salt *salt,
		     struct dating *ret);
/* The same of matches in memory: row, post and counters count. */
enum err dating_of(const struct trace_match *matches, size_t n, struct ledger *ledger,
		   const struct fingerprint_salt *salt, struct dating *ret);
void dating_release(struct dating *d);

/* The member "dating" (docs/trace-files.md). */
void dating_write(const struct dating *d, struct jw *j);
/* One line for each row that was looked at: from them follow counts, hours and moments of what is dated. */
void dating_rows(const struct dating *d, struct buf *out);

#endif
