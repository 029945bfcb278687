/*
 * page_token.c - see page_token.h.
 */
#include "base/base.h"
#include "dataapi/page_token.h"

bool page_token_read(struct view v, struct page_token *ret)
{
	uint64_t place = 0;

	if (v.len != PAGE_TOKEN_LEN || (v.p[0] != 'n' && v.p[0] != 'p'))
		return false;
	for (size_t i = 1; i < v.len; i++) {
		const char *digits = "0123456789abcdef", *at = v.p[i] ? strchr(digits, v.p[i]) : NULL;

		if (!at)
			return false;
		place = place << 4 | (uint64_t)(at - digits);
	}
	if (place == 0 || place > INT64_MAX)
		return false;
	*ret = (struct page_token){v.p[0] == 'p', (int64_t)place};
	return true;
}

void page_token_write(const struct page_token *t, char ret[PAGE_TOKEN_LEN + 1])
{
	snprintf(ret, PAGE_TOKEN_LEN + 1, "%c%016" PRIx64, t->back ? 'p' : 'n', (uint64_t)t->place);
}
