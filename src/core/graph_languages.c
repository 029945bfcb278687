/*
 * graph_languages.c - in which languages a follow is narrowed to.
 */
#include "base/base.h"

#include "core/graph.h"

#include "base/limits.h"
#include "text/lang.h"

bool graph_has_language(struct view languages, const char *code)
{
	struct view piece;

	while (view_split(&languages, ',', &piece))
		if (view_is(piece, code))
			return true;
	return false;
}

enum err graph_languages_read(struct arena *a, const struct view *given, size_t n, struct view *ret,
			      struct problem *problem)
{
	size_t len = 0, distinct = 0;
	char *text = arena_alloc(a, LIMIT_FOLLOW_LANGUAGES * LANG_BYTES + 1);

	for (size_t i = 0; i < n; i++) {
		char code[LANG_BYTES];

		if (view_trim(given[i]).len == 0)
			continue;
		if (!lang_normalise(view_trim(given[i]), code))
			return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Languages is invalid");
		if (graph_has_language(view_make(text, len), code))
			continue;
		if (++distinct > LIMIT_FOLLOW_LANGUAGES)
			return fail(problem, ERR_UNPROCESSABLE, "Validation failed: Languages is too long");
		len += (size_t)snprintf(text + len, LANG_BYTES + 1, "%s%s", len > 0 ? "," : "", code);
	}
	*ret = view_make(text, len);
	return OK;
}
