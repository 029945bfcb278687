/*
 * lang.h - language codes of posts.
 */
#ifndef TEXT_LANG_H
#define TEXT_LANG_H

#include "base/base.h"

#define LANG_BYTES 8 /* "ms-Arab" and NUL */

/*
 * The code under which Mastodon keeps a language (app/helpers/languages_helper.rb, SUPPORTED_LOCALES): ISO 639-1,
 * some of ISO 639-3, and five with a region or script. Case does not matter; another region is cut off: "pt_BR" gives
 * "pt". False, and ret untouched, when the language is unknown.
 */
bool lang_normalise(struct view v, char ret[LANG_BYTES]);

struct language {
	char code[LANG_BYTES];
	const char *name; /* in English */
};
extern const struct language lang_table[]; /* ordered by code */
extern const size_t n_lang_table;
const char *lang_name(struct view code); /* NULL when the language is unknown */

#endif
