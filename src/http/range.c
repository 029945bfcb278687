/*
 * range.c - see range.h.
 */
#include "base/base.h"
#include "http/range.h"

enum range range_parse(struct view header, uint64_t size, uint64_t *ret_first, uint64_t *ret_last)
{
	if (header.len < 6 || !view_eq_nocase(view_sub(header, 0, 6), V("bytes=")))
		return RANGE_WHOLE;
	struct view spec = view_trim(view_sub(header, 6, header.len));
	size_t dash = view_find(spec, 0, '-');
	struct view from = view_sub(spec, 0, dash), to = view_sub(spec, dash + 1, spec.len);
	uint64_t first = 0, last = UINT64_MAX;
	bool has_from = parse_u64(from, UINT64_MAX, &first), has_to = parse_u64(to, UINT64_MAX, &last);
	if (dash == spec.len || (!has_from && from.len) || (!has_to && to.len) || (!has_from && !has_to))
		return RANGE_WHOLE;
	if (!has_from) {
		/* The last `last` bytes. */
		if (last == 0 || size == 0)
			return RANGE_NONE;
		*ret_first = last < size ? size - last : 0;
		*ret_last = size - 1;
		return RANGE_PART;
	}
	if (has_to && last < first)
		return RANGE_WHOLE;
	if (first >= size)
		return RANGE_NONE;
	*ret_first = first;
	*ret_last = last < size ? last : size - 1;
	return RANGE_PART;
}
