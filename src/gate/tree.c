/*
 * tree.c - see tree.h. Bounded by its callers' count of parameters and by LIMIT_JSON_DEPTH.
 */
#include "base/base.h"
#include "gate/tree.h"

#include "base/limits.h"

/* Takes the next step off a name: "a", then "[b]" or "[]" (empty). False at the end or when malformed. */
static bool next_step(struct view *rest, bool first, struct view *ret)
{
	if (rest->len == 0)
		return false;
	if (first) {
		size_t end = view_find(*rest, 0, '[');
		*ret = view_sub(*rest, 0, end);
		*rest = view_sub(*rest, end, rest->len);
		return end > 0;
	}
	size_t end = view_find(*rest, 0, ']');
	if (rest->p[0] != '[' || end == rest->len)
		return false;
	*ret = view_sub(*rest, 1, end - 1);
	*rest = view_sub(*rest, end + 1, rest->len);
	return true;
}

static json_t *new_container(struct view next)
{
	return next.len == 0 ? json_array() : json_object();
}

/* The last object of an array, or a new one when it has the key that comes next. */
static json_t *object_in(json_t *array, struct arena *a, struct view next)
{
	json_t *last = json_array_get(array, json_array_size(array) - 1);
	if (json_is_object(last) && !json_object_get(last, arena_cstr(a, next)))
		return last;
	json_t *fresh = json_object();
	return json_array_append_new(array, fresh) == 0 ? fresh : NULL;
}

/* Steps from at to what `step` names, making it of the kind that `next` needs. NULL: used in another way already. */
static json_t *descend(json_t *at, struct arena *a, struct view step, struct view next)
{
	if (step.len == 0) {
		if (!json_is_array(at) || next.len == 0)
			return NULL;
		return object_in(at, a, next);
	}
	if (!json_is_object(at))
		return NULL;
	const char *key = arena_cstr(a, step);
	json_t *child = json_object_get(at, key);
	if (!child) {
		child = new_container(next);
		if (json_object_set_new(at, key, child) != 0)
			return NULL;
	}
	return next.len == 0 ? (json_is_array(child) ? child : NULL) : (json_is_object(child) ? child : NULL);
}

static bool put_leaf(json_t *at, struct arena *a, struct view step, struct view value)
{
	json_t *text = json_stringn(value.p, value.len);
	if (!text)
		return false;
	if (step.len == 0) {
		if (json_is_array(at))
			return json_array_append_new(at, text) == 0;
	} else if (json_is_object(at)) {
		return json_object_set_new(at, arena_cstr(a, step), text) == 0;
	}
	json_decref(text);
	return false;
}

enum err tree_put(json_t *root, struct arena *a, struct view name, struct view value)
{
	struct view step, next;
	json_t *at = root;
	if (!next_step(&name, true, &step))
		return ERR_INVALID;
	for (size_t depth = 0; name.len; depth++) {
		if (depth == LIMIT_JSON_DEPTH || !next_step(&name, false, &next))
			return ERR_INVALID;
		at = descend(at, a, step, next);
		if (!at)
			return ERR_INVALID;
		step = next;
	}
	return put_leaf(at, a, step, value) ? OK : ERR_INVALID;
}

const json_t *tree_get(const json_t *root, struct arena *a, struct view name)
{
	struct view step;
	const json_t *at = root;
	bool first = true;
	while (at && next_step(&name, first, &step)) {
		first = false;
		if (step.len)
			at = json_object_get(at, arena_cstr(a, step));
	}
	return at;
}

enum err tree_check_text(struct view json)
{
	size_t depth = 0, values = 1;
	bool in_string = false;
	for (size_t i = 0; i < json.len; i++) {
		char c = json.p[i];
		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '[' || c == '{') {
			depth++;
			values++;
		} else if (c == ']' || c == '}') {
			depth -= depth > 0;
		} else if (c == ',') {
			values++;
		}
		if (depth > LIMIT_JSON_DEPTH || values > 2 * LIMIT_PARAMS)
			return ERR_INVALID;
	}
	return OK;
}
