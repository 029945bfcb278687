/*
 * leak_result.c - what a finished run found (match.h), read from its files.
 */
#include "base/base.h"

#include "base/vec.h"
#include "trace/leak_file.h"

struct leak_result {
	char matches[LEAK_PATH_MAX];
	struct match_counts counts;
	struct VEC(char *) sources;
	struct VEC(struct leak_post) posts;
};

static enum err take_line(void *arg, const struct trace_match *m, uint64_t source, struct view name)
{
	struct leak_result *r = arg;

	if (m) {
		VEC_PUSH(&r->posts, (struct leak_post){m->post, m->how, m->gone});
		return OK;
	}
	if (source != r->sources.n)
		return ERR_CORRUPT;
	VEC_PUSH(&r->sources, xstrdup(name.p)); /* NUL-ended: it is jansson's */
	return OK;
}

static int compare_posts(const void *a, const void *b)
{
	const struct leak_post *x = a, *y = b;

	if (x->post != y->post)
		return x->post < y->post ? -1 : 1;
	return (int)x->how - (int)y->how;
}

/* Of each post the strongest. */
static void make_distinct(struct leak_result *r)
{
	size_t n = 0;

	if (r->posts.n)
		qsort(r->posts.v, r->posts.n, sizeof(*r->posts.v), compare_posts);
	for (size_t i = 0; i < r->posts.n; i++)
		if (n == 0 || r->posts.v[n - 1].post != r->posts.v[i].post)
			r->posts.v[n++] = r->posts.v[i];
	r->posts.n = n;
}

enum err leak_open(const char *work, struct leak_result **ret, struct problem *problem)
{
	struct leak_state s;
	struct leak_result *r;
	enum err err = leak_state_read(work, &s);

	if (err == OK && !s.finished)
		err = ERR_NOT_FOUND;
	if (err != OK)
		return fail(problem, err, "%.200s: there is no run that came to its end", work);
	r = xcalloc(1, sizeof(*r));
	r->counts = s.counts;
	leak_path(work, LEAK_MATCHES_FILE, r->matches);
	err = leak_each_line(r->matches, take_line, r);
	make_distinct(r);
	if (err == OK && r->posts.n != r->counts.posts)
		err = ERR_CORRUPT;
	if (err == OK) {
		*ret = r;
		return OK;
	}
	leak_result_free(r);
	return fail(problem, err, "%.200s: the matches of the run cannot be read", work);
}

void leak_result_free(struct leak_result *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->sources.n; i++)
		free(r->sources.v[i]);
	VEC_FREE(&r->sources);
	VEC_FREE(&r->posts);
	free(r);
}

const struct match_counts *leak_counts(const struct leak_result *r)
{
	return &r->counts;
}

const char *leak_source_name(const struct leak_result *r, uint32_t source)
{
	return source < r->sources.n ? r->sources.v[source] : "?";
}

const struct leak_post *leak_posts(const struct leak_result *r, size_t *ret_n)
{
	*ret_n = r->posts.n;
	return r->posts.v;
}

struct each {
	leak_match_fn *fn;
	void *arg;
};

static enum err each_match(void *arg, const struct trace_match *m, uint64_t source, struct view name)
{
	const struct each *e = arg;

	(void)source, (void)name;
	return m ? e->fn(e->arg, m) : OK;
}

enum err leak_each(const struct leak_result *r, leak_match_fn *fn, void *arg)
{
	struct each e = {fn, arg};

	return leak_each_line(r->matches, each_match, &e);
}
