/*
 * tongue.h - the languages this program speaks to people in, from gettext's catalogues (po/, compiled by msgfmt and
 * kept in the program). libintl would read files by the locale of the process; here each call has a language of its
 * own. What a catalogue lacks is said in English.
 */
#ifndef TEXT_TONGUE_H
#define TEXT_TONGUE_H

#include "base/arena.h"

enum tongue { TONGUE_EN, TONGUE_ID, TONGUES };

/* Marks words for xgettext (make po); they are looked up where they are said. */
#define N_(words) V(words)

const char *tongue_code(enum tongue t); /* "en", for lang attributes */
/* "id", "id-ID", "id_ID": English for what is not spoken here. */
enum tongue tongue_of(struct view locale);
/* The best of an Accept-Language header (RFC 9110 12.5.4). */
enum tongue tongue_accepted(struct view header);

struct view say(enum tongue t, struct view words);
/* Each %s of the translated words is the next of the n texts; there is no other % in them. */
struct view say_with(enum tongue t, struct arena *a, struct view words, const struct view *texts, size_t n);
#define SAY_WITH(t, a, words, ...)                                                                                     \
	say_with((t), (a), (words), (const struct view[]){__VA_ARGS__},                                                \
		 sizeof((const struct view[]){__VA_ARGS__}) / sizeof(struct view))

#endif
