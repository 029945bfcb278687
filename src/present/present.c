/*
 * present.c - what all presenters share.
 */
#include "base/base.h"

#include "present/present.h"

struct view present_file_url(const struct present *p, struct view key)
{
	return arena_printf(p->arena, "%s/media/%.*s", p->core->config.base_url, VIEW_ARG(key));
}
