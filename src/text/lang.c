/*
 * lang.c - see lang.h.
 */
#include "base/base.h"
#include "text/lang.h"

static const char *find(struct view v)
{
	for (size_t i = 0; i < n_lang_table; i++)
		if (view_eq_nocase(v, view_of(lang_table[i].code)))
			return lang_table[i].code;
	return NULL;
}

bool lang_normalise(struct view v, char ret[LANG_BYTES])
{
	size_t cut = 0;
	while (cut < v.len && v.p[cut] != '-' && v.p[cut] != '_')
		cut++;
	const char *code = find(v);
	if (!code)
		code = find(view_sub(v, 0, cut));
	if (!code)
		return false;
	memcpy(ret, code, LANG_BYTES);
	return true;
}

const char *lang_name(struct view code)
{
	for (size_t i = 0; i < n_lang_table; i++)
		if (view_is(code, lang_table[i].code))
			return lang_table[i].name;
	return NULL;
}
