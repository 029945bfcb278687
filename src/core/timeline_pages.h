/*
 * timeline_pages.h - a page of a timeline from candidates: asks a source for ids until enough of them fit the viewer.
 */
#ifndef CORE_TIMELINE_PAGES_H
#define CORE_TIMELINE_PAGES_H

#include "core/timelines_private.h"

struct page_source {
	enum err (*next)(void *arg, const struct scan *s, struct ring_entry *ret, struct found *ret_found);
	void (*gone)(void *arg, int64_t id); /* may be NULL: told of ids that no longer exist */
	void *arg;
	bool home; /* home_listed_for() judges, not listed_for(); filters of "home" hide, else those of "public" */
};

enum err page_fill(struct core *c, struct db *db, struct arena *a, struct viewer *v, const struct page *page,
		   const struct page_source *source, struct post_id *ret, size_t *ret_n);

#endif
