/*
 * tree.h - bracket names as Rack reads them: a[b]=1 is {"a": {"b": "1"}}, a[]=1 appends to an array, and a[][b]=1 to an
 * array of objects, beginning a new one when the last has b already.
 */
#ifndef GATE_TREE_H
#define GATE_TREE_H

#include <jansson.h>

#include "base/arena.h"
#include "base/base.h"

/* value is text. ERR_INVALID: not a well-formed name, too deep, or one name used in two ways. */
enum err tree_put(json_t *root, struct arena *a, struct view name, struct view value);
/* "poll[options]" → what is there; NULL. A last "[]" is not looked at. */
const json_t *tree_get(const json_t *root, struct arena *a, struct view name);
/* Text of JSON to parse: no deeper than LIMIT_JSON_DEPTH, not more than 2 * LIMIT_PARAMS values. */
enum err tree_check_text(struct view json);

#endif
