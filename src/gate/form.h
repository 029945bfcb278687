/*
 * form.h - application/x-www-form-urlencoded (WHATWG URL 5.1), for queries and bodies, and percent escapes.
 */
#ifndef GATE_FORM_H
#define GATE_FORM_H

#include "base/arena.h"
#include "base/base.h"

/*
 * Decodes %XX (and '+' to a space, when plus) into the arena; returns v itself where there is nothing to decode.
 * ERR_INVALID: a broken escape, a NUL, or what comes out is not UTF-8.
 */
enum err percent_decode(struct arena *a, struct view v, bool plus, struct view *ret);

/* Appends v escaped for a query value: everything but RFC 3986's unreserved characters. */
struct buf;
void percent_encode(struct buf *out, struct view v);

/* Takes the next pair off *rest, still encoded; empty pieces are skipped. A name without '=' has an empty value. */
bool form_next(struct view *rest, struct view *ret_name, struct view *ret_value);

#endif
