/*
 * xplaces.h - the posts or users of an answer, each once, found by id. Private to licensed/.
 */
#ifndef LICENSED_XPLACES_H
#define LICENSED_XPLACES_H

#include "licensed/xanswer.h"

#define XPLACES_NONE SIZE_MAX

size_t xplaces_find(const struct xplaces *p, int64_t id);
/* Not there yet. Answers its place; XPLACES_NONE when there are LEDGER_ITEMS_MAX. */
size_t xplaces_add(struct xplaces *p, struct arena *a, struct xplace place, const struct ledger_item *item);

#endif
