/*
 * withhold_keys.h - the keys of withhold.h in the database: who has which, for which posts, and where in the ledger it was
 * committed to. A licensee has one from the transaction that makes it; another key (a rotation) decides on newer posts
 * only, so that a post that was withheld stays withheld.
 */
#ifndef METER_WITHHOLD_KEYS_H
#define METER_WITHHOLD_KEYS_H

#include "base/json.h"
#include "core/core.h"
#include "meter/withhold.h"
#include "meter/withhold_memo.h"

#define WITHHOLD_EVERYBODY INT64_C(0) /* in place of a licensee: withheld from all of them */
#define WITHHOLD_ALL INT64_C(-1)      /* of withhold_load: every licensee's */

/*
 * A rotation begins this much later than it is made. Whoever decides has read the keys less than that ago (a licence is
 * read anew every second; an export holds one for a minute), so no post is ever decided on by two keys.
 */
#define WITHHOLD_LEAD_MS (INT64_C(10) * 60 * 1000)

struct withhold_generation {
	int64_t licensee; /* or WITHHOLD_EVERYBODY */
	int64_t number;	  /* 1, 2, … */
	bool lost;	  /* its key is gone for good: nothing is withheld by it, and nothing proven */
	struct withhold_key key;
	struct withhold_salt salt;
	uint32_t ppm;
	int64_t from_id, until_id; /* decides on posts in [from, until); the last: until INT64_MAX */
	int64_t made_ms;
	int64_t committed, revealed;	  /* indexes of the ledger; -1: not yet. Both wait for statements_send() */
	bool revealing;			  /* it is revealed, or about to be: no secret any more */
	int64_t commitment_id, reveal_id; /* statements; reveal_id 0: none */
};

/* By licensee and number, in the arena, which the caller wipes no more than any other: keep it short. */
enum err withhold_load(struct db *db, struct arena *a, int64_t licensee, struct withhold_generation **ret,
		       size_t *ret_n);
/* The one of a list from withhold_load() that decides on a post for a licensee; NULL: none does. */
const struct withhold_generation *withhold_deciding(const struct withhold_generation *list, size_t n, int64_t licensee,
						    struct post_id post);

/* "waits" for its commitment, "to come", "decides", "ended", "revealed", "lost" */
const char *withhold_state_name(const struct withhold_generation *g, int64_t now_ms);

/* The member "licensee": an id, or "everybody"; and such a text read. */
void withhold_party_write(struct jw *j, int64_t licensee);
bool withhold_party_read(struct view text, int64_t *ret);

/* The member "from", as the commitment has it: a string also for 0, which is a place too. */
void withhold_from_write(struct jw *j, const struct withhold_generation *g);

/*
 * At boot, and in the transaction that makes a licensee, before it: whoever has no key gets one. A licensee that was there
 * before keys were may have received any post until now, so its key decides on newer ones only.
 */
enum err withhold_begin(struct db *tx, const struct core_config *config);
enum err withhold_install(struct core *c); /* the same by itself */
/* The first key of a licensee that was just made: decides on all posts. */
enum err withhold_first(struct db *tx, const struct core_config *config, int64_t licensee);

/*
 * by: who does it, for the record of moderators; 0: the command line. Another key, for posts from now_ms + WITHHOLD_LEAD_MS on; ppm: how many of a million it withholds. ERR_CONFLICT with
 * words: another one is about to begin; ERR_NOT_FOUND: no such licensee.
 */
enum err withhold_rotate(struct db *tx, struct account_id by, int64_t licensee, uint32_t ppm, int64_t now_ms,
			 struct problem *problem);
/*
 * Says in the ledger what a key and its salt were. Only when it decides on no new post any more, or whoever reads it could
 * tell which those will be: ERR_CONFLICT with words otherwise. OK when it was revealed before. ERR_NOT_FOUND.
 */
enum err withhold_reveal(struct db *tx, struct account_id by, int64_t licensee, int64_t number, int64_t now_ms,
			 struct problem *problem);

/*
 * Gives up a key that the ledger has a commitment to (licensee, number, ppm, from_id, made_ms of *g) and the database lost: says so in
 * the ledger. Nothing is withheld by it any more, so nothing can be proven with its posts; a newer key begins as in a rotation
 * when there is none.
 */
enum err withhold_forgo(struct db *tx, const struct withhold_generation *g, int64_t now_ms);

/* Keys as deliveries use them: of one licensee, and of everybody. Never changed, reference-counted. */
struct withhold_set;
enum err withhold_set_load(struct db *db, int64_t licensee, struct withhold_set **ret);
struct withhold_set *withhold_set_ref(struct withhold_set *s);
void withhold_set_unref(struct withhold_set *s); /* NULL-safe */
bool withhold_set_has(struct withhold_set *s, struct post_id post);
void withhold_set_prefetch(const struct withhold_set *s, struct post_id post); /* it is about to be asked for */
/*
 * Deciding is two or four blocks of SHA-256 a post. A set that has decided often (is_busy) is worth a memory of it: to be given before
 * others see the set; none when there are too many.
 */
bool withhold_set_is_busy(const struct withhold_set *s);
void withhold_set_remember(struct withhold_set *s, struct withhold_memos *memos);
bool withhold_set_same(const struct withhold_set *a,
		       const struct withhold_set *b); /* the same keys, for the same posts */
/* All its keys are committed to in the ledger. */
bool withhold_set_committed(const struct withhold_set *s);
/* What a licensee may know: how much of the posts of a moment is withheld, and where the keys are committed to. */
struct withhold_terms {
	uint32_t ppm, everybody_ppm;
	int64_t generation, committed, everybody_committed; /* indexes of the ledger; -1: not yet */
};
struct withhold_terms withhold_set_terms(const struct withhold_set *s, struct post_id post);

#endif
