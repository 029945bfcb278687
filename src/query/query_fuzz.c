/*
 * query_fuzz.c - first line: a query; the rest: the text of a post. What is read prints, and reads as the same again;
 * both match the same, and as a rule the query is found by what the post has.
 */
#include "base/base.h"

#include "base/limits.h"
#include "query/ast.h"
#include "query/rules.h"
#include "text/compose.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TAGS_MAX 16

static const struct query_post *make_post(struct arena *a, struct view text)
{
	struct view *tags = ARENA_ARRAY(a, TAGS_MAX, struct view);
	struct post_mention *mentions = ARENA_ARRAY(a, TAGS_MAX, struct post_mention);
	struct post *post = ARENA_NEW(a, struct post);
	struct token t;
	size_t at = 0;

	*post = (struct post){.meta = {.id = {77}, .author = {5}, .thread_id = 77}, .text = text, .spoiler = V("cw")};
	while (compose_next(text, &at, &t)) {
		struct buf CLEANUP(buf_release) key = {.max = COMPOSE_TAG_BYTES + 1};

		if (t.kind == TOKEN_TAG && post->n_tags < TAGS_MAX && compose_tag_key(&key, t.name) == OK)
			tags[post->n_tags++] = arena_view(a, buf_view(&key));
		if (t.kind == TOKEN_MENTION && post->n_mentions < TAGS_MAX)
			mentions[post->n_mentions++] = (struct post_mention){.username = t.name, .domain = t.domain};
	}
	post->tags = tags;
	post->mentions = mentions;
	return query_post_build(a, &(struct query_parts){.post = post, .author_name = V("alice")});
}

static void check(struct arena *a, const struct query *q, const struct query_post *post, enum query_use use)
{
	const struct query_limits wide = {use, QUERY_CHARS_MAX};
	struct buf CLEANUP(buf_release) out = {.max = LIMIT_MIB}, again = {.max = LIMIT_MIB};
	struct rules *rules = rules_new();
	struct problem problem = {0};
	const struct query *second;
	int64_t found;

	if (query_print(&out, q) != OK)
		BUG("what was read does not print");
	enum err err = query_parse(a, buf_view(&out), &wide, &second, &problem);
	/* The canonical form may be longer than a query may be. */
	if (err != OK && !strstr(problem.text, "characters, of at most"))
		BUG("%s: %s", out.p, problem.text);
	if (err == OK && (query_print(&again, second) != OK || !view_eq(buf_view(&out), buf_view(&again))))
		BUG("%s, then %s", out.p, again.p);
	bool matches = query_match(q, post);
	if (err == OK && query_match(second, post) != matches)
		BUG("%s matches only once", out.p);
	if (matches && !query_may_match(q, false))
		BUG("%s matches a post that is no boost", out.p);
	if (rules_add(rules, 1, q) != OK || (rules_match(rules, post, &found, 1) == 1) != matches)
		BUG("%s is filed in the wrong place", out.p);
	if (!rules_remove(rules, 1) || rules_count(rules) || rules_match(rules, post, &found, 1))
		BUG("%s is still there", out.p);
	rules_free(rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view all = view_make((const char *)data, size), text;
	size_t line = view_find(all, 0, '\n');
	struct arena CLEANUP(arena_release) a;

	arena_init(&a, 64 * LIMIT_MIB);
	text = arena_view(&a, utf8_valid(view_sub(all, line + 1, 4096)) ? view_sub(all, line + 1, 4096) : V("a post"));
	const struct query_post *post = make_post(&a, text);
	for (enum query_use use = QUERY_SEARCH; use <= QUERY_STREAM; use++) {
		const struct query_limits limits = {use, 1024};
		struct problem problem = {0};
		const struct query *q;

		if (query_parse(&a, view_sub(all, 0, line), &limits, &q, &problem) == OK)
			check(&a, q, post, use);
		else if (!problem.text[0])
			BUG("refused without words");
	}
	return 0;
}
