/*
 * window.c - see window.h.
 */
#include "base/base.h"

#include "trace/window.h"

#define READ_BYTES ((size_t)64 * 1024)

void window_init(struct window *w, size_t (*read)(void *arg, char *p, size_t cap), void *arg)
{
	*w = (struct window){.read = read, .arg = arg};
}

void window_of(struct window *w, struct view text)
{
	*w = (struct window){.p = (char *)(uintptr_t)text.p, .len = text.len, .end = true};
}

void window_release(struct window *w)
{
	if (w->alloc)
		free(w->p);
	*w = (struct window){0};
}

bool window_more(struct window *w)
{
	if (w->end || w->len - w->at >= WINDOW_MAX)
		return false;
	if (w->at > 0 && w->alloc - w->len < READ_BYTES) {
		memmove(w->p, w->p + w->at, w->len - w->at);
		w->len -= w->at;
		w->at = 0;
	}
	if (w->alloc - w->len < READ_BYTES) {
		w->alloc = w->alloc ? 2 * w->alloc : 4 * READ_BYTES;
		w->p = xrealloc(w->p, w->alloc);
	}
	size_t n = w->read(w->arg, w->p + w->len, READ_BYTES);
	w->end = n == 0;
	w->len += n;
	return n > 0;
}

struct view window_at_least(struct window *w, size_t n)
{
	while (w->len - w->at < n && window_more(w))
		;
	return window_view(w);
}

/* Leaves out everything up to the end of the line. */
static void skip_line(struct window *w)
{
	do {
		struct view v = window_view(w);
		size_t end = view_find(v, 0, '\n');

		window_take(w, end < v.len ? end + 1 : v.len);
		if (end < v.len)
			return;
	} while (window_more(w));
}

enum window_line window_line(struct window *w, size_t max, struct view *ret)
{
	struct view v = window_at_least(w, 1);
	size_t end = view_find(v, 0, '\n');

	if (!v.len)
		return WINDOW_END;
	while (end == v.len && v.len <= max) {
		size_t seen = v.len;

		if (!window_more(w))
			break;
		v = window_view(w);
		end = view_find(v, seen, '\n');
	}
	if (end > max) {
		skip_line(w);
		return WINDOW_LONG;
	}
	window_take(w, end < v.len ? end + 1 : end);
	*ret = view_sub(v, 0, end && v.p[end - 1] == '\r' ? end - 1 : end);
	return WINDOW_LINE;
}
