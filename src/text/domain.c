/*
 * domain.c - see domain.h.
 */
#include "base/base.h"

#include "text/domain.h"

#include "text/utf8.h"

/* At the beginning or the end of a label, where no mark may stand. */
static bool is_edge(struct view v, size_t i)
{
	return i == 0 || i + 1 == v.len || v.p[i - 1] == '.' || v.p[i + 1] == '.';
}

bool domain_read(struct view typed, char ret[LIMIT_DOMAIN_BYTES + 1])
{
	struct view v = view_trim(typed);

	if (view_ends(v, V(".")))
		v.len--;
	if (!v.len || v.len > LIMIT_DOMAIN_BYTES)
		return false;
	for (size_t i = 0; i < v.len; i++) {
		char c = ascii_lower(v.p[i]);
		bool mark = c == '.' || c == '-' || c == '_';

		if (!ascii_is_alnum((unsigned char)c) && (!mark || is_edge(v, i)))
			return false;
		ret[i] = c;
	}
	ret[v.len] = '\0';
	return true;
}
