/*
 * ties.h - what ties the receivers of an event to its post, fetched for all of them by a few statements: who follows
 * its author, whom it is kept from, whom what it says of others keeps it from, and their marks on it. It does not judge:
 * it tells core/visibility.h of each receiver what matters for this post.
 */
#ifndef STREAM_TIES_H
#define STREAM_TIES_H

#include "core/post.h"
#include "core/viewer.h"
#include "stream/aversions.h"
#include "stream/registry.h"

struct ties {
	const struct post_meta *meta;
	/* Of the author, of whom is boosted, then of whom the post addresses or answers; those with any. */
	struct {
		struct account_id account;
		struct aversions *aversions;
	} * people;
	size_t n_authors, n_people;
	struct idset followers; /* of the author, among the receivers: for posts that are for followers */
	struct idset author;	/* one member: what a follower's `following` is, as far as it matters here */
	struct idset voters;	/* receivers who voted in the post's poll */
	struct map flags; /* account → (void *)(flags << 1 | 1), of receivers with any on the post they are shown */
};

/*
 * boosted: NULL when meta is no boost, or one that is gone. subject: the post whose flags and votes show; NULL: none
 * do. Releases by ties_release also after an error.
 */
enum err ties_load(struct ties *t, struct cache *aversions, struct db *db, const struct post_meta *meta,
		   const struct post_meta *boosted, const struct post_meta *subject, const struct targets *receivers);
void ties_release(struct ties *t);

/* listed_for(), for the account; 0: nobody. home: home_listed_for(). */
bool ties_listed(const struct ties *t, struct account_id account, bool home);
uint8_t ties_flags(const struct ties *t, struct account_id account); /* enum post_flags, without POST_PINNED */
bool ties_voted(const struct ties *t, struct account_id account);

/* Known where it matters: of posts for followers, or that followers may quote. */
bool ties_follows(const struct ties *t, struct account_id account);
/* Adds the receivers who have marks on a post, votes in its poll, or have written it. */
enum err ties_marked(struct db *db, const struct post_meta *m, const struct targets *receivers, struct idset *ret);

#endif
