/*
 * seed.h - what the parts of the seeder share: seed.c (the order of things), seed_people.c (accounts, tokens, follows)
 * and seed_posts.c. They write the tables as core/ does, in large transactions.
 */
#ifndef BENCH_SEED_H
#define BENCH_SEED_H

#include "base/base.h"
#include "core/core.h"

#define SEED_DAYS 60
#define SEED_MS_PER_DAY ((int64_t)24 * 3600 * 1000)

struct person {
	struct account_id id;
	char username[32];
	uint32_t followers, following, posts;
	int64_t last_post_at;
};

struct seed {
	struct core *core;
	const char *dir;
	int64_t now;
	size_t announcers; /* the first of people: each is followed by its share of the others, and has not posted yet */
	size_t accounts, posts, follows;
	struct person *people; /* announcers + accounts */
	uint32_t *met;	       /* VOCABULARY_WORDS: searchable posts by word */
};

enum err seed_people(struct seed *s);
enum err seed_follows(struct seed *s); /* sets s->follows to what was made */
enum err seed_posts(struct seed *s);
enum err seed_counts(struct seed *s); /* behind the others: account_counts */

#endif
