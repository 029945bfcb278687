/*
 * xfields_fuzz.c - the first byte says which list, the rest are names with commas between: what is not known is named from
 * within the input, the defaults stay, and asking twice is asking once.
 */
#include "base/base.h"
#include "licensed/xfields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool has(uint32_t all, uint32_t some)
{
	return (all & some) == some;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct xfields once = xfields_none(), twice;
	struct view names, unknown = {0};

	if (size == 0)
		return 0;
	enum xlist list = data[0] % XLISTS;
	names = view_make((const char *)data + 1, size - 1);
	enum err err = xfields_add(&once, list, names, &unknown);
	if (err == ERR_INVALID && (unknown.p < names.p || (size_t)(unknown.p - names.p) + unknown.len > names.len))
		BUG("a name from elsewhere");
	if (!has(once.tweet, TWEET_DEFAULTS) || !has(once.user, USER_DEFAULTS) || !has(once.media, MEDIA_DEFAULTS) ||
	    !has(once.poll, POLL_DEFAULTS))
		BUG("a default is gone");
	if (once.tweet >> TWEET_FIELDS || once.user >> USER_FIELDS || once.media >> XMEDIA_FIELDS ||
	    once.poll >> XPOLL_FIELDS || once.expansions >> EXPANSIONS)
		BUG("a field that there is not");
	twice = once;
	if (xfields_add(&twice, list, names, &unknown) != err || memcmp(&once, &twice, sizeof(once)) != 0)
		BUG("asked twice, it is something else");
	return 0;
}
