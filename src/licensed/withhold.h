/*
 * withhold.h - posts a licensee never gets: the decision (meter/withhold.h), the keys with their generations
 * (meter/withhold_keys.h), and the ledger's statements about them (meter/statements.h).
 *
 * A boost shows the text of what it is of, so it does not go out when either is withheld. Who counts what a licensee lacks
 * counts posts that are no boosts: only their ids were drawn independently.
 */
#ifndef LICENSED_WITHHOLD_H
#define LICENSED_WITHHOLD_H

#include "meter/statements.h"
#include "meter/withhold.h"
#include "meter/licensees.h"
#include "meter/withhold_keys.h"

/* The licensee never gets the post. False for the id 0, which is no post. */
bool withheld_from(const struct licence *licence, struct post_id post);
void withheld_prefetch(const struct licence *licence, struct post_id post); /* it is about to be asked for */
/*
 * Under which id to look for it: the post's own, or, when it is withheld, one that no post has. So what is withheld is looked
 * for, found missing and remembered as missing in the very way, and the very time, of a post that does not exist.
 */
struct post_id withheld_as(const struct licence *licence, struct post_id post);

#endif
