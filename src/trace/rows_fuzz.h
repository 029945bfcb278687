/*
 * rows_fuzz.h - what the fuzzers of the readers share: any bytes, handed out in pieces whose size is the first byte's; rows
 * must be what rows.h says.
 */
#ifndef TRACE_ROWS_FUZZ_H
#define TRACE_ROWS_FUZZ_H

#include "base/base.h"

#include "trace/rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzz_source {
	struct view left;
	size_t step;
};

static inline size_t fuzz_read(void *arg, char *p, size_t cap)
{
	struct fuzz_source *s = arg;
	size_t n = s->step < cap ? s->step : cap;

	n = n < s->left.len ? n : s->left.len;
	if (n)
		memcpy(p, s->left.p, n);
	s->left = view_sub(s->left, n, s->left.len);
	return n;
}

static inline enum err fuzz_row(void *arg, const struct leak_row *r)
{
	(void)arg;
	if (r->unreadable && (r->text.p || r->id || r->url.len || r->counters.given))
		BUG("a row that cannot be read has something");
	if ((r->text.len && !utf8_valid(r->text)) || (r->url.len && !utf8_valid(r->url)))
		BUG("a row is not UTF-8");
	if (r->id < 0)
		BUG("an id is negative");
	for (size_t i = 0; i < COUNTERS; i++)
		if (r->counters.v[i] < 0)
			BUG("a counter is negative");
	return OK;
}

/* whole: it reads everything, whatever it is; others end where they are told nonsense. */
static inline int fuzz_rows(const uint8_t *data, size_t size,
			    enum err (*read)(struct window *w, const struct rows_to *to), bool whole)
{
	struct rows_to to = {.fn = fuzz_row};
	struct fuzz_source s = {0};
	struct window w;

	if (size == 0)
		return 0;
	s = (struct fuzz_source){view_make((const char *)data + 1, size - 1), (size_t)data[0] + 1};
	window_init(&w, fuzz_read, &s);
	if (rows_detect(&w) == FORMAT_AUTO)
		BUG("it is nothing");
	if (read(&w, &to) != OK)
		BUG("reading fails");
	if (whole && (window_view(&w).len || s.left.len))
		BUG("something is left");
	window_release(&w);
	return 0;
}

#endif
