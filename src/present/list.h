/*
 * list.h - List (docs: entities/List).
 */
#ifndef PRESENT_LIST_H
#define PRESENT_LIST_H

#include "core/lists.h"
#include "present/present.h"

void present_list(const struct list *l, struct jw *j);
void present_lists(const struct list *lists, size_t n, struct jw *j);

#endif
