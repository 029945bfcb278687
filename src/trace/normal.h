/*
 * normal.h - one form for texts that are copies of one another: letters, marks and digits alone, folded (text/fold.h). Case, accents,
 * white space, punctuation, emoji, links, mentions and ":names:" of emoji make no difference.
 */
#ifndef TRACE_NORMAL_H
#define TRACE_NORMAL_H

#include "base/arena.h"
#include "base/buf.h"

#define NORMAL_MAX ((size_t)16 * 1024) /* bytes of a text that are looked at */

/* A post of ours, as written. Appends; ERR_INVALID when it is not UTF-8, ERR_TOO_LARGE when out is full. */
enum err normal_of_post(struct buf *out, struct view text);
/* A row of a leak: perhaps HTML, perhaps with entities, perhaps neither. The arena is for the time of the call. */
enum err normal_of_row(struct buf *out, struct arena *a, struct view text);

#endif
