/*
 * post.c - names of visibilities.
 */
#include "base/base.h"

#include "core/post.h"

static const char *const names[] = {"public", "unlisted", "private", "direct"};

const char *visibility_name(enum visibility v)
{
	return (size_t)v < ARRAY_LEN(names) ? names[v] : "direct";
}

bool visibility_parse(struct view v, enum visibility *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (view_is(v, names[i])) {
			*ret = (enum visibility)i;
			return true;
		}
	}
	return false;
}
