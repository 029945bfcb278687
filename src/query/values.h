/*
 * values.h - reads the values of operators: from text to the form that is compared. False: it is not one, and
 * reader.wants says what would be. Private to this folder.
 */
#ifndef QUERY_VALUES_H
#define QUERY_VALUES_H

#include "query/operators.h"

bool value_words(struct reader *r, struct view value, struct leaf *ret);
bool value_symbols(struct reader *r, struct view value, struct leaf *ret);
bool value_url(struct reader *r, struct view value, struct leaf *ret);
bool value_tag(struct reader *r, struct view value, struct leaf *ret);
bool value_cashtag(struct reader *r, struct view value, struct leaf *ret);
bool value_name(struct reader *r, struct view value, struct leaf *ret);
bool value_id(struct reader *r, struct view value, struct leaf *ret);
bool value_count(struct reader *r, struct view value, struct leaf *ret);
bool value_percent(struct reader *r, struct view value, struct leaf *ret);
bool value_language(struct reader *r, struct view value, struct leaf *ret);
bool value_time(struct reader *r, struct view value, struct leaf *ret);

/* Length of the cashtag's name at the beginning of v, which stands behind a '$'; 0: none is there. */
size_t cashtag_len(struct view v);

/* v without variation selectors (U+FE0E, U+FE0F), which emojis have or not. */
struct view strip_selectors(struct arena *a, struct view v);

#endif
