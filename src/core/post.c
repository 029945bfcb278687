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

static const char *const quote_policies[QUOTE_POLICIES] = {
	[QUOTE_PUBLIC] = "public", [QUOTE_FOLLOWERS] = "followers", [QUOTE_NOBODY] = "nobody"};

const char *quote_policy_name(enum quote_policy p)
{
	return (size_t)p < QUOTE_POLICIES ? quote_policies[p] : "nobody";
}

bool quote_policy_parse(struct view v, enum quote_policy *ret)
{
	for (size_t i = 0; i < QUOTE_POLICIES; i++) {
		if (view_is(v, quote_policies[i])) {
			*ret = (enum quote_policy)i;
			return true;
		}
	}
	return false;
}
