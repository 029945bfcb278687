/*
 * rules.c - what filtered streams cost: posts a second that one core makes ready and compares with many rules, through
 * the index of rules and, to see what that is good for, with each rule alone.
 *
 *   rules [N]     N rules (1000); prints {"rules":…,"us_ready":…,"us_indexed":…,"us_each":…,"matches":…}, for one post
 */
#include "base/base.h"

#include <time.h>

#include "base/limits.h"
#include "base/secret.h"
#include "query/post.h"
#include "query/rules.h"
#include "vocabulary.h"

#define POSTS 2000
#define ROUNDS 10

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What people follow: names of things, which are words of any rank, rarely the commonest. */
static void rule_text(struct buf *out)
{
	char a[16], b[16], c[16];

	vocabulary_word(100 + seeded_below(20000), a);
	vocabulary_word(20 + seeded_below(20000), b);
	vocabulary_word(100 + seeded_below(20000), c);
	switch (seeded_below(6)) {
	case 0:
		buf_printf(out, "%s -is:retweet", a);
		break;
	case 1:
		buf_printf(out, "(%s OR %s OR %s) lang:en -is:retweet", a, b, c);
		break;
	case 2:
		buf_printf(out, "\"%s %s\"", a, b);
		break;
	case 3:
		buf_printf(out, "%s %s has:links", a, b);
		break;
	case 4:
		buf_printf(out, "from:person%zu", seeded_below(10000));
		break;
	default:
		buf_printf(out, "#tag%zu -%s", seeded_below(VOCABULARY_TAGS), a);
	}
}

static const struct query **make_rules(struct arena *a, size_t n, struct rules *rules)
{
	const struct query_limits limits = {QUERY_STREAM, 1024};
	const struct query **all = ARENA_ARRAY(a, n, const struct query *);

	for (size_t i = 0; i < n; i++) {
		struct buf CLEANUP(buf_release) text = {.max = 1024};
		struct problem problem = {0};

		rule_text(&text);
		if (query_parse(a, buf_view(&text), &limits, &all[i], &problem) != OK)
			BUG("%s: %s", text.p, problem.text);
		if (rules_add(rules, (int64_t)i + 1, all[i]) != OK)
			BUG("a rule is there twice");
	}
	return all;
}

static void make_post(struct arena *a, struct post *ret)
{
	struct buf CLEANUP(buf_release) text = {.max = 4096};
	struct view *tag = ARENA_ARRAY(a, 1, struct view);

	vocabulary_sentences(&text, 5 + seeded_below(40), NULL);
	*tag = arena_printf(a, "tag%zu", vocabulary_pick(VOCABULARY_TAGS));
	if (seeded_chance(30))
		buf_printf(&text, " https://example.com/%zu", seeded_below(1000));
	*ret = (struct post){.meta = {.id = {id_next()}, .author = {1 + (int64_t)seeded_below(10000)}},
			     .text = arena_view(a, buf_view(&text)),
			     .language = V("en"),
			     .tags = tag,
			     .n_tags = seeded_chance(25)};
}

int main(int argc, char **argv)
{
	uint64_t n_rules = 1000;
	struct arena a;
	struct rules *rules = rules_new();
	struct post *posts = xcalloc(POSTS, sizeof(*posts));
	const struct query_post **ready = xcalloc(POSTS, sizeof(*ready));
	int64_t *found;
	size_t n_indexed = 0, n_each = 0;

	if (secret_init() != OK || (argc > 1 && !parse_u64(view_of(argv[1]), 1000000, &n_rules)))
		return 2;
	found = xcalloc(n_rules, sizeof(*found));
	arena_init(&a, 4096 * LIMIT_MIB);
	const struct query **all = make_rules(&a, n_rules, rules);
	for (size_t i = 0; i < POSTS; i++)
		make_post(&a, &posts[i]);

	double t0 = seconds();
	for (size_t i = 0; i < POSTS; i++)
		ready[i] = query_post_build(
			&a, &(struct query_parts){.post = &posts[i],
						  .author_name = arena_printf(&a, "person%zu", seeded_below(10000))});
	double t1 = seconds();
	for (size_t round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < POSTS; i++)
			n_indexed += rules_match(rules, ready[i], found, n_rules);
	double t2 = seconds();
	for (size_t i = 0; i < POSTS; i++)
		for (size_t r = 0; r < n_rules; r++)
			n_each += query_match(all[r], ready[i]);
	double t3 = seconds();
	if (n_indexed != n_each * ROUNDS)
		BUG("%zu and %zu matches", n_indexed, n_each);
	printf("{\"rules\":%zu,\"us_ready\":%.2f,\"us_indexed\":%.2f,\"us_each\":%.1f,\"matches\":%.3f}\n",
	       (size_t)n_rules, (t1 - t0) * 1e6 / POSTS, (t2 - t1) * 1e6 / POSTS / ROUNDS, (t3 - t2) * 1e6 / POSTS,
	       (double)n_each / POSTS);
	return 0;
}
