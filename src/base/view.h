/*
 * view.h - a borrowed piece of text: pointer and length, not NUL-terminated, owned by somebody else.
 */
#ifndef BASE_VIEW_H
#define BASE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct view {
	const char *p;
	size_t len;
};

/* V("literal"): compile-time length. view_of(s): NUL-terminated, NULL is empty. */
#define V(lit) ((struct view){"" lit, sizeof(lit) - 1})
/* For printf: printf("%.*s", VIEW_ARG(v)) */
#define VIEW_ARG(v) ((int)(v).len), (v).p

static inline struct view view_of(const char *s) { return (struct view){s ? s : "", s ? strlen(s) : 0}; }
static inline struct view view_make(const char *p, size_t len) { return (struct view){p, len}; }
static inline bool view_eq(struct view a, struct view b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}
static inline bool view_is(struct view a, const char *s) { return view_eq(a, view_of(s)); }

bool view_eq_nocase(struct view a, struct view b); /* ASCII only */
int view_cmp(struct view a, struct view b);	   /* byte order */
bool view_starts(struct view v, struct view prefix);
bool view_ends(struct view v, struct view suffix);
struct view view_trim(struct view v);			      /* ASCII white space */
struct view view_sub(struct view v, size_t from, size_t len); /* clamped to v */
/* Offset of the first c at or after from; v.len when there is none. */
size_t view_find(struct view v, size_t from, char c);
/* Takes the piece before the next sep off *rest. Returns false when *rest is used up. "a,,b" has an empty middle
 * piece; "" has no piece, and "a," has no second one. */
bool view_split(struct view *rest, char sep, struct view *ret_piece);

/* Whole-view number parsers: no sign for u64, no white space, no overflow. *ret is untouched on failure. */
bool parse_u64(struct view v, uint64_t max, uint64_t *ret);
bool parse_i64(struct view v, int64_t min, int64_t max, int64_t *ret);
bool parse_double(struct view v, double *ret); /* decimal, may have an exponent; C locale, finite, <= 64 characters */
/* Mastodon's (Rails') booleans: 1 t T true TRUE on ON are true; 0 f F false FALSE off OFF and "" are false. */
bool parse_bool(struct view v, bool *ret);

/* Length (1-4) of the well-formed sequence that starts at `at`; 0 when there is none, or at is past the end. */
size_t utf8_step(struct view v, size_t at);
bool utf8_valid(struct view v); /* RFC 3629: no surrogates, no overlong forms, no NUL */

#endif
