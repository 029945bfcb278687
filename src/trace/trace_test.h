/*
 * trace_test.h - a few posts in memory and an index of them, for tests. Include in test programs only.
 */
#ifndef TRACE_TRACE_TEST_H
#define TRACE_TRACE_TEST_H

#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>
#include <unistd.h>

#include "base/secret.h"
#include "trace/matcher.h"
#include "trace/normal.h"

struct test_post {
	int64_t id;
	const char *text; /* NULL: a boost */
	const char *edited;
};
struct test_posts {
	const struct test_post *v;
	size_t n;
	const int64_t *delivered;
	size_t n_delivered;
	char path[64];
	struct trace_index *index;
	struct matcher_texts texts;
	size_t loads;
};

MAYBE_UNUSED static enum err test_load(void *arg, const int64_t *posts, size_t n, matcher_text_fn *fn, void *fn_arg)
{
	struct test_posts *t = arg;

	t->loads++;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < t->n; j++) {
			if (t->v[j].id != posts[i] || !t->v[j].text)
				continue;
			TRY(fn(fn_arg, posts[i], 0, view_of(t->v[j].text)));
			if (t->v[j].edited)
				TRY(fn(fn_arg, posts[i], 1, view_of(t->v[j].edited)));
		}
	return OK;
}

static inline void test_add_text(struct index_builder *b, uint32_t post, const char *text, bool count)
{
	struct buf normal = {.max = 8 * NORMAL_MAX};

	assert_int_equal(normal_of_post(&normal, view_of(text)), OK);
	if (count)
		index_build_sample(b, buf_view(&normal));
	else
		assert_int_equal(index_build_text(b, post, buf_view(&normal)), OK);
	buf_release(&normal);
}

MAYBE_UNUSED static void test_posts_open(struct test_posts *t)
{
	struct problem problem = {0};
	struct index_builder *b;
	uint32_t post;

	assert_int_equal(secret_init(), OK);
	snprintf(t->path, sizeof(t->path), "/tmp/kicau-trace-XXXXXX");
	int fd = mkstemp(t->path);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(index_build(t->path, t->n, &b, &problem), OK);
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].text)
			test_add_text(b, 0, t->v[i].text, true);
	for (size_t i = 0; i < t->n; i++) {
		assert_int_equal(index_build_post(b, t->v[i].id, t->v[i].text ? INDEX_PUBLIC : INDEX_BOOST, &post), OK);
		if (t->v[i].text)
			test_add_text(b, post, t->v[i].text, false);
		if (t->v[i].edited)
			test_add_text(b, post, t->v[i].edited, false);
	}
	for (size_t i = 0; i < t->n_delivered; i++)
		index_build_delivered(b, t->delivered[i]);
	if (index_build_end(b, &problem) != OK)
		fail_msg("%s", problem.text);
	index_build_free(b);
	if (index_open(t->path, &t->index, &problem) != OK)
		fail_msg("%s", problem.text);
	t->texts = (struct matcher_texts){test_load, t};
}

MAYBE_UNUSED static void test_posts_close(struct test_posts *t)
{
	index_close(t->index);
	unlink(t->path);
}

#endif
