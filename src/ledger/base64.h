/*
 * base64.h - base64 as signed notes have it: RFC 4648 section 4 with padding, and nothing else is taken for it.
 */
#ifndef LEDGER_BASE64_H
#define LEDGER_BASE64_H

#include "base/base.h"
#include "base/buf.h"
#include "base/secret.h"

#define BASE64_LEN(n) (((n) + 2) / 3 * 4)

void base64_add(struct buf *out, const void *p, size_t n);
/* One text for one value: also the unused bits of the last character are 0. */
bool base64_strict(struct view v, void *ret, size_t cap, size_t *ret_len);
bool base64_digest(struct view v, struct digest *ret);

#endif
