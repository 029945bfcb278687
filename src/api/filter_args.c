/*
 * filter_args.c - see filter_args.h.
 */
#include "base/base.h"

#include "api/filter_args.h"

#include "base/clock.h"

#define SECONDS_MAX ((int64_t)100 * 365 * 24 * 3600)

enum err filter_contexts(struct call *c, struct filter_change *ret)
{
	const struct view *names;
	size_t n = arg_strings(c, "context[]", &names);

	ret->has_contexts = arg_given(c, "context[]");
	ret->contexts = 0;
	for (size_t i = 0; i < n; i++) {
		size_t at = 0;

		while (filter_context_names[at] && !view_is(names[i], filter_context_names[at]))
			at++;
		if (!filter_context_names[at])
			return call_fail(c, ERR_UNPROCESSABLE,
					 "Validation failed: Context None or invalid context supplied");
		ret->contexts |= 1u << at;
	}
	return OK;
}

enum err filter_expiry(struct call *c, struct filter_change *ret)
{
	struct view text = view_trim(arg_str(c, "expires_in"));
	int64_t seconds;

	ret->has_expiry = arg_given(c, "expires_in");
	ret->expires_at = 0;
	if (!text.len)
		return OK;
	if (!parse_i64(text, 0, SECONDS_MAX, &seconds))
		return call_fail(c, ERR_UNPROCESSABLE, "Validation failed: expires_in is not a number of seconds");
	ret->expires_at = clock_now() + seconds * 1000;
	return OK;
}
