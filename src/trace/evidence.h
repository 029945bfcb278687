/*
 * evidence.h - whose copy is a leak from? Input: the distinct posts that matched, and of each licensee which of them its keys
 * withhold from it and which the ledger says it received. Result: p-values, who is named, and the verdict. Pure, and deterministic.
 *
 * The null hypothesis of licensee i: i's copy had no part in the leak, so the leak depends on everything but i's key. Then which of the n posts
 * are withheld from i are n coin tosses made after the fact, and k of them is binomial (several p: Poisson binomial), exactly. What is drawn
 * from i's copy lacks them: small k speak against i. docs/trace.md has the proofs. Rules, fixed beforehand:
 *
 * - alpha is the chance to name anybody innocent at all, over all licensees, pairs, triples and groups. It is split among the
 *   four kinds (struct evidence_rules); inside each kind Holm's or, for groups, Hommel's correction.
 * - All matched posts count, also those i never received: the received ones alone lack the withheld ones by themselves.
 * - The ledger only ever excuses: it takes names away, and gives none.
 * - Whoever names must find a file that could be: withheld posts far beyond chance, or fewer than the deliveries to the named can
 *   explain, mean that somebody who knows the withheld posts has prepared it. Then nobody is named.
 */
#ifndef TRACE_EVIDENCE_H
#define TRACE_EVIDENCE_H

#include "base/base.h"

#define EVIDENCE_LICENSEES_MAX 4096
#define EVIDENCE_TRIPLES_OF 512 /* with more licensees triples are not looked at */
#define EVIDENCE_STRATA_MAX 65535
#define EVIDENCE_KEPT 100    /* pairs, and triples, in the result; more when more are named */
#define EVIDENCE_GROUP_MAX 3 /* licensees in a pair or triple */

/* Bit sets: post x is bit x % 64 of word x / 64; bits from n on are 0. */
struct evidence_licensee {
	int64_t id;
	const uint64_t *withheld;  /* by its own keys alone, without the global class */
	const uint64_t *delivered; /* what the ledger has; NULL: not known */
	const double *p; /* [n_strata]: the chance that a post of the stratum is withheld; 0: it had no key then */
};

/*
 * Which posts are among the n may not depend on any key. So two kinds are left out by who fills this in: posts known by the ledger alone
 * (leak_post.gone: that we know them is because somebody received them, so they are never withheld from a sole receiver, who would be named by
 * any leak), and boosts (withheld with what they show).
 *
 * A stratum are the posts for which nobody's p differs: keys change with time (rotation), so it is usually a range of ids.
 * With one p for all there is one stratum. Borrowed: lives as long as the call.
 */
struct evidence_input {
	size_t n;		 /* distinct matched posts */
	size_t n_strata;	 /* at least 1 */
	const uint16_t *stratum; /* [n]; NULL: all are 0 */
	size_t n_licensees;	 /* all of the network, not some that are suspected: the correction is over them */
	const struct evidence_licensee *licensees;
	const uint64_t *global; /* withheld from every licensee; NULL: there is no such class */
	const double *p_global; /* [n_strata] */
};

struct evidence_rules {
	double alpha; /* 0.01 */
	double single, pair, triple,
		narrow; /* 0.9, 0.06, 0.02, 0.02: the parts of alpha for each kind; together at most 1 */
	double tamper;	/* 0.001: chance that an honest file counts as prepared because of too many withheld posts */
	double contradiction; /* 1e-6: one-sided level of the lower bound of a share that deliveries must allow */
	double slack;	      /* 0.01: of the posts may be matched wrongly before deliveries contradict */
	size_t narrow_max;    /* 10: more than so many names are no narrowing */
	double power;	      /* 0.95: what "would be needed" and "could be seen" mean */
};
extern const struct evidence_rules evidence_rules;

/* p-values are natural logarithms: they reach 1e-800. */
struct evidence_single {
	uint64_t withheld; /* k */
	double expected;   /* of an innocent */
	double ln_p;	   /* P(K <= k) */
	double ln_p_holm;  /* corrected over all licensees; compare with ln(alpha * single) */
	double ln_p_many;  /* P(K >= k) */
	double share;	   /* of the leak, from this licensee's coins alone: the most likely, and the 99 % interval */
	double share_low, share_high;
	double share_together; /* the most likely shares of all together: nobody's is below 0, so noise adds up */
	double share_named; /* the same, when only those whose p-value stands may have one (and members of pairs and triples) */
	double ln_likelihood; /* ratio: with share : without */
	uint64_t delivered;   /* of the n; 0 where not known */
	bool named;
	bool excused;	   /* would be named, but never received one of the posts, or received too few */
	bool contradicted; /* of excused: has received some */
	bool many;	   /* far more withheld than chance: put there */
};

