/*
 * people_page.h - [Account] a page at a time, without whom the viewer blocks or mutes: reads on below what was left out
 * until the page is full, so that no client takes a thin page for the end.
 */
#ifndef API_PEOPLE_PAGE_H
#define API_PEOPLE_PAGE_H

#include "core/page_read.h"
#include "gate/call.h"

struct people {
	/* A page of accounts by cursor, newest first, at most page->limit. */
	enum err (*read)(struct call *c, const struct people *p, const struct page *page, struct page_item *ret,
			 size_t *ret_n);
	bool without_hidden;
	int list; /* the reader's: which list, and whose */
	int64_t whose;
};

/* The page asked for with PAGE_PARAMS, and its Link header. */
enum err answer_people(struct call *c, const struct people *p);

#endif
