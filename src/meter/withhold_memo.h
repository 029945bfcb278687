/*
 * withhold_memo.h - what was decided lately of posts under one set of keys: withheld or not. Exact, of a fixed size, and as secret as the
 * keys. Any thread, without locks.
 */
#ifndef METER_WITHHOLD_MEMO_H
#define METER_WITHHOLD_MEMO_H

#include "base/base.h"

struct withhold_memo;
/* So many are made at most at a time; each has half a megabyte. They may outlive this. */
struct withhold_memos;
struct withhold_memos *withhold_memos_new(size_t max);
void withhold_memos_unref(struct withhold_memos *all); /* NULL-safe */

struct withhold_memo *withhold_memo_new(struct withhold_memos *all); /* NULL: there are too many */
void withhold_memo_free(struct withhold_memo *m);		     /* NULL-safe */

void withhold_memo_prefetch(const struct withhold_memo *m, int64_t post); /* it is about to be looked for */
bool withhold_memo_find(const struct withhold_memo *m, int64_t post, bool *ret_withheld);
/* post is positive. It may take the place of another. */
void withhold_memo_keep(struct withhold_memo *m, int64_t post, bool withheld);

#endif