/*
 * Two or three who merged their copies: only what is withheld from all of them is missing. For each member, given the others' coins:
 * of the posts withheld from all others, how many from it as well? A group counts only when each of its members does.
 */
struct evidence_group {
	uint32_t n;			     /* 2 or 3 */
	uint32_t member[EVIDENCE_GROUP_MAX]; /* indices of licensees, ascending */
	uint64_t withheld;		     /* from all of them */
	uint64_t others[EVIDENCE_GROUP_MAX]; /* [m]: withheld from all but member m: what its coins are tossed for */
	double ln_p;			     /* the largest of its members' */
	double ln_p_holm;
	bool named, excused;
};

struct evidence_groups {
	uint64_t tested;  /* pairs, or triples: Holm's correction is over so many; 0: not looked at */
	uint64_t visible; /* of them could be named at all with so many posts */
	size_t n;
	struct evidence_group *v; /* ascending ln_p, up to their part of alpha; at most EVIDENCE_KEPT, or all named */
};

/* Ours, but by which way? Each is exact on its own; none of it names anybody. */
struct evidence_origin {
	bool known;			     /* there is a global class */
	uint64_t withheld;		     /* of the leaked posts, from every licensee */
	double expected;		     /* if the leak came past them all */
	double ln_p;			     /* P(K <= k): small means it came through a licensee */
	double share, share_low, share_high; /* of the leak that came another way; 99 % interval */
	uint64_t delivered_to_none;	     /* posts that no licensee ever received */
	bool deliveries_known;
};

/*
 * With as many posts, or how many more: for who gives `share` of the leak, at the thresholds of a first name. 0: never. All but `best` are for
 * the licensee from whom least is withheld, so they are enough for each of them: rates differ (withhold_ppm, rotations).
 */
struct evidence_needs {
	double p; /* its rate, of these posts; 0: nothing is withheld from anybody */
	uint64_t
		unseen; /* licensees from whom none of these posts could be withheld: as a source they are never seen */
	uint64_t single, half, pair,
		triple; /* alone; half of it; two and three who merged: matched posts needed in all */
	uint64_t best;	/* for the likeliest licensee's most likely share, at its own rate; 0 when that share is 0 */
	double smallest_share; /* that would be named with rules.power; above 1: none */
};

enum evidence_verdict {
	EVIDENCE_NONE,		   /* too few posts: not even a lone source would have been seen */
	EVIDENCE_NOT_ATTRIBUTABLE, /* ours; a lone source would have been seen, whoever it is (but needs.unseen); nobody is named */
	EVIDENCE_NARROWED,   /* at least one of `names` is a source */
	EVIDENCE_IDENTIFIED, /* each of `names` is a source */
};
const char *evidence_verdict_name(enum evidence_verdict v); /* "no evidence", "ours but not attributable", … */

struct evidence {
	size_t n, n_licensees;
	struct evidence_rules rules;
	struct evidence_single *singles; /* [n_licensees] */
	struct evidence_groups pairs, triples;
	double share_other, share_not_named;		    /* what share_together, and share_named, leave */
	double ln_likelihood_together, ln_likelihood_named; /* ratio: with these shares : without */
	double likelihood_gap; /* a proven bound: no shares have a ln likelihood better by more than this */
	struct evidence_origin origin;
	struct evidence_needs needs;
	bool prepared; /* many or contradicted: by somebody who knows what was withheld; then nobody is named */
	enum evidence_verdict verdict;
	size_t n_names;
	uint32_t *names; /* indices of licensees, ascending; of NARROWED and IDENTIFIED */
};

/*
 * Weighs a leak. rules NULL: evidence_rules. ERR_INVALID for a p outside [0, 1), a stratum that is none, and parts of alpha that are no
 * parts; ERR_TOO_LARGE for more licensees or strata than may be. n = 0 and no licensees are fine: EVIDENCE_NONE.
 */
enum err evidence_weigh(const struct evidence_input *in, const struct evidence_rules *rules, struct evidence **ret);
void evidence_free(struct evidence *e); /* NULL-safe */

/* Bit sets as above. */
#define EVIDENCE_WORDS(n) (((n) + 63) / 64)
uint64_t *evidence_bits(size_t n); /* all 0; free() */
static inline void evidence_set(uint64_t *bits, size_t x)
{
	bits[x / 64] |= UINT64_C(1) << (x % 64);
}
static inline bool evidence_has(const uint64_t *bits, size_t x)
{
	return bits[x / 64] >> (x % 64) & 1;
}

#endif
