/*
 * window.h - a stream of bytes through one buffer of bounded size: what has been read and not taken yet.
 */
#ifndef TRACE_WINDOW_H
#define TRACE_WINDOW_H

#include "base/base.h"

#define WINDOW_MAX ((size_t)4 * 1024 * 1024) /* bytes: of a line, a JSON document's object, a CSV record, a page */

struct window {
	size_t (*read)(void *arg, char *p, size_t cap); /* 0 at the end */
	void *arg;
	char *p;
	size_t at, len, alloc; /* p[at … len) is what there is */
	bool end;	       /* nothing comes behind it */
};

void window_init(struct window *w, size_t (*read)(void *arg, char *p, size_t cap), void *arg);
/* Over text that stays; nothing is copied. */
void window_of(struct window *w, struct view text);
void window_release(struct window *w);

static inline struct view window_view(const struct window *w) { return view_make(w->p + w->at, w->len - w->at); }
static inline void window_take(struct window *w, size_t n) { w->at += n; }
/* Reads on. False at the end, and when the buffer holds WINDOW_MAX bytes. What was not taken may move. */
bool window_more(struct window *w);
/* At least n bytes, if there are so many; the view of all there is. */
struct view window_at_least(struct window *w, size_t n);

enum window_line { WINDOW_END, WINDOW_LINE, WINDOW_LONG };
/* The next line without its end (LF or CRLF), taken; the view lives until the next call. WINDOW_LONG: over max bytes, and left out. */
enum window_line window_line(struct window *w, size_t max, struct view *ret);

#endif
