/*
 * sample.h - the posts a model is asked about, from the database, the ledger and a key: a licensee's, or everybody's.
 *
 * Withheld posts are comparable with delivered ones where the licensee took what there was: from an author of whose posts it got nearly
 * all, between the first and the last it got. Where it chose by content, what was withheld is of all kinds, and what was
 * delivered of one. Such authors are left out. So are posts whose text may be known from elsewhere: brought here from another
 * network, edited, the same text as another post, or too short to tell.
 *
 * With everybody's key the question is whether a model knows this network by way of any licensee, or of many: delivered is what went to
 * anybody, withheld what went to nobody. What each licensee's own key withheld thins the delivered ones at random, whatever they say.
 */
#ifndef TRACE_SAMPLE_H
#define TRACE_SAMPLE_H

#include "ledger/ledger.h"
#include "licensed/withhold.h"
#include "trace/probes.h"

#define SAMPLE_CHARS_MIN 20 /* of a text in normal form, in bytes */

struct sample_ask {
	int64_t licensee; /* or WITHHOLD_EVERYBODY */
	size_t n;	  /* posts, of both groups together */
	double coverage;  /* 0 … 1: what of an author's posts must have been delivered, withheld ones aside */
};

struct sample_counts {
	uint64_t looked_at;			      /* public posts of this server */
	uint64_t published;			      /* left out: brought here from elsewhere */
	uint64_t edited, repeated, too_short, unsure; /* left out; unsure: recorded, but the answer broke off */
	uint64_t everybody; /* left out: withheld from everybody; 0 when that is the question */
	uint64_t authors,
		authors_chosen;	      /* with deliveries; of these, left out because too little of theirs was taken */
	uint64_t delivered, withheld; /* that are comparable: the sample is drawn from them */
	double coverage;	      /* of the authors that are in */
};

struct sample {
	struct probes probes;
	struct sample_counts counts;
	struct probes_balance balance;
	uint32_t ppm; /* the least of the keys */
};

/* ERR_NOT_FOUND with words: nothing was withheld, delivered or comparable. Free with probes_free(). */
enum err sample_make(struct db *db, struct ledger *l, const struct sample_ask *ask, struct sample *ret,
		     struct problem *problem);

#endif
