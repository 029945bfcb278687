/*
 * similar.h - how much of one text is found in another: the least number of characters (bytes, of UTF-8) to change, add
 * or leave out of the shorter one so that it stands somewhere in the longer one (Sellers 1980; bit-parallel as Myers, J. ACM
 * 46(3), 1999, with Hyyrö's blocks, 2003).
 */
#ifndef TRACE_SIMILAR_H
#define TRACE_SIMILAR_H

#include "base/base.h"

#define SIMILAR_MAX 1024 /* bytes of the shorter one that are looked at */

/* pattern.len <= SIMILAR_MAX, and not 0. */
size_t similar_edits(struct view pattern, struct view text);
/* 1 - edits / length of the shorter one, which is cut to SIMILAR_MAX; 0 when one is empty. */
float similar(struct view a, struct view b);

#endif
